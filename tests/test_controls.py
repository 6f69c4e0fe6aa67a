"""Controls: their stops, what is typed into them, and a sentence for what cannot be."""

import numpy as np
import pytest

from lrcore import descend, least_squares, line, rules
from lrlab import explore, plots

PROBLEM = least_squares(*line())
LOW, HIGH = np.linalg.eigvalsh([[15, 5], [5, 2]])


def made(**settings):
    views = (plots.weight_now, plots.loss_now)
    return explore.rate_explorer(PROBLEM, 50, **{"rate": (0.001, 0.2), "at": 0.1, "draw": views, **settings})


def test_a_slider_that_is_told_nothing():
    """From 0.001 to 10, at 0.1, for each of the three."""
    one = explore.rate_explorer(PROBLEM, 5)
    two = explore.explorer(lambda rates: descend(PROBLEM, rates, 5), plots.loss_now)
    three = explore.race(PROBLEM, 5, {"sgd": rules.sgd}, draw=plots.race_now)
    for each in (one, two, three):
        assert (each.rate.stops[0], each.values["rate"], each.rate.stops[-1]) == (0.001, 0.1, 10)
        assert all(float(f"{stop:.4g}") == stop for stop in each.rate.stops), "four digits say them"
        each.close()
    for low, high, at in ((0.5, 2, 0.5), (0.001, 0.02, 0.02), (0.11, 0.13, 0.11), (0.11, 0.111, 0.11)):
        each = explore.rate_explorer(PROBLEM, 5, rate=(low, high))
        assert (each.rate.stops[0], each.values["rate"], each.rate.stops[-1]) == (low, at, high)
        assert len(each.rate.stops) >= 200, "also in a narrow range"


def test_two_hundred_rates_dense_at_the_limit_and_the_named_ones_exact():
    explorer = made(rate=(0.01, 0.2), at=0.03, exact=[0.119, 0.121], dense=PROBLEM.limit, marks=True)
    stops = np.array(explorer.rate.stops)
    assert len(stops) >= 200 and (np.diff(stops) > 0).all() and stops[0] == 0.01 and stops[-1] == 0.2
    assert {0.03, 0.119, 0.121, PROBLEM.limit} <= set(stops.tolist())
    near = np.abs(stops / PROBLEM.limit - 1) < 0.01
    assert near.sum() > 10 and np.diff(np.log(stops)).max() < 0.02
    assert list(explorer.rate.marks.values()) == pytest.approx([1 / HIGH, 2 / (LOW + HIGH), 2 / HIGH])


def test_a_marks_number_typed_is_the_mark():
    explorer = made(marks=True)
    for mark in explorer.rate.marks.values():
        typed = explorer.rate.said(mark)
        assert explorer.move(rate=typed).values["rate"] == mark
    assert explorer.move(rate="0,05").values["rate"] == 0.05
    assert explorer.move(rate="1/50").values["rate"] == pytest.approx(0.02)


@pytest.mark.parametrize("typed", ["fast", "", "nan", "inf", "-0.1", "7", "0"])
def test_what_cannot_be_is_one_sentence_and_changes_nothing(typed):
    explorer = made()
    with pytest.raises(ValueError, match=r"learning rate η: a number from 0.001 to 0.2, not "):
        explorer.move(rate=typed)
    assert explorer.values == {"rate": 0.1}


def test_a_numbers_stops():
    """Live evenly from end to end, in a deck 25 of them; always with the ends and the first setting, to the digit."""
    beta = made(rule=rules.momentum, beta=(0.100001, 0.9), at={"rate": 0.1, "beta": 0.123456}).kinds["beta"]
    assert len(beta.stops) == 202 and (beta.stops[0], beta.stops[-1]) == (0.100001, 0.9)
    assert beta.at == 0.123456 and np.ptp(np.diff([stop for stop in beta.stops if stop != beta.at])) < 3e-6
    some = beta.thin()
    assert (
        set(some) < set(beta.stops) and (some[0], some[-1]) == (0.100001, 0.9) and len(some) == 25 and beta.at in some
    )
    third = made(rule=rules.momentum, beta=(0, 0.9, 1 / 3)).kinds["beta"]  # a stop of its own, which no even step meets
    assert 1 / 3 in third.stops and 1 / 3 in third.thin() and third.at == 0 and third.read("0.333333") == 1 / 3


@pytest.mark.parametrize("rate", [0.1, (0, 1), (-1, 1), (0.1, 0.1), (float("nan"), 1)])
def test_a_range_that_is_none_is_one_sentence(rate):
    with pytest.raises(ValueError, match="a lower and a higher rate above 0"):
        explore.rate_explorer(PROBLEM, 5, rate)
