import pytest

from civicforum.counting import Profile
from civicforum.counting.files import BadFile, BallotFile, CannotWrite, Fault, read_bytes, written

WARD = """3,2,
14,1,
5,2,3,1,
2,
"Candidate 1","Ann Hill","Greens (G)",
"Candidate 2","Will "Liam" Moss","Labour (Lab)",
"Candidate 3","Cem Oak","",
""Carse, Kinnaird and Tryst"",
"""


def read(text: str) -> BallotFile:
    return read_bytes(text.encode(), "ward.csv")


def test_a_ward_is_read() -> None:
    ward = read(WARD)
    assert (ward.title, ward.seats) == ("Carse, Kinnaird and Tryst", 2)
    assert ward.options == ("Ann Hill", 'Will "Liam" Moss', "Cem Oak")
    assert ward.parties == ("Greens (G)", "Labour (Lab)", "")
    assert dict(ward.profile.texts()) == {"1": 14, "2>3>1": 5}
    assert ward.profile.blank == 2


def test_a_ward_saved_again_by_a_spreadsheet_is_read() -> None:
    saved = "2,1,,,\r\n3,2,1,,\r\nCandidate 1,Ann,Greens,,\r\nCandidate 2,Bob,,,\r\nAbbey,,,,\r\n,,,,\r\n"
    ward = read(saved)
    assert (ward.title, ward.options, ward.parties) == ("Abbey", ("Ann", "Bob"), ("Greens", ""))


def test_two_candidates_of_one_name_are_told_apart_by_their_parties() -> None:
    ward = read(
        '2,1,\n1,1,\n"Candidate 1","John Smith","Labour",\n"Candidate 2","John Smith","Greens",\n"W",\n'
    )
    assert ward.options == ("John Smith (Labour)", "John Smith (Greens)")


@pytest.mark.parametrize(
    ("old", "new", "fault", "line"),
    [
        ("3,2,\n", "3,2,1,\n", Fault.HEADER, 1),
        ("3,2,\n", "3,0,\n", Fault.HEADER, 1),
        ("5,2,3,1", "5,2,4,1", Fault.UNKNOWN_OPTION, 3),
        ("5,2,3,1", "5,2,3,2", Fault.REPEATED_OPTION, 3),
        ("5,2,3,1", "5,2,,1", Fault.NUMBER, 3),
        ("5,2,3,1", "5.5,2,3,1", Fault.COUNT, 3),
        ("5,2,3,1", "0,2,3,1", Fault.COUNT, 3),
        ('"Candidate 2"', '"Candidate 3"', Fault.HEADER, 6),
        ('"Candidate 2","Will "Liam" Moss","Labour (Lab)",\n', "", Fault.HEADER, 6),
        ('"Candidate 3","Cem Oak","",\n', "", Fault.CUT_OFF, 7),
        ('"Greens (G)",', '"Greens (G),', Fault.QUOTES, 5),
        ('"Greens (G)",', '"Greens","G",', Fault.SHAPE, 5),
        ('""Carse, Kinnaird and Tryst"",\n', "", Fault.CUT_OFF, 7),
        ("and Tryst", 'and","Tryst', Fault.SHAPE, 8),
    ],
)
def test_bad_wards_are_refused(old: str, new: str, fault: Fault, line: int) -> None:
    with pytest.raises(BadFile) as refused:
        read(WARD.replace(old, new, 1))
    assert (refused.value.fault, refused.value.line) == (fault, line)


def test_a_second_title_is_refused() -> None:
    with pytest.raises(BadFile, match="line 9: nothing follows"):
        read(WARD + '"Another",\n')


def test_a_ward_is_written_as_it_was_read() -> None:
    ward = read(WARD)
    again = read_bytes(written(ward, "ward.csv", scottish=True), "ward.csv")
    assert (again.title, again.options, again.parties) == (ward.title, ward.options, ward.parties)
    assert dict(again.profile.texts()) == dict(ward.profile.texts())


@pytest.mark.parametrize(
    ("ballots", "words"),
    [
        (BallotFile("T", ("A", "B"), None, Profile.of_rankings("AB", [("A",)])), "seats"),
        (BallotFile("T", ("A", "B"), 1, Profile.of_rankings("AB", [(("A", "B"),)])), "share a place"),
        (BallotFile("T", ("A", "B"), 1, Profile.of_approvals("AB", [("A",)])), "rankings"),
        (BallotFile("T", ("A", "B"), 1, Profile.of_rankings("AB", [("A",)]), ("C",)), "withdrawn"),
        (BallotFile("Candidate 3", ("A", "B"), 1, Profile.of_rankings("AB", [("A",)])), "title"),
        (BallotFile('"T', ("A", "B"), 1, Profile.of_rankings("AB", [("A",)])), "quotation"),
    ],
)
def test_what_a_scottish_csv_cannot_say_is_not_written(ballots: BallotFile, words: str) -> None:
    with pytest.raises(CannotWrite, match=words):
        written(ballots, "ward.csv", scottish=True)
