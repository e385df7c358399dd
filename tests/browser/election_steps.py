"""Steps of an election on the pages, each reached as the person concerned would, and days that go by."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, DateTime, insert, select, update

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import Appointed, BodyKind, PostKind, Role
from civicforum.database import Base, db
from civicforum.elections.calendar import Milestone
from civicforum.elections.models import Candidate, Election, Nomination, Registration, Round, Seat, Winner
from civicforum.elections.notices import Need, Wish
from civicforum.elections.rules import (
    Disqualification,
    NoticeKind,
    RegistrationState,
    Way,
    WinnerState,
)
from civicforum.elections.services import committee, nominating, notices, planning, reviewing, stages
from civicforum.elections.services.nominating import PutForward
from civicforum.elections.services.reviewing import Check
from civicforum.elections.wording import load
from civicforum.people.models import Community, Grid, Group, Household, Person
from civicforum.people.rules import CapacityKind, Sex
from civicforum.polls.models import Poll, RollEntry, Station
from civicforum.polls.services import box_counts
from civicforum.rulebook.days import day_of
from tests.browser import poll_steps
from tests.browser.conftest import Visit
from tests.factories import make_body, make_post
from tests.support.browser import DESK, Visitor, words
from tests.support.rounds import Votes, latest, sheet_of
from tests.support.statements import gather_statistics
from tests.support.town import Neighbour, Town, id_in

POSTS = (
    (PostKind.DIRECTOR, "主任", 1),
    (PostKind.DEPUTY_DIRECTOR, "副主任", 1),
    (PostKind.MEMBER, "委员", 3),
)
BODY = "青松里社区居民委员会"
PLACE = "社区党群服务中心一楼大厅"
GROUPS = ("第一居民小组", "第二居民小组", "第三居民小组", "第四居民小组", "第五居民小组")
# Chosen to the election committee, in the order of their votes; the last one follows on.
CHOSEN = ("何主持", "吕副主持", "施委员", "张委员", "孔委员", "曹候补")
# The usual calendar begins forty-one days before election day, and six days after today.
AHEAD = 41
# What notices ask for beside the data.
TYPED: Mapping[str, Mapping[str, str]] = {
    "registration": {"office": "服务大厅", "office_hours": "9:00至17:00"},
    "nomination": {"office": "服务大厅", "office_hours": "9:00至17:00"},
    "meeting": {"meeting_hour": "19:00", "meeting_place": "社区礼堂"},
    "staff": {"callers": "唐唱票", "counters": "金计票"},
    "roving_boxes": {"approval": "松河街道办事处", "users": "许奶奶、田爷爷"},
}

# Notices that are looked at; the others are made of the same pieces.
LOOKED_AT = ("roll", "roving_boxes", "result")
# Those that ask for something, one that is filled whole from the data, and those that are looked at.
ISSUED_ON_PAGES = (*TYPED, "preliminary_list", *LOOKED_AT)


@dataclass
class Scene:
    """An election under way. `planner` is the browser of `director`; `chair` and `deputy` are those of two of
    its committee.

    With `checks` off, pages that another election looks at are not looked at again, and steps that are the
    same in each election go without a page.
    """

    town: Town
    visit: Visit
    way: Way
    director: Neighbour
    planner: Visitor
    checks: bool = True
    people: dict[str, Neighbour] = field(default_factory=dict)
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    _screens: dict[str, Visitor] = field(default_factory=dict)

    @property
    def chair(self) -> Visitor:
        return self.screen_of(CHOSEN[0], at_desk=True)

    @property
    def deputy(self) -> Visitor:
        return self.screen_of(CHOSEN[1], at_desk=True)

    @property
    def officer(self) -> Actor:
        return self.officer_called(CHOSEN[0])

    def officer_called(self, name: str) -> Actor:
        """Return a member of the election committee as the services take them."""
        own = self.people[name].actor
        return Actor(own.person_id, own.community_id, roles=frozenset({Role.RESIDENT, Role.ELECTION_OFFICER}))

    def screen_of(self, name: str, *, at_desk: bool = False) -> Visitor:
        """Return somebody's own browser: one for the whole election."""
        if name not in self._screens:
            who = self.people[name]
            self._screens[name] = self.visit(who, size=DESK) if at_desk else self.visit(who)
            self._screens[name].checks = self.checks
        return self._screens[name]

    def is_known_to(self, visitor: Visitor) -> bool:
        """Tell whether this is the chair, on pages where the chair of another election has done the same."""
        return not self.checks and visitor is self.chair

    def look(self, *, on: bool) -> None:
        """Look at the pages from here on, or no more: those that follow have been looked at."""
        self.checks = on
        for screen in (self.planner, *self._screens.values()):
            screen.checks = on

    def path(self, page: str = "") -> str:
        return f"/elections/{self.id}{page}"

    @property
    def poll_id(self) -> uuid.UUID:
        """Return the poll of the last round. Wants an app context."""
        return latest(self.id).poll_id

    def poll_path(self, page: str = "") -> str:
        with self.town.app.app_context():
            return f"/polls/{self.poll_id}{page}"


# The clock


def pass_days(scene: Scene, days: int) -> None:
    """Let days go by: every date of the election, its polls and all that hangs on them moves back by so many.

    What is written in the journal and on the board stays as it is.
    """
    with scene.town.app.app_context():
        polls = select(Round.poll_id).where(Round.election_id == scene.id)
        for mapper in Base.registry.mappers:
            if (own := _rows_of(mapper.class_, scene.id, polls)) is not None:
                moved = {
                    column.key: column - timedelta(days=days)
                    for column in mapper.local_table.columns
                    if isinstance(column.type, Date | DateTime) and column.key not in ("employed_since",)
                }
                if moved:
                    db.session.execute(update(mapper.class_).where(own).values(moved))
        gather_statistics()


def _rows_of(model: Any, election_id: uuid.UUID, polls: Any) -> Any:
    """Return which rows of a table belong to the election; None where none do."""
    if model is Election:
        return Election.id == election_id
    if model is Poll:
        return Poll.id.in_(polls)
    if hasattr(model, "election_id") and "election_id" in model.__table__.columns:
        return model.__table__.columns["election_id"] == election_id
    if "poll_id" in model.__table__.columns:
        return model.__table__.columns["poll_id"].in_(polls)
    return None


def pass_to(scene: Scene, days_before: int) -> None:
    """Let days go by until election day is so many days ahead."""
    with scene.town.app.app_context():
        day = day_of(db.session.get_one(Election, scene.id).opens_at)
    ahead = (day - day_of(datetime.now(UTC))).days
    assert ahead >= days_before
    pass_days(scene, ahead - days_before)


# Plan and committee


def begin(town: Town, visit: Visit, way: Way, *, checks: bool = True) -> Scene:
    """Make a community with a committee of five posts, and a director in office who plans."""
    with town.app.app_context():
        body = make_body(town.community, BodyKind.RESIDENTS_COMMITTEE, name=BODY)
        for position, (kind, title, seats) in enumerate(POSTS):
            make_post(body, kind, title=title, seats=seats).position = position
        db.session.commit()
    director = poll_steps.outsider(town, Role.COMMITTEE, "郑主任")
    planner = visit(director, size=DESK)
    planner.checks = checks
    scene = Scene(town, visit, way, director, planner, checks)
    add_people(scene, CHOSEN)
    return scene


def add_people(scene: Scene, names: Iterable[str]) -> None:
    scene.people |= {name: scene.town.resident(name) for name in names}


def plan(scene: Scene, way: str, *ticks: str, fields: Mapping[str, str], proxies: bool) -> None:
    """Plan the election on its page, see its calendar, and record the assembly's decision."""
    officer = scene.planner
    officer.open("/elections/")
    officer.press("Plan an election")
    officer.tick(BODY)
    officer.tick(way)
    officer.fill("Election day", poll_steps.day(AHEAD).isoformat())
    officer.fill("Where people vote", PLACE)
    by_proxy = officer.field("Whoever is away may name a proxy in writing")
    by_proxy.check() if proxies else by_proxy.uncheck()
    for label in ticks:
        officer.tick(label)
    for label, text in fields.items():
        officer.fill(label, text)
    officer.main.locator(".actions button").first.click()
    officer.page.locator("#calendar").wait_for()
    officer.press("Plan this election")
    scene.id = id_in(officer.page.url)
    record(scene, officer, "plan_approved", "居民代表会议第1号决议")
    advance(scene, officer)


def form_committee(scene: Scene) -> None:
    """Enter who was chosen, with their votes, and form the committee of the five with most."""
    officer = scene.planner
    officer.open(scene.path("/committee"))
    officer.fill("Name or number", CHOSEN[0])
    officer.press("Find")
    officer.main.locator('[name="votes"]').fill("90")
    officer.go(officer.main.locator(".found__form button"))
    with scene.town.app.app_context():
        for place, name in enumerate(CHOSEN[1:], start=1):
            committee.add_place(
                election_id=scene.id,
                person_id=scene.people[name].id,
                votes=90 - place,
                actor=scene.director.actor,
                now=datetime.now(UTC),
            )
    officer.open(scene.path("/committee"))
    officer.fill("How many members?", "5")
    officer.field("Director").select_option(label=CHOSEN[0])
    officer.main.get_by_role("checkbox", name=CHOSEN[1]).check()
    officer.press("Form the committee")
    officer.sees(words("The election committee is formed. It presides over the election from now on."))


def record(scene: Scene, officer: Visitor, milestone: str, note: str) -> None:
    """Record what was done on paper."""
    if scene.is_known_to(officer):
        with scene.town.app.app_context():
            planning.record_step(
                election_id=scene.id,
                milestone=Milestone(milestone),
                note=note,
                actor=scene.officer,
                now=datetime.now(UTC),
            )
        return
    officer.checks = scene.checks and milestone == "plan_approved"
    officer.open(scene.path(f"/steps/{milestone}"))
    officer.fill("What was done, and on which paper does it stand?", note)
    officer.press("Record it")
    officer.sees(words("It is recorded, and everybody can read it."))
    officer.checks = scene.checks


def advance(scene: Scene, officer: Visitor | None = None) -> None:
    """Go on to the next stage: nothing may stand in the way."""
    visitor = officer or scene.chair
    if scene.is_known_to(visitor):
        with scene.town.app.app_context():
            stages.advance(election_id=scene.id, actor=scene.officer, now=datetime.now(UTC))
        return
    visitor.open(scene.path("/manage"))
    button = visitor.main.locator('form[action$="/advance"] button')
    assert button.count() == 1, visitor.text[:900]
    # The next stage's page is looked at when it is opened.
    visitor.checks = False
    visitor.go(button)
    visitor.checks = scene.checks


def issue(scene: Scene, *kinds: str, number: int = 0, officer: Visitor | None = None) -> None:
    """Issue each of these notices after a look at its draft; `number` is that of the round it speaks of."""
    visitor = officer or scene.chair
    for kind in kinds:
        if scene.is_known_to(visitor) or (officer is None and kind not in ISSUED_ON_PAGES):
            _issue_without_page(scene, NoticeKind(kind), number)
            continue
        visitor.checks = scene.checks and kind in LOOKED_AT
        visitor.open(scene.path("/notices"))
        line = visitor.main.locator(f"#need-{kind}-{number}")
        visitor.go(line.get_by_role("link", name=words("See the draft and issue")))
        for name, text in TYPED.get(kind, {}).items():
            visitor.main.locator(f"[name={name}]").fill(text)
        visitor.press("Issue the notice")
        visitor.sees(words("The notice is issued and posted on the notice board. Print it and put it up."))
    visitor.checks = scene.checks


def _issue_without_page(scene: Scene, kind: NoticeKind, number: int) -> None:
    asked = dict.fromkeys(load(kind).asks, "") | dict(TYPED.get(kind, {}))
    with scene.town.app.app_context():
        notices.issue_notice(
            election_id=scene.id,
            need=Need(kind, number),
            wish=Wish(asked=asked),
            actor=scene.officer,
            now=datetime.now(UTC),
        )


# Register and roll


def settle(
    scene: Scene, *, people: int, households: int = 1_200, representatives: int = 0
) -> list[uuid.UUID]:
    """Let so many residents live in so many households; return them, one of each household first.

    The first of them are residents' representatives, as many as are asked for.
    """
    with scene.town.app.app_context():
        community = scene.town.community
        grid = db.session.scalars(select(Grid).where(Grid.community_id == community.id)).one()
        groups = _groups(community)
        homes: list[dict[str, Any]] = [
            {
                "id": uuid.uuid4(),
                "community_id": community.id,
                "number": f"S{serial:05}",
                "address": f"{serial}号院101室",
                "grid_id": grid.id,
                "group_id": groups[serial % len(groups)],
            }
            for serial in range(households)
        ]
        db.session.execute(insert(Household), homes)
        residents: list[dict[str, Any]] = [
            {
                "id": uuid.uuid4(),
                "community_id": community.id,
                "number": f"R{serial:05}",
                "name": f"住户{serial}",
                "sex": Sex.FEMALE if serial % 2 else Sex.MALE,
                "born_on": date(1970, 5, 17),
                "phone": "",
                "household_id": homes[serial % households]["id"],
            }
            for serial in range(people)
        ]
        db.session.execute(insert(Person), residents)
        ids = [resident["id"] for resident in residents]
        if representatives:
            _represent(ids[:representatives])
        gather_statistics()
        return ids


def _groups(community: Community) -> list[uuid.UUID]:
    there = select(Group).where(Group.community_id == community.id)
    names = {group.name for group in db.session.scalars(there)}
    db.session.add_all(Group(community_id=community.id, name=name) for name in GROUPS if name not in names)
    db.session.flush()
    return [group.id for group in db.session.scalars(there.order_by(Group.name))]


def _represent(people: Sequence[uuid.UUID]) -> None:
    post = db.session.scalars(select(Post).where(Post.kind == PostKind.REPRESENTATIVE)).one()
    rows = [
        {
            "id": uuid.uuid4(),
            "community_id": post.community_id,
            "post_id": post.id,
            "person_id": person_id,
            "appointed": Appointed.ELECTED,
            "since": date(2024, 1, 1),
            "until": date(2099, 12, 31),
        }
        for person_id in people
    ]
    db.session.execute(insert(Term), rows)


def register_many(scene: Scene, people: Sequence[uuid.UUID]) -> None:
    """Let these residents have stated that they take part, as the lists from the doors say."""
    now = datetime.now(UTC)
    with scene.town.app.app_context():
        rows = [
            {
                "id": uuid.uuid4(),
                "community_id": scene.town.community_id,
                "election_id": scene.id,
                "person_id": person_id,
                "ground": CapacityKind.HUKOU,
                "declared": True,
                "for_household": scene.way is Way.HOUSEHOLDS,
                "state": RegistrationState.REGISTERED,
                "filed_at": now,
            }
            for person_id in people
        ]
        db.session.execute(insert(Registration), rows)
        gather_statistics()


def register_on_phone(scene: Scene, name: str) -> None:
    phone = scene.screen_of(name)
    phone.open(scene.path())
    phone.go(phone.main.locator(f'a[href="{scene.path("/register")}"]').first)
    phone.press("I take part")
    phone.sees(words("You are registered. Your name will stand on the roll."))


def register_at_desk(scene: Scene, clerk: Visitor, name: str) -> None:
    """A clerk registers somebody who stands at the counter and has no phone."""
    clerk.open("/desk/")
    clerk.fill("Whom do you help?", name)
    clerk.press("Find")
    clerk.follow(name)
    clerk.fill("Why do you act for this person?", "本人到窗口，没有智能手机")
    clerk.press("Begin to act for %(name)s", name=name)
    clerk.open(scene.path("/register"))
    clerk.press("I take part")
    clerk.go(clerk.page.get_by_role("button", name=words("Stop acting for %(name)s", name=name)))


def tick_at_doors(scene: Scene, names: Collection[str]) -> None:
    """Tick on the list for the doors whoever said so there."""
    chair = scene.chair
    chair.open(scene.path("/registrations"))
    chair.press("Tick off the list from the doors")
    open_names = set(names)
    while open_names:
        for name in sorted(open_names):
            box = chair.main.get_by_role("checkbox", name=name)
            if box.count():
                box.first.check()
                open_names.discard(name)
        chair.go(chair.main.locator('form[method="post"] button[type="submit"]').last)


def make_and_post_roll(scene: Scene, *, people: int) -> None:
    chair = scene.chair
    chair.open(scene.path("/rounds"))
    chair.press("Make the roll")
    chair.sees(words("%(num)s person is on the roll", num=people))
    chair.press("Post the roll")
    chair.sees(words("The roll is posted. Residents can read it and object to it."))


def object_as_omitted(scene: Scene, name: str) -> None:
    """Somebody finds themselves missing on the roll, and objects from the page that says so."""
    phone = scene.screen_of(name)
    phone.open(scene.path("/am-i-on"))
    phone.sees(words("No, you are not on the roll."))
    phone.press("I should be on it: object")
    phone.fill("Who is missing?", name)
    phone.fill("What is wrong, and how do you know?", "我在三号楼住了十年，名单上没有我。")
    phone.press("File the objection")
    phone.sees(words("Your objection is filed. The ruling is published here, with its reasons."))


def uphold(scene: Scene, name: str) -> None:
    """Rule on the objection, and put on the roll whom it is about."""
    chair = scene.chair
    chair.open(scene.poll_path("/roll/objections"))
    chair.press("Rule on it")
    chair.tick("Upheld")
    chair.main.get_by_role("searchbox").fill(name)
    chair.arrive(lambda: chair.main.get_by_role("searchbox").press("Enter"))
    chair.fill("Reasons", "经查户籍与居住情况属实。")
    chair.press("Record and publish the ruling")
    phone = scene.screen_of(name)
    phone.open(scene.path("/am-i-on"))
    phone.sees(words("Yes, you are on the roll."))


# Nomination and candidates


def nominate_jointly(scene: Scene, title: str, nominee: str, signers: Sequence[str]) -> None:
    """The first signer begins on a phone, the second signs with one tap, and the others as they do."""
    first = scene.screen_of(signers[0])
    first.open(scene.path("/nominate"))
    first.main.get_by_role("radio", name=re.compile(f"^{title}")).check()
    first.main.get_by_role("searchbox").fill(nominee)
    first.go(first.main.locator('button[name="search"]'))
    first.main.get_by_role("radio", name=nominee).check()
    first.press("File it and sign first")
    first.sees(words("The nomination is filed, and you have signed it. Now others sign."))
    address = first.path
    second = scene.screen_of(signers[1])
    second.open(address)
    second.press("Sign this nomination")
    second.sees(words("You have signed the nomination."))
    nomination_id = uuid.UUID(address.split("/nominations/")[1].split("/")[0])
    with scene.town.app.app_context():
        for name in signers[2:]:
            nominating.sign_nomination(
                election_id=scene.id,
                nomination_id=nomination_id,
                actor=scene.people[name].actor,
                now=datetime.now(UTC),
            )
    own = scene.screen_of(nominee)
    own.open(address)
    own.press("I agree to stand")
    scene.chair.open(scene.path(f"/nominations/{nomination_id}"))
    scene.chair.sees(f"{len(signers)} ≥ 10")
    accept(scene, nomination_id)


def nominate_by_party(scene: Scene, title: str, nominee: str) -> None:
    """Enter from paper whom the party organisation nominated, and the nominee's consent."""
    chair = scene.chair
    chair.open(scene.path("/nominations"))
    chair.press("Enter a nomination from paper")
    chair.main.locator('[name="route"][value="party"]').check()
    chair.main.get_by_role("radio", name=re.compile(f"^{title}")).check()
    chair.main.get_by_role("searchbox").fill(nominee)
    chair.go(chair.main.locator('button[name="search"]'))
    chair.main.get_by_role("radio", name=nominee).check()
    chair.fill("Number of the paper", "社区党委2026年第3号")
    chair.press("Enter the nomination")
    with scene.town.app.app_context():
        found = select(Nomination.id).where(
            Nomination.election_id == scene.id, Nomination.person_id == scene.people[nominee].id
        )
        nomination_id = db.session.scalars(found).one()
    chair.open(scene.path(f"/nominations/{nomination_id}/sign"))
    chair.press("Yes, the paper is in the files")
    accept(scene, nomination_id)


def accept(scene: Scene, nomination_id: uuid.UUID) -> None:
    chair = scene.chair
    chair.open(scene.path(f"/nominations/{nomination_id}"))
    chair.main.locator('[name="decision"][value="accept"]').check()
    chair.press("Record the decision")


def nominate_others(scene: Scene, names: Mapping[str, Sequence[str]]) -> None:
    """Enter the party organisation's other nominees, each with the consent, and accept them."""
    now, officer = datetime.now(UTC), scene.officer
    with scene.town.app.app_context():
        seats = {row.title: row.id for row in _seats(scene)}
        for title, nominees in names.items():
            for name in nominees:
                who = PutForward(seats[title], scene.people[name].id, "社区党委2026年第3号")
                filed: dict[str, Any] = {"election_id": scene.id, "actor": officer, "now": now}
                nomination_id = nominating.enter_party_nomination(who=who, **filed)
                nominating.consent(nomination_id=nomination_id, **filed)
                reviewing.accept_nomination(nomination_id=nomination_id, **filed)


def review(scene: Scene, on_page: str) -> None:
    """Answer the four questions about everybody: about one on the page, about the others as it does."""
    chair = scene.chair
    chair.open(scene.path("/review"))
    section = chair.main.locator(".reviewed", has_text=on_page)
    chair.go(section.get_by_role("button", name=words("Enter the answers")))
    for ground in Disqualification:
        chair.main.locator(f'[name="{ground}"][value="clear"]').check()
        chair.main.locator(f'[name="{ground}_source"]').fill("街道联审办公室2026年第8号复函")
    chair.press("Record the answers")
    checks = {ground: Check(False, "街道联审办公室2026年第8号复函") for ground in Disqualification}
    with scene.town.app.app_context():
        for candidate_id in db.session.scalars(
            select(Candidate.id).where(
                Candidate.election_id == scene.id, Candidate.person_id != scene.people[on_page].id
            )
        ).all():
            reviewing.answer_checks(
                election_id=scene.id,
                candidate_id=candidate_id,
                checks=checks,
                actor=scene.officer,
                now=datetime.now(UTC),
            )


def post_formal_list(scene: Scene) -> None:
    chair = scene.chair
    chair.open(scene.path("/formal-list"))
    chair.press("Post the formal list")
    chair.sees(words("The formal list is posted. Candidates can present themselves now."))


def meet(scene: Scene, candidate: str, voter: str) -> None:
    """A candidate says who they are; a voter asks on a phone, and the candidate answers there."""
    own, asks = scene.screen_of(candidate), scene.screen_of(voter)
    own.open(scene.path("/candidates"))
    own.go(own.main.get_by_role("link", name=candidate).first)
    page = own.path
    own.press("Statement and picture")
    own.fill("About myself and what I want to do", "在社区工作十二年，想把老旧楼栋的照明修好。")
    own.main.locator("form button[type=submit]").last.click()
    own.sees(words("Saved. This is how voters see it."))
    asks.open(page)
    asks.fill("Your question", "电动车充电棚什么时候能建？")
    asks.press("Ask %(name)s", name=candidate)
    own.open(page)
    own.go(own.main.locator('a[href$="/answer"]'))
    own.main.locator("textarea[name=text]").fill("年内先在东门建一处，方案公示后动工。")
    own.main.locator("form button[type=submit]").last.click()
    asks.open(page)
    asks.sees("年内先在东门建一处，方案公示后动工。")


# Polling


def set_paper(scene: Scene) -> None:
    scene.chair.open(scene.path("/rounds"))
    scene.chair.press("Set the ballot paper")
    scene.chair.sees(words("The ballot paper is set: one question for each post."))


def add_station(scene: Scene, name: str, kind: str, *, is_offline: bool) -> None:
    chair = scene.chair
    chair.checks = scene.checks and kind == "roving"
    chair.open(scene.poll_path("/stations"))
    chair.main.locator(f'[name="kind"][value="{kind}"]').check()
    chair.fill("Name of the station or box", name)
    chair.fill("Who watches the box", f"{name}甲监票\n{name}乙监票\n{name}丙监票")
    if is_offline:
        chair.tick("Works on a printed list, without a network")
    chair.press("Add it")
    chair.sees(words("%(name)s is added.", name=name))
    chair.checks = scene.checks


def add_proxy(scene: Scene, absent: str, holder: str) -> None:
    """Enter a proxy from its paper."""
    chair = scene.chair
    chair.open(scene.poll_path("/mandates/add"))
    for search, name in (("from", absent), ("to", holder)):
        chair.page.locator(f"#{search}").fill(name)
        chair.go(chair.main.locator(f'button[value="{search}"]'))
    chair.fill("Why can the voter not come?", "在外地工作")
    chair.fill("Day on the paper", poll_steps.day(0).isoformat())
    chair.press("Enter the proxy")
    chair.sees(absent, holder)


def freeze(scene: Scene) -> None:
    chair = scene.chair
    chair.open(scene.poll_path("/roll/freeze"))
    chair.press("Freeze the roll")


def open_poll(scene: Scene) -> None:
    """Let the hour of voting come: the poll opens by its own clock."""
    with scene.town.app.app_context():
        poll_id = scene.poll_id
    poll_steps.let_it_open(scene.town, poll_id)
    scene.chair.open(scene.path("/manage"))


def end_poll(scene: Scene) -> None:
    with scene.town.app.app_context():
        poll_id = scene.poll_id
    poll_steps.let_it_end(scene.town, poll_id)


def hand_out(scene: Scene, station: str, names: Sequence[str]) -> None:
    """Hand papers out at the desk of a station with a network."""
    chair = scene.chair
    for name in names:
        chair.open(scene.poll_path(f"/desk?station={station_id(scene, station)}"))
        poll_steps.hand_paper(chair, name)


def hand_to_proxy(scene: Scene, station: str, absent: str, holder: str) -> None:
    """Hand the paper of somebody who is away to the holder of the proxy."""
    chair = scene.chair
    chair.open(scene.poll_path(f"/desk?station={station_id(scene, station)}&q={holder}"))
    chair.follow("Paper for %(name)s", name=absent)
    chair.press("Hand the paper for %(name)s to %(holder)s", name=absent, holder=holder)
    chair.sees(words("Give %(holder)s one paper for %(name)s. It is noted.", holder=holder, name=absent))


def enter_list(scene: Scene, station: str, numbers: str) -> None:
    """Enter the list of a station without a network, by the numbers on the roll."""
    chair = scene.chair
    chair.open(scene.poll_path(f"/stations/{station_id(scene, station)}/list"))
    chair.fill("Numbers of those who took a paper", numbers)
    chair.press("Show the names")
    chair.go(chair.main.locator('button[name="confirm"]'))


def station_id(scene: Scene, name: str) -> uuid.UUID:
    with scene.town.app.app_context():
        found = select(Station.id).where(Station.poll_id == scene.poll_id, Station.name == name)
        return db.session.scalars(found).one()


def number_of(scene: Scene, name: str) -> int:
    """Return somebody's number on the roll."""
    with scene.town.app.app_context():
        found = select(RollEntry.position).where(
            RollEntry.poll_id == scene.poll_id, RollEntry.person_id == scene.people[name].id
        )
        return db.session.scalars(found).one()


@dataclass(frozen=True)
class Box:
    """What was found in a box: for each name of a question how many were for it, nobody against anybody."""

    station: str
    found: int
    votes: Votes
    invalid: int = 0


def count_on_pages(scene: Scene, box: Box, *, wrong: str) -> None:
    """Two count apart on their own screens; one is wrong about a name, mends it, and both sign."""
    first, second = scene.chair, scene.deputy
    page = scene.poll_path(f"/stations/{station_id(scene, box.station)}")
    for counter in (first, second):
        counter.open(f"{page}/count")
        fill_box(counter, box, off=wrong if counter is second else "")
        counter.press("Enter my count")
    second.sees(wrong, words("≠ differs by %(number)s", number=1))
    second.press("Correct my count")
    fill_box(second, box)
    second.press("Correct my count")
    second.sees(words("Both counts agree in every number. Now both sign, each on their own sign-in."))
    for counter, name in ((first, CHOSEN[0]), (second, CHOSEN[1])):
        counter.open(f"{page}/differences")
        counter.press("Sign the count as %(name)s", name=name)
    second.sees(words("Both have signed. The count of this box is fixed."))


def fill_box(counter: Visitor, box: Box, *, off: str = "") -> None:
    """Fill in the sheet; `off` is a name with one vote too few."""
    main = counter.main
    main.locator("[name=found]").fill(str(box.found))
    main.locator("[name=invalid]").fill(str(box.invalid))
    if box.invalid:
        main.locator("[name=ground-blank]").fill(str(box.invalid))
    for title, votes in box.votes.items():
        part = main.locator("fieldset").filter(
            has=counter.page.get_by_role("heading", name=title, exact=True)
        )
        listed = [row.get_attribute("aria-label") or "" for row in part.get_by_role("group").all()]
        for name in listed:
            inputs = part.get_by_role("group", name=name, exact=True).locator("input")
            inputs.nth(0).fill(str(votes.get(name, 0) - (name == off)))
            inputs.nth(1).fill("0")
        written = "\n".join(f"{name} = {number}" for name, number in votes.items() if name not in listed)
        lines = part.locator("textarea")
        if lines.count():
            lines.fill(written)


def count_quickly(scene: Scene, *boxes: Box) -> None:
    """Let the same two count and sign boxes alike, as their pages do."""
    now = datetime.now(UTC)
    counters = [scene.officer_called(name) for name in CHOSEN[:2]]
    for box in boxes:
        one = station_id(scene, box.station)
        with scene.town.app.app_context():
            sheet = sheet_of(scene.poll_id, box.votes, found=box.found, invalid=box.invalid)
            for actor in counters:
                box_counts.enter_count(station_id=one, sheet=sheet, actor=actor, now=now)
            for actor in counters:
                box_counts.sign_station(station_id=one, actor=actor, now=now)


def seal(scene: Scene) -> None:
    """Close the box: no list is awaited any more."""
    chair = scene.chair
    chair.open(scene.poll_path("/seal-count"))
    chair.press("Close the ballot box")


def count_and_certify(scene: Scene) -> None:
    chair = scene.chair
    chair.open(scene.poll_path("/count"))
    chair.press("Count and publish")
    chair.sees(words("The vote is counted."))
    chair.open(scene.poll_path("/certify"))
    chair.press("Certify the result")
    chair.sees(words("The result is certified. It does not change any more."))


def take_over(scene: Scene) -> None:
    scene.chair.open(scene.path("/rounds"))
    scene.chair.press("Take over the result")
    scene.chair.press("Take over the result")
    scene.chair.sees(words("The result is taken over."))


def call_again(scene: Scene, *, on: date) -> None:
    """Call the round that the last one asks for."""
    chair = scene.chair
    chair.open(scene.path("/rounds"))
    chair.press("Prepare the next round")
    chair.fill("Day of voting", on.isoformat())
    chair.main.locator("form button[type=submit]").last.click()
    chair.main.get_by_text(
        words("The next round is prepared, with the same roll and its own ballot paper.")
    ).wait_for()


# Result and handover


def announce_and_file(scene: Scene) -> None:
    """Write that the result was announced, enter the certificates, and file it."""
    chair = scene.chair
    chair.open(scene.path("/winners"))
    chair.press("The result was announced")
    chair.sees(words("It is written down that the result was announced."))
    advance(scene)
    with scene.town.app.app_context():
        ids = db.session.scalars(select(Winner.id).where(Winner.election_id == scene.id)).all()
    for serial, winner_id in enumerate(ids, 1):
        chair.open(scene.path(f"/winners/{winner_id}/certificate"))
        chair.fill("Number of the certificate", f"东民选字第{serial:03}号")
        chair.press("Save")
        chair.checks = False
    chair.checks = scene.checks
    chair.fill("Filed with the subdistrict under", "松街备字第12号")
    chair.press("Write down the filing")
    chair.sees(words("The filing is written down."))
    advance(scene)


def hand_over(scene: Scene) -> None:
    """Hand everything over, begin the terms, and close the election."""
    chair = scene.chair
    chair.open(scene.path("/handover"))
    while (buttons := chair.main.locator('form[action*="/handover/items/"] button')).count():
        chair.main.locator('form[action*="/handover/items/"] input[name=note]').first.fill("交新任主任")
        chair.go(buttons.first)
        chair.checks = False
    chair.checks = scene.checks
    chair.fill("The new terms begin on", poll_steps.day(0).isoformat())
    chair.press("Begin the terms")
    issue(scene, "handover")
    chair.open(scene.path("/handover"))
    chair.press("Close the election")


def check_archive(scene: Scene, reader: Visitor) -> None:
    reader.open(scene.path("/archive"))
    missing = reader.main.locator(".archive-list__missing").all_inner_texts()
    assert missing == []
    reader.sees(words("The archive is complete"), words("Every paper of this election is here."))


def elected(scene: Scene) -> set[tuple[str, str, int]]:
    """Return (post, name, votes) of everybody who is elected and keeps the seat."""
    with scene.town.app.app_context():
        rows = db.session.scalars(
            select(Winner).where(Winner.election_id == scene.id, Winner.state == WinnerState.ELECTED)
        )
        return {(one.seat.title, one.person.name, one.votes) for one in rows}


def in_office(scene: Scene) -> set[tuple[str, str]]:
    """Return (post, name) of everybody who holds a post of the residents' committee today."""
    today = day_of(datetime.now(UTC))
    with scene.town.app.app_context():
        rows = db.session.scalars(
            select(Term)
            .join(Post, Post.id == Term.post_id)
            .where(Post.body.has(name=BODY), is_running(today))
        )
        return {(term.post.title, term.person.name) for term in rows}


def _seats(scene: Scene) -> Sequence[Seat]:
    return db.session.scalars(select(Seat).where(Seat.election_id == scene.id)).all()
