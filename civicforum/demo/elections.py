"""The elections of the demonstration: one of the residents' committee with all its records, one under way."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta

from sqlalchemy import select

from civicforum.database import db
from civicforum.demo.election_plans import (
    ANSWER,
    ASKED,
    FIRST,
    PRESIDING,
    QUESTION,
    REGISTERED_SHARE,
    SECOND,
    STATIONS,
    TERM,
    UNDER_WAY,
    Standing,
    Turnout,
)
from civicforum.demo.election_story import ElectionStory
from civicforum.demo.portraits import draw_portrait
from civicforum.demo.story import Script
from civicforum.elections.calendar import Milestone
from civicforum.elections.models import Candidate, Nomination, Winner
from civicforum.elections.queries.results import list_items, list_winners
from civicforum.elections.rules import Disqualification, NominationState, NoticeKind, WinnerState
from civicforum.elections.services import (
    candidates,
    handover,
    next_rounds,
    papers,
    planning,
    registering,
    results,
    reviewing,
    winners,
)
from civicforum.elections.services.registering import Said
from civicforum.elections.services.reviewing import Check
from civicforum.people.models import Person
from civicforum.people.rules import CapacityKind
from civicforum.polls.models import Mandate, Poll, RollEntry, Station
from civicforum.polls.rules_paper import BoxSheet, Ground, write_in_marks
from civicforum.polls.services import box_counts, clocks, counting, paper, proxies, sealing, stations
from civicforum.polls.services import results as poll_results
from civicforum.polls.services import rolls as poll_rolls
from civicforum.rulebook import SHANGHAI
from civicforum.rulebook.days import day_of

_N, _M = NoticeKind, Milestone
COUNTERS = PRESIDING[1:3]
# How many days after the first vote the seat that stayed empty is voted on again.
AGAIN = 7
# Papers are handed out every other hour.
PARTS = 5


def tell_elections(script: Script) -> None:
    """Put both elections into the script."""
    TermElection(script, TERM).tell()
    ElectionStory(script, UNDER_WAY).tell()


class TermElection(ElectionStory):
    """An election from the plan to the handover, with another round for a seat that stayed empty."""

    def tell(self) -> None:
        super().tell()
        self.at(-32, 10.0, self._register_one)
        for grid in self.script.people.adults_of_grid:
            self.at(-32 + grid // 2, 17.0 + grid * 0.1, self._register_grid(grid))
        self._tell_candidates()
        self._tell_polling()
        self._tell_end()

    def _tell_candidates(self) -> None:
        self.at(-14, 9.5, self._accept)
        self.at(-14, 11.0, self.advance)
        self.at(-13, 9.0, self.issue(_N.PRELIMINARY_LIST))
        self.at(-10, 14.5, self._check)
        self.at(-8, 10.0, self._present)
        self.at(-7, 16.0, self.advance)
        self.at(-6, 9.0, self._list)
        self.at(-6, 9.5, self.issue(_N.FORMAL_LIST))
        self.at(-6, 9.6, self.issue(_N.MEETING))
        self.at(-5, 10.0, self._give_proxies)
        self.at(-5, 19.0, self._ask)
        self.at(-5, 20.3, self._answer)
        self.at(-4, 17.0, self.did(_M.CANDIDATES_MET, "十一名候选人全部到场，到会居民六十三人。"))

    def _tell_polling(self) -> None:
        self.at(-3, 9.0, self.did(_M.STAFF_POSTED, "监票人、计票人、公共代写人名单已张贴。"))
        for number, kind in enumerate((_N.POLLING, _N.STAFF, _N.ROVING_BOXES, _N.INVALID_PAPERS)):
            self.at(-3, 9.3 + number * 0.1, self.issue(kind))
        self.at(-3, 10.0, self.issue(_N.PROXIES))
        self.at(-3, 10.2, self.did(_M.PROXY_LIST, "委托投票名单已张贴。"))
        self.at(-3, 15.0, self._freeze)
        self.at(-1, 16.0, self.advance)
        self._tell_round(FIRST, day=0, number=1)
        self.at(0, 21.0, self._vote_again)
        self.at(1, 9.0, self.issue(_N.FURTHER_ROUND, 2))
        self.at(AGAIN - 1, 16.0, self.advance)
        self._tell_round(SECOND, day=AGAIN, number=2)

    def _tell_round(self, turnout: Turnout, *, day: int, number: int) -> None:
        self.at(day, 8.05, self._sweep)
        for part in range(PARTS):
            self.at(day, 8.6 + part * 2, self._hand_out(turnout, part))
        self.at(day, 18.05, self._sweep)
        self.at(day, 18.6, self._enter_lists(turnout))
        self.at(day, 19.2, self._count(turnout))
        self.at(day, 20.2, self._take_over)
        self.at(day, 20.5, self.issue(_N.RESULT, number))

    def _tell_end(self) -> None:
        self.at(AGAIN, 20.8, lambda now: winners.announce(**self.act(now)))
        self.at(AGAIN, 21.0, self.advance)
        self.at(AGAIN + 1, 10.0, self._certify)
        self.at(AGAIN + 1, 15.0, self._file)
        self.at(AGAIN + 1, 15.5, self.advance)
        self.at(AGAIN + 2, 9.0, self._begin_terms)
        self.at(AGAIN + 3, 10.0, self._hand_over)
        self.at(AGAIN + 3, 11.0, self.issue(_N.HANDOVER))
        self.at(AGAIN + 3, 16.0, self.advance)

    def did(self, milestone: Milestone, note: str) -> Callable[[datetime], object]:
        """Return the act that writes down what was done on paper."""
        return lambda now: planning.record_step(milestone=milestone, note=note, **self.act(now))

    def asked(self, kind: NoticeKind) -> Mapping[str, str]:
        if kind is not _N.ROVING_BOXES:
            return ASKED
        carried = self._takers(FIRST)[-1]
        return {**ASKED, "users": "、".join(entry.name for entry in carried)}

    def _register_one(self, now: datetime) -> None:
        resident = self.script.actor("王秀兰")
        registering.register(said=self._said(resident.person_id), **self.act(now, by=resident))

    def _said(self, person_id: uuid.UUID) -> Said:
        person = db.session.get_one(Person, person_id)
        if any(one.kind is CapacityKind.HUKOU for one in person.capacities):
            return Said(CapacityKind.HUKOU, is_declared=True)
        return Said(CapacityKind.USUAL_RESIDENCE, hukou_place="云州市河东区", is_declared=True)

    def _register_grid(self, grid: int) -> Callable[[datetime], object]:
        """Return the act that enters the signed lists of a grid: one of each household that takes part."""

        def register(now: datetime) -> None:
            adults = self.script.people.adults_of_grid[grid]
            homes = dict(
                db.session.execute(select(Person.id, Person.household_id).where(Person.id.in_(adults))).all()
            )
            home_of_one = db.session.get_one(Person, self.script.people.people["王秀兰"]).household_id
            one_of = {home: person for person, home in sorted(homes.items()) if home != home_of_one}
            share = len(one_of) * REGISTERED_SHARE // 100
            people = self.script.chance.sample(list(one_of.values()), share)
            registering.enter_from_doors(people=people, **self.act(now))

        return register

    def _accept(self, now: datetime) -> None:
        filed = select(Nomination.id).where(
            Nomination.election_id == self.id, Nomination.state == NominationState.FILED
        )
        for nomination_id in db.session.scalars(filed.order_by(Nomination.filed_at)).all():
            reviewing.accept_nomination(nomination_id=nomination_id, **self.act(now))

    def _check(self, now: datetime) -> None:
        answered = {ground: Check(False, "街道办事处会同派出所、司法所联审") for ground in Disqualification}
        for candidate_id, _standing in self._candidates():
            reviewing.answer_checks(candidate_id=candidate_id, checks=answered, **self.act(now))

    def _present(self, now: datetime) -> None:
        for candidate_id, standing in self._candidates():
            sitter = db.session.get_one(Person, self.script.people.people[standing.name])
            candidates.edit_candidate(
                candidate_id=candidate_id,
                statement=standing.statement,
                photo=draw_portrait(standing.name, sitter.sex, now.year - sitter.born_on.year),
                without_photo=False,
                **self.act(now, by=self.script.actor(standing.name)),
            )

    def _list(self, now: datetime) -> None:
        order = [candidate_id for candidate_id, _standing in self._candidates()]
        reviewing.post_formal_list(order=order, **self.act(now))
        papers.set_paper(**self.act(now))
        for plan in STATIONS:
            stations.add_station(poll_id=self._poll_id(), plan=plan, actor=self.officer, now=now)

    def _ask(self, now: datetime) -> None:
        self.question = candidates.ask_candidate(
            candidate_id=self._candidates()[0][0],
            text=QUESTION,
            **self.act(now, by=self.script.actor("王秀兰")),
        )

    def _answer(self, now: datetime) -> None:
        candidate_id, standing = self._candidates()[0]
        candidates.answer_question(
            candidate_id=candidate_id,
            question_id=self.question,
            text=ANSWER,
            **self.act(now, by=self.script.actor(standing.name)),
        )

    def _give_proxies(self, now: datetime) -> None:
        entries = self.entries()
        for at, holder_at in ((10, 11), (12, 11), (14, 15)):
            principal, holder = entries[at], entries[holder_at]
            proxies.add_mandate(
                poll_id=principal.poll_id,
                principal_id=principal.id,
                holder_id=holder.id,
                reason="外出务工，不能返回投票",
                written_on=day_of(now),
                actor=self.officer,
                now=now,
            )

    def _freeze(self, now: datetime) -> None:
        poll_rolls.freeze_roll(poll_id=self._poll_id(), actor=self.officer, settings=self.settings, now=now)

    def _sweep(self, now: datetime) -> None:
        clocks.sweep(now=now, settings=self.settings)

    def _hand_out(self, turnout: Turnout, part: int) -> Callable[[datetime], object]:
        """Return the act that hands one of the parts of its papers out at the station that has a network."""

        def hand_out(now: datetime) -> None:
            poll_id = self._poll_id()
            station_id = self._stations()[0].id
            given = self._mandates(poll_id)
            for entry in self._takers(turnout)[0][part::PARTS]:
                paper.issue_paper(
                    station_id=station_id,
                    entry_id=entry.id,
                    mandate_id=given.get(entry.id),
                    actor=self.officer,
                    now=now,
                )

        return hand_out

    def _enter_lists(self, turnout: Turnout) -> Callable[[datetime], object]:
        """Return the act that enters the printed lists of the stations without a network."""

        def enter(now: datetime) -> None:
            for station, takers in zip(self._stations()[1:], self._takers(turnout)[1:], strict=True):
                numbers = [entry.position for entry in takers]
                paper.enter_list(station_id=station.id, numbers=numbers, actor=self.officer, now=now)

        return enter

    def _count(self, turnout: Turnout) -> Callable[[datetime], object]:
        """Return the act of two who count every box alike and sign, and of the officer who certifies."""

        def count(now: datetime) -> None:
            counters = [self.script.actor(name) for name in COUNTERS]
            for station, found in zip(self._stations(), turnout.papers, strict=True):
                sheet = self._sheet(turnout, found)
                for actor in counters:
                    box_counts.enter_count(station_id=station.id, sheet=sheet, actor=actor, now=now)
                for actor in counters:
                    box_counts.sign_station(station_id=station.id, actor=actor, now=now)
            poll_id = self._poll_id()
            sealing.seal_count(poll_id=poll_id, actor=self.officer, now=now)
            counting.count_poll(poll_id=poll_id, actor=self.officer, now=now)
            poll_results.certify(poll_id=poll_id, actor=self.officer, now=now)

        return count

    def _sheet(self, turnout: Turnout, found: int) -> BoxSheet:
        """Return what is in a box: every fiftieth paper is invalid, the others vote as the plan says."""
        poll = db.session.get_one(Poll, self._poll_id())
        invalid = found // 50
        valid, marks = found - invalid, list[int]()
        for question, contest in zip(poll.questions, poll.contests, strict=True):
            votes = [turnout.votes[name] for name in question.options]
            marks += [valid * yes // 100 for yes, _no in votes] + [valid * no // 100 for _yes, no in votes]
            marks += write_in_marks(contest, {}, valid)
        texts: tuple[dict[str, int], ...] = tuple({} for contest in poll.contests if contest.texts)
        grounds = {Ground.OVER_CHOICE.value: invalid} if invalid else {}
        return BoxSheet(found=found, invalid=invalid, counts=tuple(marks), texts=texts, grounds=grounds)

    def _take_over(self, now: datetime) -> None:
        self.advance(now)
        results.take_over(written={}, **self.act(now))

    def _vote_again(self, now: datetime) -> None:
        day = self.script.today + timedelta(days=self.day + AGAIN)
        next_rounds.next_round(
            opens_at=datetime.combine(day, time(8), SHANGHAI),
            closes_at=datetime.combine(day, time(18), SHANGHAI),
            settings=self.settings,
            **self.act(now),
        )

    def _certify(self, now: datetime) -> None:
        for number, winner in enumerate(self._elected(), 1):
            winners.certify_winner(
                winner_id=winner.id,
                certificate=f"槐居选证第{number:02}号",
                certified_on=day_of(now),
                **self.act(now),
            )

    def _file(self, now: datetime) -> None:
        winners.file_result(note="柳荫街道办事处收件回执第7号", **self.act(now))

    def _begin_terms(self, now: datetime) -> None:
        handover.begin_terms(since=day_of(now), **self.act(now))

    def _hand_over(self, now: datetime) -> None:
        for item in list_items(db.session(), self.id):
            handover.tick_item(item_id=item.id, note="清点无误，交接双方签字。", **self.act(now))

    def _elected(self) -> list[Winner]:
        return [one for one in list_winners(db.session(), self.id) if one.state is WinnerState.ELECTED]

    def _candidates(self) -> list[tuple[uuid.UUID, Standing]]:
        """Return everybody who stands with what the plan says of them, in the order of the plan."""
        rows = select(Candidate.person_id, Candidate.id).where(Candidate.election_id == self.id)
        found = dict(db.session.execute(rows).all())
        people = self.script.people.people
        return [(found[people[standing.name]], standing) for standing in self.plan.standing]

    def _takers(self, turnout: Turnout) -> list[list[RollEntry]]:
        """Return who takes a paper at each station: the first on the roll, and the last at the roving box."""
        entries = list(self.entries(self._poll_id()))
        first, second, carried = turnout.papers
        return [entries[:first], entries[first : first + second], entries[-carried:]]

    def _mandates(self, poll_id: uuid.UUID) -> dict[uuid.UUID, uuid.UUID]:
        rows = select(Mandate.principal_id, Mandate.id).where(Mandate.poll_id == poll_id)
        return dict(db.session.execute(rows).all())

    def _poll_id(self) -> uuid.UUID:
        """Return the poll of the last round."""
        return self.rounds()[-1].poll_id

    def _stations(self) -> list[Station]:
        """Return the stations of the last round in the order of the plan."""
        rows = db.session.scalars(select(Station).where(Station.poll_id == self._poll_id()))
        by_name = {station.name: station for station in rows}
        return [by_name[plan.name] for plan in STATIONS]
