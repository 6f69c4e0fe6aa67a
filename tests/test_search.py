"""The searches, on problems whose best rate is known."""

from types import SimpleNamespace

import numpy as np
import pytest

from lrcore import (
    bowl,
    descend,
    least_squares,
    line,
    logistic,
    rules,
    saddle,
    schedules,
    school_district,
    search,
)

LINE = least_squares(*line())
NOISY = least_squares(*line(100, noise=1.0))


def test_coarse_to_fine_closes_in_on_the_best_rate():
    """On a bowl of curvature 4 the rate 1/4 ends the run in one step; after one epoch nothing else is as good."""
    found = search.coarse_to_fine(bowl([4]), 1e-3, 10, 1, rounds=4, rates=9)
    assert found.best.rate == pytest.approx(0.25, rel=0.01) and found.best.final < 1e-4
    assert [run.rate.shape for run in found.rounds] == [(9,)] * 4
    for run, finer in zip(found.rounds, found.rounds[1:], strict=False):
        np.testing.assert_allclose(np.diff(np.log(run.rate)), np.log(run.rate[1] / run.rate[0]))  # even in decades
        best = np.argmin(run.final)
        np.testing.assert_allclose(finer.rate[[0, 4, 8]], run.rate[[best - 1, best, best + 1]])
        assert finer.best.final <= run.best.final * (1 + 1e-9)
    np.testing.assert_allclose(found.rounds[0].rate[[0, 8]], [1e-3, 10])
    assert found.rates.shape == found.losses.shape == (36,)
    assert found.losses.min() == found.best.final
    np.testing.assert_allclose(descend(bowl([4]), found.rates, 1).final, found.losses, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize(("low", "high", "edge"), [(1e-4, 1e-3, 1e-3), (1, 100, 1)])
def test_coarse_to_fine_stays_in_its_range(low, high, edge):
    """The best rate lies outside: the edge is the best of what was asked."""
    found = search.coarse_to_fine(bowl([4]), low, high, 3)
    assert found.best.rate == pytest.approx(edge) and len(found.rounds) == 3
    first, finer = found.rounds[0].rate, found.rounds[1].rate
    ends = first[:2] if edge == low else first[-2:]
    np.testing.assert_allclose(finer[[0, -1]], ends)
    assert found.rates.min() >= low * (1 - 1e-12) and found.rates.max() <= high * (1 + 1e-12)


def test_where_everything_diverges_the_search_goes_down():
    found = search.coarse_to_fine(LINE, 1, 100, 400)
    assert repr(found) == "Search of 27 rates, 3 calls: all diverged"
    assert found.rates[-9:].max() < 2


def test_random_search_draws_evenly_in_decades():
    found = search.random_search(bowl([1]), 1e-4, 10, 1, trials=5000, seed=1)
    exponents = np.log10(found.rates)
    assert exponents.min() >= -4 and exponents.max() <= 1
    np.testing.assert_allclose(np.histogram(exponents, bins=5, range=(-4, 1))[0], 1000, rtol=0.15)
    assert found.best.rate == pytest.approx(1, rel=0.01) and len(found.rounds) == 1
    assert search.random_search(bowl([1]), 1e-4, 10, 1).rates.shape == (20,)
    usual = search.random_search(bowl([1]), 1e-4, 10, 1)
    assert (usual.rates == search.random_search(bowl([1]), 1e-4, 10, 1, seed=0).rates).all()
    again, other = (search.random_search(bowl([1]), 1e-4, 10, 1, trials=5000, seed=s) for s in (1, 2))
    assert (again.rates == found.rates).all() and (other.rates != found.rates).all()


def test_searches_hand_on_what_descend_takes():
    few = logistic(*school_district()[0]).take(slice(0, 60))
    options = {
        "rule": rules.momentum,
        "beta": 0.5,
        "batch": 10,
        "schedule": schedules.cosine(30),
        "checkpoints": 2,
    }
    for found in (
        search.coarse_to_fine(few, 0.1, 1, 5, seed=4, rounds=1, **options),
        search.random_search(few, 0.1, 1, 5, seed=4, **options),
    ):
        run = found.rounds[0]
        np.testing.assert_array_equal(run.weights, descend(few, run.rate, 5, seed=4, **options).weights)
    assert len(search.range_test(few, 0.01, 1, steps=13, rule=rules.momentum, beta=0.5, batch=10).losses) == 13


def test_a_last_batch_that_is_short_is_a_step_too():
    few = logistic(*school_district()[0]).take(slice(0, 60))
    tested = search.range_test(few, 0.01, 1, steps=13, batch=25, seed=3)  # 25, 25 and 10 rows
    np.testing.assert_allclose(tested.rates, np.geomspace(0.01, 1, 13))
    w, losses = np.zeros(3), []
    for order in [rng.permutation(60) for rng in [np.random.RandomState(3)] for _ in range(5)]:
        for rows in (order[:25], order[25:50], order[50:]):
            losses.append(few.loss(w))
            w = w - 0.01 * 100 ** min((len(losses) - 1) / 12, 1) * few.gradient(w, rows)
    np.testing.assert_allclose(tested.losses, losses[:13])


def test_a_search_says_what_it_found():
    found = search.coarse_to_fine(bowl([4]), 0.1, 0.2, 1, rounds=2, rates=3)
    assert repr(found) == "Search of 6 rates, 2 calls: least loss 0.08 at 0.2"  # ½ · 4 · (1 − 0.8)²


# --- The range test


def test_the_rate_rises_by_the_same_factor_at_every_step():
    tested = search.range_test(LINE, 1e-4, 1, steps=101)  # beyond the limit rounding grows, too
    np.testing.assert_allclose(tested.rates, np.geomspace(1e-4, 1, 101), rtol=1e-12)
    assert tested.losses.shape == tested.smoothed.shape == tested.rates.shape
    w = np.zeros(2)
    for rate, loss in zip(tested.rates, tested.losses, strict=True):  # the loss before each step, step by step
        assert loss == pytest.approx(LINE.loss(w), rel=1e-3)
        w = w - rate * LINE.gradient(w)


def test_the_smoothed_loss_is_a_geometric_mean_over_a_twentieth_of_the_steps():
    tested = search.range_test(NOISY, 1e-4, 1, steps=120, batch=10)
    for i in (0, 2, 60, 119):
        near = tested.losses[max(i - 3, 0) : i + 4]
        assert tested.smoothed[i] == pytest.approx(np.prod(near) ** (1 / len(near)))


def test_the_suggestion_is_where_the_loss_falls_by_the_largest_share():
    """A bowl of curvature 1: the loss falls by (1 − η)² a step, fastest where that is least; 1 % finer each step."""
    tested = search.range_test(bowl([1]), 1e-3, 0.9, steps=39)
    assert tested.suggestion == pytest.approx(0.9, rel=0.2) and tested.explosion == np.inf
    tested = search.range_test(bowl([1]), 1e-3, 1e3, steps=400)
    assert 0.3 < tested.suggestion < 1.1


def test_the_explosion_is_seen_soon_above_the_limit_and_never_below():
    """It takes a few steps to rise, so it is seen a little late; batches of noise do not hide it."""
    for problem, batch in [(bowl([10]), None), (NOISY, 10), (NOISY, None)]:
        tested = [search.range_test(problem, 1e-4, 100 * problem.limit, batch=batch, seed=s) for s in range(5)]
        for one in tested:
            assert 0.5 * problem.limit < one.explosion < 8 * problem.limit
            assert one.suggestion < problem.limit
    assert search.range_test(NOISY, 1e-5, 0.5 * NOISY.limit, batch=10).explosion == np.inf


def curve(*smoothed):
    """What is read off a range test with this smoothed loss, at rates 1, 2, 3, …"""
    rates = np.arange(1.0, len(smoothed) + 1)
    return SimpleNamespace(
        **dict(zip(("suggestion", "least", "explosion"), search.read_off(rates, np.array(smoothed)), strict=True))
    )


def test_explosion_and_suggestion_by_hand():
    assert curve(1, 1, 0.5, 0.4, 1.6, 3, 9).explosion == 6  # 1.6 is four times 0.4, 3 is more
    assert curve(1, 0.1, 5, 0.1, 5, 6).explosion == 5  # from there on for good
    assert curve(1, 0.9, 0.1, 1).explosion == np.inf  # it ends where it began
    assert curve(1, 0.1, 5, 0.5).explosion == np.inf  # it ends below
    assert curve(1, 0.4, 1.9, 3).explosion == 3 and curve(1, 0.1, 0.1, 5).explosion == 4
    assert curve(1, 0.9, 1.1).explosion == np.inf  # higher, but not by four times
    assert curve(1, 0.5, np.nan, np.nan).explosion == 3
    assert curve(1, 0.9, 0.5, 0.1, 5, 50).suggestion == 4  # what comes after is no part of it
    assert curve(1, 0.9, 0.2, 0.1, 0.1).suggestion == 3  # the steepest fall is around 0.2
    assert curve(1, np.inf, np.inf).suggestion == 1


def test_a_step_that_ends_at_zero_is_no_mistake():
    assert search.range_test(bowl([1]), 1, 2, steps=9).losses[1] == 0


def test_two_seeds_are_enough_for_a_choice_and_a_judge():
    rate, judged = search.own_best([0.1, 0.2], [[[3.0], [2.0]], [[5.0], [7.0]]])
    assert rate == [0.2] and judged.tolist() == [[7]]


def test_a_range_test_that_overflows_is_quiet():
    tested = search.range_test(LINE, 1e-3, 1e30, steps=300)
    assert np.isfinite([tested.suggestion, tested.explosion]).all()
    assert not np.isfinite(tested.losses[-1])
    tested = search.range_test(LINE, 1e20, 1e30, steps=300)
    assert tested.explosion <= tested.rates[12] and tested.suggestion == tested.rates[0]


def test_the_houses_do_not_explode_and_the_pick_stands_left_of_the_best():
    houses = logistic(*school_district()[0])
    picks = [search.range_test(houses, batch=10, seed=s).suggestion for s in range(9)]
    assert 5 < np.median(picks) < 100
    assert search.range_test(houses, batch=10).rates[[0, -1]] == pytest.approx([1e-6, 100])
    assert len(search.range_test(houses).rates) == 200


def test_a_loss_that_goes_below_zero_counts_as_nearly_nothing():
    tested = search.range_test(saddle(), 1e-3, 10, start=[1, 0.1])
    assert tested.losses.min() < 0
    assert tested.smoothed.min() == pytest.approx(1e-12 * tested.losses[0], rel=1e-6, abs=0)


def test_a_range_test_says_what_it_found():
    said = repr(search.range_test(bowl([1, 10]), 1e-3, 0.1))
    assert said.startswith("Range test: suggests 0.0") and said.endswith("explodes at inf")
