"""The pen of the pictures: elements with escaped attributes and text."""

from __future__ import annotations

from unicodedata import east_asian_width

from markupsafe import Markup, escape


def tag(name: str, *children: Markup | str, **attributes: object) -> Markup:
    """Return an element; `class_` and `stroke_width` become `class` and `stroke-width`, None is left out."""
    written = Markup("").join(
        Markup(' {}="{}"').format(key.strip("_").replace("_", "-"), _value(value))
        for key, value in attributes.items()
        if value is not None
    )
    content = Markup("").join(escape(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, content)  # noqa: S704 - names are ours


def picture(*children: Markup, name: str, title: str, about: str, height: float) -> Markup:
    """Return a picture that says in words what it shows. `name` is its id, unlike any other on the page."""
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", about, id=f"{name}-about"),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        id=name,
        class_="tally",
        role="img",
        aria_labelledby=f"{name}-title {name}-about",
        width="100%",
        height=height,
    )


def striped(*, x: float, width: float, y: float, height: float, kind: str) -> Markup:
    """Return a striped box; across in percent, down in pixels.

    The stripes are one broad broken line: a pattern would make a printed report a hundred times as large.
    """
    middle = y + height / 2
    ends = {"x1": percent(x), "x2": percent(x + width), "y1": middle, "y2": middle}
    return tag(
        "g",
        tag("rect", x=percent(x), width=percent(width), y=y, height=height),
        tag("line", stroke_width=height, **ends),
        class_=kind,
    )


def percent(share: float) -> str:
    return f"{share:.3f}%"


def cut(text: str, width: int) -> str:
    """Return the text, or its beginning where it is wider than so many letters, a Chinese one being two."""
    if text_width(text) <= width:
        return text
    while text and text_width(text) >= width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def text_width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _value(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
