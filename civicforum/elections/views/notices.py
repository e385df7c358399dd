"""The notices of an election: the public list, one as an official notice, issuing, and the archive."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.errors import StaffBarred
from civicforum.elections.forms.notices import IssueForm, issue_form
from civicforum.elections.models import Election, ElectionNotice
from civicforum.elections.notices import Missing, Need, NoticeNotReady, Standing, needs
from civicforum.elections.queries import notices as queries
from civicforum.elections.queries.notices.archive import ArchiveItem, Paper
from civicforum.elections.queries.notices.standing import first_poll_id
from civicforum.elections.rules import NoticeKind
from civicforum.elections.services import notices as services
from civicforum.elections.services.steps import rules_of
from civicforum.elections.texts_notices import KINDS, LACKS, PAPERS, REFUSALS, barred_text
from civicforum.elections.views.blueprint import bp
from civicforum.elections.wording import Block, day_in_characters, load, names_of, parted
from civicforum.errors import AlreadyDone, Invalid, NotEligible
from civicforum.fields import add_error
from civicforum.rulebook.days import day_of

# Where what is missing is mended: an endpoint of the election, or one of its first poll.
OF_ELECTION: dict[Missing, str] = {
    Missing.COMMITTEE: "elections.committee",
    Missing.NOMINEES: "elections.nominations",
    Missing.FORMAL_LIST: "elections.formal_list",
    Missing.PAPER: "elections.rounds",
    Missing.COUNT: "elections.rounds",
    Missing.ROLL: "elections.rounds",
    Missing.HANDOVER: "elections.handover",
}
OF_POLL: dict[Missing, str] = {
    Missing.RULINGS: "polls.roll_objections",
    Missing.STATIONS: "polls.stations",
    Missing.SUPERVISORS: "polls.stations",
    Missing.PROXIES_RUN: "polls.mandates",
}
# Papers that name who signed and what was found out: their pages are for officers and supervisors.
FOR_OFFICERS = frozenset({Paper.NOMINATIONS, Paper.CHECKS})


@bp.app_template_filter()
def notice_kind(kind: NoticeKind) -> str:
    return str(KINDS[kind])


@bp.app_template_filter()
def in_characters(instant: datetime) -> str:
    """Return a day as it stands under an official notice."""
    return day_in_characters(day_of(instant))


@bp.get("/<uuid:election_id>/notices")
@public
def notices(election_id: uuid.UUID) -> ResponseReturnValue:
    """List what was issued; to officers also what is ready, due, late or missing."""
    election = _election(election_id)
    actor, issued = current_actor(), queries.list_issued(db.session(), election_id)
    may_see = actor is not None and actor.has(Role.COMMITTEE, Role.ELECTION_OFFICER, Role.SUPERVISOR)
    lines = _lines(election, issued) if may_see else []
    return render_template(
        "elections/notices.html",
        election=election,
        issued=issued,
        lines=lines,
        may_see=may_see,
        may_issue=actor is not None and services.may_issue(actor, election),
        links=_links(election, {lack for line in lines for lack in line.lacks}),
        lacks=LACKS,
    )


@bp.get("/<uuid:election_id>/notices/<uuid:notice_id>")
@public
def notice(election_id: uuid.UUID, notice_id: uuid.UUID) -> ResponseReturnValue:
    """Show a notice as it was issued, to read and to print on A4."""
    election, actor = _election(election_id), current_actor()
    found = queries.get_notice(db.session(), election_id=election_id, notice_id=notice_id)
    issued = queries.list_issued(db.session(), election_id)
    latest = queries.latest_of(issued, Need(found.kind, found.round_number))
    title, _space, subject = found.title.partition("　")
    return render_template(
        "elections/notice.html",
        election=election,
        notice=found,
        title=title,
        subject=subject,
        parts=_parts(found.text),
        corrected_by=latest if latest is not None and latest.number > found.number else None,
        may_issue=actor is not None and services.may_issue(actor, election),
    )


@bp.route("/<uuid:election_id>/notices/<kind>/issue", methods=["GET", "POST"])
@roles(Role.COMMITTEE, Role.ELECTION_OFFICER)
def issue_notice(election_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """Show the notice filled from the data, and issue it. `round` names the round it speaks of."""
    if kind not in list(NoticeKind):
        abort(404)
    election, actor = _election(election_id), require_actor()
    if not services.may_issue(actor, election):
        raise NotEligible(actor.person_id)
    need = Need(NoticeKind(kind), request.args.get("round", 0, type=int))
    issued = queries.list_issued(db.session(), election_id)
    standing = queries.get_standing(db.session(), election)
    if need not in needs(standing, [Need(one.kind, one.round_number) for one in issued]):
        abort(404)
    latest = queries.latest_of(issued, need)
    # What the page said when it was opened: of two clicks, the second is no correction of the first.
    is_correction = bool(request.form.get("corrects")) if request.method == "POST" else latest is not None
    is_issued = "issue" in request.form
    form = issue_form(load(need.kind), is_correction=is_correction, is_issued=is_issued)
    if not form.is_submitted():
        form.corrects.data = str(latest.number) if latest else ""
    elif form.validate() and is_issued and (answer := _issued(election, need, form)):
        return answer
    return _issue_page(election, need, form, standing, latest), 422 if form.errors else 200


@bp.get("/<uuid:election_id>/archive")
@roles(Role.COMMITTEE, Role.ELECTION_OFFICER, Role.SUPERVISOR)
def archive(election_id: uuid.UUID) -> ResponseReturnValue:
    """List every paper of the election, there or missing."""
    election = _election(election_id)
    may_look = require_actor().has(Role.ELECTION_OFFICER, Role.SUPERVISOR)
    session = db.session()
    issued = queries.list_issued(session, election_id)
    standing = queries.get_standing(session, election)
    lines = queries.list_lines(standing, issued, book=rules_of(election), today=day_of(datetime.now(UTC)))
    found = queries.get_archive(session, election, standing, lines)
    return render_template(
        "elections/archive.html",
        election=election,
        archive=found,
        papers=PAPERS,
        urls=[_url_of(item, election) for item in found.items],
        may_go=[item.paper not in FOR_OFFICERS or may_look for item in found.items],
        now=datetime.now(UTC),
    )


def _parts(text: str) -> tuple[list[Block], list[Block]]:
    return parted(text, names_of("additions")["closing"])


def _election(election_id: uuid.UUID) -> Election:
    return queries.get_election(db.session(), election_id=election_id, community_id=require_community().id)


def _issued(election: Election, need: Need, form: IssueForm) -> ResponseReturnValue | None:
    """Issue the notice and go to it; None when something is in the way, which the form then says."""
    election_id = election.id
    try:
        notice_id = services.issue_notice(
            election_id=election_id,
            need=need,
            wish=form.wish(load(need.kind)),
            actor=require_actor(),
            now=datetime.now(UTC),
        )
    except StaffBarred as refusal:
        add_error(form, refusal.field, barred_text(refusal))
        return None
    except Invalid as refusal:
        add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        return None
    except NoticeNotReady:
        # The page says what is missing.
        return None
    except AlreadyDone:
        flash(
            _("This notice was issued meanwhile. What is wrong in it is corrected by a new notice."), "info"
        )
        return redirect(url_for(".notices", election_id=election_id), code=303)
    flash(_("The notice is issued and posted on the notice board. Print it and put it up."), "success")
    return redirect(url_for(".notice", election_id=election_id, notice_id=notice_id), code=303)


def _issue_page(
    election: Election, need: Need, form: IssueForm, standing: Standing, latest: ElectionNotice | None
) -> str:
    now = datetime.now(UTC)
    wording = load(need.kind)
    draft = queries.draft_notice(
        db.session(),
        election,
        need,
        standing,
        form.wish(wording),
        book=rules_of(election),
        today=day_of(now),
    )
    return render_template(
        "elections/issue_notice.html",
        election=election,
        need=need,
        form=form,
        asks=wording.asks,
        draft=draft,
        parts=_parts(draft.text),
        issuer=services.issuer_of(db.session(), election),
        latest=latest,
        lacks=LACKS,
        links=_links(election, set(draft.lacks)),
        now=now,
    )


def _lines(election: Election, issued: Sequence[ElectionNotice]) -> list[queries.NoticeLine]:
    return queries.list_lines(
        queries.get_standing(db.session(), election),
        issued,
        book=rules_of(election),
        today=day_of(datetime.now(UTC)),
    )


def _links(election: Election, lacks: set[Missing]) -> dict[Missing, str]:
    """Return where each thing that is missing is mended."""
    poll_id = first_poll_id(db.session(), election.id) if lacks & OF_POLL.keys() else None
    links = {}
    for lack in lacks:
        if poll_id is not None and lack in OF_POLL:
            links[lack] = url_for(OF_POLL[lack], poll_id=poll_id)
        else:
            links[lack] = url_for(OF_ELECTION.get(lack, "elections.rounds"), election_id=election.id)
    return links


def _url_of(item: ArchiveItem, election: Election) -> str:
    """Return the page of a paper, or the page where it is made."""
    if item.line is not None:
        need, issued = item.line.need, item.line.issued
        if issued:
            return url_for(".notice", election_id=election.id, notice_id=issued[-1].id)
        anchor = f"need-{need.kind}-{need.round_number}"
        return url_for(".notices", election_id=election.id, _anchor=anchor)
    of_poll = {
        Paper.ROLL: "polls.roll_sheet" if item.is_present else "polls.roll",
        Paper.SIGN_OFF: "polls.paper_account",
        Paper.RESULT: "polls.result" if item.is_present else "polls.show",
    }
    if item.poll_id is not None:
        return url_for(of_poll[item.paper], poll_id=item.poll_id)
    of_election = {
        Paper.NOMINATIONS: "elections.nominations",
        Paper.CHECKS: "elections.review",
        Paper.FILING: "elections.winners",
        Paper.CERTIFICATE: "elections.winners",
        Paper.HANDOVER: "elections.handover",
    }
    return url_for(of_election.get(item.paper, "elections.rounds"), election_id=election.id)
