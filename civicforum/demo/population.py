"""An invented community of believable size: names, households, residents, bodies and their posts."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.rules import Appointed, BodyKind, PostKind
from civicforum.people.models import Capacity, Grid, Group, Household, Kinship, Person
from civicforum.people.rules import CapacityKind, KinshipKind, Sex

HOUSEHOLDS = 1300
GROUPS = 13
GRIDS = ("北院网格", "菜市场网格", "老厂网格", "槐荫路网格", "河滨网格")
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
WOMEN_OLD = (
    "秀英 桂兰 玉珍 淑芬 凤英 玉兰 桂英 秀珍 淑珍 秀芳 翠兰 玉梅 桂芝 素珍 惠兰 月娥 春梅 金凤 美玲 爱华"
)
MEN_OLD = (
    "建国 国强 德明 福生 志明 玉山 长林 永福 树林 国庆 振华 宝山 广田 文彬 兴旺 万福 茂林 天佑 忠义 守田"
)
WOMEN_MID = (
    "丽 敏 静 艳 娟 芳 霞 燕 红 玲 丽娟 海燕 晓红 雪梅 丽萍 春燕 文静 小玲 秀梅 建红 亚男 卫红 晓梅 晓丽"
)
MEN_MID = (
    "伟 强 军 磊 勇 杰 涛 明 刚 波 建军 志刚 海涛 卫东 晓东 文斌 建华 国栋 永强 立新 志勇 新民 少华 向阳"
)
WOMEN_YOUNG = "婷 雪 欣怡 梦瑶 佳琪 思雨 雨桐 诗涵 子涵 若曦 佳怡 雅婷 梓萱 可欣 语嫣 一诺 晨曦 心怡 悦 瑾"
MEN_YOUNG = "浩然 子轩 宇航 俊杰 博文 天宇 一鸣 嘉豪 明哲 泽宇 文博 皓轩 梓豪 睿 晨 逸飞 思远 昊天 子墨 鹏飞"
_NAMES = {
    (Sex.FEMALE, 0): WOMEN_OLD.split(),
    (Sex.MALE, 0): MEN_OLD.split(),
    (Sex.FEMALE, 1): WOMEN_MID.split(),
    (Sex.MALE, 1): MEN_MID.split(),
    (Sex.FEMALE, 2): WOMEN_YOUNG.split(),
    (Sex.MALE, 2): MEN_YOUNG.split(),
}


@dataclass(frozen=True)
class Member:
    """One of the people whom the stories name: `post` is (body, title) or None."""

    name: str
    sex: Sex
    age: int
    grid: int
    post: tuple[str, str] | None = None
    role: str = ""


F, M = Sex.FEMALE, Sex.MALE
PARTY, COMMITTEE = "槐荫里社区党委", "居民委员会"
SUPERVISION, ELECTION, STATION = "居务监督委员会", "居民选举委员会", "社区服务站"
ASSEMBLY, COUNCIL, MEDIATION, OFFICE = "居民代表会议", "居民议事会", "人民调解委员会", "平台管理办公室"
# The nine whose accounts the sign-in page offers come first.
CAST = (
    Member("王秀兰", F, 68, 2, role="resident"),
    Member("陈志强", M, 52, 2, (ASSEMBLY, "居民代表"), "representative"),
    Member("周立民", M, 50, 1, (PARTY, "书记"), "party"),
    Member("林晓燕", F, 44, 3, (COMMITTEE, "主任"), "committee"),
    Member("何文清", M, 63, 4, (ELECTION, "主任"), "election_officer"),
    Member("郑国华", M, 66, 5, (SUPERVISION, "主任"), "supervisor"),
    Member("孙蕾", F, 38, 2, (STATION, "站长"), "station_head"),
    Member("赵敏", F, 29, 1, (STATION, "综合窗口"), "clerk"),
    Member("吴涛", M, 34, 3, (OFFICE, "管理员"), "admin"),
    Member("刘德海", M, 58, 4),
    Member("李国栋", M, 61, 1),
    Member("马玉芬", F, 55, 2, (PARTY, "副书记")),
    Member("高振东", M, 47, 5, (PARTY, "委员")),
    Member("徐慧", F, 41, 4, (PARTY, "委员")),
    Member("曹建业", M, 54, 1, (PARTY, "委员")),
    Member("杨桂芝", F, 57, 1, (COMMITTEE, "副主任")),
    Member("韩冬", M, 39, 2, (COMMITTEE, "副主任")),
    Member("苏丽萍", F, 46, 3, (COMMITTEE, "委员")),
    Member("邓国平", M, 51, 4, (COMMITTEE, "委员")),
    Member("冯雪梅", F, 36, 5, (COMMITTEE, "委员")),
    Member("罗永福", M, 60, 2, (COMMITTEE, "委员")),
    Member("宋玉珍", F, 62, 3, (SUPERVISION, "委员")),
    Member("唐文彬", M, 59, 1, (SUPERVISION, "委员")),
    Member("程淑珍", F, 64, 4, (ELECTION, "副主任")),
    Member("许志明", M, 57, 2, (ELECTION, "委员")),
    Member("潘春燕", F, 49, 3, (ELECTION, "委员")),
    Member("叶长林", M, 67, 5, (ELECTION, "委员")),
    Member("蒋晨", M, 27, 4, (STATION, "综合窗口")),
    Member("贾丽", F, 31, 1, (STATION, "网格员")),
    Member("丁海涛", M, 33, 2, (STATION, "网格员")),
    Member("魏红", F, 40, 3, (STATION, "网格员")),
    Member("薛鹏", M, 30, 4, (STATION, "网格员")),
    Member("袁静", F, 35, 5, (STATION, "网格员")),
    Member("卢守田", M, 70, 3, (MEDIATION, "主任")),
    Member("彭爱华", F, 61, 5, (MEDIATION, "委员")),
    Member("田国庆", M, 65, 1, (MEDIATION, "委员")),
)


@dataclass(frozen=True)
class BodyPlan:
    name: str
    kind: BodyKind
    duty: str
    posts: tuple[tuple[str, PostKind, int], ...]
    appointed: Appointed = Appointed.ELECTED


_SEATS = (
    ("主任", PostKind.DIRECTOR, 1),
    ("副主任", PostKind.DEPUTY_DIRECTOR, 2),
    ("委员", PostKind.MEMBER, 4),
)
BODIES = (
    BodyPlan(
        PARTY,
        BodyKind.PARTY_COMMITTEE,
        "领导社区各类组织和各项工作，重要事项先行研究讨论。",
        (
            ("书记", PostKind.SECRETARY, 1),
            ("副书记", PostKind.DEPUTY_SECRETARY, 2),
            ("委员", PostKind.MEMBER, 4),
        ),
    ),
    BodyPlan(
        COMMITTEE,
        BodyKind.RESIDENTS_COMMITTEE,
        "组织居民自治，召集居民会议和协商，执行决定并公开居务。",
        _SEATS,
    ),
    BodyPlan(
        ASSEMBLY,
        BodyKind.REPRESENTATIVE_ASSEMBLY,
        "由居民委员会成员和居民代表组成，受居民会议授权讨论决定社区事项。",
        (("居民代表", PostKind.REPRESENTATIVE, 45),),
    ),
    BodyPlan(
        SUPERVISION,
        BodyKind.SUPERVISION_COMMITTEE,
        "监督居务决策、公开、财务和服务，列席会议，向居民报告。",
        (("主任", PostKind.DIRECTOR, 1), ("委员", PostKind.MEMBER, 2)),
    ),
    BodyPlan(
        STATION,
        BodyKind.SERVICE_STATION,
        "办理政务和公共服务，与居民委员会互不隶属、分工协作。",
        (
            ("站长", PostKind.STATION_HEAD, 1),
            ("综合窗口", PostKind.CLERK, 4),
            ("网格员", PostKind.GRID_WORKER, 6),
        ),
        Appointed.APPOINTED,
    ),
    BodyPlan(
        ELECTION,
        BodyKind.ELECTION_COMMITTEE,
        "主持居民委员会的选举。",
        (
            ("主任", PostKind.DIRECTOR, 1),
            ("副主任", PostKind.DEPUTY_DIRECTOR, 1),
            ("委员", PostKind.MEMBER, 3),
        ),
    ),
    BodyPlan(
        COUNCIL,
        BodyKind.DELIBERATION_COUNCIL,
        "就社区公共事务召集居民和利益相关方协商，形成共识。",
        (("议事员", PostKind.MEMBER, 15),),
    ),
    BodyPlan(
        MEDIATION,
        BodyKind.MEDIATION_COMMITTEE,
        "免费调解邻里纠纷，自愿平等。",
        (("主任", PostKind.DIRECTOR, 1), ("委员", PostKind.MEMBER, 6)),
    ),
    BodyPlan(
        OFFICE,
        BodyKind.PLATFORM_OFFICE,
        "维护本平台的名册、机构和设置，不参与审议与表决。",
        (("管理员", PostKind.ADMINISTRATOR, 2),),
        Appointed.APPOINTED,
    ),
)


@dataclass
class Population:
    """What the stories need to find again."""

    people: dict[str, uuid.UUID] = field(default_factory=dict)
    adults_of_grid: dict[int, list[uuid.UUID]] = field(default_factory=dict)
    elders_of_grid: dict[int, list[uuid.UUID]] = field(default_factory=dict)
    grids: list[uuid.UUID] = field(default_factory=list)
    bodies: dict[str, uuid.UUID] = field(default_factory=dict)
    members: list[uuid.UUID] = field(default_factory=list)


class Settlement:
    """Builds the rows of the community from one seed, the same rows each time."""

    def __init__(self, community_id: uuid.UUID, today: date) -> None:
        self.community_id = community_id
        self.today = today
        self.chance = random.Random(20260101)  # noqa: S311 - invented people, nothing secret
        self.found = Population()
        self.rows: dict[type, list[dict[str, object]]] = {}

    def settle(self, session: Session) -> Population:
        """Insert everything; a few statements for each table."""
        self._grids_and_groups()
        self._households()
        self._bodies()
        # A grid names its worker, and a worker lives in a grid: the workers are entered last.
        workers = {row["id"]: row.pop("worker_id", None) for row in self.rows[Grid]}
        for table in (Grid, Group, Household, Person, Capacity, Kinship, Body, Post, Term):
            session.execute(insert(table), self.rows.get(table, []))
        for grid_id, worker_id in workers.items():
            session.get_one(Grid, grid_id).worker_id = worker_id  # type: ignore[assignment]
        return self.found

    def _row(self, table: type, **values: object) -> uuid.UUID:
        key = uuid.UUID(int=self.chance.getrandbits(128), version=4)
        self.rows.setdefault(table, []).append({"id": key, "community_id": self.community_id, **values})
        return key

    def _grids_and_groups(self) -> None:
        self.found.grids = [
            self._row(Grid, code=f"W{number:02}", name=name) for number, name in enumerate(GRIDS, start=1)
        ]
        self.groups = [self._row(Group, name=f"第{number}居民小组") for number in range(1, GROUPS + 1)]

    def _households(self) -> None:
        waiting = {grid: [m for m in CAST if m.grid == grid] for grid in range(1, len(GRIDS) + 1)}
        for index in range(HOUSEHOLDS):
            grid = index * len(GRIDS) // HOUSEHOLDS + 1
            place = index % (HOUSEHOLDS // len(GRIDS))
            block, door = grid * 2 - 1 + place // 130, place % 130
            address = (
                f"{block}号院{door // 24 + 1}号楼{door // 12 % 2 + 1}单元{door % 12 // 2 + 1}0{door % 2 + 1}"
            )
            household = self._row(
                Household,
                number=f"H{index + 1:04}",
                address=address,
                grid_id=self.found.grids[grid - 1],
                group_id=self.groups[index * GROUPS // HOUSEHOLDS],
            )
            head = waiting[grid].pop(0) if waiting[grid] and place % 6 == 0 else None
            self._family(household, grid, head)

    def _family(self, household: uuid.UUID, grid: int, head: Member | None) -> None:
        """One to five people: an elderly or younger couple, children, sometimes a grandparent."""
        chance = self.chance
        if head is not None:
            sex, age, surname, given = head.sex, head.age, head.name[0], head.name[1:]
        else:
            age = chance.choices((27, 38, 50, 66, 77), (14, 30, 24, 20, 12))[0] + chance.randint(-4, 5)
            sex, surname = chance.choice((F, M)), chance.choice(SURNAMES)
            given = self._given(sex, age)
        first = self._person(household, grid, surname + given, sex, age, is_cast=head is not None)
        if head is None and chance.random() < 0.2:
            return
        other = M if sex is F else F
        partner_age = max(22, age + chance.randint(-4, 4))
        partner_surname = chance.choice(SURNAMES)
        partner = self._person(
            household, grid, partner_surname + self._given(other, partner_age), other, partner_age
        )
        self._row(Kinship, person_id=first, relative_id=partner, kind=KinshipKind.SPOUSE)
        father = surname if sex is M else partner_surname
        for _ in range(chance.choices((0, 1, 2, 3), (36, 42, 19, 3))[0] if age < 72 else 0):
            child_age = max(1, age - chance.randint(24, 33))
            child_sex = chance.choice((F, M))
            child = self._person(
                household, grid, father + self._given(child_sex, child_age), child_sex, child_age
            )
            self._row(Kinship, person_id=first, relative_id=child, kind=KinshipKind.PARENT_CHILD)
        if 30 <= age <= 55 and chance.random() < 0.3:
            old = age + chance.randint(23, 30)
            self._person(household, grid, father + self._given(M, old), M, old)

    def _given(self, sex: Sex, age: int) -> str:
        return self.chance.choice(_NAMES[sex, 0 if age >= 56 else 1 if age >= 30 else 2])

    def _person(
        self, household: uuid.UUID, grid: int, name: str, sex: Sex, age: int, *, is_cast: bool = False
    ) -> uuid.UUID:
        chance, found = self.chance, self.found
        born_on = self.today - timedelta(days=age * 366 + chance.randint(0, 300))
        number = f"{len(self.rows.get(Person, ())) + 1:05}"
        # No Chinese mobile number begins with 10, so nobody can be rung up by mistake.
        person = self._row(
            Person,
            number=number,
            name=name,
            sex=sex,
            born_on=born_on,
            phone=f"1000000{number[1:]}" if age >= 14 else "",
            household_id=household,
        )
        if is_cast:
            found.people[name] = person
        is_here = chance.random() < 0.78
        since = max(born_on, date(2003, 5, 1) + timedelta(days=chance.randint(0, 6500)))
        self._row(
            Capacity,
            person_id=person,
            kind=CapacityKind.HUKOU if is_here else CapacityKind.USUAL_RESIDENCE,
            since=since,
        )
        if age >= 20 and chance.random() < 0.14:
            self._row(
                Capacity, person_id=person, kind=CapacityKind.PARTY_MEMBER, since=max(since, date(2005, 7, 1))
            )
        if age >= 30 and chance.random() < 0.42:
            self._row(Capacity, person_id=person, kind=CapacityKind.OWNER, since=since)
        # Of age on every day of the stories, which begin eight months back.
        if age >= 20:
            found.adults_of_grid.setdefault(grid, []).append(person)
        if age >= 65:
            found.elders_of_grid.setdefault(grid, []).append(person)
        return person

    def _bodies(self) -> None:
        chosen = {member.name for member in CAST if member.post}
        taken = {self.found.people[name] for name in chosen}
        spare = self._spare(taken)
        for plan in BODIES:
            since, until = self._term_of(plan.name)
            body = self._row(Body, kind=plan.kind, name=plan.name, duty=plan.duty, founded_on=since)
            self.found.bodies[plan.name] = body
            for position, (title, kind, seats) in enumerate(plan.posts):
                post = self._row(Post, body_id=body, kind=kind, title=title, seats=seats, position=position)
                holders = [self.found.people[m.name] for m in CAST if m.post == (plan.name, title)]
                wanted = {ASSEMBLY: 43, COUNCIL: 15}.get(plan.name, 0)
                holders += [next(spare) for _ in range(wanted - len(holders))]
                for person in holders:
                    self._row(
                        Term,
                        post_id=post,
                        person_id=person,
                        appointed=plan.appointed,
                        since=since,
                        until=until,
                    )
                if plan.name in (ASSEMBLY, COMMITTEE):
                    self.found.members += holders
        for row, name in zip(self.rows[Grid], ("贾丽", "丁海涛", "魏红", "薛鹏", "袁静"), strict=True):
            row["worker_id"] = self.found.people[name]

    def _term_of(self, body: str) -> tuple[date, date]:
        """Return first and last day of the terms; the committee's five years would be over next month.

        The story elects it anew before that. Whoever sits on it meanwhile is in office at any time.
        """
        since = self.today - timedelta(days=5 * 365 - 30 if body == COMMITTEE else 640)
        return since, date(since.year + 5, since.month, min(since.day, 28))

    def _spare(self, taken: set[uuid.UUID]) -> Iterator[uuid.UUID]:
        """Yield adults without a post, from each grid in turn, never two from one household."""
        households = {row["household_id"] for row in self.rows[Person] if row["id"] in taken}
        home = {row["id"]: row["household_id"] for row in self.rows[Person]}
        pools: Sequence[list[uuid.UUID]] = [list(adults) for adults in self.found.adults_of_grid.values()]
        for pool in pools:
            self.chance.shuffle(pool)
        while any(pools):
            for pool in pools:
                while pool:
                    person = pool.pop()
                    if home[person] not in households:
                        households.add(home[person])
                        yield person
                        break
