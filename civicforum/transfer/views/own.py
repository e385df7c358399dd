"""What is here about oneself: a copy, a word on corrections, and the request to delete it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum import rulebook
from civicforum.access import require_actor, signed_in
from civicforum.accounts.current import require_community
from civicforum.database import db
from civicforum.errors import AlreadyDone, NotFound
from civicforum.people.models import Person
from civicforum.rulebook.days import day_of
from civicforum.transfer import queries, services
from civicforum.transfer.blocking import list_blocks
from civicforum.transfer.forms import KEEP, DeletionForm
from civicforum.transfer.rules import ANSWER_RULE
from civicforum.transfer.texts import BLOCKS, KEPT_ANYHOW, KEPT_BECAUSE, PLACES
from civicforum.transfer.views.blueprint import bp


@bp.get("/mine")
@signed_in
def mine() -> ResponseReturnValue:
    return _page(DeletionForm(formdata=None))


@bp.get("/mine.json")
@signed_in
def copy() -> ResponseReturnValue:
    """Hand over everything that is one's own, for machines (PIPL article 45)."""
    own = queries.copy_of(db.session(), person_id=require_actor().person_id)
    answer = Response(json.dumps(own, ensure_ascii=False, indent=1), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@bp.post("/mine/deletion")
@signed_in
def ask() -> ResponseReturnValue:
    form = DeletionForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        services.ask_deletion(
            actor=require_actor(), keeps_texts=form.texts.data == KEEP, now=datetime.now(UTC)
        )
    except AlreadyDone:
        flash(_("Your request is here already."), "info")
    else:
        flash(_("Your request is here. You find the answer on this page."), "success")
    return redirect(url_for(".mine", _anchor="deletion"), code=303)


@bp.post("/mine/withdrawal")
@signed_in
def withdraw() -> ResponseReturnValue:
    try:
        services.withdraw_deletion(actor=require_actor(), now=datetime.now(UTC))
    except NotFound:
        flash(_("No request waits any more."), "error")
    else:
        flash(_("Your request is taken back; nothing was deleted."), "success")
    return redirect(url_for(".mine", _anchor="deletion"), code=303)


def _page(form: DeletionForm) -> str:
    session, actor, today = db.session(), require_actor(), day_of(datetime.now(UTC))
    person = session.get_one(Person, actor.person_id)
    return render_template(
        "transfer/mine.html",
        form=form,
        found=person,
        lines=queries.list_lines(session, person_id=person.id),
        waiting=queries.get_waiting(session, person_id=person.id),
        refused=queries.get_refused(session, person_id=person.id),
        blocks=list_blocks(session, person_id=person.id, today=today),
        rule=rulebook.load(require_community().profile).rule(ANSWER_RULE),
        places=PLACES,
        because=KEPT_BECAUSE,
        anyhow=KEPT_ANYHOW,
        block_names=BLOCKS,
    )
