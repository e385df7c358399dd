"""Photos for the demonstration, drawn by code: flat scenes of a housing estate, no picture of anybody's."""

from __future__ import annotations

import io
from collections.abc import Callable

from civicforum.demo.canvas import GROUND, HEIGHT, WIDTH, Colour, Scene, mix


def draw_photo(name: str) -> bytes:
    """Return the scene of this name as a JPEG, the same bytes each time. Raises KeyError."""
    image = SCENES[name](name)
    file = io.BytesIO()
    image.image.save(file, "JPEG", quality=86)
    return file.getvalue()


def _path_at_night(name: str, *, lit: bool) -> Scene:
    scene = Scene("lamp", night=True)
    scene.houses(lit=0.3)
    scene.tree(120, 640, 260)
    scene.tree(1090, 650, 300)
    scene.road(marked=False)
    for x, base, height in ((300, 700, 420), (860, 640, 330), (700, 590, 220)):
        scene.lamp(x, base, height, lit=lit)
    return scene


def _stairs(name: str, *, rail: bool) -> Scene:
    scene = Scene("stairs")
    scene.box(0, 0, WIDTH, HEIGHT, (222, 216, 204))
    scene.box(0, 0, WIDTH, 330, (236, 232, 222))
    for step in range(9):
        x, y = 180 + step * 95, 740 - step * 62
        scene.box(x, y, WIDTH, y + 64, (168 - step * 4, 164 - step * 4, 158 - step * 4), (120, 116, 110))
    for step in range(0, 9, 2):
        scene.line(
            (226 + step * 95, 738 - step * 62), (226 + step * 95, 560 - step * 62), colour=(92, 98, 104)
        )
    scene.line((226, 560), (1080, 4), colour=(140, 74, 58), width=12)
    if rail:
        scene.line((120, 470), (200, 470), (900, 14), colour=(150, 104, 62), width=26)
    return scene


def _cars_on_both_sides(name: str) -> Scene:
    scene = Scene(name)
    scene.houses()
    scene.road()
    paints: list[Colour] = [(196, 60, 52), (236, 236, 232), (54, 62, 74), (70, 110, 160), (150, 152, 154)]
    for index in range(4):
        size = 130 + index * 62
        scene.car(330 - index * 108, 620 + index * 52, size, paints[index])
        scene.car(720 + index * 78, 620 + index * 52, size, paints[(index + 2) % 5])
    return scene


def _sign(name: str) -> Scene:
    scene = Scene(name)
    scene.houses()
    scene.road()
    scene.line((330, GROUND + 10), (150, HEIGHT), colour=(232, 190, 60), width=12)
    scene.box(884, 320, 896, 690, (110, 114, 118))
    scene.draw.ellipse([800, 180, 980, 360], fill=(190, 44, 40), outline=(246, 246, 242), width=8)
    scene.draw.ellipse([822, 202, 958, 338], fill=(40, 84, 150))
    scene.line((846, 226), (934, 314), colour=(190, 44, 40), width=16)
    scene.line((934, 226), (846, 314), colour=(190, 44, 40), width=16)
    return scene


def _canteen(name: str, *, working: bool) -> Scene:
    scene = Scene("canteen")
    scene.box(0, 0, WIDTH, HEIGHT, (226, 218, 202))
    scene.fade(600, HEIGHT, (176, 160, 138), (146, 130, 110))
    scene.box(80, 120, 420, 380, (164, 196, 212), (250, 248, 242))
    scene.line((250, 120), (250, 380), colour=(250, 248, 242), width=10)
    if working:
        scene.box(640, 170, 1130, 260, (206, 208, 210), (150, 152, 154))
        scene.box(640, 430, 1130, 620, (190, 194, 198), (140, 142, 144))
        for x in (700, 850, 1000):
            scene.draw.ellipse([x, 400, x + 90, 448], fill=(88, 92, 96))
        for x in (120, 330):
            scene.box(x, 600, x + 180, 622, (178, 124, 76))
            scene.box(x + 10, 622, x + 24, 720, (120, 84, 54))
            scene.box(x + 156, 622, x + 170, 720, (120, 84, 54))
    else:
        for x, y, w, h in (
            (600, 420, 220, 200),
            (760, 300, 180, 130),
            (900, 470, 240, 170),
            (640, 330, 110, 90),
        ):
            scene.box(x, y, x + w, y + h, (186, 146, 98), (136, 100, 62))
            scene.line((x, y + h // 2), (x + w, y + h // 2), colour=(214, 184, 140), width=10)
    return scene


def _wires(name: str) -> Scene:
    scene = Scene(name)
    scene.houses(storeys=7)
    for x, start, sag in ((210, 190, 690), (430, 250, 700), (660, 170, 690), (940, 230, 705)):
        scene.line(
            (x, start),
            (x + 24, start + 160),
            (x + 10, start + 300),
            (x + 70, sag),
            colour=(34, 34, 36),
            width=5,
        )
        scene.box(x + 54, sag - 8, x + 110, sag + 10, (236, 236, 232), (120, 120, 120))
    for x in (250, 480, 720, 990):
        _bicycle(scene, x, 720)
    return scene


def _shed(name: str) -> Scene:
    scene = Scene(name)
    scene.houses()
    scene.tree(90, 660, 240)
    scene.tree(1120, 660, 240)
    scene.draw.polygon([(180, 400), (1020, 400), (1080, 450), (120, 450)], fill=(74, 120, 112))
    for x in (160, 440, 740, 1030):
        scene.box(x, 450, x + 14, 730, (96, 100, 104))
    for x in range(220, 980, 110):
        scene.box(x, 500, x + 40, 570, (242, 244, 242), (60, 110, 96))
        scene.draw.ellipse([x + 14, 514, x + 26, 526], fill=(48, 170, 96))
        _bicycle(scene, x - 10, 720)
    return scene


def _bicycle(scene: Scene, x: int, y: int) -> None:
    for cx in (x, x + 76):
        scene.draw.ellipse([cx - 26, y - 52, cx + 26, y], outline=(36, 36, 38), width=7)
    scene.line(
        (x, y - 26), (x + 30, y - 70), (x + 66, y - 70), (x + 76, y - 26), colour=(176, 60, 50), width=9
    )
    scene.line((x + 66, y - 70), (x + 60, y - 100), (x + 84, y - 104), colour=(60, 62, 66), width=7)
    scene.box(x + 18, y - 84, x + 48, y - 76, (40, 40, 44))


def _square(name: str) -> Scene:
    scene = Scene(name)
    scene.houses()
    for x in (60, 1140):
        scene.tree(x, 650, 220)
    scene.draw.ellipse([240, 600, 960, 780], fill=(206, 198, 178), outline=(160, 150, 130), width=6)
    scene.draw.ellipse([500, 640, 700, 720], fill=(118, 146, 84), outline=(140, 120, 96), width=8)
    return scene


def _bins(name: str) -> Scene:
    scene = Scene(name)
    scene.houses()
    colours: list[Colour] = [(58, 120, 78), (52, 96, 156), (120, 120, 122), (176, 56, 50)]
    for index, colour in enumerate(colours):
        x = 240 + index * 180
        scene.box(x, 520, x + 140, 720, colour, (40, 44, 46))
        scene.box(x - 8, 496, x + 148, 522, mix(colour, (20, 20, 20), 0.3))
    for _ in range(26):
        x, y, r = (
            scene.chance.randint(180, 1000),
            scene.chance.randint(700, 770),
            scene.chance.randint(14, 42),
        )
        bag = scene.chance.choice([(38, 38, 42), (226, 226, 220), (190, 90, 70), (150, 170, 120)])
        scene.draw.ellipse([x - r, y - r, x + r, y + r], fill=bag)
    return scene


def _laundry(name: str, *, racks: bool) -> Scene:
    scene = Scene("laundry")
    scene.houses()
    if racks:
        for y in (430, 520):
            scene.line((160, y), (1040, y), colour=(190, 194, 198), width=8)
        for x in (160, 600, 1040):
            scene.box(x - 6, 400, x + 6, 740, (150, 154, 158))
    else:
        scene.tree(150, 700, 300)
        scene.tree(1050, 700, 300)
        scene.line((150, 430), (600, 476), (1050, 430), colour=(230, 224, 200), width=5)
    cloths: list[Colour] = [
        (222, 90, 84),
        (240, 236, 226),
        (90, 140, 190),
        (236, 196, 90),
        (130, 170, 120),
        (206, 150, 180),
    ]
    for index, colour in enumerate(cloths):
        x, y = 240 + index * 124, 440 if racks else 446 + (24 - abs(index - 2) * 8)
        scene.box(x, y, x + 96, y + 150, colour)
    return scene


def _steps(name: str, *, ramp: bool) -> Scene:
    scene = Scene("steps")
    scene.houses()
    scene.box(420, 330, 980, 560, (186, 168, 146), (130, 116, 100))
    scene.box(600, 380, 800, 560, (92, 74, 62))
    for step in range(7):
        y = 560 + step * 28
        scene.box(
            420 - step * 12,
            y,
            980 + step * 12,
            y + 28,
            (196 - step * 8, 192 - step * 8, 186 - step * 8),
            (150, 146, 140),
        )
    if ramp:
        scene.draw.polygon([(420, 560), (420, 590), (60, 770), (20, 740)], fill=(172, 172, 170))
        for offset in (0, 34):
            scene.line((418, 490 + offset), (40, 680 + offset), colour=(120, 126, 132), width=9)
        for x, y in ((400, 500), (280, 560), (160, 620), (60, 672)):
            scene.line((x, y), (x, y + 84), colour=(120, 126, 132), width=9)
    return scene


def _gatehouse(name: str) -> Scene:
    scene = Scene(name)
    scene.houses()
    scene.tree(1060, 680, 260)
    scene.box(340, 390, 800, 700, (214, 200, 178), (150, 136, 116))
    scene.box(310, 350, 830, 396, (150, 66, 54))
    scene.box(400, 460, 560, 580, (110, 132, 146), (244, 240, 230))
    scene.box(640, 460, 750, 700, (118, 92, 70))
    for x, y in ((220, 650), (250, 600), (860, 660)):
        scene.box(x, y, x + 110, y + 60, (160, 124, 86), (110, 84, 58))
    return scene


def _drain(name: str) -> Scene:
    scene = Scene(name)
    scene.houses(storeys=4)
    scene.draw.ellipse([420, 600, 800, 750], fill=(96, 100, 92))
    scene.draw.ellipse([500, 620, 720, 720], fill=(70, 70, 72), outline=(44, 44, 46), width=10)
    for x in range(530, 700, 28):
        scene.line((x, 640), (x, 700), colour=(40, 40, 42), width=8)
    return scene


def _crossing_trees(name: str) -> Scene:
    scene = Scene(name)
    scene.houses()
    scene.road()
    scene.box(246, 300, 260, 720, (100, 104, 108))
    scene.box(214, 220, 292, 320, (40, 42, 44))
    for y, colour in ((236, (200, 50, 44)), (264, (222, 176, 60)), (292, (60, 160, 90))):
        scene.draw.ellipse([240, y, 264, y + 24], fill=colour)
    scene.tree(300, 700, 330)
    scene.tree(180, 720, 360)
    return scene


def _river(name: str) -> Scene:
    scene = Scene(name)
    scene.houses(storeys=4)
    scene.fade(GROUND, 660, (120, 164, 178), (96, 140, 158))
    scene.box(0, 660, WIDTH, HEIGHT, (198, 186, 162))
    for x in range(0, WIDTH, 120):
        scene.box(x, 610, x + 10, 680, (226, 222, 212))
    scene.line((0, 620), (WIDTH, 620), colour=(226, 222, 212), width=10)
    for x in (160, 560, 1000):
        scene.tree(x, 640, 170, (150, 160, 70))
    return scene


def _stall(name: str) -> Scene:
    scene = Scene(name)
    scene.houses(storeys=5)
    for index, colour in enumerate([(188, 62, 52), (60, 112, 150), (84, 128, 78)]):
        x = 130 + index * 340
        for stripe in range(6):
            shade = colour if stripe % 2 == 0 else (244, 238, 226)
            scene.box(x + stripe * 44, 430, x + stripe * 44 + 44, 490, shade)
        scene.box(x + 16, 490, x + 26, 720, (120, 100, 80))
        scene.box(x + 238, 490, x + 248, 720, (120, 100, 80))
        scene.box(x + 6, 600, x + 258, 700, (206, 190, 164), (150, 130, 104))
        for pot in range(3):
            scene.draw.ellipse([x + 30 + pot * 76, 568, x + 90 + pot * 76, 612], fill=(150, 154, 158))
    scene.line((60, 745), (1140, 745), colour=(246, 246, 240), width=10)
    return scene


SCENES: dict[str, Callable[[str], Scene]] = {
    "lamp_dark": lambda name: _path_at_night(name, lit=False),
    "lamp_lit": lambda name: _path_at_night(name, lit=True),
    "stairs": lambda name: _stairs(name, rail=False),
    "stairs_rail": lambda name: _stairs(name, rail=True),
    "parking": _cars_on_both_sides,
    "road_sign": _sign,
    "canteen": lambda name: _canteen(name, working=False),
    "canteen_work": lambda name: _canteen(name, working=True),
    "wires": _wires,
    "charging": _shed,
    "square": _square,
    "bins": _bins,
    "laundry": lambda name: _laundry(name, racks=False),
    "racks": lambda name: _laundry(name, racks=True),
    "steps": lambda name: _steps(name, ramp=False),
    "ramp": lambda name: _steps(name, ramp=True),
    "gatehouse": _gatehouse,
    "drain": _drain,
    "trees": _crossing_trees,
    "river": _river,
    "stall": _stall,
}
DESCRIPTIONS = {
    "lamp_dark": "夜里的小路，三盏路灯都不亮",
    "lamp_lit": "新装的太阳能路灯照亮小路",
    "stairs": "老楼楼梯靠墙一侧没有扶手",
    "stairs_rail": "楼梯靠墙一侧已装木色扶手",
    "parking": "道路两侧停满车辆，中间只剩一条窄道",
    "road_sign": "路口新装的禁停标志和黄线",
    "canteen": "堆着纸箱的旧仓库",
    "canteen_work": "改造中的后厨和餐桌",
    "wires": "楼上窗户垂下的充电插线板",
    "charging": "新建的电动车充电棚",
    "square": "中心小广场的空地",
    "bins": "投放点前散落的垃圾袋",
    "laundry": "拴在树间绳子上的被单",
    "racks": "统一安装的晾衣架",
    "steps": "南门的七级台阶",
    "ramp": "台阶旁新修的轮椅坡道和扶手",
    "gatehouse": "闲置的门卫室，门外堆着旧桌椅",
    "drain": "楼前返水的下水井盖",
    "trees": "遮住红绿灯的两棵槐树",
    "river": "没有座椅的沿河步道",
    "stall": "东门外划线经营的三个早点摊",
}
