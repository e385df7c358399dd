"""The letter of a referral in Chinese, as it is printed and as it stands in the package."""

from __future__ import annotations

from civicforum.elections.wording.dates import past_day as day_words
from civicforum.people.models import Community
from civicforum.rulebook.days import day_of
from civicforum.supervision.models import Referral
from civicforum.supervision.rules import ReferralGround

# By the articles that ask offices above to look into it (arts 35, 36 and 38).
GROUNDS_ZH: dict[ReferralGround, str] = {
    ReferralGround.DISCLOSURE_LATE: "居务公开不及时",
    ReferralGround.DISCLOSURE_FALSE: "居务公开不真实",
    ReferralGround.UNANSWERED: "询问到期没有答复",
    ReferralGround.DECISION_NOT_CARRIED_OUT: "居民会议或者居民代表会议的决定没有执行",
    ReferralGround.MONEY: "财务收支问题",
    ReferralGround.PROCEDURE: "不按规定的程序办事",
    ReferralGround.DUTY: "居民委员会成员不依法履行职责",
}


def title_of(referral: Referral) -> str:
    """Return the title of the letter."""
    return f"关于{GROUNDS_ZH[referral.ground]}的情况反映"


def letter_of(referral: Referral, community: Community) -> str:
    """Return the letter as text: number, addressee, the words, and who signs when."""
    parts = [
        f"编号：{referral.number}",
        "",
        title_of(referral),
        "",
        f"{referral.office}：",
        "",
        referral.text,
        "",
        "以上情况，请依法调查核实，并书面答复我委员会。所依据的监督意见和询问记录见随附材料。",
        "",
        f"{community.name}居务监督委员会",
        f"{referral.written_by.name}（{referral.post}）" if referral.post else referral.written_by.name,
        day_words(day_of(referral.written_at)),
    ]
    return "\n".join(parts) + "\n"
