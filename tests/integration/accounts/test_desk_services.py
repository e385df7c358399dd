"""One-time codes, acting for somebody, and closing accounts on a real database."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts import desk_queries, desk_services, services
from civicforum.accounts.errors import GuardedAccount, SignInRefused
from civicforum.accounts.models import Assistance, OneTimeCode, SignInSession
from civicforum.accounts.rules import ASSISTANCE_LASTS, CODE_ATTEMPTS, CODE_LASTS, Actor
from civicforum.bodies.rules import Role
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound
from civicforum.people.models import Community, Person
from civicforum.records.models import JournalEntry
from civicforum.records.services import record
from tests.factories import NOW, TODAY, actor_of, make_account, make_community, make_officer, make_person


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def clerk(community: Community) -> Person:
    return make_officer(community, Role.CLERK, login="clerk", name="方晓雯")


@pytest.fixture
def resident(community: Community) -> Person:
    person = make_person(community, name="陈玉兰", number="Q000123")
    make_account(person, login="q000123")
    return person


def open_session(session: Session, person: Person) -> uuid.UUID:
    account = desk_queries.get_account_of(session, person_id=person.id)
    assert account is not None
    row = SignInSession(
        account_id=account.id, started_at=NOW, seen_at=NOW, expires_at=NOW + timedelta(hours=12)
    )
    session.add(row)
    session.commit()
    return row.id


def enter_code(code: str, *, login: str = "q000123", now: datetime = NOW) -> uuid.UUID:
    return services.sign_in_with_code(login=login, code=code, address="192.0.2.1", device="", now=now)


def issue(clerk: Person, person: Person, *, now: datetime = NOW) -> str:
    return desk_services.issue_code(person_id=person.id, actor=actor_of(clerk, Role.CLERK), now=now)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08}"


def test_a_code_signs_in_once(clerk: Person, resident: Person) -> None:
    code = issue(clerk, resident)
    assert len(code) == 8
    assert enter_code(f"{code[:4]} {code[4:]}")
    with pytest.raises(SignInRefused):
        enter_code(code)


def test_a_code_is_stored_as_a_keyed_hash_only(session: Session, clerk: Person, resident: Person) -> None:
    code = issue(clerk, resident)
    row = session.scalars(select(OneTimeCode)).one()
    assert code not in row.code_hash
    assert row.expires_at == NOW + CODE_LASTS
    entries = session.scalars(select(JournalEntry)).all()
    assert [(entry.action, entry.is_public) for entry in entries] == [("account.issue_code", False)]
    assert all(code not in str(vars(entry)) for entry in entries)


def test_a_code_ends_after_a_day(clerk: Person, resident: Person) -> None:
    code = issue(clerk, resident)
    with pytest.raises(SignInRefused):
        enter_code(code, now=NOW + CODE_LASTS)


def test_a_code_bears_five_attempts(clerk: Person, resident: Person) -> None:
    code = issue(clerk, resident)
    for _ in range(CODE_ATTEMPTS):
        with pytest.raises(SignInRefused):
            enter_code(wrong(code))
    with pytest.raises(SignInRefused):
        enter_code(code)


def test_a_new_code_replaces_the_one_before(clerk: Person, resident: Person) -> None:
    first = issue(clerk, resident)
    second = issue(clerk, resident, now=NOW + timedelta(minutes=1))
    with pytest.raises(SignInRefused):
        enter_code(first if first != second else wrong(first), now=NOW + timedelta(minutes=2))
    assert enter_code(second, now=NOW + timedelta(minutes=2))


def test_a_code_opens_no_other_account(clerk: Person, resident: Person, community: Community) -> None:
    make_account(make_person(community), login="other")
    code = issue(clerk, resident)
    for login in ("other", "nobody"):
        with pytest.raises(SignInRefused):
            enter_code(code, login=login)


def test_after_a_code_a_password_is_set_without_the_old_one(
    session: Session, clerk: Person, resident: Person
) -> None:
    here = services.change_password(
        session_id=enter_code(issue(clerk, resident)),
        current="",
        new="桂花开了的时候我在",
        address="192.0.2.1",
        now=NOW,
    )
    # Once set, it is asked for.
    with pytest.raises(SignInRefused):
        services.change_password(
            session_id=here, current="", new="another long password", address="192.0.2.1", now=NOW
        )


@pytest.mark.parametrize(
    "role", [Role.PARTY, Role.COMMITTEE, Role.SUPERVISOR, Role.CLERK, Role.ADMIN, Role.STATION_HEAD]
)
def test_only_an_administrator_issues_codes_for_posts_with_powers(
    clerk: Person, community: Community, role: Role
) -> None:
    officer = make_officer(community, role)
    with pytest.raises(GuardedAccount):
        issue(clerk, officer)
    admin = make_officer(community, Role.ADMIN)
    assert desk_services.issue_code(person_id=officer.id, actor=actor_of(admin, Role.ADMIN), now=NOW)


def test_who_is_not_at_the_desk_issues_no_code(resident: Person, community: Community) -> None:
    member = make_officer(community, Role.COMMITTEE)
    helped = Actor(
        person_id=member.id,
        community_id=community.id,
        roles=frozenset({Role.CLERK}),
        assisted_by=resident.id,
    )
    for actor in (actor_of(member, Role.COMMITTEE), actor_of(resident), helped):
        with pytest.raises(NotEligible):
            desk_services.issue_code(person_id=resident.id, actor=actor, now=NOW)


def test_the_desk_reaches_no_other_community(session: Session, clerk: Person) -> None:
    stranger = make_person(make_community(name="梧桐里社区"))
    make_account(stranger)
    with pytest.raises(NotFound):
        issue(clerk, stranger)
    with pytest.raises(NotFound):
        begin(session, clerk, stranger)


def test_an_account_is_opened_with_the_roll_number_as_its_login(
    session: Session, clerk: Person, community: Community
) -> None:
    person = make_person(community, number="Q000200")
    login = desk_queries.suggest_login(session, person=person)
    assert login == "q000200"
    actor = actor_of(clerk, Role.CLERK)
    desk_services.open_account(person_id=person.id, login=login, actor=actor, now=NOW)
    with pytest.raises(AlreadyDone):
        desk_services.open_account(person_id=person.id, login="other", actor=actor, now=NOW)


def test_a_roll_number_taken_in_another_community_gets_a_figure(session: Session, clerk: Person) -> None:
    for name in ("桂花里社区", "梧桐里社区"):
        person = make_person(make_community(name=name), number="Q000200")
        make_account(person, login=desk_queries.suggest_login(session, person=person))
    person = make_person(make_community(name="榆树里社区"), number="Q000200")
    assert desk_queries.suggest_login(session, person=person) == "q000200-3"


def begin(
    session: Session, clerk: Person, person: Person, *, reason: str = "没有手机", now: datetime = NOW
) -> Assistance:
    assistance_id = desk_services.begin_assistance(
        person_id=person.id,
        reason=reason,
        session_id=open_session(session, clerk),
        actor=actor_of(clerk, Role.CLERK),
        now=now,
    )
    return session.get_one(Assistance, assistance_id)


def test_a_clerk_acts_for_half_an_hour(session: Session, clerk: Person, resident: Person) -> None:
    row = begin(session, clerk, resident)
    assert (row.clerk_id, row.person_id, row.reason) == (clerk.id, resident.id, "没有手机")
    assert row.expires_at == NOW + ASSISTANCE_LASTS


def test_a_reason_is_required(session: Session, clerk: Person, resident: Person) -> None:
    with pytest.raises(Invalid):
        begin(session, clerk, resident, reason="  ")


def test_nobody_helps_himself_or_somebody_who_moved_away(
    session: Session, clerk: Person, community: Community
) -> None:
    with pytest.raises(NotEligible):
        begin(session, clerk, clerk)
    with pytest.raises(NotFound):
        begin(session, clerk, make_person(community, left_on=TODAY))


def test_only_a_clerk_in_a_session_of_his_own_acts_for_somebody(
    session: Session, clerk: Person, resident: Person, community: Community
) -> None:
    admin = make_officer(community, Role.ADMIN)
    for actor, owner in ((actor_of(admin, Role.ADMIN), admin), (actor_of(clerk, Role.CLERK), admin)):
        with pytest.raises(NotEligible):
            desk_services.begin_assistance(
                person_id=resident.id,
                reason="没有手机",
                session_id=open_session(session, owner),
                actor=actor,
                now=NOW,
            )


def test_helping_the_next_person_leaves_the_first(
    session: Session, clerk: Person, resident: Person, community: Community
) -> None:
    first = begin(session, clerk, resident)
    later = NOW + timedelta(minutes=5)
    second = begin(session, clerk, make_person(community), now=later)
    assert (first.ended_at, second.ended_at) == (later, None)


def test_what_ran_out_is_ended_when_it_ran_out(
    session: Session, clerk: Person, resident: Person, community: Community
) -> None:
    first = begin(session, clerk, resident)
    begin(session, clerk, make_person(community), now=NOW + timedelta(hours=2))
    assert first.ended_at == first.expires_at


def test_two_clerks_help_the_same_person_at_once(
    session: Session, clerk: Person, resident: Person, community: Community
) -> None:
    other = make_officer(community, Role.CLERK)
    rows = [begin(session, clerk, resident), begin(session, other, resident)]
    assert [row.ended_at for row in rows] == [None, None]


def test_signing_out_ends_the_help(session: Session, clerk: Person, resident: Person) -> None:
    row = begin(session, clerk, resident)
    account = desk_queries.get_account_of(session, person_id=clerk.id)
    assert account is not None
    services.end_session(session_id=row.sign_in_session_id, account_id=account.id, now=NOW)
    assert row.ended_at == NOW


def test_begin_and_end_are_in_the_private_part_of_the_journal(
    session: Session, clerk: Person, resident: Person
) -> None:
    row = begin(session, clerk, resident)
    desk_services.stop_assistance(assistance_id=row.id, clerk_id=clerk.id, now=NOW + timedelta(minutes=1))
    desk_services.stop_assistance(assistance_id=row.id, clerk_id=clerk.id, now=NOW + timedelta(minutes=2))
    entries = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence)).all()
    assert [(entry.action, entry.actor_id, entry.is_public) for entry in entries] == [
        ("assistance.begin", clerk.id, False),
        ("assistance.end", clerk.id, False),
    ]
    assert row.ended_at == NOW + timedelta(minutes=1)


def test_nobody_ends_the_help_of_another_clerk(session: Session, clerk: Person, resident: Person) -> None:
    row = begin(session, clerk, resident)
    with pytest.raises(NotFound):
        desk_services.stop_assistance(assistance_id=row.id, clerk_id=resident.id, now=NOW)


def test_the_slip_lists_what_was_entered_in_this_assistance_only(
    session: Session, clerk: Person, resident: Person, community: Community
) -> None:
    other = make_officer(community, Role.CLERK)
    row = begin(session, clerk, resident)

    def act(action: str, *, helper: Person | None, minute: int) -> None:
        record(
            session,
            community_id=community.id,
            actor=Actor(
                person_id=resident.id,
                community_id=community.id,
                assisted_by=helper.id if helper else None,
            ),
            action=action,
            subject_kind="matter",
            subject_id=uuid.uuid4(),
            now=NOW + timedelta(minutes=minute),
        )
        session.commit()

    act("matter.publish", helper=clerk, minute=1)
    act("matter.second", helper=other, minute=2)
    act("matter.comment", helper=None, minute=3)
    act("matter.ask", helper=clerk, minute=4)
    desk_services.stop_assistance(assistance_id=row.id, clerk_id=clerk.id, now=NOW + timedelta(minutes=5))
    act("matter.grade", helper=clerk, minute=6)

    slip = desk_queries.get_slip(session, assistance_id=row.id, community_id=community.id)
    assert [line.entry.action for line in slip.lines] == ["matter.publish", "matter.ask"]
    with pytest.raises(NotFound):
        desk_queries.get_slip(session, assistance_id=row.id, community_id=uuid.uuid4())


def test_closing_an_account_ends_its_sessions_codes_and_help(
    session: Session, clerk: Person, resident: Person, community: Community
) -> None:
    admin = actor_of(make_officer(community, Role.ADMIN), Role.ADMIN)
    row = begin(session, clerk, resident)
    code = issue(clerk, resident)
    for person in (clerk, resident):
        desk_services.disable_account(person_id=person.id, reason="手机被盗", actor=admin, now=NOW)
    assert row.ended_at == NOW
    assert session.get_one(SignInSession, row.sign_in_session_id).ended_at == NOW
    with pytest.raises(SignInRefused):
        enter_code(code)
    with pytest.raises(AlreadyDone):
        desk_services.disable_account(person_id=resident.id, reason="手机被盗", actor=admin, now=NOW)
    desk_services.enable_account(person_id=resident.id, reason="手机找到了", actor=admin, now=NOW)
    assert enter_code(issue(make_officer(community, Role.CLERK), resident, now=NOW), now=NOW)


def test_only_an_administrator_closes_accounts_and_not_his_own(
    clerk: Person, resident: Person, community: Community
) -> None:
    admin = make_officer(community, Role.ADMIN)
    for person, actor in ((resident, actor_of(clerk, Role.CLERK)), (admin, actor_of(admin, Role.ADMIN))):
        with pytest.raises(NotEligible):
            desk_services.disable_account(person_id=person.id, reason="手机被盗", actor=actor, now=NOW)
