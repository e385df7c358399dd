"""What the profiles say, and which mistakes in a profile are found when it is loaded."""

from datetime import date
from itertools import groupby
from pathlib import Path

import pytest

from civicforum.bodies.rules import BodyKind
from civicforum.rulebook import Level, ProfileInvalid, RuleNotFound, load, profiles
from civicforum.rulebook.articles import article_zh, articles_en, articles_zh

BASE = """
title_zh = "基础"
title_en = "Base"
in_force_from = 2026-01-01
[groups]
assembly = { title_zh = "会议", title_en = "Assembly" }
[sources]
law = { name_zh = "法", name_en = "Law", level = "national" }
[[rules]]
id = "assembly.quorum"
kind = "threshold"
share = "2/3"
compare = "at_least"
of = "members"
source = "law"
articles = [29]
text_zh = "三分之二以上。"
text_en = "At least two thirds."
[[rules]]
id = "assembly.notice"
kind = "clock"
days = 10
span = "at_least"
source = "law"
text_zh = "提前十日。"
text_en = "Ten days before."
"""
CHILD = """
title_zh = "本地"
title_en = "Local"
in_force_from = 2026-07-01
extends = "base"
[sources]
here = { name_zh = "本地", name_en = "here", level = "local" }
"""
OVERRIDE = """
[[rules]]
id = "assembly.notice"
months = 1
source = "here"
text_zh = "提前一个月。"
text_en = "One month before."
"""


def write(folder: Path, **documents: str) -> Path:
    for name, document in documents.items():
        (folder / f"{name}.toml").write_text(document, encoding="utf-8")
    return folder


@pytest.mark.parametrize("profile", profiles())
def test_every_profile_loads_and_every_rule_speaks_both_languages(profile: str) -> None:
    book = load(profile)
    assert book.chain[-1] == profile
    for rule in book.rules():
        assert rule.text("zh_Hans").endswith("。"), rule.id
        assert rule.text("en").endswith("."), rule.id
        assert rule.value, rule.id
        assert rule.citation("zh_Hans") == rule.article, rule.id
        assert bool(rule.article_short) == bool(rule.articles), rule.id


# Groups whose rules refuse what a user does.
REFUSING = {"roll", "election", "ballot", "proxy", "recall", "posts", "assembly", "council"} | {
    "action",
    "appraisal",
    "committee",
    "supervision",
    "representatives",
}
# They say how something is reckoned or what follows of itself, or allow what another profile forbids.
NEVER_REFUSES = {
    "appraisal.ends_other_posts",
    "appraisal.keeps_distance",
    "appraisal.lower_on_tie",
    "appraisal.posting",
    "appraisal.reports_every",
    "appraisal.strikes",
    "appraisal.unfit",
    "appraisal.warning",
    "assembly.representatives.residents_may_speak",
    "ballot.added_downwards",
    "ballot.illegible_voids_paper",
    "ballot.spoiled_take_part",
    "committee.archive",
    "committee.ends_by_itself",
    "committee.seal_handover",
    "committee.term_years",
    "election.by_election.rest_of_term",
    "election.committee.absences",
    "election.committee.next_in_order",
    "posts.economic_separation",
    "posts.owners_and_committee",
    "posts.party_and_committee",
    "proxy.near_relatives_only",
    "recall.barred_for_term",
    "recall.resignation_ends",
    "representatives.absences",
    "representatives.term_years",
    "roll.age_on_election_day",
    "supervision.archive",
    "supervision.sits_in",
    "supervision.social_workers",
    "supervision.term_years",
}


def test_every_rule_that_refuses_says_what_would_make_it_lawful() -> None:
    silent = {rule.id for rule in load("national-2026").rules() if not rule.remedy("zh_Hans")}
    assert {rule_id for rule_id in silent if rule_id.partition(".")[0] in REFUSING} == NEVER_REFUSES


@pytest.mark.parametrize("profile", profiles())
def test_a_remedy_is_one_sentence_without_the_number_of_the_rule(profile: str) -> None:
    for rule in load(profile).rules():
        zh, en = rule.remedy("zh_Hans"), rule.remedy("en")
        assert bool(zh) == bool(en), rule.id
        if zh:
            assert zh.partition("。")[1:] == ("。", ""), rule.id
            assert en.partition(".")[1:] == (".", ""), rule.id
            assert not any(sign.isdigit() for sign in zh + en), rule.id


def test_profiles_that_forbid_more_say_what_to_do_there() -> None:
    assert "near relative" in load("beijing-2026").rule("proxy.near_relatives_only").remedy("en")
    assert "leave the other first" in load("nanhai-sample").rule("posts.economic_separation").remedy("en")


def test_national_law_names_its_article_and_defaults_are_marked_local() -> None:
    book = load("national-2026")
    quorum = book.rule("assembly.representatives.quorum")
    assert quorum.article == "城市居民委员会组织法 第二十九条"
    assert quorum.article_short == "art 29"
    assert quorum.citation("en") == "Organic Law of Urban Residents' Committees, art 29"
    assert quorum.level is Level.NATIONAL
    assert book.rule("matter.seconds").level is Level.LOCAL
    assert "默认" in book.rule("matter.seconds").article


def test_posts_named_in_pairs_are_bodies_or_roles_of_an_election() -> None:
    known = set(BodyKind) | {"candidate", "polling_staff"}
    for profile in profiles():
        named = {
            post.partition(".")[0] for rule in load(profile).pairs() for pair in rule.pairs for post in pair
        }
        assert named <= known


def test_statutory_elections_are_on_paper_unless_a_profile_says_otherwise() -> None:
    assert not load("national-2026").switch("election.online").on


def test_nanhai_separates_posts_that_national_law_allows() -> None:
    posts = ("economic_cooperative.manager", "residents_committee.member")
    base = [rule for rule in load("national-2026").pairs() if rule.forbids(*posts)]
    local = [rule for rule in load("nanhai-sample").pairs() if rule.forbids(*posts)]
    assert base == []
    assert [rule.id for rule in local] == ["posts.economic_separation"]
    secretary = ("party_committee.secretary", "economic_cooperative.director")
    assert local[0].forbids(*secretary)
    assert not local[0].forbids("party_committee.member", "economic_cooperative.director")
    # Party and residents' committee may still be the same people.
    assert not any(
        rule.forbids("party_committee.secretary", "residents_committee.director")
        for rule in load("nanhai-sample").pairs()
    )


def test_beijing_shows_what_it_changed_and_what_stood_before() -> None:
    rule = load("beijing-2026").clock("election.further_round.within")
    assert (rule.value, rule.set_by) == ("≤ 15", "beijing-2026")
    assert rule.replaced is not None
    assert (rule.replaced.value, rule.replaced.set_by) == ("≤ 30", "national-2026")
    assert load("beijing-2026").rule("committee.size").replaced is None


def test_rules_come_group_by_group() -> None:
    for profile in profiles():
        book = load(profile)
        order = [key for key, _ in groupby(book.rules(), lambda rule: rule.group)]
        assert order == [group.key for group in book.groups]


def test_the_version_follows_the_rules_and_not_their_wording(tmp_path: Path) -> None:
    versions = {load(profile).version for profile in profiles()}
    assert len(versions) == len(profiles())
    write(
        tmp_path, base=BASE, same=BASE.replace("At least", "No less than"), other=BASE.replace("2/3", "3/4")
    )
    base, same, other = (load(name, folder=tmp_path).version for name in ("base", "same", "other"))
    assert base == same != other


def test_an_unknown_rule_and_the_wrong_kind_are_named() -> None:
    book = load("national-2026")
    with pytest.raises(RuleNotFound, match=r"no rule 'assembly\.quorums'"):
        book.threshold("assembly.quorums")
    with pytest.raises(RuleNotFound, match=r"notice\.posting is a clock, not a threshold"):
        book.threshold("notice.posting")


def test_rules_count_from_their_day(tmp_path: Path) -> None:
    ended = BASE.replace('id = "assembly.quorum"', 'id = "assembly.quorum"\nuntil = 2026-12-31')
    write(tmp_path, base=ended, local=CHILD + OVERRIDE)
    with pytest.raises(RuleNotFound):
        load("base", date(2025, 12, 31), folder=tmp_path).rule("assembly.quorum")
    assert load("base", date(2026, 12, 31), folder=tmp_path).rule("assembly.quorum")
    with pytest.raises(RuleNotFound):
        load("base", date(2027, 1, 1), folder=tmp_path).rule("assembly.quorum")
    before, after = date(2026, 6, 30), date(2026, 7, 1)
    assert load("local", before, folder=tmp_path).clock("assembly.notice").days == 10
    assert load("local", after, folder=tmp_path).clock("assembly.notice").months == 1


def test_an_override_keeps_what_it_does_not_say(tmp_path: Path) -> None:
    rule = load("local", folder=write(tmp_path, base=BASE, local=CHILD + OVERRIDE)).clock("assembly.notice")
    assert (rule.days, rule.months, rule.span) == (0, 1, "at_least")
    assert rule.source.key == "here"
    assert rule.articles == ()


REMEDY = '\nremedy_zh = "请改期。"\nremedy_en = "Choose a later day."\n'


def test_an_override_keeps_the_remedy_unless_it_gives_its_own(tmp_path: Path) -> None:
    base = BASE + REMEDY
    rule = load("local", folder=write(tmp_path, base=base, local=CHILD + OVERRIDE)).clock("assembly.notice")
    assert (rule.value, rule.remedy("zh_Hans"), rule.remedy("en")) == (
        "≥ 1",
        "请改期。",
        "Choose a later day.",
    )
    own = REMEDY.replace("请改期。", "请提前通知。").replace("Choose a later day.", "Announce it earlier.")
    third = CHILD.replace('"base"', '"local"') + OVERRIDE + own
    book = load("third", folder=write(tmp_path, third=third))
    assert book.rule("assembly.notice").remedy("en") == "Announce it earlier."


def test_profiles_extend_profiles(tmp_path: Path) -> None:
    third = CHILD.replace('"base"', '"local"') + OVERRIDE.replace("months = 1", "months = 2")
    book = load("third", folder=write(tmp_path, base=BASE, local=CHILD + OVERRIDE, third=third))
    rule = book.clock("assembly.notice")
    assert book.chain == ("base", "local", "third")
    assert rule.replaced is not None
    assert rule.replaced.replaced is not None
    assert [rule.value, rule.replaced.value, rule.replaced.replaced.value] == ["≥ 2", "≥ 1", "≥ 10"]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (CHILD + OVERRIDE.replace("assembly.notice", "assembly.notise"), "overrides nothing"),
        (CHILD + OVERRIDE.replace("months = 1", 'months = 1\nkind = "switch"'), "cannot become a switch"),
        (CHILD + OVERRIDE.replace("months = 1", "months = 1\nnew = true"), "already known"),
        (CHILD + OVERRIDE.replace("months = 1", "weeks = 1"), "a clock has no weeks"),
        (CHILD + OVERRIDE.replace("months = 1", "months = 0"), "at least one day"),
        (CHILD + OVERRIDE.replace("months = 1", "months = 1.5"), "not a whole number"),
        (
            CHILD + OVERRIDE.replace("months = 1", "months = 1\ndays = 3"),
            "either days, months or working days",
        ),
        (CHILD + OVERRIDE.replace("months = 1", "working_days = 1"), "by the span within"),
        (CHILD + OVERRIDE.replace("months = 1", 'span = "about"'), "'about' is none of"),
        (CHILD + OVERRIDE.replace('source = "here"', 'source = "there"'), "'there' is not declared"),
        (CHILD + OVERRIDE.replace('source = "here"', ""), "says its own source"),
        (CHILD + OVERRIDE + OVERRIDE, "written twice"),
        (
            CHILD + OVERRIDE + 'remedy_zh = "请改期。"',
            "in both languages, and remedy_en is missing",
        ),
        (
            CHILD + OVERRIDE + 'remedy_en = "Wait."',
            "in both languages, and remedy_zh is missing",
        ),
        (
            CHILD + OVERRIDE.replace("assembly.notice", "posts.notice").replace("months = 1", "new = true"),
            "kind is missing",
        ),
        (
            CHILD
            + OVERRIDE.replace("assembly.notice", "x.y").replace(
                "months = 1", 'new = true\nkind = "switch"\non = true'
            ),
            "belongs to no group",
        ),
        (
            CHILD
            + OVERRIDE.replace("assembly.notice", "assembly.quorum").replace("months = 1", "share = 0.5"),
            "share is a",
        ),
        (
            CHILD
            + OVERRIDE.replace("assembly.notice", "assembly.quorum").replace("months = 1", 'share = "4/3"'),
            "share is a",
        ),
        (
            CHILD
            + OVERRIDE.replace("assembly.notice", "assembly.quorum").replace("months = 1", 'share = "1/0"'),
            "share is a",
        ),
        (CHILD.replace('extends = "base"', 'extends = "local"'), "extends itself"),
        (CHILD.replace('extends = "base"', 'extends = "nowhere"'), "no profile 'nowhere'"),
        (CHILD.replace('title_zh = "本地"', ""), "title_zh is missing"),
        ("title_zh = ", "local: "),
    ],
)
def test_a_mistake_in_a_profile_is_found_when_it_is_loaded(tmp_path: Path, document: str, words: str) -> None:
    with pytest.raises(ProfileInvalid, match=words):
        load("local", folder=write(tmp_path, base=BASE, local=document))


@pytest.mark.parametrize("name", ["nowhere", "../rulebook/profiles/national-2026", ""])
def test_only_profiles_in_the_folder_are_read(name: str) -> None:
    with pytest.raises(ProfileInvalid, match="no profile"):
        load(name)


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (8, "第八条"),
        (10, "第十条"),
        (19, "第十九条"),
        (20, "第二十条"),
        (29, "第二十九条"),
        (110, "第一百一十条"),
        (205, "第二百零五条"),
        (1010, "第一千零一十条"),
        (1259, "第一千二百五十九条"),
    ],
)
def test_articles_are_named_as_statutes_print_them(number: int, name: str) -> None:
    assert article_zh(number) == name


def test_several_articles_are_listed() -> None:
    assert articles_zh([8, 36]) == "第八条、第三十六条"
    assert articles_en([8, 36]) == "arts 8, 36"
    assert articles_en([29]) == "art 29"
    assert articles_en([]) == articles_zh([]) == ""
    with pytest.raises(ValueError, match="no such article"):
        article_zh(0)
