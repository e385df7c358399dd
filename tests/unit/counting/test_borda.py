from fractions import Fraction

from civicforum.counting import Contest, Profile, Rule, count

ABC = ("Ana", "Bo", "Cai")
CITIES = ("Memphis", "Nashville", "Chattanooga", "Knoxville")


def test_bordas_own_example() -> None:
    # 21 voters of Borda's memoir: 1 ABC, 7 ACB, 7 BCA, 6 CBA. A has the most first places (8), and loses:
    # with 2, 1, 0 points A 8 x 2 = 16, B 7 x 2 + (1 + 6) = 21, C 6 x 2 + (7 + 7) = 26.
    ballots = {("A", "B", "C"): 1, ("A", "C", "B"): 7, ("B", "C", "A"): 7, ("C", "B", "A"): 6}
    profile = Profile.of_rankings(("A", "B", "C"), ballots)
    result = count(Contest(("A", "B", "C"), Rule.BORDA), profile)
    assert result.stages[0].totals == {"A": 16, "B": 21, "C": 26}
    assert result.elected == ("C",)
    assert result.order == (("C",), ("B",), ("A",))
    assert count(Contest(("A", "B", "C"), Rule.PLURALITY), profile).elected == ("A",)


def test_the_capital_of_tennessee() -> None:
    # Memphis 42 x 3 = 126; Nashville 42 x 2 + 26 x 3 + (15 + 17) x 1 = 194;
    # Chattanooga 42 + 26 x 2 + 15 x 3 + 17 x 2 = 173; Knoxville 26 + 15 x 2 + 17 x 3 = 107.
    ballots = {
        ("Memphis", "Nashville", "Chattanooga", "Knoxville"): 42,
        ("Nashville", "Chattanooga", "Knoxville", "Memphis"): 26,
        ("Chattanooga", "Knoxville", "Nashville", "Memphis"): 15,
        ("Knoxville", "Chattanooga", "Nashville", "Memphis"): 17,
    }
    result = count(Contest(CITIES, Rule.BORDA, seats=2), Profile.of_rankings(CITIES, ballots))
    assert list(result.stages[0].totals.values()) == [126, 194, 173, 107]
    assert result.elected == ("Nashville", "Chattanooga")


def test_shared_and_missing_places_get_the_average_of_their_points() -> None:
    # Four options, 3 2 1 0 points. Ana alone: 3, the others share 2 + 1 + 0, so 1 each. Bo and Cai first
    # together: (3 + 2) / 2 each, Ana and Dee share (1 + 0) / 2. Ana 3.5, Bo and Cai 3.5, Dee 1.5.
    options = (*ABC, "Dee")
    profile = Profile.of_rankings(options, [("Ana",), (("Bo", "Cai"),)])
    result = count(Contest(options, Rule.BORDA), profile)
    half = Fraction(7, 2)
    assert result.stages[0].totals == {"Ana": half, "Bo": half, "Cai": half, "Dee": Fraction(3, 2)}
    assert result.order == (("Ana", "Bo", "Cai"), ("Dee",))
    assert result.tied is not None
    assert result.tied.names == ("Ana", "Bo", "Cai")


def test_whole_points_are_whole_numbers() -> None:
    result = count(Contest(ABC, Rule.BORDA), Profile.of_rankings(ABC, [("Ana",), ("Ana",)]))
    assert [type(total) for total in result.stages[0].totals.values()] == [int, int, int]


def test_the_last_place_can_have_a_seat_too() -> None:
    profile = Profile.of_rankings(("Ana", "Bo"), [("Ana", "Bo")])
    assert count(Contest(("Ana", "Bo"), Rule.BORDA, seats=2), profile).elected == ("Ana", "Bo")
    alone = Profile.of_rankings(("Ana",), [("Ana",)])
    assert count(Contest(("Ana",), Rule.BORDA), alone).elected == ("Ana",)


def test_without_ballots_nobody_is_elected() -> None:
    result = count(Contest(ABC, Rule.BORDA), Profile.of_rankings(ABC, []))
    assert (result.elected, result.tied) == ((), None)
