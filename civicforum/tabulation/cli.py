"""The command `civicforum count`: a file of ballots in, every stage out."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

import click

from civicforum.counting import Contest, ImpossibleContest, Profile, Result, Rule, count
from civicforum.counting.files import BadFile, BallotFile, read_ballots
from civicforum.counting.second import SECONDS, EnginesDisagree, SecondCount, checked_count
from civicforum.terminal import terminal_language

from .answer import result_json
from .counted import Counted
from .draws import UnknownOption, read_draw
from .language import LANGUAGES, Language, load_language
from .rules_in_words import RULE_WORDS
from .text import count_text

LONG_FILE = 4_000_000  # bytes; a shorter one is read before anybody could watch a bar


class DoesNotFit(click.ClickException):
    """Options that the ballots or the rule do not allow."""

    exit_code = 2


@click.command("count")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rule", type=click.Choice([rule.value for rule in RULE_WORDS]), required=True)
@click.option(
    "--seats", type=click.IntRange(min=1), help="Seats to fill; what the file says if not given, or 1."
)
@click.option(
    "--lot",
    "draws",
    multiple=True,
    metavar="'A > B > C'",
    help="A lot drawn in public, the luckiest first, by name or number in the file. May be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON and nothing else.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write a report, one HTML file."
)
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day to write on the report.")
@click.option(
    "--language", type=click.Choice(LANGUAGES), help="Of the text and the report; else the terminal's."
)
@click.option("--second/--no-second", default=True, show_default=True, help="Ask the second engine too.")
@click.option(
    "--seconds", type=click.FloatRange(min=0.1), default=SECONDS, show_default=True, help="What it may take."
)
def count_file(
    file: Path,
    rule: str,
    seats: int | None,
    draws: tuple[str, ...],
    as_json: bool,
    report: Path | None,
    day: datetime | None,
    language: str | None,
    second: bool,
    seconds: float,
) -> None:
    """Count the ballots in FILE.

    FILE is a BLT, PrefLib (.soi .soc .toi .toc .cat) or Scottish csv file, or a csv or .jsonl file of
    civicforum. The status is 0 with a result, also where a tie is left open; 1 for a file that cannot be
    read, or when two engines disagree; 2 for options that do not fit.
    """
    ballots = _read(file)
    contest = _contest(ballots, Rule(rule), seats, draws)
    result, said = _count(contest, ballots.profile, seconds if second else None)
    counted = Counted(
        title=ballots.title or file.stem,
        file_name=file.name,
        sha256=_digest(file),
        result=result,
        withdrawn=ballots.withdrawn,
        second=said,
        day=day.date() if day else None,
    )
    spoken = load_language(language or terminal_language())
    if report:
        _write_report(counted, spoken, report)
    width = shutil.get_terminal_size((100, 24)).columns
    click.echo(result_json(result) if as_json else count_text(counted, spoken, width=width))


def _read(file: Path) -> BallotFile:
    """Read the file, with a bar where somebody watches and it takes a while."""
    size = file.stat().st_size
    try:
        if size < LONG_FILE or not sys.stderr.isatty():
            return read_ballots(file)
        with click.progressbar(length=size, label=file.name, file=sys.stderr) as bar:
            return read_ballots(file, progress=lambda done, _size: bar.update(done - bar.pos))
    except BadFile as bad:
        raise click.ClickException(f"{file.name}: {bad}") from bad


def _contest(ballots: BallotFile, rule: Rule, seats: int | None, draws: tuple[str, ...]) -> Contest:
    try:
        lots = tuple(read_draw(draw, ballots.options) for draw in draws)
        return Contest(ballots.options, rule, seats or _seats_of(ballots, rule), lots)
    except (UnknownOption, ImpossibleContest) as misfit:
        raise DoesNotFit(str(misfit)) from misfit


def _seats_of(ballots: BallotFile, rule: Rule) -> int:
    """Return the seats that the file names, or one; one for a rule that can fill no more."""
    if rule is Rule.IRV and (ballots.seats or 1) > 1:
        click.echo(f"The file is for {ballots.seats} seats; {rule} fills one.", err=True)
        return 1
    return ballots.seats or 1


def _count(contest: Contest, profile: Profile, seconds: float | None) -> tuple[Result, SecondCount | None]:
    """Count, and have the result checked unless no time is given for it."""
    try:
        if seconds is None:
            return count(contest, profile), None
        checked = checked_count(contest, profile, seconds=seconds)
    except EnginesDisagree as disagreement:
        raise click.ClickException(str(disagreement)) from disagreement
    except ValueError as misfit:
        raise DoesNotFit(f"{misfit} (asked for: {contest.rule}, --seats {contest.seats})") from misfit
    return checked.result, checked.second


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def _write_report(counted: Counted, language: Language, path: Path) -> None:
    # Only now: whoever wants no report need not wait for the templates.
    from .report import render_report

    try:
        path.write_text(render_report(counted, language), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from error
