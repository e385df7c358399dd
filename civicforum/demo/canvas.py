"""The canvas of the demonstration's photos, with the few things that all scenes are made of."""

from __future__ import annotations

import math
import random

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
WIDTH, HEIGHT = 1200, 800
GROUND = 560


class Scene:
    """Sky over ground, to draw on; the seed decides what differs from house to house and tree to tree."""

    def __init__(self, seed: str, *, night: bool = False) -> None:
        self.night = night
        self.chance = random.Random(seed)  # noqa: S311 - a drawing
        self.image = Image.new("RGB", (WIDTH, HEIGHT))
        self.draw = ImageDraw.Draw(self.image)
        top, bottom = ((14, 20, 38), (44, 52, 78)) if night else ((150, 196, 224), (232, 240, 236))
        self.fade(0, GROUND, top, bottom)
        near, far = ((30, 34, 42), (52, 56, 66)) if night else ((168, 164, 152), (196, 192, 180))
        self.fade(GROUND, HEIGHT, far, near)

    def fade(self, y0: int, y1: int, top: Colour, bottom: Colour) -> None:
        for y in range(y0, y1):
            share = (y - y0) / max(1, y1 - y0)
            self.draw.line([(0, y), (WIDTH, y)], fill=mix(top, bottom, share))

    def houses(self, *, storeys: int = 6, lit: float = 0.25) -> None:
        """A row of blocks along the ground, with windows, some of them lit."""
        walls: list[Colour] = [(196, 170, 142), (178, 152, 132), (204, 188, 164), (170, 164, 158)]
        x = -40
        while x < WIDTH:
            width = self.chance.randint(220, 320)
            height = storeys * 52 + self.chance.randint(-30, 50)
            wall = self.dim(self.chance.choice(walls))
            top = GROUND - height
            self.draw.rectangle([x, top, x + width, GROUND], fill=wall)
            self.draw.rectangle([x - 6, top - 12, x + width + 6, top], fill=self.dim((120, 96, 84)))
            for wy in range(top + 24, GROUND - 40, 54):
                for wx in range(x + 22, x + width - 40, 58):
                    is_lit = self.chance.random() < lit
                    pane = (250, 214, 130) if is_lit and self.night else self.dim((120, 146, 162))
                    self.draw.rectangle([wx - 3, wy - 3, wx + 35, wy + 33], fill=self.dim((226, 220, 208)))
                    self.draw.rectangle([wx, wy, wx + 32, wy + 30], fill=pane)
                    self.draw.line(
                        [(wx + 16, wy), (wx + 16, wy + 30)], fill=self.dim((226, 220, 208)), width=3
                    )
            x += width + self.chance.randint(18, 60)

    def tree(self, x: int, base: int, size: int, leaf: Colour = (86, 124, 72)) -> None:
        self.draw.rectangle([x - size // 14, base - size, x + size // 14, base], fill=self.dim((98, 74, 56)))
        for _ in range(14):
            angle, reach = self.chance.random() * math.tau, self.chance.random() * size * 0.5
            cx, cy = x + math.cos(angle) * reach, base - size * 1.15 + math.sin(angle) * reach * 0.7
            radius = size * (0.22 + self.chance.random() * 0.16)
            shade = mix(leaf, (40, 70, 40), self.chance.random() * 0.5)
            self.draw.ellipse([cx - radius, cy - radius, cx + radius, cy + radius], fill=self.dim(shade))

    def road(self, *, marked: bool = True) -> None:
        self.draw.polygon(
            [(380, GROUND), (780, GROUND), (1120, HEIGHT), (60, HEIGHT)], fill=self.dim((112, 112, 116))
        )
        if marked:
            for step in range(5):
                y0, y1 = GROUND + 20 + step * 48, GROUND + 44 + step * 48
                self.draw.polygon(
                    [(576, y0), (588, y0), (590, y1), (572, y1)], fill=self.dim((232, 228, 214))
                )

    def car(self, x: int, y: int, size: int, colour: Colour) -> None:
        body, glass = self.dim(colour), self.dim((60, 78, 92))
        self.draw.rounded_rectangle([x, y - size // 3, x + size, y], radius=size // 12, fill=body)
        roof = [(x + size * 0.2, y - size // 3), (x + size * 0.32, y - size * 0.56)]
        roof += [(x + size * 0.72, y - size * 0.56), (x + size * 0.84, y - size // 3)]
        self.draw.polygon(roof, fill=glass)
        for wheel in (0.22, 0.76):
            cx, radius = x + size * wheel, size * 0.1
            self.draw.ellipse([cx - radius, y - radius, cx + radius, y + radius], fill=(32, 32, 34))

    def lamp(self, x: int, base: int, height: int, *, lit: bool) -> None:
        self.draw.rectangle([x - 5, base - height, x + 5, base], fill=self.dim((86, 90, 94)))
        self.draw.rectangle([x, base - height, x + 60, base - height + 8], fill=self.dim((86, 90, 94)))
        self.draw.rectangle(
            [x - 34, base - height - 22, x + 26, base - height - 10], fill=self.dim((44, 60, 96))
        )
        self.draw.ellipse(
            [x + 44, base - height, x + 76, base - height + 18], fill=(255, 240, 190) if lit else (70, 70, 72)
        )
        if lit:
            glow = Image.new("RGBA", (WIDTH, HEIGHT))
            cone = [(x + 60, base - height + 10), (x - 90, base + 40), (x + 210, base + 40)]
            ImageDraw.Draw(glow).polygon(cone, fill=(255, 226, 150, 90))
            self.image.paste(
                glow.filter(ImageFilter.GaussianBlur(26)), mask=glow.filter(ImageFilter.GaussianBlur(26))
            )
            self.draw = ImageDraw.Draw(self.image)

    def box(self, x0: int, y0: int, x1: int, y1: int, colour: Colour, outline: Colour | None = None) -> None:
        edge = self.dim(outline) if outline else None
        self.draw.rectangle([x0, y0, x1, y1], fill=self.dim(colour), outline=edge, width=4)

    def line(self, *points: tuple[int, int], colour: Colour, width: int = 6) -> None:
        self.draw.line(list(points), fill=self.dim(colour), width=width, joint="curve")

    def dim(self, colour: Colour) -> Colour:
        return mix(colour, (16, 20, 34), 0.62) if self.night else colour


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return `one` with `share` of the way gone to `other`, 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
