"""Voting on a phone: marks stay in the browser, and nothing that happens there costs or doubles a vote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Route, expect

from civicforum import sealed
from civicforum.database import db
from civicforum.people.models import Person
from civicforum.polls.models import OpenBallot, Poll, TestedBallot
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec
from civicforum.polls.rules import Preset
from civicforum.polls.services import boards
from civicforum.sealed import Answer
from tests.browser.conftest import Visit
from tests.support.browser import Visitor, words
from tests.support.polls import SealedPoll, make_poll
from tests.support.sealed_polls import make_carded_poll
from tests.support.town import Neighbour, Town

MOTION = QuestionSpec(QuestionKind.MOTION, "是否加装电梯", text="三号楼两个单元各装一部。")
FIVE = QuestionSpec(
    QuestionKind.SELECTION, "选两位楼组长", options=("王秀英", "李建国", "陈红"), most=2, seats=2
)
EACH = QuestionSpec(
    QuestionKind.SELECTION,
    "选举委员",
    options=("赵敏", "钱进"),
    marking=Marking.EACH,
    most=2,
    seats=2,
    write_ins=1,
)
GRADES = QuestionSpec(QuestionKind.GRADE, "评议物业", options=("保洁", "保安"), levels=("好", "中", "差"))
RANKS = QuestionSpec(
    QuestionKind.RANKING, "先修哪里", options=("路灯", "车棚", "花园"), depth=3, method="schulze"
)
ALL = (MOTION, FIVE, EACH, GRADES, RANKS)
SECRETS_LEFT = """async () => {
  const stored = [sessionStorage, localStorage].map((store) => JSON.stringify({ ...store }));
  const bases = indexedDB.databases ? await indexedDB.databases() : [];
  const page = document.documentElement.outerHTML;
  return [...stored, JSON.stringify(bases), JSON.stringify(history.state), page];
}"""


@dataclass
class Open:
    """An open poll with its voters."""

    poll: SealedPoll
    voters: list[Neighbour]
    codes: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/polls/{self.poll.id}/ballot"


_serial = iter(range(1000))


def open_poll(
    town: Town,
    *,
    preset: Preset = Preset.POLL,
    questions: Sequence[QuestionSpec] = (MOTION, FIVE),
    voters: int = 1,
    **terms: Any,
) -> Open:
    names = [f"选民{next(_serial)}" for _ in range(voters)]
    neighbours = [town.resident(name) for name in names]
    now = datetime.now(UTC)
    times = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(days=1)}
    with town.app.app_context():
        people = [db.session.get_one(Person, one.id) for one in neighbours]
        if preset is Preset.SEALED:
            poll, codes = make_carded_poll(
                town.community, people=people, now=now, questions=questions, **(times | terms)
            )
            return Open(poll, neighbours, codes)
        poll = make_poll(town.community, people=people, questions=questions, preset=preset, **(times | terms))
    return Open(poll, neighbours)


def ballots_in(town: Town, where: Open) -> list[bytes]:
    """Return the ballots that count, last ones only."""
    with town.app.app_context():
        return list(boards.replay(db.session(), where.poll.id).electorate.ballots.values())


def lines_in(town: Town, where: Open) -> int:
    with town.app.app_context():
        lines = boards.list_lines(db.session(), where.poll.id)
    return sum(sealed.read_line(line)["type"] == "ballot" for line in lines)


def mark_two(voter: Visitor, *, motion: str = "For", names: Sequence[str] = ("王秀英", "陈红")) -> None:
    """Answer the first two questions, up to the review."""
    voter.tick(motion)
    voter.button("Next question").click()
    for name in names:
        voter.main.get_by_label(name, exact=True).check()
    voter.button("Go to the review").click()
    voter.main.get_by_role("heading", name=words("Is this how you want to vote?")).wait_for()
    voter.check()


def cast(voter: Visitor) -> None:
    voter.arrive(voter.button("Seal and cast").click)
    voter.sees(words("Your vote is in the box"), words("That is all. You can put the phone away."))


def nothing_left(voter: Visitor, *hidden: str) -> None:
    """Assert that no page, storage or history state of the browser holds any of these."""
    for text in voter.page.evaluate(SECRETS_LEFT):
        for secret in hidden:
            assert secret not in text


def test_a_vote_is_sealed_in_the_browser_and_its_marks_are_never_sent(town: Town, visit: Visit) -> None:
    here = open_poll(town)
    voter = visit(here.voters[0])
    sent: list[str] = []
    voter.page.on("request", lambda request: sent.append(request.post_data or ""))
    voter.open(here.path)
    code = voter.page.locator("[data-ballot]").get_attribute("data-code")
    mark_two(voter)
    voter.sees("王秀英", "陈红", words("For"))
    took = voter.page.evaluate("performance.now()")
    cast(voter)
    assert took > 0
    assert len(ballots_in(town, here)) == 1
    posts = [body for body in sent if body]
    assert len(posts) == 1
    assert set(re.findall(r'"(\w+)":', posts[0])) == {"entry", "ballot"}
    assert code
    nothing_left(voter, code, '"chosen"', 'name="q1"')
    shown = voter.page.locator(".tracker__text").inner_text()
    with town.app.app_context():
        tracker = sealed.spell(sealed.tracker_of(ballots_in(town, here)[0]), 20)
    assert "".join(shown.split()).replace("-", "") == tracker
    voter.follow("Look up this tracker")
    voter.sees(words("This ballot is in the box, and it counts."))


def test_every_kind_of_question_gives_the_bytes_that_python_seals(town: Town, visit: Visit) -> None:
    here = open_poll(town, questions=ALL)
    voter = visit(here.voters[0])
    voter.page.add_init_script("crypto.getRandomValues = (bytes) => bytes.fill(7)")
    voter.open(here.path)
    voter.tick("Against")
    voter.button("Next question").click()
    voter.main.get_by_label("李建国", exact=True).check()
    voter.button("Next question").click()
    voter.main.get_by_role("radiogroup", name="赵敏").get_by_label(words("For"), exact=True).check()
    voter.main.get_by_role("radiogroup", name="钱进").get_by_label(words("Against"), exact=True).check()
    name = words("Another name (%(number)s), if you want somebody else", number=1)
    voter.main.get_by_label(name).fill(" 孙 丽 ")
    voter.button("Next question").click()
    voter.main.get_by_role("radiogroup", name="保安").get_by_label("差", exact=True).check()
    voter.button("Next question").click()
    voter.main.get_by_label("花园").select_option("1")
    voter.main.get_by_label("路灯").select_option("2")
    voter.button("Go to the review").click()
    voter.sees(words("Written in") + ": 孙 丽", "保安: 差", "1. 花园", "2. 路灯")
    voter.check()
    cast(voter)
    answers = [
        Answer(chosen=frozenset({1})),
        Answer(chosen=frozenset({1})),
        Answer(chosen=frozenset({0}), against=frozenset({1}), names=("孙 丽",)),
        Answer(levels={1: 2}),
        Answer(order=(2, 0)),
    ]
    with town.app.app_context():
        manifest = boards.manifest_of(db.session(), here.poll.id)
        picks = sealed.picks_of(manifest.contests, answers)
        expected = sealed.seal(manifest.race, picks, here.poll.secret(0), 0, bytes([7]) * 32)
    assert ballots_in(town, here) == [expected]


def test_without_a_script_the_form_keeps_what_was_typed_and_a_form_sent_twice_counts_once(
    town: Town, visit: Visit
) -> None:
    here = open_poll(town, questions=(FIVE, EACH))
    voter = visit(here.voters[0], scripts=False)
    voter.open(here.path)
    for name in FIVE.options:
        voter.main.get_by_label(name, exact=True).check()
    voter.press("Go to the review", status=422)
    voter.sees(words("Please check what you marked"))
    assert voter.main.get_by_label("陈红", exact=True).is_checked()
    voter.main.get_by_label("陈红", exact=True).uncheck()
    voter.press("Go to the review")
    voter.sees("王秀英", "李建国", words("Nothing marked"))
    voter.press("Back to the questions")
    assert voter.main.get_by_label("王秀英", exact=True).is_checked()
    voter.press("Go to the review")
    voter.button("Seal and cast").dblclick()
    # The second form breaks off the answer to the first, which wait_for_url takes for a failed navigation.
    expect(voter.page).to_have_url(re.compile("/ballot/done$"))
    voter.sees(words("Your vote is in the box"))
    voter.open(here.path)
    voter.sees(words("Your vote is in the box. There is nothing more to do."))
    assert (len(ballots_in(town, here)), lines_in(town, here)) == (1, 1)


def test_a_double_tap_casts_one_ballot(town: Town, visit: Visit) -> None:
    here = open_poll(town)
    voter = visit(here.voters[0])
    voter.open(here.path)
    mark_two(voter)
    voter.button("Seal and cast").dblclick()
    voter.page.wait_for_url("**/ballot/done")
    assert lines_in(town, here) == 1


def test_a_lost_answer_is_sent_again_with_the_same_bytes(town: Town, visit: Visit) -> None:
    here = open_poll(town)
    voter = visit(here.voters[0])
    voter.open(here.path)
    mark_two(voter)

    def arrive_and_lose(route: Route) -> None:
        route.fetch()  # the ballot reaches the box, and its answer gets lost
        route.abort()

    voter.page.route("**/ballots", arrive_and_lose)
    voter.button("Seal and cast").click()
    voter.main.get_by_role("button", name=words("Send again")).wait_for()
    voter.sees(
        words(
            "No answer came. Your ballot is still here, sealed. Press “Send again”: it can never count twice."
        )
    )
    assert lines_in(town, here) == 1
    voter.page.unroute("**/ballots")
    voter.arrive(voter.button("Send again").click)
    voter.sees(words("Your vote is in the box"))
    assert lines_in(town, here) == 1


def test_the_back_button_keeps_marks_before_and_doubles_nothing_after_casting(
    town: Town, visit: Visit
) -> None:
    here = open_poll(town)
    voter = visit(here.voters[0])
    voter.open(here.path)
    mark_two(voter)
    voter.page.go_back()
    assert voter.main.get_by_label("王秀英", exact=True).is_checked()
    voter.page.go_back()
    assert voter.field("For").is_checked()
    voter.page.go_forward()
    voter.button("Go to the review").click()
    cast(voter)
    voter.page.go_back()
    voter.page.wait_for_load_state()
    voter.sees(words("Your vote is in the box. There is nothing more to do."))
    assert not voter.field("For").is_checked()
    assert lines_in(town, here) == 1


def test_a_vote_on_a_second_device_asks_before_it_replaces_the_first(town: Town, visit: Visit) -> None:
    here = open_poll(town)
    first, second = visit(here.voters[0]), visit(here.voters[0])
    first.open(here.path)
    second.open(here.path)
    mark_two(first)
    cast(first)
    mark_two(second, motion="Against", names=("李建国",))
    second.button("Seal and cast").click()
    replace = second.main.get_by_role("button", name=words("Yes, replace it"))
    replace.wait_for()
    second.check()
    assert lines_in(town, here) == 1
    second.arrive(replace.click)
    second.sees(words("Your vote is in the box"))
    assert (len(ballots_in(town, here)), lines_in(town, here)) == (1, 2)


def test_a_vote_is_changed_and_the_first_tracker_says_so(town: Town, visit: Visit) -> None:
    here = open_poll(town)
    voter = visit(here.voters[0])
    voter.open(here.path)
    mark_two(voter)
    cast(voter)
    voter.follow("Look up this tracker")
    old = voter.page.url
    voter.open(here.path)
    voter.sees(words("If you vote again here, the new ballot takes the place of the old one."))
    mark_two(voter, motion="Against")
    cast(voter)
    voter.page.goto(old)
    voter.sees(words("A later ballot of the same voter took the place of this one. The later one counts."))
    assert len(ballots_in(town, here)) == 1


def test_a_tested_ballot_shows_its_marks_and_is_never_cast(town: Town, visit: Visit) -> None:
    here = open_poll(town)
    voter = visit(here.voters[0])
    voter.open(here.path)
    mark_two(voter)
    voter.button("Test this phone first").click()
    voter.main.get_by_role("heading", name=words("A test of this phone")).wait_for()
    voter.check()
    voter.sees("王秀英", "陈红", words("You have not voted yet."))
    raw = voter.page.locator("[data-audit-text]").input_value().encode()
    with town.app.app_context():
        manifest = boards.manifest_of(db.session(), here.poll.id)
        audit = sealed.read_audit(raw, manifest.race)
        kept = set(db.session.scalars(db.select(TestedBallot.tracker).filter_by(poll_id=here.poll.id)))
    assert kept == {audit.tracker}
    shown = sealed.shown(manifest.contests, audit.picks)
    assert [one.counts for one in shown] == [((1,), (0,)), ((1,), (0,), (1,))]
    voter.button("Seal afresh and go on").click()
    cast(voter)
    assert audit.ballot not in ballots_in(town, here)
    nothing_left(voter, sealed.to_base64(audit.seed))


def test_a_card_is_typed_in_any_way_and_only_the_voters_own_is_taken(town: Town, visit: Visit) -> None:
    here = open_poll(town, preset=Preset.SEALED, voters=2)
    voter = visit(here.voters[0])
    voter.open(here.path)
    code = voter.field("Code on the card")
    for typed, said in [
        (
            here.codes[0][:-1],
            words("A card has 21 letters and digits in three groups of seven. Here are {count}."),
        ),
        (
            "U" + here.codes[0][1:],
            words("These signs are on no card: {signs}. Please compare them with the card."),
        ),
        (here.codes[1], here.voters[0].name),
    ]:
        code.fill(typed)
        voter.button("Go on").click()
        assert said.split("{")[0].split("：")[0] in voter.page.locator("[data-card-error]").inner_text()
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in here.codes[0].lower().replace("0", "o"))
    code.fill(" " + wide + " ")
    voter.button("Go on").click()
    mark_two(voter)
    cast(voter)
    assert len(ballots_in(town, here)) == 1
    nothing_left(voter, here.codes[0], here.codes[0].replace("-", ""), '"chosen"')


def test_a_scanned_card_waits_through_the_sign_in_and_never_reaches_the_server(
    town: Town, visit: Visit
) -> None:
    here = open_poll(town, preset=Preset.SEALED)
    voter = visit()
    asked: list[str] = []
    voter.page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    voter.page.goto(f"{town.url}{here.path}#{here.codes[0]}")
    assert "/sign-in" in voter.page.url
    assert here.codes[0] not in voter.page.url
    voter.context.add_cookies(
        [
            {
                "name": town.app.config["SESSION_COOKIE_NAME"],
                "value": here.voters[0].cookie,
                "url": town.url,
            }
        ]
    )
    voter.open(here.path)
    mark_two(voter)
    cast(voter)
    assert len(ballots_in(town, here)) == 1
    assert not [one for one in asked if here.codes[0] in one or here.codes[0].replace("-", "") in one]
    nothing_left(voter, here.codes[0], here.codes[0].replace("-", ""))


def test_a_sealed_poll_offers_no_form_to_a_browser_without_scripts(town: Town, visit: Visit) -> None:
    here = open_poll(town, preset=Preset.SEALED)
    voter = visit(here.voters[0], scripts=False)
    voter.open(here.path)
    voter.sees(words("You can vote on paper, or on a device at a polling station:"))
    assert voter.main.locator("form:visible").count() == 0


def test_a_named_vote_is_cast_and_changed_with_and_without_scripts(town: Town, visit: Visit) -> None:
    here = open_poll(town, preset=Preset.OPEN)
    voter = visit(here.voters[0])
    voter.open(here.path)
    mark_two(voter)
    voter.sees(words("Your name and your vote are shown after the vote ends."))
    voter.arrive(voter.button("Cast my vote").click)
    voter.sees(words("Your vote is in the box"), "王秀英", "陈红")
    plain = visit(here.voters[0], scripts=False)
    plain.open(here.path)
    assert plain.main.get_by_label("王秀英", exact=True).is_checked()
    plain.tick("Against")
    plain.press("Go to the review")
    plain.press("Cast my vote")
    plain.sees(words("Your vote is in the box"), words("Against"))
    with town.app.app_context():
        rows = db.session.scalars(db.select(OpenBallot).filter_by(poll_id=here.poll.id)).all()
        assert [row.answers for row in rows] == [[{"chosen": [1]}, {"chosen": [0, 2]}]]


def test_a_limit_is_said_aloud_and_a_long_list_is_searched(town: Town, visit: Visit) -> None:
    names = tuple(f"第{number}号候选人，名字长得要分成好几行才写得下的那一位" for number in range(100))
    many = QuestionSpec(QuestionKind.SELECTION, "选两位", options=names, most=2, seats=2)
    here = open_poll(town, questions=(many,))
    voter = visit(here.voters[0])
    voter.open(here.path)
    for number in (3, 50):
        voter.field("Find a name").fill(f"第{number}号")
        voter.main.get_by_label(names[number]).check()
    voter.field("Find a name").fill("第77号")
    voter.main.get_by_label(names[77]).click()
    assert not voter.main.get_by_label(names[77]).is_checked()
    assert "2" in voter.page.locator("[data-warning]").inner_text()
    voter.check()
    voter.button("Go to the review").click()
    voter.sees(names[3], names[50])


def test_a_ballot_is_cast_by_keyboard_alone_in_the_elder_view(town: Town, visit: Visit) -> None:
    here = open_poll(town, questions=(MOTION,))
    voter = visit(here.voters[0])
    voter.page.goto(town.url + "/elder/on")
    voter.open(here.path)
    keys = voter.page.keyboard
    voter.page.locator("input[name=q1]").first.focus()
    keys.press("Space")
    keys.press("Tab")
    keys.press("Enter")
    voter.main.get_by_role("heading", name=words("Is this how you want to vote?")).wait_for()
    voter.check()
    for _ in range(12):
        keys.press("Tab")
        if voter.page.evaluate("document.activeElement.matches('[data-cast]')"):
            break
    voter.arrive(lambda: keys.press("Enter"))
    voter.sees(words("Your vote is in the box"))
    assert len(ballots_in(town, here)) == 1


def test_a_poll_that_closes_while_marking_says_that_nothing_was_cast(town: Town, visit: Visit) -> None:
    here = open_poll(town)
    voter = visit(here.voters[0])
    voter.open(here.path)
    mark_two(voter)
    with town.app.app_context():
        db.session.get_one(Poll, here.poll.id).closes_at = datetime.now(UTC) - timedelta(minutes=1)
        db.session.commit()
    voter.button("Seal and cast").click()
    voter.main.get_by_text(words("Voting is not open at this time. Your ballot was not cast.")).wait_for()
    assert lines_in(town, here) == 0
