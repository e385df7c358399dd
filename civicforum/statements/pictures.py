"""The picture of the opinion groups: who answers alike is near. Each dot stands for several people."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from civicforum.opinions import Dot
from civicforum.statements.publishing import Shown
from civicforum.statements.queries.answering import Standing
from civicforum.statements.texts import group_letter
from civicforum.tabulation.pictures.drawing import tag

HEIGHT = 340
# Room for dots and letters at the edge, in percent of the width and of the height.
MARGIN = 14.0
# Side of a dot of five people, and what each more adds, in pixels.
LEAST_SIDE, MORE = 11.0, 0.8
KINDS = 5
LETTER = 15


def groups_picture(shown: Shown, standing: Standing | None) -> Markup:
    """Return the picture of a grouping with at least one group. `standing`: where its reader is."""
    places = [(dot.x, dot.y) for dot in shown.dots] + [(group.x, group.y) for group in shown.groups]
    if standing:
        places.append((standing.x, standing.y))
    frame = _Frame(places)
    drawn = [frame.at(dot.x, dot.y, _mark(dot)) for dot in shown.dots]
    drawn += [frame.at(group.x, group.y, _letter(group.name)) for group in shown.groups]
    if standing:
        drawn.append(frame.at(standing.x, standing.y, _you()))
    title = ngettext(
        "%(num)s opinion group and who is near whom",
        "%(num)s opinion groups and who is near whom",
        len(shown.groups),
    )
    about = _(
        "The nearer two dots are, the more alike their people answer. The tables say the same in figures."
    )
    return tag(
        "svg",
        tag("title", title, id="groups-title"),
        tag("desc", about, id="groups-about"),
        *drawn,
        xmlns="http://www.w3.org/2000/svg",
        class_="opinions__picture",
        role="img",
        aria_labelledby="groups-title groups-about",
        width="100%",
        height=HEIGHT,
    )


class _Frame:
    """Puts places of the plane into the picture: across and down in percent."""

    def __init__(self, places: list[tuple[float, float]]) -> None:
        self.left, self.bottom = (min(place[axis] for place in places) for axis in (0, 1))
        self.width, self.height = (
            max(place[axis] for place in places) - low for axis, low in ((0, self.left), (1, self.bottom))
        )

    def at(self, x: float, y: float, mark: Markup) -> Markup:
        across = _share(x - self.left, self.width)
        down = 100 - _share(y - self.bottom, self.height)
        return tag("svg", mark, x=f"{across:.2f}%", y=f"{down:.2f}%", overflow="visible")


def _share(part: float, whole: float) -> float:
    return MARGIN + (100 - 2 * MARGIN) * (part / whole if whole else 0.5)


def _mark(dot: Dot) -> Markup:
    """Return the dots of a group in a shape of its own: nothing is told by colour alone."""
    side = LEAST_SIDE + MORE * dot.people
    half, kind = side / 2, dot.group % KINDS
    class_ = f"opinions__dot opinions__dot--{kind}"
    if kind == 0:
        return tag("circle", r=half, class_=class_)
    if kind == 1:
        return tag("rect", x=-half, y=-half, width=side, height=side, class_=class_)
    corners = {
        2: [(0.0, -half * 1.2), (half * 1.2, 0.0), (0.0, half * 1.2), (-half * 1.2, 0.0)],
        3: [(0.0, -half * 1.1), (half * 1.1, half * 0.9), (-half * 1.1, half * 0.9)],
        4: [(-half, -half * 0.4), (0.0, -half), (half, -half * 0.4), (half * 0.6, half), (-half * 0.6, half)],
    }[kind]
    return tag("polygon", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in corners), class_=class_)


def _letter(name: int) -> Markup:
    return tag(
        "g",
        tag("circle", r=LETTER, class_="opinions__disc"),
        tag("text", group_letter(name), text_anchor="middle", dy="0.36em", class_="opinions__letter"),
    )


def _you() -> Markup:
    return tag(
        "g",
        tag("circle", r=6.0, class_="opinions__you"),
        tag("text", _("You"), text_anchor="middle", dy="-0.9em", class_="opinions__you-text"),
    )
