"""Commands that make a community and bring its residents in."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from civicforum import rulebook
from civicforum.database import db
from civicforum.errors import AlreadyDone, CivicForumError, Invalid
from civicforum.people.founding import Administrator, DemonstrationHere, Place, found_community
from civicforum.people.importing.columns import CellInvalid, read_day, read_sex
from civicforum.people.importing.preview import Plan, RowKind
from civicforum.people.importing.reading import FileRefused
from civicforum.people.importing.services import ThingsChanged, import_plan, plan_file
from civicforum.people.importing.wording import fault_text, kind_label, problem_line
from civicforum.people.models import Community
from civicforum.people.queries import list_communities
from civicforum.people.rules import Sex
from civicforum.rulebook.days import day_of
from civicforum.terminal import terminal_language

ERRORS_SHOWN = 20


@click.command()
@click.option("--city", help="The city, as in 临江市.")
@click.option("--district", help="The district, as in 东湖区.")
@click.option("--subdistrict", help="The subdistrict, as in 松河街道.")
@click.option("--community", help="The community, as in 青松里社区.")
@click.option("--profile", default=rulebook.BASE, show_default=True, help="The rules that apply here.")
@click.option("--grid", help="The first grid.")
@click.option("--group", help="The first residents' group.")
@click.option("--name", help="The administrator's name.")
@click.option("--sex", type=click.Choice([each.value for each in Sex]), help="The administrator's sex.")
@click.option("--born", help="The administrator's date of birth, as in 1980-05-17.")
@click.option("--phone", help="The administrator's phone.")
@click.option("--number", help="The administrator's number in the list of residents.")
@click.option("--household", help="The number of the administrator's household.")
@click.option("--address", help="The administrator's address.")
@click.option("--login", help="What the administrator signs in with.")
@click.option("--password", envvar="CIVICFORUM_INIT_PASSWORD", help="The administrator's password.")
@with_appcontext
def init(profile: str, **given: str | None) -> None:
    """Make a community, its standard bodies and its first administrator.

    What is not given as an option is asked for.
    """
    with force_locale(terminal_language()):
        ask = _Asking(given)
        place = ask.place(profile)
        administrator = ask.administrator(place.community)
        try:
            found_community(place=place, administrator=administrator, now=datetime.now(UTC))
        except DemonstrationHere as refusal:
            raise click.ClickException(
                _(
                    "This database holds the demonstration. "
                    "Name another folder in CIVICFORUM_INSTANCE, or another database."
                )
            ) from refusal
        except (Invalid, AlreadyDone) as refusal:
            raise click.ClickException(_refusal_text(refusal)) from refusal
        _say_what_next(place, administrator)


@click.group("import")
def import_() -> None:
    """Bring lists in."""


@import_.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--community", help="The community's name, where there are several.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, write nothing.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@with_appcontext
def residents(file: Path, community: str | None, dry_run: bool, yes: bool) -> None:
    """Import a list of residents (.xlsx or .csv): all of it, or nothing when one row has an error."""
    with force_locale(terminal_language()):
        chosen = _choose_community(community)
        now = datetime.now(UTC)
        try:
            preview = plan_file(
                db.session(), community_id=chosen.id, content=file.read_bytes(), today=day_of(now)
            )
        except FileRefused as refused:
            raise click.ClickException(f"{file.name}: {fault_text(refused)}") from refused
        db.session.rollback()
        _show(preview.plan, preview.ignored, chosen.name)
        if preview.plan.is_refused:
            raise click.ClickException(
                _("Nothing was written: correct these rows and import the list again.")
            )
        rows = preview.plan.count(RowKind.NEW) + preview.plan.count(RowKind.CHANGED)
        if not rows:
            click.echo(_("Nothing to do: everything in this list is known already."))
        elif dry_run:
            click.echo(_("Nothing was written, as you asked."))
        elif yes or click.confirm(ngettext("Write %(num)s row?", "Write %(num)s rows?", rows)):
            _write(chosen, preview.plan, now)
        else:
            click.echo(_("Nothing was written."))


class _Asking:
    """Takes an answer from the options, or asks for it."""

    def __init__(self, given: dict[str, str | None]) -> None:
        self.given = given

    def place(self, profile: str) -> Place:
        if profile not in rulebook.profiles():
            known = ", ".join(rulebook.profiles())
            raise click.ClickException(
                _("There is no profile %(name)s; known are: %(known)s.", name=profile, known=known)
            )
        return Place(
            city=self.text("city", _("City")),
            district=self.text("district", _("District")),
            subdistrict=self.text("subdistrict", _("Subdistrict")),
            community=self.text("community", _("Name of the community")),
            profile=profile,
            grid=self.text("grid", _("Name of the first grid"), "第一网格"),
            group=self.text("group", _("Name of the first residents' group"), "第一居民小组"),
        )

    def administrator(self, community: str) -> Administrator:
        return Administrator(
            name=self.text("name", _("Your name")),
            sex=_read_sex(self.text("sex", _("Your sex (female or male)"), check=_read_sex)),
            born_on=self.day("born", _("Your date of birth (as in 1980-05-17)")),
            phone=self.text("phone", _("Your phone (may be left blank)"), ""),
            number=self.text("number", _("Your number in the list of residents"), "A0001"),
            household=self.text("household", _("The number of your household"), "A0001"),
            address=self.text("address", _("Your address"), f"{community}服务站"),
            login=self.text("login", _("The login you want to sign in with"), "admin"),
            password=self.given["password"]
            or click.prompt(_("Password (at least 8 characters)"), hide_input=True, confirmation_prompt=True),
        )

    def text(
        self,
        option: str,
        question: str,
        default: str | None = None,
        *,
        check: Callable[[str], object] | None = None,
    ) -> str:
        answer = self.given[option]
        if answer is None:
            answer = click.prompt(question, default=default, value_proc=_checked(check))
        return str(answer).strip()

    def day(self, option: str, question: str) -> date:
        text = self.text(option, question, check=_read_birth)
        try:
            return _read_birth(text)
        except ValueError as error:
            raise click.ClickException(_("%(text)s is not a date.", text=text)) from error


def _read_birth(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise CellInvalid(text)
    return day


def _read_sex(text: str) -> Sex:
    sex = read_sex(text)
    if sex is None:
        raise CellInvalid(text)
    return sex


def _checked(check: Callable[[str], object] | None) -> Callable[[str], str] | None:
    """Return a reader for click that asks again when `check` raises ValueError."""
    if check is None:
        return None

    def read(text: str) -> str:
        try:
            check(text)
        except ValueError as error:
            raise click.UsageError(_("“%(text)s” does not fit.", text=text)) from error
        return text

    return read


def _refusal_text(refusal: CivicForumError) -> str:
    if isinstance(refusal, AlreadyDone):
        return str(_("This subdistrict has a community of that name already."))
    reasons: dict[tuple[str, str | None], str] = {
        ("taken", "login"): _("Somebody signs in with this login already; choose another."),
        ("missing", "login"): _("The login is empty."),
    }
    key = (refusal.reason, refusal.field) if isinstance(refusal, Invalid) else ("", None)
    return str(reasons.get(key, _("The password is too short or too easy to guess; choose another.")))


def _say_what_next(place: Place, administrator: Administrator) -> None:
    click.echo(_("%(community)s is ready, with its bodies and posts.", community=place.community))
    click.echo(_("What to do next:"))
    for line in (
        _("1. Start the site: civicforum serve"),
        _("2. Sign in as %(login)s.", login=administrator.login),
        _("3. Under Administration, add the other grids and groups, then import the list of residents."),
        _("4. Under Bodies, enter who holds which post; posts give people their powers."),
    ):
        click.echo(f"   {line}")


def _choose_community(name: str | None) -> Community:
    known = list_communities(db.session())
    if not known:
        raise click.ClickException(_("There is no community yet: make one with civicforum init."))
    chosen = [each for each in known if name is None or each.name == name]
    if len(chosen) == 1:
        return chosen[0]
    names = "、".join(each.name for each in known)
    if not chosen:
        raise click.ClickException(
            _("There is no community of that name; known are: %(names)s.", names=names)
        )
    raise click.ClickException(_("Say which community with --community: %(names)s.", names=names))


def _show(plan: Plan, ignored: tuple[str, ...], community: str) -> None:
    click.echo(_("List of residents for %(community)s:", community=community))
    for kind in RowKind:
        click.echo(f"{plan.count(kind):>8}  {kind_label(kind)}")
    click.echo(f"{plan.warnings:>8}  {_('With warning')}")
    if ignored:
        click.echo(_("Columns that are not read: %(names)s", names="、".join(ignored)))
    faulty = [decision for decision in plan.decisions if decision.kind is RowKind.ERROR]
    for decision in faulty[:ERRORS_SHOWN]:
        for problem in decision.problems:
            if problem.is_error:
                line = _(
                    "Line %(line)s, %(problem)s", line=decision.entry.line, problem=problem_line(problem)
                )
                click.echo(f"  {line}", err=True)
    if len(faulty) > ERRORS_SHOWN:
        more = len(faulty) - ERRORS_SHOWN
        click.echo(ngettext("… and %(num)s more row", "… and %(num)s more rows", more), err=True)


def _write(community: Community, plan: Plan, now: datetime) -> None:
    with click.progressbar(length=len(plan.decisions), label=_("Writing"), file=sys.stderr) as bar:
        try:
            written = import_plan(community_id=community.id, plan=plan, now=now, progress=bar.update)
        except ThingsChanged as error:
            raise click.ClickException(
                _("Somebody changed residents in the meantime: start the import again.")
            ) from error
    click.echo(
        _(
            "Written: %(new)s new, %(changed)s changed; %(unchanged)s were as they are.",
            new=written.new,
            changed=written.changed,
            unchanged=written.unchanged,
        )
    )
