"""The searches, on problems whose best rate is known."""

import numpy as np
import pytest

from lrcore import (
    banana,
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
    assert found.rate == pytest.approx(0.25, rel=0.01) and found.loss < 1e-4
    assert [run.rate.shape for run in found.rounds] == [(9,)] * 4
    for run, finer in zip(found.rounds, found.rounds[1:], strict=False):
        np.testing.assert_allclose(np.diff(np.log(run.rate)), np.log(run.rate[1] / run.rate[0]))  # even in decades
        best = np.argmin(run.final)
        np.testing.assert_allclose(finer.rate[[0, 4, 8]], run.rate[[best - 1, best, best + 1]])
        assert finer.best.final <= run.best.final * (1 + 1e-9)
    np.testing.assert_allclose(found.rounds[0].rate[[0, 8]], [1e-3, 10])
    assert found.rates.shape == found.losses.shape == (36,)
    assert found.loss == found.losses.min() == found.best.final and found.rate == found.best.rate
    np.testing.assert_allclose(descend(bowl([4]), found.rates, 1).final, found.losses, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize(("low", "high", "edge"), [(1e-4, 1e-3, 1e-3), (1, 100, 1)])
def test_coarse_to_fine_stays_in_its_range(low, high, edge):
    """The best rate lies outside: the edge is the best of what was asked."""
    found = search.coarse_to_fine(bowl([4]), low, high, 3)
    assert found.rate == pytest.approx(edge) and len(found.rounds) == 3
    first, finer = found.rounds[0].rate, found.rounds[1].rate
    ends = first[:2] if edge == low else first[-2:]
    np.testing.assert_allclose(finer[[0, -1]], ends)
    assert found.rates.min() >= low * (1 - 1e-12) and found.rates.max() <= high * (1 + 1e-12)


def test_where_everything_diverges_the_search_goes_down():
    found = search.coarse_to_fine(LINE, 1, 100, 400)
    assert repr(found) == "Search of 27 rates in 3 rounds: all diverged"
    assert found.rates[-9:].max() < 2


def test_random_search_draws_evenly_in_decades():
    found = search.random_search(bowl([1]), 1e-4, 10, 1, trials=5000, seed=1)
    exponents = np.log10(found.rates)
    assert exponents.min() >= -4 and exponents.max() <= 1
    np.testing.assert_allclose(np.histogram(exponents, bins=5, range=(-4, 1))[0], 1000, rtol=0.15)
    assert found.rate == pytest.approx(1, rel=0.01) and len(found.rounds) == 1
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
    tested = search.range_test(few, 0.01, 1, steps=13, rule=rules.momentum, beta=0.5, batch=10)
    assert tested.run.epochs[-1] == 3


def test_a_search_says_what_it_found():
    assert repr(search.random_search(bowl([4]), 0.1, 0.2, 1, trials=2)).startswith("Search of 2 rates: least loss 0.")
    assert repr(search.coarse_to_fine(bowl([1]), 0.5, 0.6, 1, rounds=2, rates=3)).startswith("Search of 6 rates in 2")
    assert repr(search.coarse_to_fine(LINE, 0.1, 0.11, 2000)) == (
        "Search of 27 rates in 3 rounds: least loss under 1e-12"
    )


# --- The range test


def test_the_rate_rises_by_the_same_factor_at_every_step():
    tested = search.range_test(LINE, 1e-4, 1, steps=101)  # beyond the limit rounding grows, too
    np.testing.assert_allclose(tested.rates, np.geomspace(1e-4, 1, 101), rtol=1e-12)
    assert tested.losses.shape == tested.smoothed.shape == tested.rates.shape
    assert tested.run.rates[101] == pytest.approx(1)  # and stays where it ended
    w = np.zeros(2)
    for rate, loss in zip(tested.rates, tested.losses, strict=True):  # the loss before each step, step by step
        assert loss == pytest.approx(LINE.loss(w), rel=1e-3)
        w = w - rate * LINE.gradient(w)


def test_the_losses_are_those_of_each_step_s_own_batch():
    tested = search.range_test(NOISY, 1e-4, 1, steps=37, batch=15, seed=5)
    assert len(tested.losses) == 37
    usual = search.range_test(NOISY, 1e-4, 1, steps=37, batch=15)
    np.testing.assert_array_equal(usual.losses, search.range_test(NOISY, 1e-4, 1, steps=37, batch=15, seed=0).losses)
    draw, w, k = np.random.RandomState(5), np.zeros(2), 0
    for _ in range(6):  # seven steps an epoch, the last of ten rows
        order = draw.permutation(100)
        for i in range(0, 100, 15):
            if k < 37:
                part = NOISY.take(order[i : i + 15])
                assert tested.losses[k] == pytest.approx(part.loss(w), rel=1e-8)
                w = w - tested.rates[k] * part.gradient(w)
                k += 1
    assert k == 37


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
    """A range test with this smoothed loss, at rates 1, 2, 3, …"""
    return search.RangeTest(np.arange(1.0, len(smoothed) + 1), np.array(smoothed), np.array(smoothed), None)


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


def test_a_search_equals_itself_alone():
    found = search.random_search(LINE, 0.01, 0.1, 3)
    assert found != search.Search(found.rounds) and hash(found)
    assert curve(1, 2) != curve(1, 2) and hash(curve(1, 2))
    for one, name in ((found, "rounds"), (curve(1, 2), "rates")):
        with pytest.raises(AttributeError):
            setattr(one, name, ())


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
    assert said.startswith("Range test, 200 steps from 0.001 to 0.1: suggests ") and said.endswith(", does not explode")
    assert ", explodes at " in repr(search.range_test(banana()))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: search.coarse_to_fine(LINE, 0, 1, 5), "^coarse_to_fine: low takes a rate, finite and above 0, got 0$"),
        (lambda: search.coarse_to_fine(LINE, 1, 1, 5), "^coarse_to_fine: high takes a rate above low, which is 1, got"),
        (lambda: search.coarse_to_fine(LINE, "a", 1, 5), "^coarse_to_fine: low takes"),
        (lambda: search.coarse_to_fine(LINE, [1, 2], 3, 5), "^coarse_to_fine: low takes"),
        (lambda: search.coarse_to_fine(LINE, 0.1, np.inf, 5), "^coarse_to_fine: high takes"),
        (lambda: search.coarse_to_fine(LINE, 0.1, 1, 5, rounds=0), "rounds takes .* from 1 to 100, got 0$"),
        (lambda: search.coarse_to_fine(LINE, 0.1, 1, 5, rates=2), "rates takes .* from 3 to 1000000, got 2$"),
        (lambda: search.coarse_to_fine(LINE, 0.1, 1, 0), "^descend: epochs takes"),
        (lambda: search.coarse_to_fine("line", 0.1, 1, 5), "^descend: problem takes"),
        (lambda: search.random_search(LINE, -1, 1, 5), "^random_search: low takes"),
        (lambda: search.random_search(LINE, 0.1, 1, 5, trials=0), "trials takes .* from 1 to 1000000, got 0$"),
        (lambda: search.random_search(LINE, 0.1, 1, 5, seed="s"), "^random_search: seed takes a whole number"),
        (lambda: search.range_test("line"), "^range_test: problem takes a problem"),
        (lambda: search.range_test(LINE, 1, 0.1), "^range_test: high takes a rate above low"),
        (lambda: search.range_test(LINE, steps=2), "^range_test: steps takes .* from 3 to 1000000, got 2$"),
        (lambda: search.range_test(LINE, batch=5), "^range_test: batch takes a whole number from 1 to 4, got 5$"),
        (lambda: search.range_test(bowl(1), batch=5), "^range_test: batch takes None for bowl"),
        (lambda: search.range_test(LINE, seed=-1), "^descend: seed takes"),
        (lambda: search.range_test(LINE, start=np.zeros((3, 2))), "^range_test: settings take one value each, got 3"),
        (lambda: search.range_test(LINE, start=[3, 0]), "^range_test: problem takes one whose loss starts above 0"),
        (lambda: search.range_test(saddle(), start=[1, 1]), r"starts above 0, got 0\.0$"),
        (lambda: search.own_best([1], [[[1]]]), "^own_best: losses takes"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


@pytest.mark.parametrize("taken", ["schedule", "checkpoints"])
def test_the_range_test_raises_the_rate_itself(taken):
    with pytest.raises(TypeError, match=f"^range_test: {taken} is not for the caller to set"):
        search.range_test(LINE, **{taken: 1})
