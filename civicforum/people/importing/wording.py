"""The words for what reading a list of residents finds, for the page and the command line alike."""

from __future__ import annotations

from flask_babel import gettext as _

from civicforum.people.importing.columns import CAPACITY_FIELDS, Field
from civicforum.people.importing.preview import Change, Code, Problem, RowKind
from civicforum.people.importing.reading import MAX_BYTES, MAX_ROWS, Fault, FileRefused
from civicforum.people.rules import Sex


def field_label(field: Field) -> str:
    texts: dict[Field, str] = {
        Field.NUMBER: _("Number"),
        Field.NAME: _("Name"),
        Field.SEX: _("Sex"),
        Field.BORN_ON: _("Date of birth"),
        Field.IDENTITY: _("Identity number"),
        Field.PHONE: _("Phone"),
        Field.HOUSEHOLD: _("Household number"),
        Field.ADDRESS: _("Address"),
        Field.GRID: _("Grid"),
        Field.GROUP: _("Residents' group"),
        Field.HUKOU: _("Hukou here"),
        Field.USUAL_RESIDENCE: _("Usual residence here"),
        Field.OWNER: _("Owner"),
        Field.PARTY_MEMBER: _("Party member"),
        Field.SINCE: _("Start date"),
    }
    return texts[field]


def kind_label(kind: RowKind) -> str:
    texts: dict[RowKind, str] = {
        RowKind.NEW: _("New"),
        RowKind.CHANGED: _("Changes"),
        RowKind.UNCHANGED: _("Unchanged"),
        RowKind.ERROR: _("Error"),
    }
    return texts[kind]


def problem_text(problem: Problem) -> str:
    """Return one sentence about a row; the field, when there is one, is named beside it."""
    detail = problem.detail
    texts: dict[Code, str] = {
        Code.MISSING: _("This is missing."),
        Code.UNREADABLE: _("“%(value)s” cannot be read here.", value=detail),
        Code.TOO_LONG: _("This is longer than %(longest)s characters.", longest=detail),
        Code.IDENTITY_INVALID: _("This is not a valid identity number: its check character does not fit."),
        Code.DIGITS_LOST: _(
            "The spreadsheet kept this as a number and lost its last digits. "
            "Format the column as text and type it again."
        ),
        Code.IDENTITY_MISPLACED: _(
            "An identity number stands here. It belongs in the column for identity numbers only, "
            "where it is never kept as written."
        ),
        Code.IN_FUTURE: _("%(day)s lies in the future.", day=detail),
        Code.BEFORE_BIRTH: _("%(day)s is before the date of birth.", day=detail),
        Code.NUMBER_TWICE: _("The same number stands in line %(line)s.", line=detail),
        Code.PERSON_TWICE: _("Line %(line)s is about the same person.", line=detail),
        Code.IDENTITY_TWICE: _("The same identity number stands in line %(line)s.", line=detail),
        Code.UNKNOWN_GRID: _("There is no grid “%(name)s” here.", name=detail),
        Code.UNKNOWN_GROUP: _("There is no residents' group “%(name)s” here.", name=detail),
        Code.HOUSEHOLD_DIFFERS: _("Line %(line)s says otherwise of the same household.", line=detail),
        Code.NUMBER_OF_ANOTHER: _("This number belongs to somebody with another identity number."),
        Code.IDENTITY_OF_ANOTHER: _(
            "This identity number belongs to the person with number %(number)s.", number=detail
        ),
        Code.IDENTITY_DISAGREES: _("This does not agree with the identity number."),
        Code.NAME_AND_BIRTH_DIFFER: _(
            "Name and date of birth both differ from %(name)s, who has this number: is it the same person?",
            name=detail,
        ),
        Code.NUMBER_CHANGES: _(
            "Known by the identity number, until now under number %(number)s.", number=detail
        ),
        Code.HAS_LEFT: _("Recorded here as having moved away."),
        Code.NO_RESIDENCE: _("Neither hukou nor usual residence here: will be on no roll."),
    }
    return texts[problem.code]


def problem_line(problem: Problem) -> str:
    """Return the sentence with its field in front."""
    text = problem_text(problem)
    if problem.field is None:
        return text
    return str(_("%(field)s: %(text)s", field=field_label(problem.field), text=text))


def change_text(change: Change) -> str:
    before, after = value_text(change.field, change.before), value_text(change.field, change.after)
    label = field_label(change.field)
    if change.field is Field.IDENTITY:
        return str(_("%(field)s: recorded for the first time", field=label))
    if not before:
        return str(_("%(field)s: %(after)s (blank until now)", field=label, after=after))
    return str(_("%(field)s: %(before)s → %(after)s", field=label, before=before, after=after))


def value_text(field: Field, value: str) -> str:
    if field is Field.SEX:
        return str({Sex.FEMALE.value: _("Female"), Sex.MALE.value: _("Male")}.get(value, ""))
    if field in CAPACITY_FIELDS:
        return str(_("yes") if value == "yes" else _("no"))
    return value


def fault_text(refused: FileRefused) -> str:
    """Return why a file cannot be read, and what to do."""
    texts: dict[Fault, str] = {
        Fault.EMPTY: _("The file is empty."),
        Fault.TOO_LARGE: _("The file is too large: at most %(size)s MB.", size=MAX_BYTES // 1024**2),
        Fault.TOO_MANY_ROWS: _("The file has more than %(rows)s rows: split it.", rows=MAX_ROWS),
        Fault.OLD_EXCEL: _("This is the old Excel format (.xls). Open it and save it as .xlsx or .csv."),
        Fault.WRONG_TYPE: _("This is neither an Excel workbook (.xlsx) nor a table of text (.csv)."),
        Fault.CORRUPT: _("The file is damaged and cannot be opened. Save it again and choose the new file."),
        Fault.NO_HEADINGS: _(
            "There is no row of headings among the first ten rows; missing are: %(headings)s.",
            headings=refused.detail,
        ),
        Fault.HEADING_TWICE: _("Two columns have the heading %(heading)s.", heading=refused.detail),
    }
    return texts[refused.fault]
