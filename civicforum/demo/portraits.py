"""Portraits of the demonstration's candidates, drawn by code: nobody's face."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw

from civicforum.demo.canvas import Colour, mix
from civicforum.people.rules import Sex

SIDE = 720
# Drawn larger and made smaller: the edges come out smooth.
FINE = 2
WALLS: tuple[Colour, ...] = (
    (196, 214, 222),
    (224, 212, 190),
    (204, 216, 196),
    (222, 204, 200),
    (208, 204, 220),
)
COATS: tuple[Colour, ...] = ((46, 66, 92), (92, 50, 48), (58, 84, 70), (74, 72, 82), (122, 92, 58))
SKINS: tuple[Colour, ...] = ((240, 206, 178), (232, 194, 162), (222, 182, 148))
BLACK_HAIR, GREY_HAIR = (44, 38, 36), (150, 148, 146)
GREY_FROM = 58


def draw_portrait(name: str, sex: Sex, age: int) -> bytes:
    """Return a portrait as a JPEG: the same bytes for the same name, sex and age."""
    chance = random.Random(name)  # noqa: S311 - a drawing
    sitter = _Sitter(chance, grey=min(1.0, max(0.0, (age - GREY_FROM + 10) / 20)))
    sitter.wall()
    sitter.hair_behind(sex)
    sitter.coat()
    sitter.head()
    sitter.hair(sex)
    sitter.face(has_glasses=chance.random() < (0.5 if age >= GREY_FROM else 0.3))
    file = io.BytesIO()
    sitter.image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(file, "JPEG", quality=88)
    return file.getvalue()


class _Sitter:
    """Somebody in front of a wall, in units of the finished picture."""

    def __init__(self, chance: random.Random, *, grey: float) -> None:
        self.image = Image.new("RGB", (SIDE * FINE, SIDE * FINE))
        self.draw = ImageDraw.Draw(self.image)
        self.wall_colour, self.coat_colour = chance.choice(WALLS), chance.choice(COATS)
        self.skin = chance.choice(SKINS)
        self.hair_colour = mix(BLACK_HAIR, GREY_HAIR, grey)
        self.width = chance.randint(112, 128)
        self.parting = chance.choice((-40, 40))

    def wall(self) -> None:
        for y in range(SIDE * FINE):
            colour = mix(self.wall_colour, (246, 244, 238), y / (SIDE * FINE) * 0.6)
            self.draw.line([(0, y), (SIDE * FINE, y)], fill=colour)

    def coat(self) -> None:
        self.oval(90, 520, 630, 1000, self.coat_colour)
        self.oval(300, 430, 420, 570, mix(self.skin, (160, 110, 80), 0.25))
        self.shape([(286, 528), (360, 640), (434, 528), (410, 512), (310, 512)], (248, 246, 240))
        self.shape([(320, 520), (360, 580), (400, 520)], mix(self.skin, (160, 110, 80), 0.12))
        for side in (-1, 1):
            lapel = [(360 + side * 76, 522), (360 + side * 130, 560), (360 + side * 8, 716), (360, 660)]
            self.shape(lapel, mix(self.coat_colour, (255, 255, 255), 0.1))

    def head(self) -> None:
        for side in (-1, 1):
            ear = 360 + side * self.width
            self.oval(ear - 20, 300, ear + 20, 362, mix(self.skin, (160, 110, 80), 0.2))
        self.oval(360 - self.width, 178, 360 + self.width, 480, self.skin)

    def hair_behind(self, sex: Sex) -> None:
        if sex is Sex.FEMALE:
            self.oval(360 - self.width - 42, 140, 360 + self.width + 42, 540, self.hair_colour)

    def hair(self, sex: Sex) -> None:
        low = 300 if sex is Sex.FEMALE else 262
        box = [one * FINE for one in (360 - self.width - 12, 140, 360 + self.width + 12, 2 * low - 140)]
        self.draw.pieslice(box, 180, 360, fill=self.hair_colour)
        # The forehead shows below the parting.
        self.oval(360 + self.parting - 92, low - 62, 360 + self.parting + 92, low + 92, self.skin)

    def face(self, *, has_glasses: bool) -> None:
        dark = (52, 42, 38)
        for side in (-1, 1):
            eye = 360 + side * 48
            self.oval(eye - 11, 318, eye + 11, 334, dark)
            self.arc(eye - 28, 290, eye + 28, 326, 205, 335, self.hair_colour, 7)
            if has_glasses:
                self.arc(eye - 38, 292, eye + 38, 360, 0, 360, (70, 70, 78), 5)
        if has_glasses:
            self.arc(346, 312, 374, 334, 190, 350, (70, 70, 78), 5)
        self.arc(344, 340, 376, 386, 40, 140, mix(self.skin, (140, 90, 70), 0.5), 6)
        self.arc(312, 360, 408, 428, 25, 155, (170, 78, 70), 8)

    def oval(self, x0: int, y0: int, x1: int, y1: int, colour: Colour) -> None:
        self.draw.ellipse([x0 * FINE, y0 * FINE, x1 * FINE, y1 * FINE], fill=colour)

    def shape(self, corners: list[tuple[int, int]], colour: Colour) -> None:
        self.draw.polygon([(x * FINE, y * FINE) for x, y in corners], fill=colour)

    def arc(
        self, x0: int, y0: int, x1: int, y1: int, start: int, end: int, colour: Colour, width: int
    ) -> None:
        self.draw.arc(
            [x0 * FINE, y0 * FINE, x1 * FINE, y1 * FINE], start, end, fill=colour, width=width * FINE
        )
