"""Letters on paper: asked for at the desk, printed by a job, fetched within a day."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.desk_queries import get_account_of, suggest_login
from civicforum.accounts.desk_services import lock_account_of, require_desk, write_code
from civicforum.accounts.models import OneTimeCode
from civicforum.accounts.rules import Actor
from civicforum.accounts.services import create_account
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotFound, require_text
from civicforum.inbox.models import Letter, LetterPart, LetterRun
from civicforum.inbox.printed import Frame, Sheet, letters_html, merged, sheet_of
from civicforum.inbox.queries_paper import addressees, get_running, guarded_people
from civicforum.inbox.rules_paper import (
    BATCH,
    CALL_MOST,
    FILE_KEPT,
    LETTER_CODE_LASTS,
    RUNNING,
    TEXT_MOST,
    TITLE_MOST,
    RunState,
    fits,
    move_run,
)
from civicforum.jobs import defer
from civicforum.notices.services.checking import check_numbers
from civicforum.people.models import Community, Household, Person
from civicforum.printing import NoPrinter, print_pdf
from civicforum.records.services import Subject, record_about
from civicforum.rows import lock_row
from civicforum.rulebook.days import day_of

TASK = "inbox.print_letters"
PART_SIZE = 4 * 1024 * 1024
log = logging.getLogger(__name__)


def ask_letters(
    *, run_id: uuid.UUID, title: str, text: str, call: str, sign_in_url: str, actor: Actor, now: datetime
) -> None:
    """Have a letter printed for every household that no channel reaches.

    `run_id` came with the page, so that the same page sent twice makes one run.
    Raises NotEligible, AlreadyDone (sent before, or a run is being printed), Invalid (a field; "nobody" when
    every household is reached), PersonalData.
    """
    title = require_text(title, most=TITLE_MOST, field="title")
    text = require_text(text, most=TEXT_MOST, field="text")
    call = require_text(call, most=CALL_MOST, field="call")
    if not fits(text):
        raise Invalid("lines", "text")
    require_desk(actor)
    with transaction() as session:
        community_id = actor.community_id
        session.get_one(Community, community_id, with_for_update=True)
        if session.get(LetterRun, run_id) or get_running(session, community_id=community_id):
            raise AlreadyDone(run_id)
        check_numbers(session, community_id=community_id, title=title, text=text)
        people = session.scalars(addressees(session, community_id=community_id, now=now)).all()
        if not people:
            raise Invalid("nobody")
        run = LetterRun(
            id=run_id,
            community_id=community_id,
            title=title,
            text=text,
            call=call,
            sign_in_url=sign_in_url,
            asked_at=now,
            asked_by_id=actor.person_id,
            total=len(people),
        )
        session.add(run)
        session.flush()
        session.add_all(
            Letter(
                community_id=community_id,
                run_id=run_id,
                number=number,
                household_id=person.household_id,
                person_id=person.id,
            )
            for number, person in enumerate(people, 1)
        )
        defer(session, TASK, lock=f"letters-{community_id}", run_id=str(run_id))
        _record(session, run, action="letters.ask", actor=actor, now=now)


def print_letters(*, run_id: uuid.UUID, clock: Callable[[], datetime]) -> None:
    """Print the letters of a run, a batch at a time, and keep the file until it is fetched.

    A worker that was killed begins anew; what it printed is gone, and its codes no longer count.
    """
    now = clock()
    frame = _begin(run_id, now)
    if frame is None:
        return
    try:
        batches: list[bytes] = []
        sheets: list[Sheet] = []
        is_pdf = True
        while batch := _next_sheets(run_id, sign_in_url=frame.sign_in_url, now=now):
            sheets += batch
            if is_pdf:
                try:
                    batches.append(print_pdf(letters_html(frame, batch)))
                except NoPrinter:
                    is_pdf = False
            _note_done(run_id, len(sheets))
        content = merged(batches) if is_pdf else letters_html(frame, sheets).encode()
        _finish(run_id, content, is_pdf=is_pdf, now=clock())
    except Exception:
        log.exception("the letters of run %s could not be printed", run_id)
        _fail(run_id, clock())


def delete_letters(*, run_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Delete a run's file; the letters that were printed keep their codes.

    Raises NotEligible, NotFound, TransitionNotAllowed (no file is here).
    """
    require_desk(actor)
    with transaction() as session:
        run = _locked(session, run_id, actor)
        _delete_file(session, run, now)
        _record(session, run, action="letters.delete", actor=actor, now=now)


def note_download(*, run_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Write into the journal who fetched a file full of codes. Raises NotEligible, NotFound (no file)."""
    require_desk(actor)
    with transaction() as session:
        run = _locked(session, run_id, actor)
        if run.state is not RunState.READY:
            raise NotFound(run_id)
        _record(session, run, action="letters.download", actor=actor, now=now)


def forget_letters(*, now: datetime) -> int:
    """Delete the files that are older than a day; return how many."""
    with transaction() as session:
        old = session.scalars(
            select(LetterRun)
            .where(LetterRun.state == RunState.READY, LetterRun.ready_at <= now - FILE_KEPT)
            .with_for_update(skip_locked=True)
        ).all()
        for run in old:
            _delete_file(session, run, now)
        return len(old)


def _begin(run_id: uuid.UUID, now: datetime) -> Frame | None:
    with transaction() as session:
        run = session.get(LetterRun, run_id, with_for_update=True, populate_existing=True)
        if run is None or run.state not in RUNNING:
            return None
        run.state, run.done = move_run(run.state, RunState.PRINTING), 0
        _void_codes(session, run_id, now)
        # Whoever was given powers, closed the account or moved away since the run was asked for gets none.
        _drop_letters(session, run, now)
        return Frame(
            session.get_one(Community, run.community_id).name,
            run.title,
            run.text,
            run.call,
            run.sign_in_url,
            day_of(now),
            now + LETTER_CODE_LASTS,
        )


def _drop_letters(session: Session, run: LetterRun, now: datetime) -> None:
    guarded = guarded_people(session, community_id=run.community_id, day=day_of(now))
    letters = session.scalars(
        select(Letter).options(joinedload(Letter.person)).where(Letter.run_id == run.id)
    ).all()
    for letter in letters:
        account = get_account_of(session, person_id=letter.person_id)
        is_closed = account is not None and account.disabled_at is not None
        if is_closed or letter.person_id in guarded or letter.person.left_on is not None:
            session.delete(letter)
            run.total -= 1


def _next_sheets(run_id: uuid.UUID, *, sign_in_url: str, now: datetime) -> Sequence[Sheet]:
    """Return the next letters of a run, each with a code made for it; earlier codes stop working."""
    with transaction() as session:
        letters = session.scalars(
            select(Letter)
            .options(joinedload(Letter.person).joinedload(Person.household).joinedload(Household.grid))
            .where(Letter.run_id == run_id, Letter.code_id.is_(None))
            .order_by(Letter.number)
            .limit(BATCH)
        ).all()
        return [_sheet(session, letter, sign_in_url=sign_in_url, now=now) for letter in letters]


def _sheet(session: Session, letter: Letter, *, sign_in_url: str, now: datetime) -> Sheet:
    person = letter.person
    if get_account_of(session, person_id=person.id) is None:
        login = suggest_login(session, person=person)
        create_account(session, person=person, login=login, password=None, now=now)
    account = lock_account_of(session, person_id=person.id)
    run = session.get_one(LetterRun, letter.run_id)
    row, code = write_code(
        session, account=account, lasts=LETTER_CODE_LASTS, issued_by_id=run.asked_by_id, now=now
    )
    letter.code_id = row.id
    return sheet_of(person, login=account.login, code=code, sign_in_url=sign_in_url)


def _note_done(run_id: uuid.UUID, done: int) -> None:
    with transaction() as session:
        session.get_one(LetterRun, run_id, with_for_update=True, populate_existing=True).done = done


def _finish(run_id: uuid.UUID, content: bytes, *, is_pdf: bool, now: datetime) -> None:
    with transaction() as session:
        run = session.get_one(LetterRun, run_id, with_for_update=True, populate_existing=True)
        for number, start in enumerate(range(0, len(content), PART_SIZE), 1):
            part = content[start : start + PART_SIZE]
            session.add(LetterPart(run_id=run_id, number=number, community_id=run.community_id, content=part))
        run.state = move_run(run.state, RunState.READY)
        run.ready_at, run.size, run.is_pdf = now, len(content), is_pdf
        _record(session, run, action="letters.print", actor=None, now=now)


def _fail(run_id: uuid.UUID, now: datetime) -> None:
    """Give a run up: nobody has its codes, so none of them counts."""
    with transaction() as session:
        run = session.get_one(LetterRun, run_id, with_for_update=True, populate_existing=True)
        run.state = move_run(run.state, RunState.FAILED)
        _void_codes(session, run_id, now)


def _void_codes(session: Session, run_id: uuid.UUID, now: datetime) -> None:
    mine = select(Letter.code_id).where(Letter.run_id == run_id, Letter.code_id.is_not(None))
    session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.id.in_(mine), OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now)
        .values(expires_at=now)
    )
    session.execute(update(Letter).where(Letter.run_id == run_id).values(code_id=None))


def _locked(session: Session, run_id: uuid.UUID, actor: Actor) -> LetterRun:
    return lock_row(session, LetterRun, run_id, community_id=actor.community_id)


def _delete_file(session: Session, run: LetterRun, now: datetime) -> None:
    run.state, run.deleted_at = move_run(run.state, RunState.DELETED), now
    session.execute(delete(LetterPart).where(LetterPart.run_id == run.id))


def _record(session: Session, run: LetterRun, *, action: str, actor: Actor | None, now: datetime) -> None:
    # Counts and no names: the entry outlives the letters.
    subject = Subject(run.community_id, "letters", run.id, run.title)
    record_about(
        session, subject, action=action, actor=actor, payload={"letters": run.total}, now=now, is_public=False
    )
