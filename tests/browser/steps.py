"""Steps on the pages that several journeys share, each pressed as the person concerned would."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload

from civicforum.database import db
from civicforum.meetings.models import Meeting
from civicforum.rulebook.days import day_of
from tests.support.browser import Visitor, words
from tests.support.town import Town, id_in


def photo() -> FilePayload:
    """A photo as a phone makes them, of a dark path."""
    image = Image.effect_noise((1600, 1200), 60).convert("RGB")
    ImageDraw.Draw(image).ellipse((700, 200, 900, 400), fill=(250, 220, 120))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return {"name": "path.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def raise_matter(visitor: Visitor, *, title: str, body: str) -> str:
    """Go through the wizard from the list of matters, with a photo, and return the address of the matter."""
    visitor.open("/matters")
    visitor.go(visitor.main.locator('a[href="/matters/new"]').first)
    visitor.fill("In one sentence", title)
    visitor.press("Continue")
    visitor.fill("Describe it", body)
    visitor.field("What kind of matter is it?").select_option("safety")
    visitor.fill("Where is it?", "东门到三号楼之间")
    visitor.press("Continue")
    visitor.field("Choose photos or take one").set_input_files(photo())
    visitor.press("Continue")
    visitor.fill("What does photo %(number)s show?", "熄灭的路灯", number=1)
    visitor.press("Save and continue")
    visitor.sees(title, body, words("Check before you publish"))
    visitor.press("Publish it")
    visitor.sees(words("Your matter is raised"), title)
    visitor.press("Go to your matter")
    visitor.sees(title, body)
    return visitor.path


def study(visitor: Visitor, title: str, *, opinion: str) -> None:
    """Study a matter, as the party organisation, from its queue."""
    visitor.open("/matters/queue")
    visitor.follow(title)
    visitor.tick("Supported")
    visitor.fill("Opinion and reasons", opinion)
    visitor.press("Record the study")
    visitor.sees(words("The study is recorded. The residents' committee decides next."))


def accept(visitor: Visitor, title: str, *, answer: str) -> None:
    visitor.open("/matters/queue")
    visitor.follow(title)
    visitor.sees(words("Studied by the party organisation"))
    visitor.tick("Accept it: it goes to deliberation")
    visitor.fill("Answer and reasons", answer)
    visitor.press("Record the decision")
    visitor.sees(words("Accepted. Plan its deliberation next."))


def plan_meeting(visitor: Visitor, matter: str, *, form: str, days: int) -> str:
    """Plan a meeting on a matter, `days` from today; return the meeting's address."""
    visitor.open(matter)
    visitor.press("Plan a meeting on it")
    visitor.go(visitor.main.locator(f'a[href*="/meetings/plan/{form}"]'))
    visitor.fill("Place", "社区活动室")
    day = day_of(datetime.now(UTC)) + timedelta(days=days)
    visitor.fill("Day", day.isoformat())
    visitor.press("Plan the meeting and post the notice")
    visitor.sees(words("The meeting is planned and its notice is posted."), "社区活动室")
    return visitor.path


def open_meeting(visitor: Visitor, town: Town, meeting: str) -> None:
    """Open a planned meeting, once its day has come."""
    town.let_meetings_start()
    visitor.open(meeting)
    visitor.press("Open the meeting")
    visitor.sees(words("The meeting is open."))


def come(visitor: Visitor, town: Town, meeting: str) -> None:
    """Type the code that is shown in the room."""
    with town.app.app_context():
        code = db.session.get_one(Meeting, id_in(meeting)).check_in_code
    visitor.open(meeting)
    visitor.fill("Code that is shown in the room", code)
    visitor.press("I am here")


def take_attendance(visitor: Visitor, meeting: str, present: list[str]) -> None:
    """Tick the members at the door, as the clerk."""
    visitor.open(meeting)
    visitor.press("List at the door")
    for name in present:
        visitor.main.get_by_label(name).check()
    visitor.press("Enter all ticked as present")


def enter_hands(visitor: Visitor, meeting: str, *, choice: str = "For") -> None:
    """Enter the hands of all who have not voted on a phone."""
    visitor.open(meeting)
    visitor.press("Enter raised hands")
    for hand in visitor.main.get_by_role("radio", name=words(choice), exact=True).all():
        hand.check()
    visitor.press("Enter these votes")
