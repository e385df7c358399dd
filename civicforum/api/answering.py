"""From a shape to an answer: JSON with a strong ETag, links, and headers that let any page read it."""

from __future__ import annotations

import hashlib

from flask import Response, request
from pydantic import BaseModel

SECONDS_KEPT = 30
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def answer(shape: BaseModel, *, next_page: str | None = None) -> Response:
    """Return a shape as JSON, or 304 where the reader has it already."""
    return answer_text(shape.model_dump_json(), "application/json", next_page=next_page)


def answer_text(text: str, media_type: str, *, next_page: str | None = None) -> Response:
    """Return a text under a strong ETag of its own, or 304 where the reader has it already."""
    content = text.encode()
    response = Response(content, content_type=media_type)
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.headers["Cache-Control"] = f"public, max-age={SECONDS_KEPT}"
    if next_page is not None:
        response.headers["Link"] = f'<{next_page}>; rel="next"'
    response.make_conditional(request)
    return response


def open_to_all(response: Response) -> Response:
    """Let pages of other sites read the answer; cookies are never sent with it, nor would they matter."""
    response.headers.update(CROSS_ORIGIN)
    if request.method == "OPTIONS":
        response.headers.update(PREFLIGHT)
    return response
