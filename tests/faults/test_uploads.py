"""Photos that break off on their way, and phones that send for ever."""

from __future__ import annotations

import io
import os
import random
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from sqlalchemy import func, select

from bench.voters import Electorate, Voter
from civicforum.accounts.rules import Actor
from civicforum.database import db
from civicforum.matters import services as matters
from civicforum.matters.models import MatterPhoto
from civicforum.polls.models import Poll, RollEntry
from civicforum.records.models import Photo
from tests.faults.audit import check_journal
from tests.faults.ballot_load import ask
from tests.faults.conftest import Note, Voting
from tests.faults.site import Site

BOUNDARY = b"a-boundary-of-the-tests"
SLOW_PHONES = 40
PATIENT_SECONDS = 15.0


def noise(chance: random.Random) -> bytes:
    """Return a picture that no format makes smaller."""
    picture = Image.frombytes("RGB", (800, 800), chance.randbytes(800 * 800 * 3))
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=95)
    return written.getvalue()


def start_draft(site: Site, electorate: Electorate, at: int) -> str:
    """Return the address to which a voter sends photos of a matter."""
    with site.app() as app, app.app_context():
        entry = db.session.get_one(RollEntry, electorate.voters[at].entry_id)
        actor = Actor(person_id=entry.person_id, community_id=entry.community_id)
        matter_id = matters.start_draft(actor=actor, title=f"第{at}盏灯", now=datetime.now(UTC))
        return f"/matters/{matter_id}/draft/photos"


def upload(address: str, voter: Voter, photo: bytes) -> bytes:
    """Return the request of a browser that sends one photo."""
    parts = [
        b"--"
        + BOUNDARY
        + b'\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n'
        + voter.token.encode(),
        b"--" + BOUNDARY + b'\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n" + photo,
        b"--" + BOUNDARY + b"--\r\n",
    ]
    body = b"\r\n".join(parts)
    head = (
        f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {voter.cookie}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY.decode()}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def count_photos(site: Site, community_id: uuid.UUID) -> tuple[int, int]:
    with site.app() as app, app.app_context():
        return (
            db.session.scalar(select(func.count()).where(Photo.community_id == community_id)) or 0,
            db.session.scalar(select(func.count()).where(MatterPhoto.community_id == community_id)) or 0,
        )


def community_of(site: Site, electorate: Electorate) -> uuid.UUID:
    with site.app() as app, app.app_context():
        return db.session.get_one(Poll, electorate.poll_id).community_id


def files_of(site: Site) -> set[str]:
    """Return the files of the instance folder, but for those of PostgreSQL and the log."""
    own = (path for path in site.instance.rglob("*") if path.is_file())
    names = {str(path.relative_to(site.instance)) for path in own}
    return {name for name in names if name.split("/")[0] not in ("pgdata", "postgres", "log", "metrics")}


def spooled_by(site: Site) -> int:
    """Return how many unnamed temporary files the web processes still hold."""
    held = 0
    for pid in site.web_workers():
        for handle in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                target = os.readlink(handle)
                held += target.endswith("(deleted)") and "wgunicorn" not in target and "pgdata" not in target
    return held


def test_a_photo_that_breaks_off_leaves_no_row_and_no_file(
    site: Site, voting: Voting, chance: random.Random, note: Note
) -> None:
    electorate, _ = voting(site, voters=2)
    community_id = community_of(site, electorate)
    request = upload(start_draft(site, electorate, 0), electorate.voters[0], noise(chance))
    before, spooled = files_of(site), spooled_by(site)
    times = 20
    for _round in range(times):
        with socket.create_connection(("127.0.0.1", site.port)) as connection:
            connection.sendall(request[: chance.randrange(1000, len(request))])
            if chance.random() < 0.5:
                # A reset, as of a phone that is gone; else an orderly end.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    deadline = time.monotonic() + 10
    while spooled_by(site) > spooled and time.monotonic() < deadline:
        time.sleep(0.2)
    assert spooled_by(site) <= spooled
    assert files_of(site) == before
    assert count_photos(site, community_id) == (0, 0)
    assert ask(site.port, request).status == 303
    assert count_photos(site, community_id) == (1, 1)
    check_journal(site)
    note("upload of a photo cut off", times=times)


@contextmanager
def slow_phones(site: Site, request: bytes) -> Iterator[list[socket.socket]]:
    """Begin uploads of which a few bytes come, and then hardly anything."""
    phones: list[socket.socket] = []
    try:
        for _phone in range(SLOW_PHONES):
            phones.append(socket.create_connection(("127.0.0.1", site.port)))
            phones[-1].sendall(request[:2000])
        yield phones
    finally:
        for phone in phones:
            phone.close()


def test_phones_that_send_slowly_keep_nobody_waiting(
    site: Site, voting: Voting, chance: random.Random, note: Note
) -> None:
    electorate, _ = voting(site, voters=2)
    request = upload(start_draft(site, electorate, 0), electorate.voters[0], noise(chance))
    home = b"GET /communities HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    slowest = 0.0
    with slow_phones(site, request) as phones:
        for at in range(10):
            begun = time.monotonic()
            assert ask(site.port, home).status == 200
            slowest = max(slowest, time.monotonic() - begun)
            for phone in phones:
                phone.sendall(request[2000 + at : 2001 + at])
    assert slowest < PATIENT_SECONDS
    assert count_photos(site, community_of(site, electorate)) == (0, 0)
    note(f"{SLOW_PHONES} uploads of a byte now and then", times=SLOW_PHONES, slowest=round(slowest, 1))
