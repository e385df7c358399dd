"""The rules of procedure a community starts with: twelve plain ones, until it adopts its own.

Written by us after the core of the rules of order that villages use (DOMAIN.md C9); posted, so in Chinese.
"""

from __future__ import annotations

from civicforum.meetings.floor import FloorRules
from civicforum.rulebook import Rulebook

TITLE = "居民议事规则（平台通用文本）"
_RULES = (
    "先有动议，再有讨论。没有提出具体做法的事，先请提出人说清楚：做什么、谁来做、怎么做。",
    "主持人保持中立。主持人要对议题表态的，先请别人代为主持，表决后再回到主持位置。",
    "发言先举手（或者在手机上申请），主持人点到名字后再说。",
    "先让没有发过言的人说；意见不同的双方轮流发言。",
    "开口先表明态度：赞成、反对，或者只是提问、补充情况，然后再说理由。",
    "别人发言时不打断。认为违反规则的，可以提出“规则问题”，由主持人当场裁定。",
    "发言对着主持人说，不互相争吵。",
    "每次发言不超过{minutes}分钟，对同一动议每人发言不超过{times}次。",
    "一次只议一件事，议完一件再议下一件。跑题的，主持人应当提醒。",
    "就事论事，不评论别人的品行和动机，不进行人身攻击。",
    "各方意见充分说完之后再表决。要提前结束讨论的，先由到会人员表决同意。",
    "表决按法律和章程规定的人数通过，少数服从多数；不同意见如实记录。同一次会议上，已经表决的动议不再重复提出。",
)


def limits_of(book: Rulebook) -> FloorRules:
    """Return the numbers of the floor where a community has adopted none."""
    return FloorRules(
        speech_seconds=(book.count("council.speech_minutes").most or 2) * 60,
        speeches_each=book.count("council.speech_times").most or 2,
        observers_speak=book.switch("assembly.representatives.residents_may_speak").on,
    )


def text_for(book: Rulebook) -> str:
    """Return the twelve rules with the numbers of the rulebook, one a line."""
    limits = limits_of(book)
    return "\n".join(
        f"{number}. {rule.format(minutes=limits.speech_seconds // 60, times=limits.speeches_each)}"
        for number, rule in enumerate(_RULES, start=1)
    )
