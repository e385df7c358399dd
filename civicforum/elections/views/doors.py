"""The list for the doors: officers tick off who said there that they take part."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from civicforum.access import require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.forms.registration import DoorsForm
from civicforum.elections.models import Election
from civicforum.elections.queries.doors import DoorLine, list_at_the_doors
from civicforum.elections.queries.registrations import get_election
from civicforum.elections.rules import Way
from civicforum.elections.services import registering as services
from civicforum.elections.services.steps import rules_of
from civicforum.elections.texts_register import GROUND_NAMES, STATES, refusal_text
from civicforum.elections.views.blueprint import bp
from civicforum.elections.views.registering import is_open
from civicforum.errors import Invalid, RuleRefused
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.people.models import Household
from civicforum.people.queries import list_groups
from civicforum.polls.views.roll_objections import id_of
from civicforum.rulebook.days import day_of


@bp.route("/<uuid:election_id>/registrations/doors", methods=["GET", "POST"])
@roles(Role.ELECTION_OFFICER)
def door_list(election_id: uuid.UUID) -> ResponseReturnValue:
    """Tick off, household by household, who said at the door that they take part; each page is saved."""
    actor, form = require_actor(), DoorsForm()
    election = get_election(db.session(), election_id=election_id, community_id=actor.community_id)
    if not form.is_submitted():
        return _doors_page(form, election)
    try:
        entered = services.enter_from_doors(
            election_id=election_id,
            people=[one for text in form.people.data or [] if (one := id_of(text)) is not None],
            actor=actor,
            now=datetime.now(UTC),
        )
    except (Invalid, RuleRefused) as refusal:
        add_error(form, "people", refusal_text(refusal))
        return _doors_page(form, election), 422
    flash(ngettext("%(num)s person is registered.", "%(num)s people are registered.", entered), "success")
    return redirect(_next_doors(election_id), code=303)


def _doors_page(form: DoorsForm, election: Election) -> str:
    session, today = db.session(), day_of(datetime.now(UTC))
    page = list_at_the_doors(
        session,
        election=election,
        born_by=services.born_by(rules_of(election), election, today=today),
        today=today,
        election_day=services.polling_day(election),
        group_id=id_of(request.args.get("group")),
        is_missing="missing" in request.args,
        number=page_number(),
    )
    return render_template(
        "elections/door_list.html",
        election=election,
        form=form,
        page=page,
        households=_by_household(page.items),
        groups=list_groups(session, community_id=election.community_id),
        asked_group=request.args.get("group", ""),
        is_missing="missing" in request.args,
        grounds=GROUND_NAMES,
        states=STATES,
        ticked=set(form.people.data or []),
        is_open=is_open(election),
        by_households=election.way is Way.HOUSEHOLDS,
    )


def _by_household(lines: Sequence[DoorLine]) -> list[tuple[Household, list[DoorLine]]]:
    """Return the lines of a page under their households, in the order of the page."""
    return [
        (home, list(together))
        for home, together in itertools.groupby(lines, key=lambda line: line.person.household)
    ]


def _next_doors(election_id: uuid.UUID) -> str:
    """Return the address of the next page; of those still missing, whoever was entered has left the list."""
    number = page_number()
    kept: dict[str, Any] = {key: request.args[key] for key in ("group", "missing") if key in request.args}
    step = 0 if "missing" in kept else 1
    return url_for(".door_list", election_id=election_id, page=number + step, **kept)
