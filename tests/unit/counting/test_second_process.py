"""The second engine in its process: real runs, limits, hostile names, real elections."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice, permutations
from pathlib import Path

import pytest

from civicforum.config import ROOT
from civicforum.counting import Contest, Profile, Rule, count
from civicforum.counting.files import read_ballots, read_bytes
from civicforum.counting.second import (
    Checked,
    EnginesDisagree,
    Reason,
    SecondCount,
    Status,
    check,
    checked_count,
    process,
    recount,
)
from civicforum.counting.second.process import NotAnswered, TookTooLong, TookTooMuch, ask
from civicforum.counting.second.question import expected_cost, put
from tests.support.ballots import shared_data, shared_member

ABC = ("Ann", "Bob", "Cem")
PAPERS = Profile.of_rankings(ABC, {("Ann", "Bob"): 12, ("Cem",): 7, ("Bob", "Ann"): 6})
CONTEST = Contest(ABC, Rule.IRV)
HOSTILE = (
    '"; DROP TABLE ballot; --',
    "__proto__",
    "a\nb",
    "1>2=3",
    "",
    "'",
    "\x00",
    "\ud83d",
    "{{7*7}}",
    "投票",
)


def children() -> set[str]:
    """Return the processes, zombies too, that this one has started and not waited for."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {child for task in tasks for child in task.read_text().split()}


@pytest.fixture(autouse=True)
def _no_process_is_left() -> Iterator[None]:
    before = children()
    yield
    assert children() == before


def circle(options: int) -> Profile:
    """Return a poll in which every option beats half of the others, and no two alike."""
    names = [f"Option {number:03}" for number in range(options)]
    ballots = {tuple(names[start:] + names[:start]): 1 + start % 7 for start in range(options)}
    return Profile.of_rankings(names, ballots)


def test_an_agreed_result_is_given_out_with_the_second_count() -> None:
    checked = checked_count(CONTEST, PAPERS)
    assert checked == Checked(
        count(CONTEST, PAPERS), SecondCount("py-vote-core", "2.0.0", Status.AGREES, ("Ann",))
    )
    assert checked.second.seconds > 0


@pytest.mark.parametrize("rule", [Rule.PLURALITY, Rule.IRV, Rule.SCHULZE, Rule.RANKED_PAIRS])
def test_every_rule_for_one_seat_is_recounted(rule: Rule) -> None:
    assert recount(Contest(ABC, rule), PAPERS).status is Status.AGREES


def test_a_block_vote_is_recounted() -> None:
    papers = Profile.of_approvals(ABC, {("Ann", "Cem"): 3, ("Bob", "Cem"): 2})
    second = recount(Contest(ABC, Rule.BLOCK_PLURALITY, seats=2), papers)
    assert (second.status, second.winners) == (Status.AGREES, ("Ann", "Cem"))


def test_a_contradicted_result_is_not_given_out() -> None:
    other_papers = Profile.of_rankings(ABC, {("Bob",): 3})
    with pytest.raises(EnginesDisagree, match=r"civicforum elects 'Bob', .* elects 'Ann'") as refused:
        check(count(CONTEST, other_papers), PAPERS)
    assert refused.value.second.winners == ("Ann",)
    assert refused.value.result.elected == ("Bob",)


@pytest.mark.parametrize(
    ("contest", "papers"),
    [
        (Contest(ABC, Rule.APPROVAL), PAPERS),
        (Contest(ABC, Rule.BORDA), PAPERS),
        (Contest(ABC, Rule.SCHULZE, seats=2), PAPERS),
        (Contest(ABC, Rule.BLOCK_PLURALITY, limit=2), Profile.of_approvals(ABC, {("Ann", "Bob"): 1})),
    ],
)
def test_what_the_second_engine_does_not_define_is_not_checked(contest: Contest, papers: Profile) -> None:
    second = recount(contest, papers)
    assert (second.status, second.reason) == (Status.NOT_CHECKED, Reason.NO_SECOND_ENGINE)


def test_a_slow_count_is_stopped_at_the_limit() -> None:
    # 90 options in a circle: few ballots, so that it is begun, and a graph that it takes apart for seconds.
    poll = circle(90)
    contest = Contest(poll.options, Rule.SCHULZE)
    began = time.monotonic()
    second = recount(contest, poll, seconds=0.5)
    assert (second.status, second.reason) == (Status.NOT_CHECKED, Reason.TOO_LONG)
    assert "0.5 seconds" in second.detail
    assert time.monotonic() - began < 5


def test_a_stopped_process_takes_its_children_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = tmp_path / "grandchild"
    script = tmp_path / "adapter.py"
    script.write_text(
        "import subprocess, sys, time\n"
        "sleeper = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(noted)!r}, 'w').write(str(sleeper.pid))\n"
        "time.sleep(60)\n"
    )
    monkeypatch.setattr(process, "_ADAPTER", script)
    with pytest.raises(TookTooLong):
        ask(put(CONTEST, PAPERS), seconds=2)
    assert not is_running(int(noted.read_text()))


def is_running(pid: int) -> bool:
    """Tell whether a process is there and no zombie; one that was killed may take a moment to end."""
    for _ in range(50):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return False
        if state == "Z":
            return False
        time.sleep(0.1)
    return True


def test_a_count_that_needs_too_much_is_not_even_begun() -> None:
    # 150 x 150 cells, each of 5 + 0.5 x 150 microseconds.
    poll = circle(150)
    second = recount(Contest(poll.options, Rule.SCHULZE), poll, seconds=1)
    assert (second.status, second.reason) == (Status.NOT_CHECKED, Reason.TOO_LARGE)
    assert second.detail == "about 2 seconds and 9 megabytes"
    assert second.seconds == 0


def test_the_expected_cost_is_of_the_measured_size() -> None:
    """156,105 different rankings of 10 were measured: Schulze 7.7 s, instant-runoff 2.2 s."""
    options = tuple(f"Option {number}" for number in range(10))
    some = list(islice(permutations(options), 2_000))
    poll = Profile.of_rankings(options, dict.fromkeys(some, 1))
    scale = 156_105 / len(some)
    pairs = expected_cost(Contest(options, Rule.SCHULZE), poll)
    assert 7.7 / 2 < pairs.seconds * scale < 7.7 * 2.5
    assert 475 / 2 < pairs.megabytes * scale < 475 * 2
    assert 2.2 / 2 < expected_cost(Contest(options, Rule.IRV), poll).seconds * scale < 2.2 * 2.5


def test_memory_has_a_limit() -> None:
    poll = circle(150)
    with pytest.raises(TookTooMuch, match="24 megabytes"):
        ask(put(Contest(poll.options, Rule.SCHULZE), poll), seconds=20, megabytes=24)


def test_a_failure_of_the_engine_is_told_and_the_result_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = put(CONTEST, PAPERS)
    with pytest.raises(NotAnswered, match="ImpossibleQuestion: the lot has to name every option once"):
        ask({**asked, "lot": ["1"]}, seconds=20)
    monkeypatch.setattr(process, "_ADAPTER", ROOT / "no such file")
    second = checked_count(CONTEST, PAPERS).second
    assert (second.status, second.reason) == (Status.NOT_CHECKED, Reason.ENGINE_FAILED)
    assert "no such file" in second.detail
    monkeypatch.setattr(sys, "executable", "/no such interpreter")
    assert recount(CONTEST, PAPERS).reason is Reason.ENGINE_FAILED


def test_a_process_that_dies_without_a_word_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "adapter.py"
    script.write_text("import os; os.abort()\n")
    monkeypatch.setattr(process, "_ADAPTER", script)
    assert recount(CONTEST, PAPERS).detail == "the process ended with -6"


@pytest.mark.parametrize("rule", [Rule.PLURALITY, Rule.IRV, Rule.SCHULZE, Rule.RANKED_PAIRS])
def test_hostile_names_come_back_as_they_were(rule: Rule) -> None:
    rankings = {HOSTILE[:3]: 2, (HOSTILE[1], HOSTILE[4]): 3, (HOSTILE[7], HOSTILE[8]): 1}
    second = recount(Contest(HOSTILE, rule), Profile.of_rankings(HOSTILE, rankings))
    assert (second.status, second.winners) == (Status.AGREES, ("__proto__",))


def test_names_never_leave_this_process() -> None:
    asked = put(Contest(HOSTILE, Rule.IRV), Profile.of_rankings(HOSTILE, [HOSTILE]))
    assert sorted(asked["lot"]) == sorted(str(number) for number in range(1, 11))
    assert set(asked["ballots"][0][1]) <= set("0123456789>")


def test_three_hundred_options_are_counted() -> None:
    names = tuple(f"Option {number}" for number in range(300))
    papers = Profile.of_rankings(names, {names: 3, names[::-1]: 2})
    assert recount(Contest(names, Rule.IRV), papers).status is Status.AGREES
    assert recount(Contest(names, Rule.SCHULZE), papers).status is Status.AGREES


def test_3_two_runs_say_the_same_whatever_the_hashes_of_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    tied = Profile.of_rankings(ABC, {(name,): 2 for name in ABC})
    asked, told = put(CONTEST, tied), []
    for seed in ("1", "2", "random"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        told.append(ask(asked, seconds=20))
    assert told[0]["tie"]
    assert told == [told[0]] * 3


def test_the_second_engine_comes_without_a_framework() -> None:
    code = (
        "import sys, civicforum.counting.second\n"
        "print(sorted({'flask', 'sqlalchemy', 'py3votecore'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout == "[]\n"


def test_burlington_2009_has_three_winners_by_three_rules_and_both_engines_agree() -> None:
    """Instant-runoff elected Kiss; pairs would have Montroll, first preferences Wright (data/SOURCES.md)."""
    ballots = read_ballots(shared_data("preflib/00005-burlington/00005-00000002.toi"))
    winners = {}
    for rule in (Rule.IRV, Rule.SCHULZE, Rule.RANKED_PAIRS, Rule.PLURALITY):
        checked = checked_count(Contest(ballots.options, rule), ballots.profile)
        assert checked.second.status is Status.AGREES
        winners[rule.value] = checked.result.elected
    assert winners == {
        "irv": ("Bob Kiss",),
        "schulze": ("Andy Montroll",),
        "ranked-pairs": ("Andy Montroll",),
        "plurality": ("Kurt Wright",),
    }


def test_1_the_ward_where_the_other_transferable_vote_elects_another_stays_as_published() -> None:
    """North Lanarkshire 2017, ward 11: Encinias is the published winner, Brooks that of the variant."""
    name = "north_lanarkshire_2017_ward11.csv"
    ward = read_bytes(shared_member("scotland/ballots_2017.zip", name), name)
    contest = Contest(ward.options, Rule.SCOTTISH_STV, seats=ward.seats or 1)
    checked = checked_count(contest, ward.profile)
    elected, variant = set(checked.result.elected), set(checked.second.winners)
    assert checked.second.status is Status.VARIANT
    assert elected - variant == {"Gordon Encinias"}
    assert variant - elected == {"James Brooks"}
