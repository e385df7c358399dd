"""Any provider that takes a POST with JSON: of text messages, of WeChat Work (企业微信), of a webhook.

A TOML file says how: docs/operate/mail.md has an example for WeChat Work, whose access token is fetched and
kept for as long as it lasts (developer.work.weixin.qq.com/document/path/91039), and one for a webhook.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import re
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from civicforum.inbox.channels.base import Outgoing, Refused, Unreachable
from civicforum.inbox.rules_told import Channel

TIMEOUT_SECONDS = 15
# Asked for again a little before it ends.
TOKEN_MARGIN_SECONDS = 60
LONGEST_TOKEN_SECONDS = 86_400
# Its log has whole addresses in it, and those have tokens in them.
logging.getLogger("httpx").setLevel(logging.WARNING)

_tokens: dict[str, tuple[str, float]] = {}


class BadProvider(ValueError):
    """The file of providers cannot be used; the text says why."""


@dataclass(frozen=True)
class Token:
    """Where an access token is fetched, and the fields of the answer that hold it and its seconds."""

    url: str
    field: str = "access_token"
    lasts_field: str = "expires_in"


@dataclass(frozen=True)
class Plan:
    """How one provider is called. `{address}`, `{subject}`, `{text}`, `{link}`, `{id}`, `{token}` and the
    names of `secrets` are put in wherever they stand in url, headers and body.

    Args:
        ok_field, ok_value: the field of the answer that has this value when a message was taken.
        later_values: values of it that mean "try again later".
        signature_header, signature_secret: a header with the HMAC-SHA256 (hex) of the body under a secret.
    """

    url: str
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    token: Token | None = None
    ok_field: str = ""
    ok_value: Any = 0
    later_values: tuple[Any, ...] = ()
    signature_header: str = ""
    signature_secret: str = ""


_TEXTS = ("url", "ok_field", "signature_header", "signature_secret")
_TABLES = ("body", "headers")


class HttpSender:
    is_real = True

    def __init__(self, plan: Plan, transport: httpx.BaseTransport | None = None) -> None:
        self._plan = plan
        self._client = httpx.Client(timeout=TIMEOUT_SECONDS, transport=transport)

    def send(self, message: Outgoing) -> None:
        """Send one message; a token no longer taken is fetched anew, once. Raises Unreachable, Refused."""
        value = self._post(message)
        if self._plan.token and self._is_failure(value) and value not in self._plan.later_values:
            _tokens.pop(self._filled(self._plan.token.url, {}), None)
            value = self._post(message)
        if self._is_failure(value):
            reason = f"answer {str(value)[:40]}"
            raise Unreachable(reason, whole=False) if value in self._plan.later_values else Refused(reason)

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def _is_failure(self, value: Any) -> bool:
        return bool(self._plan.ok_field) and value != self._plan.ok_value

    def _post(self, message: Outgoing) -> Any:
        """Post a message; return the value of the field that says whether it was taken."""
        values = {
            "address": message.address,
            "subject": message.subject,
            "text": message.text,
            "link": message.link,
            "id": str(message.id),
            "token": self._token(),
        }
        body = json.dumps(self._filled(self._plan.body, values), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **self._filled(self._plan.headers, values)}
        if self._plan.signature_header:
            key = self._plan.secrets[self._plan.signature_secret].encode()
            headers[self._plan.signature_header] = hmac.new(key, body, hashlib.sha256).hexdigest()
        answer = self._call("POST", self._filled(self._plan.url, values), content=body, headers=headers)
        return _json(answer).get(self._plan.ok_field) if self._plan.ok_field else None

    def _token(self) -> str:
        if self._plan.token is None:
            return ""
        url = self._filled(self._plan.token.url, {})
        known = _tokens.get(url)
        if known is not None and known[1] > time.monotonic():
            return known[0]
        answer = _json(self._call("GET", url))
        token, lasts = answer.get(self._plan.token.field), answer.get(self._plan.token.lasts_field, 0)
        if not isinstance(token, str) or not token:
            raise Unreachable("no token")
        _tokens[url] = (token, time.monotonic() + max(_seconds(lasts) - TOKEN_MARGIN_SECONDS, 0))
        return token

    def _call(self, method: str, url: str, **given: Any) -> httpx.Response:
        try:
            answer = self._client.request(method, url, **given)
        except httpx.HTTPError as error:
            raise Unreachable(type(error).__name__) from None
        if answer.status_code in (401, 403, 408, 429) or answer.status_code >= 500:
            raise Unreachable(f"status {answer.status_code}")
        if not answer.is_success:
            raise Refused(f"status {answer.status_code}")
        return answer

    def _filled(self, template: Any, values: Mapping[str, str]) -> Any:
        """Return a template with values and secrets put in; what is put in is never read as a template."""
        if isinstance(template, str):
            known = {**self._plan.secrets, **values}
            return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], found[0]), template)
        if isinstance(template, Mapping):
            return {name: self._filled(value, values) for name, value in template.items()}
        if isinstance(template, list):
            return [self._filled(value, values) for value in template]
        return template


def _seconds(lasts: Any) -> int:
    """Return how long a token lasts as its provider says it, a number or its digits; 0 for anything else."""
    try:
        return min(int(lasts), LONGEST_TOKEN_SECONDS)
    except (TypeError, ValueError, OverflowError):
        return 0


def read_providers(path: Path) -> dict[Channel, Plan]:
    """Return the providers of a TOML file by channel; "env:NAME" reads a secret from the environment.

    Raises BadProvider: no file, no TOML, an unknown channel or key, a secret that is not there.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadProvider(f"{path.name}: {type(error).__name__}") from error
    unknown = set(tables) - {Channel.SMS.value, Channel.WECHAT.value}
    if unknown:
        raise BadProvider(f"{path.name}: unknown channel {', '.join(sorted(unknown))}")
    return {Channel(name): _plan(name, table) for name, table in tables.items()}


def _plan(name: str, table: dict[str, Any]) -> Plan:
    try:
        given = dict(table)
        given["secrets"] = {key: _secret(value) for key, value in given.get("secrets", {}).items()}
        given["later_values"] = tuple(given.get("later_values", ()))
        if "token" in given:
            given["token"] = Token(**given["token"])
        plan = Plan(**given)
    except (TypeError, ValueError, AttributeError) as error:
        raise BadProvider(f"[{name}]: {error}") from error
    wrong = [key for key in _TEXTS if not isinstance(getattr(plan, key), str)]
    wrong += [key for key in _TABLES if not isinstance(getattr(plan, key), Mapping)]
    if wrong:
        raise BadProvider(f"[{name}]: {', '.join(wrong)}: wrong kind of value")
    if plan.signature_header and plan.signature_secret not in plan.secrets:
        raise BadProvider(f"[{name}]: signature_secret names none of the secrets")
    return plan


def _secret(value: str) -> str:
    if not value.startswith("env:"):
        return value
    found = os.environ.get(value.removeprefix("env:"))
    if not found:
        raise BadProvider(f"the environment has no {value.removeprefix('env:')}")
    return found


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        value = answer.json()
    except (ValueError, RecursionError):
        raise Unreachable("no JSON", whole=False) from None
    return value if isinstance(value, dict) else {}
