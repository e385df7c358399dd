"""The pages on which somebody votes, and the one that says it is done.

With a script everything stays in the browser until one sealed ballot is sent (views/casting.py). Without one
the same page is a plain form, read here: the platform then seals, or keeps the named vote.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import signed_in
from civicforum.accounts.current import acting_resident, require_community
from civicforum.clock import latest_now
from civicforum.config import Settings
from civicforum.database import db
from civicforum.errors import Invalid, NotFound
from civicforum.polls import keyring
from civicforum.polls.answers import Form, form_of, is_blank, read_answer
from civicforum.polls.errors import BallotRefused, KeysMissing
from civicforum.polls.queries import ballots as queries
from civicforum.polls.queries.ballots import BallotPage
from civicforum.polls.refusals import status_of, words_of
from civicforum.polls.rules import MOST_BALLOTS, PollFault, Preset
from civicforum.polls.services import casting, named_ballots
from civicforum.polls.texts_answers import answer_fault_text, answer_fault_texts, answer_lines
from civicforum.polls.trackers import keep_tracker, kept_tracker, shown_tracker
from civicforum.polls.views.blueprint import bp
from civicforum.qr import draw_code
from civicforum.sealed import Answer, to_base64

NONCE_BYTES = 16


@bp.get("/<uuid:poll_id>/ballot")
@signed_in
def ballot(poll_id: uuid.UUID) -> ResponseReturnValue:
    page = _page(poll_id)
    if page.fault is not None:
        return _blocked(page, page.fault)
    return _form_page(page, _given(page))


@bp.post("/<uuid:poll_id>/ballot/sealed-here")
@signed_in
def cast_plain(poll_id: uuid.UUID) -> ResponseReturnValue:
    def put_in(page: BallotPage, answers: Sequence[Answer]) -> None:
        assert page.place is not None  # noqa: S101
        sequence = request.form.get("sequence", -1, type=int)
        nonce = bytes.fromhex(request.form.get("nonce", ""))
        if not 0 <= sequence < MOST_BALLOTS or len(nonce) != NONCE_BYTES:
            abort(400)  # not the form that the review carries
        done = casting.seal_and_cast(
            poll_id=poll_id,
            entry_id=page.place.entry_id,
            answers=answers,
            sequence=sequence,
            nonce=nonce,
            actor=acting_resident(),
            settings=current_app.config["CIVICFORUM"],
            now=latest_now(db.session()),
        )
        keep_tracker(page.place.entry_id, done.tracker)

    return _step(_page(poll_id), Preset.POLL, put_in)


@bp.post("/<uuid:poll_id>/ballot/named")
@signed_in
def cast_named(poll_id: uuid.UUID) -> ResponseReturnValue:
    def put_in(_page: BallotPage, answers: Sequence[Answer]) -> None:
        named_ballots.cast_named_ballot(
            poll_id=poll_id, answers=answers, actor=acting_resident(), now=latest_now(db.session())
        )

    return _step(_page(poll_id), Preset.OPEN, put_in)


@bp.get("/<uuid:poll_id>/ballot/done")
@signed_in
def ballot_done(poll_id: uuid.UUID) -> ResponseReturnValue:
    page = _page(poll_id)
    if page.place is None:
        return redirect(url_for(".show", poll_id=poll_id))
    tracker = kept_tracker(page.place.entry_id)
    shown = shown_tracker(tracker) if tracker else ""
    if shown and not _still_counts(poll_id, shown):
        return redirect(url_for(".tracker", poll_id=poll_id, tracker=shown))
    if not shown and not page.has_voted:
        return redirect(url_for(".show", poll_id=poll_id))
    return _unkept(
        "polls/ballot_done.html",
        page=page,
        tracker=shown,
        code=draw_code(
            url_for(".tracker", poll_id=poll_id, tracker=shown, _external=True),
            border=2,
            svgclass="tracker__code",
        )
        if shown
        else "",
        given=[answer_lines(*pair) for pair in zip(page.specs, page.given or (), strict=False)],
    )


@bp.get("/<uuid:poll_id>/receipt")
@signed_in
def receipt(poll_id: uuid.UUID) -> ResponseReturnValue:
    page = _page(poll_id)
    if page.poll.destroyed_at is not None:
        # The key that signed them is gone.
        return _unkept("polls/receipt_gone.html", poll=page.poll), 410
    tracker = kept_tracker(page.place.entry_id) if page.place else None
    settings: Settings = current_app.config["CIVICFORUM"]
    found = tracker and casting.find_receipt(
        db.session(), poll_id=poll_id, tracker=tracker, settings=settings
    )
    if not found:
        raise NotFound(poll_id)
    answer = make_response(found.raw)
    answer.headers["Content-Type"] = "application/json"
    answer.headers["Content-Disposition"] = f'attachment; filename="receipt-{found.line}.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


PutIn = Callable[[BallotPage, Sequence[Answer]], None]


def _step(page: BallotPage, preset: Preset, put_in: PutIn) -> ResponseReturnValue:
    """Take one step of the plain form: back to the questions, on to the review, or into the box."""
    if page.poll.preset is not preset or page.place is None:
        raise NotFound(page.poll.id)
    form: Form = dict(request.form.lists())
    answers, errors = _read(page, form)
    step = request.form.get("step")
    if step == "edit":
        return _form_page(page, form)
    if errors:
        return _form_page(page, form, errors=errors), 422
    if step != "cast":
        if page.fault is not None:
            return _blocked(page, page.fault)
        return _review(page, answers)
    try:
        put_in(page, answers)
    except BallotRefused as refusal:
        if refusal.fault is PollFault.OUT_OF_STEP and page.fault is None:
            # Shown again with the number of the next ballot: the button now replaces the other one.
            return _review(page, answers, is_replacing=True), 409
        return _blocked(page, refusal.fault)
    except KeysMissing:
        return _blocked(page, PollFault.KEY_MISSING)
    except ValueError:
        abort(400)
    return redirect(_done_url(page), code=303)


def _still_counts(poll_id: uuid.UUID, tracker: str) -> bool:
    """Tell whether nothing came after the ballot that this browser remembers: no other, and no paper."""
    found = queries.find_tracked(db.session(), poll_id=poll_id, typed=tracker)
    return found is not None and found.void is None and not found.is_superseded


def _page(poll_id: uuid.UUID) -> BallotPage:
    asked = request.values.get("for")
    try:
        entry_id = uuid.UUID(asked) if asked else None
    except ValueError:
        abort(404)
    return queries.get_ballot_page(
        db.session(), poll_id=poll_id, actor=acting_resident(), entry_id=entry_id, now=datetime.now(UTC)
    )


def _read(page: BallotPage, form: Form) -> tuple[list[Answer], dict[str, tuple[int, str]]]:
    """Return the answers, and by field the number of the question with what is wrong there."""
    answers, errors = [], {}
    for at, spec in enumerate(page.specs, 1):
        try:
            answers.append(read_answer(spec, form, at, names_need_against=page.names_need_against))
        except Invalid as refusal:
            errors[refusal.field or f"q{at}"] = (at, answer_fault_text(refusal.reason, spec))
    return answers, errors


def _form_page(page: BallotPage, form: Form, *, errors: dict[str, tuple[int, str]] | None = None) -> Response:
    return _unkept(
        "polls/ballot.html",
        page=page,
        form=form,
        errors=errors or {},
        records=[_record(spec) for spec in page.specs],
        data=_data(page),
        stations=queries.list_stations(db.session(), page.poll.id),
        done_url=_done_url(page),
        demonstration_card=_demonstration_card(page),
    )


def _demonstration_card(page: BallotPage) -> str | None:
    """Return the code on the visitor's card in a demonstration, where nobody was given one; else None."""
    if page.poll.preset is not Preset.SEALED or not require_community().is_demonstration:
        return None
    from civicforum import demo

    assert page.place is not None  # noqa: S101
    return demo.shown_card(page.poll.id, page.place.entry_id, page.credential)


def _review(page: BallotPage, answers: Sequence[Answer], *, is_replacing: bool = False) -> Response:
    form = {
        field: values
        for at, (spec, answer) in enumerate(zip(page.specs, answers, strict=True), 1)
        for field, values in form_of(spec, answer, at).items()
    }
    return _unkept(
        "polls/ballot_review.html",
        page=page,
        form=form,
        lines=[answer_lines(spec, answer) for spec, answer in zip(page.specs, answers, strict=True)],
        blank=[at for at, answer in enumerate(answers, 1) if is_blank(answer)],
        nonce=secrets.token_hex(NONCE_BYTES),
        is_replacing=is_replacing,
    )


def _blocked(page: BallotPage, fault: PollFault) -> ResponseReturnValue:
    words = words_of(fault)
    if acting_resident().assisted_by is not None:
        words = _("A vote is cast on one's own device. The help desk does not vote for anybody.")
    answer = _unkept(
        "polls/ballot_blocked.html",
        page=page,
        fault=fault,
        words=words,
        stations=queries.list_stations(db.session(), page.poll.id),
    )
    # The page of a poll that is not open is no error; what was sent in vain is.
    return answer, 200 if request.method == "GET" else status_of(fault)


def _given(page: BallotPage) -> Form:
    """Return the named vote given before, as the form that says it; an empty one for every other ballot."""
    pairs = zip(page.specs, page.given or (), strict=False)
    return {
        field: values
        for at, (spec, answer) in enumerate(pairs, 1)
        for field, values in form_of(spec, answer, at).items()
    }


def _data(page: BallotPage) -> dict[str, Any]:
    """Return what the script seals with; of the preset `poll` the platform gives the voter's code."""
    if page.poll.preset is Preset.OPEN or page.place is None:
        return {}
    data = {
        "manifest": queries.manifest_line(db.session(), page.poll.id),
        "credential": to_base64(page.credential),
        "sequence": page.sequence,
    }
    if page.poll.preset is Preset.POLL:
        settings: Settings = current_app.config["CIVICFORUM"]
        data["code"] = keyring.read_keys(settings.instance, page.poll.id).code_of(page.place.entry_id)
    return data


def _record(spec: Any) -> dict[str, Any]:
    return {**asdict(spec), "faults": answer_fault_texts(spec)}


def _done_url(page: BallotPage) -> str:
    assert page.place is not None  # noqa: S101
    whose: dict[str, Any] = {} if page.place.is_own else {"for": page.place.entry_id}
    return url_for(".ballot_done", poll_id=page.poll.id, **whose)


def _unkept(template: str, **context: Any) -> Response:
    """Return a page of which nothing stays behind in the browser."""
    answer = make_response(render_template(template, **context))
    answer.headers["Cache-Control"] = "no-store"
    return answer
