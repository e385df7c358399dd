"""Answering a request from what is kept, and keeping what was made for it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from flask import Response, current_app, g, request, session
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from markupsafe import escape
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from civicforum.database import db
from civicforum.kept.pages import KEPT, for_none
from civicforum.kept.store import LASTS_SECONDS, Answer, Store, cut
from civicforum.kept.viewers import Viewer, find_viewer

EXTENSION = "civicforum-kept"
MOST_BYTES = 64 * 1024 * 1024
# A single page beyond this is not kept, nor one with an address beyond this.
MOST_BYTES_EACH, LONGEST_ADDRESS = 1024 * 1024, 400
# When somebody last sent a form, in the own cookie and nowhere else. Until everything older is forgotten,
# pages are made for them: what they did shows at once, also what no journal knows of, such as a ballot.
ACTED_AT = "acted_at"
# Clocks of several machines differ by less.
SKEW_SECONDS = 2
# Where even the own cookie says nothing of when somebody wrote.
UNNOTED = ("reports", "ratings")
# What a page depends on of who is not signed in.
VISITOR = "visitor"
# Stands for the viewer's name while a page is made that others will see with their own.
NAME_MARK = secrets.token_hex(16)


@dataclass(frozen=True)
class Making:
    """A page that is being made and may be kept."""

    store: Store
    key: Hashable
    viewer: Viewer
    started_at: float
    is_claimed: bool
    cookie: dict[str, Any]


def give_kept() -> Response | None:
    """Answer from what is kept; else note in `g` that the answer may be kept."""
    store = _store()
    if store is None or not _may_be_kept():
        return None
    started_at = time.monotonic()
    with _asking() as database:
        viewer = _find_viewer(database)
        if viewer is None:
            return None
        answer = _find_as_before(store, viewer, started_at)
        depends = _depends(database, viewer) if answer is None else None
    if answer is not None:
        return _response(answer, viewer)
    if depends is None:
        return None
    key = _key(viewer, depends)
    store.note(_asked(viewer), depends, now=started_at)
    answer = store.find(key, head=viewer.head, now=started_at)
    if answer is not None:
        return _response(answer, viewer)
    is_claimed = store.claim(key)
    if not is_claimed and (answer := store.find(key, head=viewer.head, now=time.monotonic())):
        return _response(answer, viewer)
    g.making = Making(store, key, viewer, started_at, is_claimed, _cookie())
    return None


def keep(response: Response) -> Response:
    """Keep the answer that was made, if it is a page and nothing but one.

    And if who asked still is who it was begun for: a page begun for a resident and ended for an officer, who
    became one meanwhile, is nobody's.
    """
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        if _store() is not None and "_user_id" in session and request.blueprint not in UNNOTED:
            session[ACTED_AT] = int(time.time())
        return response
    making: Making | None = g.get("making")
    if making is None:
        return response
    marks = {"name": NAME_MARK.encode()} if making.viewer.person_id else {}
    if token := g.get("csrf_token"):
        marks["csrf"] = token.encode()
    answer = cut(
        response.get_data(),
        marks=marks,
        head=making.viewer.head,
        made_at=making.started_at,
        content_type=response.content_type or "",
    )
    if _is_plain_page(response) and _still_is(making.viewer):
        making.store.keep(making.key, answer)
    return _with_tag(_filled(response, answer, making.viewer), answer, making.viewer)


def keep_piece(name: str, make: Callable[[], str]) -> str:
    """Return a piece of a page that is the same for the whole community in a language, made or kept."""
    making: Making | None = g.get("making")
    if making is None:
        return make()
    viewer, started_at = making.viewer, time.monotonic()
    key = (name, request.root_url, str(get_locale()), viewer.community_id)
    answer = making.store.find(key, head=viewer.head, now=started_at)
    if answer is None:
        answer = cut(make().encode(), marks={}, head=viewer.head, made_at=started_at, content_type="")
        making.store.keep(key, answer)
    return answer.filled({}).decode()


def let_others_make(_error: BaseException | None) -> None:
    """Let those go on who wait for what this request was making."""
    making: Making | None = g.pop("making", None)
    if making is not None and making.is_claimed:
        making.store.release(making.key)


def name_shown(name: str) -> str:
    """Return the name for the frame of the page, or what stands for it while a page for several is made."""
    making: Making | None = g.get("making")
    return NAME_MARK if making is not None and making.viewer.person_id else name


def _store() -> Store | None:
    store: Store | None = current_app.extensions.get(EXTENSION)
    return store


def _cookie() -> dict[str, Any]:
    """Return what the cookie says, without what any page may add to it."""
    return {name: value for name, value in session.items() if name not in ("_fresh", "csrf_token")}


@contextmanager
def _asking() -> Iterator[Session | Connection]:
    """Yield what a question is asked on; alone: a transaction would begin and end with two more."""
    bind = db.session.get_bind()
    if not isinstance(bind, Engine):
        # Within a transaction that somebody else has begun, as in tests.
        yield db.session()
        return
    with bind.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


def _find_viewer(database: Session | Connection) -> Viewer | None:
    return find_viewer(database, session, now=datetime.now(UTC))


def _still_is(viewer: Viewer) -> bool:
    with _asking() as database:
        return _find_viewer(database) == viewer


def _may_be_kept() -> bool:
    if request.method != "GET" or request.endpoint not in KEPT or "_flashes" in session:
        return False
    if "_user_id" in session and KEPT[request.endpoint] is for_none:
        return False
    acted_at = session.get(ACTED_AT, 0)
    is_settled = time.time() > acted_at + LASTS_SECONDS + SKEW_SECONDS
    return is_settled and len(request.path) + len(request.query_string) <= LONGEST_ADDRESS


def _depends(database: Session | Connection, viewer: Viewer) -> Hashable | None:
    """Return what the page depends on of who asks; None when it has to be made for them."""
    return VISITOR if viewer.person_id is None else KEPT[request.endpoint or ""](database, viewer)


def _find_as_before(store: Store, viewer: Viewer, now: float) -> Answer | None:
    """Return the page by what it depended on when the same viewer asked a moment ago.

    Only to find it: a page that is made is kept by what it depends on now, for others get it, too.
    """
    depends = store.recall(_asked(viewer), now=now)
    return None if depends is None else store.find(_key(viewer, depends), head=viewer.head, now=now)


def _asked(viewer: Viewer) -> Hashable:
    return (request.path, request.query_string, viewer)


def _key(viewer: Viewer, depends: Hashable) -> Hashable:
    """Return all that the page depends on beside the journal."""
    return (
        request.root_url,
        request.path,
        request.query_string,
        str(get_locale()),
        bool(session.get("elder_view")),
        viewer.community_id,
        viewer.unread,
        depends,
    )


def _is_plain_page(response: Response) -> bool:
    """Tell whether the answer is a whole page that sets nothing, with no headers of its own."""
    return (
        response.status_code == 200
        and response.mimetype == "text/html"
        and {name.lower() for name, _ in response.headers} <= {"content-type", "content-length"}
        and _cookie() == g.making.cookie
        and len(response.get_data()) <= MOST_BYTES_EACH
    )


def _response(answer: Answer, viewer: Viewer) -> Response:
    response = Response(content_type=answer.content_type)
    return _with_tag(_filled(response, answer, viewer), answer, viewer)


def _filled(response: Response, answer: Answer, viewer: Viewer) -> Response:
    values = {"name": str(escape(viewer.name)).encode()}
    if "csrf" in answer.holes:
        values["csrf"] = generate_csrf().encode()
    response.set_data(answer.filled(values))
    return response


def _with_tag(response: Response, answer: Answer, viewer: Viewer) -> Response:
    """Let a browser that has this very page be told so instead of sent it."""
    if response.status_code != 200:
        return response
    # Tokens of one session differ in when they were made, and each is as good as the other.
    own = f"{viewer.name} {session.get('csrf_token', '')}" if answer.holes else ""
    response.set_etag(blake2b(f"{answer.digest} {own}".encode(), digest_size=12).hexdigest(), weak=True)
    response.make_conditional(request.environ)
    return response
