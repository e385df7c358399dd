"""Pages of a ballot: the plain form, why there is none, the end, trackers, tests, named votes and proxies."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civicforum import sealed
from civicforum.database import db, transaction
from civicforum.polls import keyring
from civicforum.polls.models import CredentialLink, Mandate, OpenBallot, Poll, RollEntry, TestedBallot
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec
from civicforum.polls.rules import PollFault, PollState, Preset
from civicforum.polls.services import boards
from civicforum.polls.trackers import read_tracker, shown_tracker
from civicforum.records.models import JournalEntry
from civicforum.sealed import Mistyped, Why, to_base64, void_line
from tests.factories import sign_in
from tests.integration.polls.test_casting_pages import (
    change,
    fault_in,
    hidden,
    plain,
    poll_of_today,
    seal,
    send,
)
from tests.support.polls import AGAINST, SealedPoll, settings_now
from tests.support.statements import count_statements

EACH = QuestionSpec(
    QuestionKind.SELECTION,
    "选举委员",
    options=("赵敏", "钱进"),
    marking=Marking.EACH,
    most=1,
    seats=1,
    write_ins=1,
)


def ballot_of(client: FlaskClient, poll: SealedPoll, **query: Any) -> TestResponse:
    return client.get(f"/polls/{poll.id}/ballot", query_string=query)


def cast_plainly(client: FlaskClient, poll: SealedPoll, **fields: Any) -> TestResponse:
    review = plain(client, poll, "review", **fields)
    assert review.status_code == 200, review.text
    kept = {name: hidden(review.text, name) for name in ("nonce", "sequence")}
    return plain(client, poll, "cast", **fields, **kept)


def on_board(client: FlaskClient, poll: SealedPoll) -> list[bytes]:
    with client.application.app_context():
        return list(boards.replay(db.session(), poll.id).electorate.ballots.values())


def void(client: FlaskClient, poll: SealedPoll, why: Why) -> None:
    with client.application.app_context(), transaction() as session:
        link = session.get_one(CredentialLink, poll.entries[0])
        row = session.get_one(Poll, poll.id)
        boards.append(session, poll=row, line=void_line(link.public, why), credential=link.public)


def test_every_page_of_a_ballot_is_forgotten_by_the_browser(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    pages = [
        ballot_of(client, poll),
        plain(client, poll, "review", q1="for"),
        plain(client, poll, "edit", q1="for"),
    ]
    assert [page.headers["Cache-Control"] for page in pages] == ["no-store"] * 3
    assert all('hx-history="false"' in page.text for page in pages)


def test_the_page_of_a_ballot_makes_few_statements(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    ballot_of(client, poll)
    with count_statements() as counted:
        assert ballot_of(client, poll).status_code == 200
    assert counted.total <= 15, "\n".join(counted.statements)


@pytest.mark.parametrize(
    "fault",
    [
        PollFault.NOT_OPEN,
        PollFault.NO_CREDENTIAL,
        PollFault.STRUCK_OFF,
        PollFault.PAPER_ISSUED,
        PollFault.REISSUED,
    ],
)
def test_who_can_cast_no_ballot_is_told_why_and_given_no_form(client: FlaskClient, fault: PollFault) -> None:
    poll = poll_of_today(client)
    change(client, poll, fault)
    page = ballot_of(client, poll)
    assert page.status_code == 200
    assert 'id="paper"' not in page.text
    sent = plain(client, poll, "cast", q1="for", nonce="00" * 16, sequence="0")
    assert sent.status_code in (403, 409)
    assert on_board(client, poll) == []


def test_a_stranger_has_no_ballot_and_none_of_somebody_else(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    assert ballot_of(client, poll, **{"for": poll.entries[1]}).status_code == 404
    assert ballot_of(client, poll, **{"for": "x"}).status_code == 404
    with client.application.app_context(), transaction() as session:
        entry = session.get_one(RollEntry, poll.entries[0])
        session.delete(session.get_one(CredentialLink, entry.id))
        session.flush()
        session.delete(entry)
    assert 'id="paper"' not in ballot_of(client, poll).text


def test_the_code_of_a_card_is_given_to_its_voter_alone(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    found = re.search(r'data-code="(\w{21})"', ballot_of(client, poll).text)
    assert found
    with client.application.app_context():
        expected = sealed.credential_of(str(poll.id), found.group(1))
        link = db.session.get_one(CredentialLink, poll.entries[0])
    assert bytes(expected) == link.public


def test_a_refused_form_keeps_every_mark_and_says_beside_the_field_what_is_wrong(client: FlaskClient) -> None:
    poll = poll_of_today(client, questions=(EACH,))
    page = plain(client, poll, "review", **{"q1-0": "for", "q1-1": "against", "q1-name-0": "孙丽"})
    assert page.status_code == 422
    assert re.search(r'name="q1-0" value="for" checked', page.text)
    assert 'value="孙丽"' in page.text
    assert "hidden" not in re.findall(r'<p class="govuk-error-message" id="q1-error"[^>]*>', page.text)[0]
    assert on_board(client, poll) == []


def test_changed_marks_of_one_review_make_another_ballot_and_are_out_of_step(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    review = plain(client, poll, "review", q1="for")
    kept = {name: hidden(review.text, name) for name in ("nonce", "sequence")}
    assert plain(client, poll, "cast", q1="for", **kept).status_code == 303
    again = plain(client, poll, "cast", q1="against", **kept)
    assert again.status_code == 409
    assert hidden(again.text, "sequence") == "1"
    fresh = {name: hidden(again.text, name) for name in ("nonce", "sequence")}
    assert plain(client, poll, "cast", q1="against", **fresh).status_code == 303
    assert len(on_board(client, poll)) == 1


@pytest.mark.parametrize(
    "fields", [{"nonce": "x", "sequence": "0"}, {"sequence": "-1"}, {"sequence": "9999999999"}]
)
def test_a_form_that_was_tampered_with_casts_nothing(client: FlaskClient, fields: dict[str, str]) -> None:
    poll = poll_of_today(client)
    answer = plain(client, poll, "cast", q1="for", **({"nonce": "00" * 16} | fields))
    assert answer.status_code in (400, 409)
    assert on_board(client, poll) == []


def test_the_server_seals_for_no_poll_whose_key_it_does_not_keep(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    with client.application.app_context(), transaction() as session:
        session.get_one(Poll, poll.id).preset = Preset.SEALED
    assert plain(client, poll, "cast", q1="for", nonce="00" * 16, sequence="0").status_code == 404
    assert on_board(client, poll) == []


def tracker_page(client: FlaskClient, poll: SealedPoll, typed: str) -> TestResponse:
    return client.application.test_client().get(f"/polls/{poll.id}/tracker", query_string={"tracker": typed})


ENGLISH = {"Accept-Language": "en"}


def said_of(client: FlaskClient, poll: SealedPoll, ballot: bytes) -> str:
    shown = shown_tracker(sealed.tracker_of(ballot))
    url = f"/polls/{poll.id}/tracker"
    page = client.application.test_client().get(url, query_string={"tracker": shown}, headers=ENGLISH)
    assert page.status_code == 200
    return page.text


def test_a_tracker_says_what_became_of_its_ballot(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    first, second = seal(client, poll), seal(client, poll, AGAINST, sequence=1)
    assert "There is no ballot with this tracker" in said_of(client, poll, first)
    send(client, poll, first)
    assert "This ballot is in the box, and it counts." in said_of(client, poll, first)
    assert "line 4 of" in said_of(client, poll, first)
    send(client, poll, second)
    assert "A later ballot of the same voter" in said_of(client, poll, first)
    assert "it counts" in said_of(client, poll, second)
    void(client, poll, Why.PAPER)
    assert "was given a paper ballot" in said_of(client, poll, second)


def test_a_tracker_is_found_after_the_links_are_destroyed(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    ballot = seal(client, poll)
    send(client, poll, ballot)
    with client.application.app_context(), transaction() as session:
        session.query(CredentialLink).delete()
        session.get_one(Poll, poll.id).state = PollState.CLOSED
    assert "it counts" in said_of(client, poll, ballot)


def test_a_tested_ballot_is_kept_before_it_is_opened_and_its_tracker_says_so(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    ballot = seal(client, poll)
    body = {"entry": str(poll.entries[0]), "ballot": to_base64(ballot)}
    url = f"/polls/{poll.id}/tested-ballots"
    assert client.post(url, json=body).status_code == 201
    with client.application.app_context():
        assert db.session.get(TestedBallot, (poll.id, sealed.tracker_of(ballot)))
    assert fault_in(send(client, poll, ballot)) is PollFault.TESTED
    assert "only a test" in said_of(client, poll, ballot)
    assert fault_in(client.post(url, json={})) is PollFault.BAD_BALLOT
    stranger = {"entry": str(poll.entries[1]), "ballot": to_base64(ballot)}
    assert fault_in(client.post(url, json=stranger)) is PollFault.NOT_ON_ROLL


def test_a_tracker_is_forgiven_its_spelling_and_refused_where_it_is_none(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    ballot = seal(client, poll)
    send(client, poll, ballot)
    shown = shown_tracker(sealed.tracker_of(ballot))
    loose = shown.lower().replace("0", "o").replace("-", " — ")
    assert shown.split("-")[0] in tracker_page(client, poll, loose).text
    wrong = tracker_page(client, poll, shown[:-1])
    assert wrong.status_code == 422
    with pytest.raises(Mistyped):
        read_tracker("U" * 20)


def test_the_standing_tells_the_next_sequence(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    url = f"/polls/{poll.id}/standing"
    send(client, poll, seal(client, poll))
    answer = client.get(url, query_string={"entry": str(poll.entries[0])})
    assert (answer.status_code, answer.get_json()["sequence"]) == (200, 1)
    assert answer.headers["Cache-Control"] == "no-store"
    assert fault_in(client.get(url)) is PollFault.NOT_ON_ROLL
    assert fault_in(client.get(url, query_string={"entry": str(poll.entries[1])})) is PollFault.NOT_ON_ROLL


def test_the_end_shows_the_tracker_to_this_browser_alone(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    ballot = seal(client, poll)
    send(client, poll, ballot)
    shown = shown_tracker(sealed.tracker_of(ballot)).split("-")
    done = client.get(f"/polls/{poll.id}/ballot/done")
    assert all(group in done.text for group in shown)
    assert "<svg" in done.text
    assert client.get(f"/polls/{poll.id}/receipt").headers["Cache-Control"] == "no-store"
    sign_in(other := client.application.test_client(), "voter0")
    assert shown[0] not in other.get(f"/polls/{poll.id}/ballot/done").text
    assert other.get(f"/polls/{poll.id}/receipt").status_code == 404


def test_after_the_destruction_a_page_says_that_receipts_are_no_longer_issued(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    send(client, poll, seal(client, poll))
    receipt = f"/polls/{poll.id}/receipt"
    assert receipt in client.get(f"/polls/{poll.id}/ballot/done").text
    with client.application.app_context():
        keyring.destroy_keys(settings_now().instance, poll.id)
        db.session.get_one(Poll, poll.id).destroyed_at = datetime.now(UTC)
        db.session.commit()
    gone = client.get(receipt)
    assert gone.status_code == 410
    assert f"/polls/{poll.id}/tracker" in gone.text
    assert receipt not in client.get(f"/polls/{poll.id}/ballot/done").text


def test_the_end_is_not_claimed_for_a_ballot_that_does_not_count(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    url = f"/polls/{poll.id}/ballot/done"
    assert client.get(url).location.endswith(f"/polls/{poll.id}")
    send(client, poll, seal(client, poll))
    assert client.get(url).status_code == 200
    void(client, poll, Why.PAPER)
    assert "/tracker?" in client.get(url).location
    assert "was given a paper ballot" in client.get(url, follow_redirects=True, headers=ENGLISH).text


def test_a_proxy_casts_the_principals_ballot_and_its_own(client: FlaskClient) -> None:
    poll = poll_of_today(client)
    with client.application.app_context(), transaction() as session:
        session.add(
            Mandate(
                community_id=poll.community_id,
                poll_id=poll.id,
                principal_id=poll.entries[1],
                holder_id=poll.entries[0],
                reason="住院",
                written_on=date(2026, 1, 1),
                entered_by_id=poll.people[0],
                entered_at=datetime.now(UTC),
            )
        )
    whose = {"for": str(poll.entries[1])}
    assert ballot_of(client, poll, **whose).status_code == 200
    done = cast_plainly(client, poll, q1="against", **whose)
    assert done.status_code == 303
    assert whose["for"] in done.location
    assert cast_plainly(client, poll, q1="for").status_code == 303
    assert len(on_board(client, poll)) == 2


def named(client: FlaskClient, poll: SealedPoll, step: str = "cast", **fields: Any) -> TestResponse:
    return client.post(f"/polls/{poll.id}/ballot/named", data={"step": step, **fields})


def given(client: FlaskClient, poll: SealedPoll) -> list[Any]:
    with client.application.app_context():
        rows = db.session.scalars(db.select(OpenBallot).filter_by(poll_id=poll.id))
        return [row.answers for row in rows]


def test_a_named_vote_is_kept_once_and_changed_where_that_is_provided(client: FlaskClient) -> None:
    poll = poll_of_today(client, preset=Preset.OPEN)
    assert named(client, poll, "review", q1="for").status_code == 200
    assert given(client, poll) == []
    assert named(client, poll, q1="for").status_code == 303
    assert named(client, poll, q1="for").status_code == 303
    assert named(client, poll, q1="against").status_code == 303
    assert given(client, poll) == [[{"chosen": [1]}]]


def test_a_named_vote_is_refused_when_it_may_not_come(client: FlaskClient) -> None:
    poll = poll_of_today(client, preset=Preset.OPEN, revote=False)
    assert named(client, poll, q1="nobody").status_code == 422
    assert named(client, poll, q1="for").status_code == 303
    assert named(client, poll, q1="against").status_code == 409
    assert plain(client, poll, "cast", q1="for").status_code == 404
    with client.application.app_context(), transaction() as session:
        session.get_one(RollEntry, poll.entries[0]).struck_off_at = datetime.now(UTC)
    assert named(client, poll, q1="against").status_code == 403
    with client.application.app_context(), transaction() as session:
        session.get_one(Poll, poll.id).closes_at = datetime.now(UTC)
    assert named(client, poll, q1="against").status_code == 409
    assert given(client, poll) == [[{"chosen": [0]}]]


def test_answers_stay_out_of_the_register_of_a_named_vote(client: FlaskClient) -> None:
    poll = poll_of_today(client, preset=Preset.OPEN)
    named(client, poll, q1="against")
    with client.application.app_context():
        entries = db.session.scalars(db.select(JournalEntry).filter_by(subject_id=poll.id)).all()
    assert [(entry.action, entry.is_public) for entry in entries] == [("poll.cast", False)]
    assert "chosen" not in str(entries[0].payload)
