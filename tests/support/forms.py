"""The forms of a page, as a browser would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser

Fields = dict[str, list[str]]
# What somebody types who fills in what is asked for, by the type of the field.
TYPED = {
    "date": (date.today() + timedelta(days=7)).isoformat(),  # noqa: DTZ011
    "datetime-local": (date.today() + timedelta(days=7)).isoformat() + "T09:00",  # noqa: DTZ011
    "email": "somebody@example.cn",
    "number": "1",
    "password": "桂花开了的时候",
    "search": "居民",
    "tel": "0312-555-0100",
    "text": "测试",
    "time": "09:00",
    "url": "https://example.cn/",
}


@dataclass
class Form:
    """A form: where it goes, and what it sends when whatever is empty was filled in."""

    method: str
    action: str
    fields: Fields = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    # The fields into which somebody types a text.
    typed: list[str] = field(default_factory=list)

    def add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms = page, list[Form]()
        self.form: Form | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = given.get("action") or self.page
            self.form = Form(given.get("method", "get").lower(), action.partition("#")[0])
            self.forms.append(self.form)
        elif self.form is not None:
            self._take(self.form, tag, given)

    def _take(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "option" and self._select:
            self._choose(form, given)
        elif tag == "select":
            self._select = name
        elif not name:
            return
        elif tag == "textarea":
            self._area = name
            form.typed.append(name)
            form.fields[name] = ["测试的一段话，说清楚是什么事。"]
        elif tag == "input":
            _type_in(form, name, given)
        elif tag == "button" and name not in form.fields:
            form.add(name, given.get("value", ""))

    def _choose(self, form: Form, given: dict[str, str]) -> None:
        chosen, value = form.fields.get(self._select), given.get("value", "")
        if "selected" in given or chosen is None or chosen == [""]:
            form.fields[self._select] = [value]

    def handle_data(self, data: str) -> None:
        if self._area and self.form is not None and data.strip():
            self.form.fields[self._area] = [data.strip()]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def _type_in(form: Form, name: str, given: dict[str, str]) -> None:
    kind, value = given.get("type", "text"), given.get("value", "")
    if kind in ("radio", "checkbox"):
        _choose(form, name, value or "on", is_one=kind == "radio", is_set="checked" in given)
    elif kind == "file":
        form.files.append(name)
    elif kind != "submit":
        if kind in TYPED:
            form.typed.append(name)
        form.add(name, value or TYPED.get(kind, ""))


def _choose(form: Form, name: str, value: str, *, is_one: bool, is_set: bool) -> None:
    """Choose one of each: without one, most forms are refused before anything else is looked at."""
    if is_set:
        form.fields[name] = [value] if is_one else [*form.fields.get(name, []), value]
    elif name not in form.fields:
        form.add(name, value)


def read_forms(html: str, page: str) -> list[Form]:
    """Return the forms of the page at this address, in their order."""
    reader = _Reader(page)
    reader.feed(html)
    return reader.forms
