"""Lesson 07: its exercises, right and wrong."""

import numpy as np
import pytest

from lrcore import descend, least_squares, line, logistic, school_district
from lrlab import check, plots

DRAW = np.random.RandomState(3)


def among(lowest, below, above, high, *more):
    """So many rates in the lowest decade, from 0.01 to 0.09, from 0.15 to 0.9, and from 3.5 to 9."""
    parts = (2e-4, 9e-4, lowest), (0.01, 0.09, below), (0.15, 0.9, above), (3.5, 9, high)
    return np.concatenate([*(np.linspace(*part) for part in parts), more])


DRAWN = {
    "powers of ten": (10 ** DRAW.uniform(-4, 1, 20), "✓", "12 of 20"),
    "another draw": (10 ** np.random.RandomState(7).uniform(-4, 1, 20), "✓", ""),
    "powers of e, rightly": (np.exp(DRAW.uniform(np.log(1e-4), np.log(10), 20)), "✓", ""),
    "evenly in decades": (np.geomspace(1e-4, 10, 20), "✓", ""),
    "a list": ((10 ** np.random.RandomState(1).uniform(-4, 1, 20)).tolist(), "✓", ""),
    "linear": (DRAW.uniform(1e-4, 10, 20), "✗", "one in a hundred"),
    "equally spaced": (np.linspace(1e-4, 10, 20), "✗", "one in a hundred"),
    "e": (np.exp(DRAW.uniform(-4, 1, 20)), "✗", "bounds must be logarithms"),
    "exponents": (DRAW.uniform(-4, 1, 20), "✗", "exponents"),
    "rates as exponents": (10 ** DRAW.uniform(1e-4, 10, 20), "✗", "logarithms of the bounds"),
    "upper exponent 0": (10 ** DRAW.uniform(-4, 0, 20), "✗", "None is above 1."),
    "lower exponent −3": (10 ** DRAW.uniform(-3, 1, 20), "✗", "None is below 0.001."),
    "lower exponent −6": (10 ** DRAW.uniform(-6, 1, 20), "✗", "Some are below 0.0001"),
    "from 0 to 1": (DRAW.uniform(0, 1, 20), "✗", "None is above 1."),
    "whole exponents": (10.0 ** DRAW.randint(-4, 2, 20), "✗", "of the 20 differ"),
    "one draw": ([10 ** DRAW.uniform(-4, 1)] * 20, "✗", "Only 1 of the 20"),
    "squares": (1e-4 + 9 * np.random.RandomState(0).uniform(size=20) ** 2, "✗", "not in decades"),
    "rounded away": (np.round(10 ** DRAW.uniform(-4, 1, 20), 2), "✗", "keep the digits"),
    "a function": (lambda: 10 ** np.random.RandomState(1).uniform(-4, 1, 20), "✓", ""),
    "too few": ([0.1, 1], "✗", "these are 2"),
    "text": ("decades", "✗", "number"),
    "nothing": (..., "○", "Open"),
    "a function of dots": (lambda: ..., "○", "Open"),
    "one too many": (np.geomspace(1e-4, 10, 21), "✗", "these are 21"),
    "one too few": (np.geomspace(1e-4, 10, 19), "✗", "these are 19"),
    "ten, each twice": (np.repeat(np.geomspace(1e-4, 10, 10), 2), "✓", ""),
    "nine": (np.resize(np.geomspace(1e-4, 10, 9), 20), "✗", "Only 9 of the 20"),
    "5 below 0.1": (among(1, 4, 6, 9), "✓", ""),
    "4 below, 9 above 3": (among(1, 3, 7, 9), "✗", "not in decades"),
    "4 below, 8 above 3": (among(1, 3, 8, 8), "✗", "not in decades"),
    "4 below, 7 above 3": (among(1, 3, 9, 7), "✗", "about 12 of 20"),
    "4 below, 7 above 3, one at 3": (among(1, 3, 8, 7, 3), "✗", "about 12 of 20"),
    "4 below, 7 above 3, one at 2.5": (among(1, 3, 8, 7, 2.5), "✗", "about 12 of 20"),
    "4 below, one at 0.1": (among(1, 3, 6, 9, 0.1), "✗", "not in decades"),
    "5 below, 8 above 3, none in the lowest decade": (among(0, 5, 7, 8), "✗", "None is below 0.001."),
    "18 below 0.1": (among(1, 17, 0, 2), "✓", ""),
    "19 below 0.1": (among(1, 18, 0, 1), "✗", "about 12 of 20"),
    "none above 0.9": (among(1, 12, 7, 0), "✗", "None is above 1."),
    "none above 1": (among(1, 12, 6, 0, 1), "✗", "None is above 1."),
    "one at 1.01": (among(1, 12, 6, 0, 1.01), "✓", ""),
    "none below 0.001, none above 1.5": (among(0, 12, 7, 0, 1.5), "✗", "None is below 0.001."),
    "none below 0.001, one there": (among(0, 10, 4, 5, 0.001), "✗", "None is below 0.001."),
    "one at 0.00099": (among(0, 10, 4, 5, 0.00099), "✓", ""),
    "from e⁻⁴ to e": (np.geomspace(0.0181, 2.719, 20), "✗", "e to a power"),
    "from below e⁻⁴": (np.geomspace(0.018, 2.71, 20), "✗", "None is below 0.001."),
    "to above e": (np.geomspace(0.0181, 2.72, 20), "✗", "None is below 0.001."),
    "one at 0.00005, none above 10": (among(0, 8, 6, 4, 0.00005, 9.5), "✗", "Some are below 0.0001"),
    "one at 0.000099, one at 10": (among(0, 8, 6, 4, 0.000099, 10), "✗", "Some are below 0.0001"),
    "one at 10.1": (among(1, 8, 6, 4, 10.1), "✗", "Some are above 10"),
    "one at 10.5": (among(1, 8, 6, 4, 10.5), "✗", "Some are above 10"),
}


@pytest.mark.parametrize("case", DRAWN)
def test_drawn_rates(case):
    answer, mark, words = DRAWN[case]
    verdict = check.drawn_rates(answer)
    assert verdict.mark == mark and words in verdict.text


def test_drawing_in_decades_is_right_whatever_the_draw():
    """But for a draw without any rate in the lowest or the highest decade: 2 · 0.8²⁰, one in forty-three."""
    said = [check.drawn_rates(10 ** np.random.RandomState(s).uniform(-4, 1, 20)) for s in range(300)]
    assert sum(verdict.mark == "✓" for verdict in said) >= 285
    assert all("then draw again" in verdict.text for verdict in said if verdict.mark == "✗")


@pytest.mark.parametrize("low, high", [(-4, 0), (-3, 1), (-4, -1), (-2, 1), (-1, 4)])
def test_drawing_from_other_decades_is_never_right(low, high):
    draws = [10 ** np.random.RandomState(s).uniform(low, high, 20) for s in range(100)]
    assert {check.drawn_rates(draw).mark for draw in draws} == {"✗"}


def ramp(grow=None, again=False, up=False, before=False):
    """A range test as learners write it, with a mistake in it or none."""

    def mine(problem, low, high, steps):
        w, rates, losses = problem.start, [], []
        for t in range(steps):
            rate = grow(low, high, steps, t) if grow else low * (high / low) ** (t / (steps - 1))
            w = problem.start if again else w
            if before:
                losses.append(problem.loss(w))
            w = w + rate * problem.gradient(w) * (1 if up else -1)
            rates.append(rate)
            if not before:
                losses.append(problem.loss(w))
        return rates, losses

    return mine


def test_a_range_test_by_hand():
    assert check.range_by_hand(ramp()).mark == "✓"
    assert check.range_by_hand(ramp(before=True)).mark == "✓"
    assert check.range_by_hand(ramp(lambda low, high, n, t: np.geomspace(low, high, n)[t])).mark == "✓"
    assert check.range_by_hand(lambda *given: tuple(map(np.array, ramp()(*given)))).mark == "✓"
    assert check.range_by_hand(lambda problem, low, high, steps: (..., ...)).mark == "○"
    assert check.range_by_hand(lambda problem, low, high, steps: None).mark == "✗"
    for mine, words in (
        (ramp(lambda low, high, n, t: low + (high - low) * t / (n - 1)), "same amount"),
        (ramp(lambda low, high, n, t: low), "stays at its lowest"),
        (ramp(lambda low, high, n, t: low * (high / low) ** (t / n)), "there are 5 ratios"),
        (ramp(lambda low, high, n, t: low * (high / low) ** ((t + 1) / n)), "there are 5 ratios"),
        (ramp(lambda low, high, n, t: low + (high - low) * t / (n - 1), before=True), "same amount"),
        (ramp(lambda low, high, n, t: low, before=True), "stays at its lowest"),
        (ramp(again=True), "from the w before"),
        (ramp(again=True, before=True), "from the w before"),
        (ramp(lambda low, high, n, t: low * (high / low) ** (t / n), again=True), "from the w before"),
        (ramp(up=True), "up the slope"),
        (ramp(lambda low, high, n, t: low * (high / low) ** (t / n), up=True), "up the slope"),
        (ramp(lambda low, high, n, t: low * (high / low) ** (t / (n - 1)) * 1.001), "10**(t/5)"),
        (lambda *given: (ramp()(*given)[0], [0.999 * loss for loss in ramp()(*given)[1]]), "The rates are right"),
        (lambda *given: (*ramp()(*given), 0), "Two things are asked for"),
        (lambda *given: (ramp()(*given)[0], [7.5, *ramp()(*given)[1]]), "these are 13 numbers"),
        (lambda *given: (ramp()(*given)[0], ramp()(*given)[1][:-1]), "these are 11 numbers"),
        (ramp(lambda low, high, n, t: low * 2**t), "10**(t/5)"),
        (lambda *given: ramp()(*given)[0], "Two things are asked for"),
        (lambda *given: (ramp()(*given)[0], [1.0] * 6), "The rates are right"),
    ):
        verdict = check.range_by_hand(mine)
        assert verdict.mark == "✗" and words in verdict.text, words
    with pytest.raises(ZeroDivisionError):
        check.range_by_hand(lambda problem, low, high, steps: 1 / 0)


def test_the_range_of_the_hint_is_the_one_that_is_tried():
    """On the four points of lesson 01, whose loss at the start is the mean of y²."""
    seen = []

    def curious(problem, low, high, steps):
        seen.append((low, high, steps, problem.loss(problem.start), problem.start.tolist()))
        return [0] * 6, [0] * 6

    assert "From 0.01 to 0.1 in 6 steps" in check.range_by_hand(curious).text
    x, y = line()
    assert seen == [(0.01, 0.1, 6, pytest.approx((y**2).mean()), [0, 0])] and len(x) == 4


def test_a_range_test_that_moves_the_start_itself():
    def mine(problem, low, high, steps):
        w, rates = problem.start, np.geomspace(low, high, steps)
        for rate in rates:
            w -= rate * problem.gradient(w)
        return rates, rates

    for _ in range(2):
        assert "changes the problem's start itself" in check.range_by_hand(mine).text
    assert check.range_by_hand(ramp()).mark == "✓"


@pytest.mark.parametrize(
    "answer, mark, words",
    [
        *((a, "✓", "stays the same") for a in (2, 2.0, "2", 0.5 * 40 / 10, [2])),
        (0.125, "✗", "Upside down"),
        (1, "✗", "square-root"),
        (0.5, "✗", "quarter"),
        (4, "✗", "the factor"),
        (20, "✗", "Times 40"),
        (8, "✗", "Not yet"),
        ("twice", "✗", "number"),
        (None, "○", "Open"),
    ],
)
def test_batch_rate(answer, mark, words):
    verdict = check.batch_rate(answer)
    assert verdict.mark == mark and words in verdict.text


@pytest.mark.parametrize(
    "answer, mark, words",
    [
        *((a, "✓", "helps one") for a in ("cdba", "C D B A", "c, d, b, a", list("cdba"), tuple("CDBA"))),
        ({"A": "c", "B": "d", "C": "b", "D": "a"}, "✓", ""),
        ({"a": "C", "b": "D", "c": "B", "d": "A"}, "✓", ""),
        *((a, "✓", "") for a in ("A: c, B: d, C: b, D: a", "a)c b)d c)b d)a", np.array(list("cdba")))),
        (set("cdba"), "✗", "no order"),
        ("A: c, B: d, C: b, D: b", "✗", "Log D"),
        ("aaaa", "✗", "helps one of the four"),
        ("adba", "✗", "Log A"),
        ("caba", "✗", "Log B"),
        ("cdda", "✗", "Log C"),
        ("cdbb", "✗", "Log D"),
        ("cdbc", "✗", "Log D"),
        ("cdb", "✗", "Four letters"),
        ("wxyz", "✗", "Choose one of a, b, c, d"),
        (4, "✗", "Four letters"),
        ({"A": "c"}, "✗", "Four letters"),
        ("A: c, B: d, C: b, D:", "✗", "Four letters"),
        ("cdbacdba", "✗", "Four letters"),
        (..., "○", "Open"),
    ],
)
def test_four_logs(answer, mark, words):
    verdict = check.four_logs(answer)
    assert verdict.mark == mark and words in verdict.text


def test_the_four_logs_are_what_they_are_said_to_be():
    houses, four = logistic(*school_district(None)), least_squares(*line())
    a, c = (descend(houses, rate, 50, batch=10) for rate in (50, 0.0003))
    p = houses.probability(a.weights[-1])
    with np.errstate(all="ignore"):
        formula = -np.mean(houses.y * np.log(p) + (1 - houses.y) * np.log(1 - p))
    assert np.isnan(formula) and np.isfinite(a.weights).all() and a.final < 0.1
    assert houses.accuracy(c.weights[-1]) == 0.87 and c.losses[-1] < c.losses[-2]
    assert descend(houses, 0.03, 50, batch=10).final < c.final  # a higher rate helps
    w = descend(four, four.limit, 50).weights[:, 0]
    assert abs(w[50] - w[49]) == pytest.approx(abs(w[2] - w[1]), rel=0.02)
    assert descend(four, four.limit / 2, 50).final < 0.1  # a lower rate helps


@pytest.mark.parametrize(
    "answer, mark, words",
    [
        *((a, "✓", "limit of lesson 01") for a in (16.70, 16.7006, "16.7", np.float64(16.70061))),
        (8.35, "✗", "factor 2"),
        (66.8, "✗", "mean"),
        (33.4, "✗", "mean"),
        (4.09, "✗", "Square"),
        (5.779, "✗", "singular value"),
        (15, "✗", "column of ones"),
        (0.1198, "✗", "limit"),
        (2.89, "✗", "Square"),
        (0.2994, "✗", "smallest"),
        (17, "✗", "15 + 2"),
        ([16.7, 0.3], "✗", "these are 2"),
        (12, "✗", "Not yet"),
        (16.73, "✓", ""),
        (16.75, "✗", "Not yet"),
        (16.67, "✓", ""),
        (16.65, "✗", "Not yet"),
        ("large", "✗", "number"),
        (..., "○", "Open"),
    ],
)
def test_largest_curvature(answer, mark, words):
    verdict = check.largest_curvature(answer)
    assert verdict.mark == mark and words in verdict.text


# The votes


def test_six_rates_are_those_from_end_to_end():
    vote = check.vote_six
    assert "such as …, …, …, between" in vote("?").text
    assert repr(vote("10, 1, 0.1, 0.01, 0.001, 0.0001")) == "✎ 0.0001, 0.001, 0.01, 0.1, 1, 10. Run on, and compare."
    for odd, words in (
        ([1e-5, 1, 1, 1, 1, 1], "Each from 0.0001 to 10: 1e-05 to 1 are yours"),
        ([1, 1, 1, 1, 1, 10.5], "Each from 0.0001 to 10: 1 to 10.5"),
        ([1, 1, 1, 1, 1], "6 rates are asked for, and these are 5"),
    ):
        assert vote(odd).mark == "○" and words in vote(odd).text
    assert [vote.agrees([0.01] * k + [0.1] * (6 - k), 3) for k in range(7)] == [False, False, *[True] * 3, False, False]


def test_how_near_a_count_of_twenty_has_to_be():
    assert [k for k in range(21) if check.vote_tactics.agrees(k, 12)] == [9, 10, 11, 12, 13, 14, 15]
    assert check.vote_tactics("21").mark == check.vote_tactics("-1").mark == "○"
    assert check.vote_tactics("20").mark == check.vote_tactics("0").mark == "✎"


def test_a_ratio_is_said_in_two_digits():
    assert check.vote_batch.said(2.345) == "2.3"


# The drawings.


def test_trials_draw_what_diverged():
    problem = least_squares(*line())
    ax = plots.trials({"log": descend(problem, [0.01, 0.1, 1, 10], 20)}, title="Two leave")
    assert "least 0.0414 at 0.1, 2 of 4 diverged" in ax.alt
    assert len(ax.lines) == 5  # four trials and one for the legend


def test_a_trial_that_two_have_in_common_shows_both_marks():
    """The circle of the first lies on the square of the second, whose corners stick out."""
    problem = least_squares(*line())
    ax = plots.trials({name: descend(problem, [0.01, 0.1], 20) for name in ("one", "two")}, title="Both")
    over = {trial.get_marker(): trial.get_zorder() for trial in ax.lines if len(trial.get_xdata())}
    assert over["o"] > over["s"]


def test_floors_mark_the_print():
    ax = plots.floors(np.linspace(0.5, 1.5, 101), 0.0008, title="Far")
    assert "mean 1, smallest 0.5. Printed: 0.0008" in ax.alt
