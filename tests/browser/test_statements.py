"""A statement is written, looked at, answered by keyboard on a phone without scripts, and counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.statements import services
from civicforum.statements.models import Statement
from civicforum.statements.rules import Answer
from tests.browser.conftest import Visit
from tests.support.browser import DESK, PHONE, words
from tests.support.town import Town

SEEDS = ["晚上九点以后不放音乐", "给舞队划一块固定的场地", "音响不外放，改用耳机", "由大家投票定时间"]
OWN = "请在广场加一排长椅"


def test_statement_is_added_moderated_answered_by_keyboard_and_counted(town: Town, visit: Visit) -> None:
    now = datetime.now(UTC)
    clerk, author = town.officer(Role.CLERK, "何小雨"), town.resident("王秀英")
    # The first agrees with all, and stands as near to one group as to the other: both have five without them.
    neighbours = [town.resident(f"邻居{serial:02}") for serial in range(1, 13)]
    with town.app.app_context():
        topic = "广场舞和安静怎么两全"
        plan = services.Plan(topic, now, now + timedelta(days=7), seeds=SEEDS)
        conversation_id = services.plan_conversation(plan=plan, actor=clerk.actor, now=now)
    address = f"/statements/{conversation_id}"

    writer = visit(author)
    writer.open(address)
    writer.follow("Add a statement of your own")
    writer.fill("Your statement", OWN)
    writer.press("Hand it in")
    writer.sees(OWN, words("Waits to be looked at"))

    moderator = visit(clerk)
    moderator.open(f"{address}/moderate")
    moderator.press("Show it")
    moderator.sees(words("The statement is shown now."), words("Nothing waits to be looked at"))

    voter = visit(neighbours[0], scripts=False)
    voter.open(f"{address}/answer")
    # The next four pages are the same but for the sentence.
    voter.checks = False
    for _ in range(5):
        # From the sentence on, the first stop is the answer that agrees.
        voter.button("Agree").focus()
        voter.arrive(lambda: voter.page.keyboard.press("Enter"))
    voter.checks = True
    voter.check()
    thanks = "Thank you: you have answered all %(num)s statements. Something nobody has said yet?"
    voter.sees(words(thanks, num=5))

    with town.app.app_context():
        statements = db.session.scalars(select(Statement.id).order_by(Statement.number)).all()
        for place, neighbour in enumerate(neighbours[1:]):
            for number, statement_id in enumerate(statements):
                answer = Answer.AGREE if number == 4 or (number + place) % 2 else Answer.DISAGREE
                services.cast_vote(statement_id=statement_id, answer=answer, actor=neighbour.actor, now=now)
        services.compute_grouping(conversation_id=conversation_id, now=now)
    for size in (PHONE, DESK):
        reader = visit(author, size=size)
        reader.open(f"{address}/results")
        reader.sees(OWN, words("What all share"), words("Opinion groups"))
        assert reader.page.locator(".opinions__picture").count() == 1
