import pytest

from civicforum.counting import BallotKind
from civicforum.counting.files import BadFile, BallotFile, Fault, read_bytes, written

RANKED = """kind,ranking
title,"Trees, and a bench"
seats,2
withdrawn,Dan
count,Ann,Bob,Cem
12,1,2,
7,1,1,2
5,3,,7
3,,,
2,spoiled,,
"""


def read(text: str, *, encoding: str = "utf-8") -> BallotFile:
    return read_bytes(text.encode(encoding), "trees.csv")


def test_rankings_are_places_beside_the_names() -> None:
    trees = read(RANKED)
    assert (trees.title, trees.seats, trees.withdrawn) == ("Trees, and a bench", 2, ("Dan",))
    assert dict(trees.profile.rankings()) == {
        (("Ann",), ("Bob",)): 12,
        (("Ann", "Bob"), ("Cem",)): 7,
        (("Ann",), ("Cem",)): 5,  # places 3 and 7, closed up
    }
    assert (trees.profile.blank, trees.profile.spoiled) == (3, 2)


def test_one_paper_a_row_is_merged() -> None:
    trees = read("kind,ranking\nballot,Ann,Bob\nNo 1,1,2\nNo 2,2,1\nNo 3,1,2\nNo 4,,\n,,\n")
    assert dict(trees.profile.texts()) == {"1>2": 2, "2>1": 1}
    assert trees.profile.blank == 1


def test_approvals_are_marks() -> None:
    trees = read("kind,approval\ncount,Ann,Bob,Cem\n4,x,,1\n2,√,no,Yes\n1,0,0,0\n")
    assert trees.profile.kind is BallotKind.APPROVAL
    assert trees.profile.marks.tolist() == [[1, 0, 1]]
    assert (trees.profile.weights.tolist(), trees.profile.blank) == ([6], 1)


def test_choices_are_for_against_or_abstain() -> None:
    trees = read("kind,choices\ncount,Ann,Bob,Cem\n4,for,AGAINST,abstain\n")
    assert trees.profile.marks.tolist() == [[1, 2, 3]]


def test_a_chinese_spreadsheet_of_grades_is_read_and_its_encoding_told() -> None:
    text = (
        "类型,评议\n标题,干部评议\n等级,优秀,称职,不称职\n选票,张三,李四\n1,优秀,称职\n2,,不称职\n3,废票,\n"
    )
    review = read(text, encoding="gb18030")
    assert (review.title, review.encoding) == ("干部评议", "gb18030")
    assert review.scale == ("优秀", "称职", "不称职")
    assert review.profile.kind is BallotKind.GRADES
    assert sorted(review.profile.marks.tolist()) == [[0, 3], [1, 2]]
    assert review.profile.spoiled == 1


def test_a_name_may_go_over_two_lines() -> None:
    trees = read('kind,ranking\ncount,"Ann\nHill",Bob\n"3",1,2\n')
    assert trees.options == ("Ann Hill", "Bob")
    with pytest.raises(BadFile, match="line 5"):
        read('kind,ranking\ncount,"Ann\nHill",Bob\n3,1,2\n2,1,x\n')


def test_empty_and_equal_names_get_their_number() -> None:
    assert read("kind,ranking\ncount,Ann,,Ann\n1,1,,\n").options == ("Ann (1)", "Candidate 2", "Ann (3)")


def test_many_rows_are_merged_and_the_progress_told_by_bytes() -> None:
    rows = "".join(
        f"{number},{number % 7 + 1},{number % 5 + 1},{number % 3 + 1}\n" for number in range(100_000)
    )
    data = f"kind,ranking\nballot,A,B,C\n{rows}".encode()
    told: list[tuple[int, int]] = []
    trees = read_bytes(data, "trees.csv", progress=lambda done, whole: told.append((done, whole)))
    assert trees.profile.cast == 100_000
    assert len(trees.profile.weights) == 13  # the weak orders of three
    assert len(told) > 5
    assert told == sorted(told)
    assert told[-1] == (len(data), len(data))


@pytest.mark.parametrize(
    ("old", "new", "fault", "line"),
    [
        ("kind,ranking", "kind,ranks", Fault.KIND, 1),
        ("kind,ranking", "kind,ranking,approval", Fault.HEADER, 1),
        ("kind,ranking", "name,ranking", Fault.HEADER, 1),
        ("seats,2", "seats,two", Fault.HEADER, 3),
        ("seats,2", "seats,-1", Fault.HEADER, 3),
        ("seats,2", "title,Again", Fault.HEADER, 3),
        ("seats,2", "seat,2", Fault.HEADER, 3),
        ("seats,2", "scale,good,bad", Fault.HEADER, 3),
        ("count,Ann,Bob,Cem\n", "count,,,\n", Fault.HEADER, 5),
        ("count,Ann,Bob,Cem\n", "", Fault.HEADER, 5),
        ("12,1,2,", "12,1,2,,3", Fault.SHAPE, 6),
        ("12,1,2,", "12,1,two,", Fault.MARK, 6),
        ("12,1,2,", "12,1,0,", Fault.MARK, 6),
        ("12,1,2,", "12,1,-2,", Fault.MARK, 6),
        ("12,1,2,", "12,1,1.5,", Fault.MARK, 6),
        ("12,1,2,", ",1,2,", Fault.COUNT, 6),
        ("12,1,2,", "0,1,2,", Fault.COUNT, 6),
        ("12,1,2,", "-12,1,2,", Fault.COUNT, 6),
        ("12,1,2,", "1e3,1,2,", Fault.COUNT, 6),
        ("12,1,2,", "true,1,2,", Fault.COUNT, 6),
        ("12,1,2,", f"{10**15},1,2,", Fault.COUNT, 6),
        ("2,spoiled,,", "2,spoiled,1,", Fault.MARK, 10),
        ("12,1,2,", '12,"1,2,', Fault.QUOTES, 6),
        ("12,1,2,", '12,"1"x,2,', Fault.QUOTES, 6),
        ("Trees", "Tr\x07ees", Fault.NAME, 2),
        ("Trees", "T" * 1001, Fault.NAME, 2),
    ],
)
def test_bad_files_are_refused(old: str, new: str, fault: Fault, line: int) -> None:
    with pytest.raises(BadFile) as refused:
        read(RANKED.replace(old, new, 1))
    assert (refused.value.fault, refused.value.line) == (fault, line)


def test_a_heading_without_options_is_cut_off() -> None:
    with pytest.raises(BadFile, match="line 2: the row of options"):
        read("kind,ranking\nseats,1\n")


def test_more_options_than_can_be_are_refused() -> None:
    names = ",".join(f"N{number}" for number in range(10_000))
    with pytest.raises(BadFile, match="line 2: a ballot has from 1 to 9999 options, not 10000"):
        read(f"kind,ranking\ncount,{names}\n1,1\n")


def test_ballots_beyond_counting_are_refused() -> None:
    most = 10**12
    assert read(f"kind,ranking\ncount,A,B\n{most},1,\n").profile.cast == most
    with pytest.raises(BadFile, match="more than 1000000000000 ballots"):
        read(f"kind,ranking\ncount,A,B\n{most},1,\n1,,1\n")


@pytest.mark.parametrize(
    "scale", ["scale,good\n", "scale,good,good\n", "scale,good,,bad\n", "scale,x,spoiled\n", ""]
)
def test_grades_need_a_scale(scale: str) -> None:
    with pytest.raises(BadFile) as refused:
        read(f"kind,grades\n{scale}count,Ann,Bob\n1,good,\n")
    assert (refused.value.fault, refused.value.line) == (Fault.HEADER, 2)


def test_an_unknown_grade_names_the_scale() -> None:
    with pytest.raises(BadFile, match='line 4: "great" is no mark here: "good", "bad" or nothing'):
        read("kind,grades\nscale,good,bad\ncount,Ann,Bob\n1,great,\n")


def test_what_is_written_can_be_read_by_a_clerk() -> None:
    again = written(read(RANKED), "again.csv").decode()
    heading, rows = again.split("count,Ann,Bob,Cem\n")
    assert heading == RANKED.split("count")[0]
    assert sorted(rows.splitlines()) == ["12,1,2,", "2,spoiled", "3,", "5,1,,2", "7,1,1,2"]
