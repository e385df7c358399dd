"""Polls in words: states, presets, channels, grounds of a roll, refusals, and how a question is filled in."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civicforum.accounts.labels import capacity_name
from civicforum.bodies.labels import body_kind_name, post_kind_name
from civicforum.bodies.rules import BodyKind, PostKind
from civicforum.counting import Rule
from civicforum.meetings.rules import ParticipantClass
from civicforum.meetings.texts import CLASSES
from civicforum.people.rules import CapacityKind
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec
from civicforum.polls.rules import (
    CorrectionKind,
    ObjectionKind,
    PollFault,
    PollState,
    Preset,
    Ruling,
    StationKind,
    VoteChannel,
)

STATES: dict[PollState, Any] = {
    PollState.DRAFT: _l("Being drafted"),
    PollState.ROLL_POSTED: _l("Roll posted"),
    PollState.READY: _l("Ready to open"),
    PollState.OPEN: _l("Voting is open"),
    PollState.CLOSED: _l("Voting has ended"),
    PollState.COUNTED: _l("Counted"),
    PollState.CERTIFIED: _l("Result certified"),
    PollState.VOID: _l("Void"),
}
STATE_COLOURS: dict[PollState, str] = {
    PollState.DRAFT: "grey",
    PollState.ROLL_POSTED: "blue",
    PollState.READY: "blue",
    PollState.OPEN: "green",
    PollState.CLOSED: "purple",
    PollState.COUNTED: "teal",
    PollState.CERTIFIED: "solid",
    PollState.VOID: "red",
}
PRESETS: dict[Preset, Any] = {
    Preset.OPEN: _l("Named vote"),
    Preset.POLL: _l("Secret vote, the platform keeps the key"),
    Preset.SEALED: _l("Sealed vote, trustees keep the key"),
}
PRESET_USES: dict[Preset, Any] = {
    Preset.OPEN: _l("For roll calls, and for owners' votes counted by floor area."),
    Preset.POLL: _l("For appraisals, consultations and small resolutions."),
    Preset.SEALED: _l("For elections, recalls and resolutions that are disputed."),
}
CHANNELS: dict[VoteChannel, Any] = {
    VoteChannel.SCREEN: _l("Online"),
    VoteChannel.HANDS: _l("Raised hand"),
    VoteChannel.HALL: _l("Paper at a polling station"),
    VoteChannel.ROVING: _l("Paper in a roving box"),
    VoteChannel.PROXY: _l("Paper by a proxy"),
}
STATION_KINDS: dict[StationKind, Any] = {
    StationKind.HALL: _l("Polling station"),
    StationKind.ROVING: _l("Roving box"),
}
OBJECTION_KINDS: dict[ObjectionKind, Any] = {
    ObjectionKind.OMITTED: _l("Somebody is missing"),
    ObjectionKind.WRONGLY_LISTED: _l("Somebody should not be on it"),
    ObjectionKind.WRONG_DETAILS: _l("Something about somebody is wrong"),
}
RULINGS: dict[Ruling, Any] = {
    Ruling.UPHELD: _l("Upheld"),
    Ruling.REJECTED: _l("Rejected"),
}
CORRECTIONS: dict[CorrectionKind, Any] = {
    CorrectionKind.ADDED: _l("Added to the roll"),
    CorrectionKind.STRUCK_OFF: _l("Struck off the roll"),
    CorrectionKind.CHANGED: _l("Details put right"),
}
GROUNDS: dict[str, Any] = {
    "household.chosen": _l("chosen by the household"),
    "household.eldest": _l("eldest adult of the household"),
    "ruling": _l("by a ruling on an objection"),
}
# What happened to a ballot that was not taken, for its voter.
FAULTS: dict[PollFault, Any] = {
    PollFault.NOT_OPEN: _l("Voting is not open at this time. Your ballot was not cast."),
    PollFault.NOT_ON_ROLL: _l("You are not on the roll of this vote. Your ballot was not cast."),
    PollFault.WRONG_CREDENTIAL: _l("This voting card is not the one that belongs to your place on the roll."),
    PollFault.NO_CREDENTIAL: _l("There is no voting card for you in this vote."),
    PollFault.PAPER_ISSUED: _l(
        "You were handed a paper ballot. It counts, and what you cast online no longer does."
    ),
    PollFault.REISSUED: _l("You were given a new voting card. The old one is no longer valid."),
    PollFault.STRUCK_OFF: _l("Your name was struck off the roll. Your ballot was not cast."),
    PollFault.NO_REVOTE: _l("You have voted already, and in this vote a ballot cannot be changed."),
    PollFault.OUT_OF_STEP: _l("You have voted on another device or page since this one was opened."),
    PollFault.TOO_MANY: _l("You have changed your ballot too many times. Your last ballot stands."),
    PollFault.TESTED: _l("You opened this ballot as a test, so it can no longer be cast."),
    PollFault.BAD_BALLOT: _l("Your ballot did not arrive in one piece. It was not cast."),
    PollFault.KEY_MISSING: _l("The site cannot take ballots at the moment. Your ballot was not cast."),
    PollFault.PROXY_STANDS: _l("You have given a proxy: somebody else votes for you, and not you online."),
}
# And what the voter can do now.
FAULT_STEPS: dict[PollFault, Any] = {
    PollFault.NOT_OPEN: _l("The page of the vote says from when until when you can vote."),
    PollFault.NOT_ON_ROLL: _l("If you think that you should be on it, ask who runs the vote."),
    PollFault.WRONG_CREDENTIAL: _l("Check the name on the card, and scan your own."),
    PollFault.NO_CREDENTIAL: _l("Ask who runs the vote, or at the service counter: you can be given one."),
    PollFault.PAPER_ISSUED: _l("Put the paper into the ballot box. There is nothing to do here."),
    PollFault.REISSUED: _l("Use the new card. If you did not ask for one, tell who runs the vote at once."),
    PollFault.STRUCK_OFF: _l("The roll says why. Ask who runs the vote, or the supervision committee."),
    PollFault.NO_REVOTE: _l("Your first ballot stands. There is nothing more to do."),
    PollFault.OUT_OF_STEP: _l("Open the ballot again. You will see whether to vote once more."),
    PollFault.TOO_MANY: _l("If it is not what you want, ask who runs the vote what can still be done."),
    PollFault.TESTED: _l("Fill in a new ballot and cast that one."),
    PollFault.BAD_BALLOT: _l("Open the ballot again and cast it once more. It can never count twice."),
    PollFault.KEY_MISSING: _l("Try again in a few minutes, or tell who runs the vote."),
    PollFault.PROXY_STANDS: _l(
        "If you are here after all, come to the polling station before the proxy does."
    ),
}
KINDS: dict[QuestionKind, Any] = {
    QuestionKind.MOTION: _l("For or against"),
    QuestionKind.SELECTION: _l("Choosing people or proposals"),
    QuestionKind.GRADE: _l("Grades"),
    QuestionKind.RANKING: _l("Ranking"),
}
KIND_NOTES: dict[QuestionKind, Any] = {
    QuestionKind.MOTION: _l("One text: for, against or abstain. For resolutions, agreements and recalls."),
    QuestionKind.SELECTION: _l(
        "Some out of several: candidates of an election, or proposals for the same money."
    ),
    QuestionKind.GRADE: _l("One grade for each person or service, as in a yearly appraisal."),
    QuestionKind.RANKING: _l("Options in order, the best first, where a compromise is looked for."),
}
MARKINGS: dict[Marking, Any] = {
    Marking.EACH: _l("For or against beside each name"),
    Marking.TICKS: _l("A tick beside those chosen"),
}
MARKING_NOTES: dict[Marking, Any] = {
    Marking.EACH: _l("As on the paper of an election. Names can be written in."),
    Marking.TICKS: _l("Short and clear for proposals. Nobody is voted against."),
}
METHODS: dict[Rule, Any] = {
    Rule.IRV: _l("Instant run-off"),
    Rule.SCOTTISH_STV: _l("Single transferable vote (Scottish rules)"),
    Rule.MEEK_STV: _l("Single transferable vote (Meek's rules)"),
    Rule.BORDA: _l("Points by place (Borda)"),
    Rule.SCHULZE: _l("Each against each (Schulze)"),
    Rule.RANKED_PAIRS: _l("Each against each (ranked pairs)"),
}
METHOD_NOTES: dict[Rule, Any] = {
    Rule.IRV: _l("The weakest drops out, and its ballots go to their next choice, until one has a majority."),
    Rule.SCOTTISH_STV: _l("For several seats: every group of voters gets its share. Surplus votes move on."),
    Rule.MEEK_STV: _l("For several seats, the most exact share. It can only be counted by a computer."),
    Rule.BORDA: _l("First place gives most points, the next one less. What many can live with wins."),
    Rule.SCHULZE: _l("Whoever would beat every other one to one wins. Good for finding a compromise."),
    Rule.RANKED_PAIRS: _l("As above; the clearest comparisons are settled first, so it is easy to explain."),
}


def preset_note(preset: Preset, *, threshold: int = 1, trustees: int = 1) -> str:
    """Return in plain words who can learn what, for `threshold` of `trustees` holders of the key."""
    notes = {
        Preset.OPEN: _("Names are shown: after the vote everybody sees who voted how."),
        Preset.POLL: _("The platform keeps the key. Technically, the platform is able to open the ballots."),
        Preset.SEALED: _(
            "%(trustees)s trustees each keep a part of the key. Only when %(threshold)s of them come "
            "together can the ballots be opened. The platform cannot do it.",
            trustees=trustees,
            threshold=threshold,
        ),
    }
    return str(notes[preset])


def ground_text(ground: str) -> str:
    """Return why somebody is on a roll.

    As in "capacity.hukou", "household.eldest", "post.residents_committee.member", "present.representative",
    "ruling".
    """
    if ground in GROUNDS:
        return str(GROUNDS[ground])
    where, *bodies, kind = ground.split(".")
    if where == "capacity" and kind in set(CapacityKind):
        return capacity_name(kind)
    if where == "present" and kind in set(ParticipantClass):
        return str(CLASSES[ParticipantClass(kind)])
    if where == "post" and kind in set(PostKind):
        return _post_text(bodies, PostKind(kind))
    return ground


def _post_text(bodies: list[str], kind: PostKind) -> str:
    if not bodies or bodies[0] not in set(BodyKind):
        return post_kind_name(kind)
    body = body_kind_name(BodyKind(bodies[0]))
    return str(_("%(body)s: %(post)s", body=body, post=post_kind_name(kind)))


def in_a_row(*sentences: object) -> str:
    """Return sentences as one text: Chinese leaves no room after a full stop."""
    between = "" if str(get_locale()).startswith("zh") else " "
    return between.join(map(str, sentences))


def limits_text(spec: QuestionSpec) -> str:
    """Return how this question is filled in, with its limits, in the language of the page."""
    match spec.kind:
        case QuestionKind.MOTION:
            return str(_("Mark either for or against. Mark neither to abstain."))
        case QuestionKind.SELECTION if spec.marking is Marking.EACH:
            return in_a_row(*_limits_of_each(spec))
        case QuestionKind.SELECTION:
            return _limits_of_ticks(spec)
        case QuestionKind.GRADE:
            return str(_("Give each line one grade. A line without a grade counts as an abstention for it."))
        case QuestionKind.RANKING:
            return _limits_of_ranking(spec)


def _limits_of_each(spec: QuestionSpec) -> list[str]:
    said = [
        _("Beside each name mark for or against. Mark neither to abstain."),
        ngettext("Mark at most %(num)s person for.", "Mark at most %(num)s people for.", spec.most),
    ]
    if spec.write_ins:
        said.append(
            ngettext(
                "You may write in %(num)s other name; it counts as marked for.",
                "You may write in up to %(num)s other names; each counts as marked for.",
                spec.write_ins,
            )
        )
    return said


def _limits_of_ticks(spec: QuestionSpec) -> str:
    limits = {"least": spec.least, "most": spec.most, "number": len(spec.options)}
    if spec.least == spec.most:
        return str(_("Choose exactly %(most)s of the %(number)s.", **limits))
    if spec.least:
        return str(_("Choose at least %(least)s and at most %(most)s of the %(number)s.", **limits))
    return str(_("Choose at most %(most)s of the %(number)s. Choose none to abstain.", **limits))


def _limits_of_ranking(spec: QuestionSpec) -> str:
    places = spec.depth or len(spec.options)
    return str(
        ngettext(
            "Write 1 beside what you prefer. Nothing else can be ranked. Leave all empty to abstain.",
            "Write 1 beside what you prefer most, then 2, and so on up to %(num)s. You may stop earlier. "
            "Leave all empty to abstain.",
            places,
        )
    )
