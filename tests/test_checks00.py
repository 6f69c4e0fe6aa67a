"""The checks of lesson 00: the bounds of the first exercise, and the six questions."""

import pytest

from lrlab import check

RATES = [  # the factor of a step is 1 − 15 · rate, its loss after three 67.5 · factor⁶
    (-0.001, "A negative rate climbs"),
    (0, "At rate 0 nothing moves"),
    (0.001, "are not enough. Go up"),
    (0.0513, "are not enough. Go up"),
    (0.0514, "✓ Any rate from"),
    (0.0819, "✓ Any rate from"),
    (0.0821, "jumps past 3"),
    (2 / 15 - 1e-4, "jumps past 3"),
    (2 / 15, "does not come to rest"),
    (2 / 15 + 1e-4, "does not come to rest"),
    (1.5, "does not come to rest"),
    (1, "a count of epochs"),
    (3, "a count of epochs"),
    ((0.06, 0.07), "One rate is asked for, and these are 2 numbers"),
]


@pytest.mark.parametrize(("answer", "said"), RATES)
def test_a_rate_is_recognised(answer, said):
    verdict = repr(check.quick_rate(answer))
    assert said in verdict and (verdict[0] == "✓") == (said[0] == "✓"), verdict


@pytest.mark.parametrize("answer", ["", "  ", None, ..., "??????"])
def test_six_open_questions_are_counted(answer):
    for test in check.six_before, check.six_after:
        assert repr(test(answer)).startswith("○ Open: 6 of 6.")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("cdab?c", "○ Open: 1 of 6."),
        ("?????c", "○ Open: 5 of 6."),
        ("cdabd", "○ Six letters"),
        ("cdabdcc", "○ Six letters"),
        ("cdabde", "○ Six letters"),
        (["c", "d", "a"], "○ Six letters"),
        ([], "○ Six letters"),
        ("cdabdc", "✎ cdabdc: 6 of 6 right."),
        ("cdabda", "✎ cdabda: 5 of 6 right."),
        ("bacbbb", "✎ bacbbb: 1 of 6 right."),
    ],
)
def test_six_before(answer, said):
    assert repr(check.six_before(answer)).startswith(said)


@pytest.mark.parametrize(
    ("answer", "lessons"),
    [
        ("bacdbc", []),
        ("aacdbc", ["01"]),
        ("bdcdbc", ["02"]),
        ("baadbc", ["03"]),
        ("bacbbc", ["04"]),
        ("bacddc", ["05"]),
        ("bacdbb", ["07"]),
        ("cdabda", ["01", "02", "03", "04", "05", "07"]),
    ],
)
def test_six_after_names_what_was_wrong(answer, lessons):
    head, *lines = check.six_after(answer).text.splitlines()
    assert head == f"{6 - len(lessons)} of 6 right."
    assert [line[-4:-2] for line in lines] == lessons
    numbers = {"01": 1, "02": 2, "03": 3, "04": 4, "05": 5, "07": 6}
    assert [int(line.split(":")[0]) for line in lines] == [numbers[lesson] for lesson in lessons]


@pytest.mark.parametrize("vote", [check.vote_mirror, check.vote_doubling])
def test_a_vote_takes_its_four_letters(vote):
    assert [vote(letter).mark for letter in "abcde"] == ["✎"] * 4 + ["○"]
