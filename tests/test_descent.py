"""The training loop: the books' printed runs, runs by hand, and many runs at once against each one alone."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcore import (
    banana,
    bowl,
    descend,
    digits,
    forward_difference,
    least_squares,
    line,
    logistic,
    noisy,
    rules,
    saddle,
    schedules,
    school_district,
    softmax,
)
from lrcore.rules import RULES

LINE = least_squares(*line())
HOUSES = logistic(*school_district()[0])
SOME = digits()
FEW = softmax(SOME.X[:40], SOME.y[:40])

# The vision book's printout (section 1.6): w before and after each of ten epochs, and the loss before it.
PRINTED = {
    0.01: (
        [0, 0.45, 0.82, 1.14, 1.40, 1.62, 1.80, 1.95, 2.07, 2.18, 2.27],
        [67.5, 46.88, 32.57, 22.64, 15.75, 10.97, 7.65, 5.35, 3.75, 2.64],
    ),
    0.1: (
        [0, 4.5, 1.5, 3.53, 2.18, 3.10, 2.50, 2.91, 2.65, 2.84, 2.72],
        [67.5, 30.37, 13.79, 6.25, 2.85, 1.33, 0.65, 0.34, 0.20, 0.13],
    ),
    1: ([0, 45, -654.22, *[12755.16] * 8], None),
}


@pytest.mark.parametrize("rate", PRINTED)
def test_the_vision_books_printout_to_two_decimals(rate):
    run = descend(forward_difference(LINE), rate, 10, dtype=np.float32)
    w, losses = PRINTED[rate]
    np.testing.assert_allclose(run.weights[:, 0], w, rtol=0, atol=0.0051)
    if losses:
        np.testing.assert_allclose(run.losses[:10], losses, rtol=0, atol=0.0051)


def test_where_the_book_is_stuck():
    run = descend(forward_difference(LINE), 1, 1000, dtype=np.float32)
    assert run.weights.dtype == np.float32
    assert (run.weights[3:, 0] == 12755.16015625).all() and (run.weights[3:, 1] == 3765.9716796875).all()
    gradients = [forward_difference(LINE).gradient(w) for w in run.weights[:4]]
    assert [round(float(g[0]), 2) for g in gradients] == [-45.0, 699.22, -13409.38, 0.0]


def test_with_the_exact_gradient_the_run_really_leaves():
    run = descend(LINE, 1, 300)
    np.testing.assert_array_equal(run.weights[1:5, 0], [45, -660, 10410, -163395])
    assert np.argmax(~np.isfinite(run.losses)) in (127, 128, 129)
    assert np.argmax(~np.isfinite(run.weights[:, 0])) in (256, 257, 258)
    assert run.diverged


def test_the_figures_of_lesson_01():
    run = descend(LINE, [0.01, 0.1, 0.107, 0.1176], 1000)
    np.testing.assert_allclose(run.weights[1, -1], [3, 0], atol=1e-9)
    near = np.abs(run.weights[..., 0] - 3) <= 0.1
    assert [int(1001 - np.argmin(row[::-1])) for row in near] == [379, 38, 35, 93]
    settled = descend(forward_difference(LINE), 0.1, 1000).weights[-1]
    np.testing.assert_allclose(settled, [2.9998, 0.00045], atol=5e-6)
    first = descend(LINE, [0.01, 0.1, 1, -0.1], 1)
    np.testing.assert_allclose(first.weights[:, 1], np.outer([0.01, 0.1, 1, -0.1], [45, 15]))
    assert first.losses[3, 1] > first.losses[3, 0]


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.13])
def test_a_run_on_least_squares_is_its_eigenvectors_one_by_one(rate):
    """w − w* = Σ (1 − ηλ)^t (its share along each eigenvector)."""
    values, vectors = np.linalg.eigh([[15, 5], [5, 2]])
    start = vectors.T @ [-3, 0]
    path = [[3, 0] + vectors @ ((1 - rate * values) ** t * start) for t in range(41)]
    np.testing.assert_allclose(descend(LINE, rate, 40).weights, path, rtol=1e-9, atol=1e-9)


def test_200_rates_for_1000_epochs_take_well_under_a_quarter_of_a_second():
    rates = np.geomspace(1e-4, 100, 200)
    took = []
    for _ in range(4):
        begun = time.perf_counter()
        run = descend(LINE, rates, 1000)
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.25
    np.testing.assert_array_equal(run.diverged, rates > LINE.limit)


# --- One call, many runs


def close(together, alone, index, full_batch=False):
    """Run `index` of a batch is the run alone."""
    mine, tolerance = together[index], 1e-9 if full_batch else 1e-12
    assert mine.rate == alone.rate
    for name in ("weights", "losses", "rates"):
        ours, theirs = getattr(mine, name), getattr(alone, name)
        np.testing.assert_array_equal(np.isfinite(ours), np.isfinite(theirs))
        ok = np.isfinite(theirs)
        np.testing.assert_allclose(ours[ok], theirs[ok], rtol=tolerance, atol=tolerance)
    np.testing.assert_array_equal(mine.epochs, alone.epochs)
    assert mine.diverged == alone.diverged


PROBLEMS = {
    "line": (LINE, 2, [0.001, 0.05, 0.13, 40.0]),
    "houses": (HOUSES.take(slice(0, 100)), 10, [0.01, 1.0, 50.0, 1e6]),
    "digits": (FEW, 7, [0.1, 1.0, 100.0, 1e200]),
    "forward difference": (forward_difference(LINE), 3, [0.001, 0.05, 0.13, 40.0]),
    "bowl": (bowl([1, 3]), None, [0.1, 0.5, 0.7, 9.0]),
    "saddle": (saddle(), None, [0.1, 0.5, 1.5, 2.5]),
    "banana": (banana(), None, [0.0001, 0.001, 0.003, 1.0]),
    "noisy": (noisy(bowl([1, 3]), 0.1), 10, [0.1, 0.5, 0.7, 9.0]),
}


@pytest.mark.parametrize(("rule", "name"), list(itertools.product(RULES, PROBLEMS)))
def test_a_run_among_others_is_the_run_alone(rule, name):
    problem, batch, rates = PROBLEMS[name]
    options = {"rule": RULES[rule], "batch": batch, "seed": 3, "checkpoints": 2 if batch else 1}
    together = descend(problem, rates, 12, **options)
    for i, rate in enumerate(rates):
        close(together, descend(problem, rate, 12, **options), i)
        close(together, descend(problem, [rate, rate / 2], 12, **options)[0], i)


@pytest.mark.parametrize(
    "schedule",
    [
        schedules.step(30),
        schedules.one_cycle(100),
        schedules.then(schedules.warmup(20), 20, schedules.inverse(9)),
        schedules.plateau(patience=0, shrink=0.3),
        lambda t: 1 if t % 2 else 0.5,
    ],
)
@pytest.mark.parametrize("dtype", [float, np.float32])
def test_schedules_leave_runs_alone_too(schedule, dtype):
    problem, batch, rates = PROBLEMS["houses"]
    options = {"schedule": schedule, "batch": batch, "dtype": dtype, "checkpoints": 3}
    together = descend(problem, rates, 12, **options)
    assert together.weights.dtype == dtype
    for i, rate in enumerate(rates):
        close(together, descend(problem, rate, 12, **options), i)


@pytest.mark.parametrize("inputs", [1, 6, 7, 9, 16, 31])
@pytest.mark.parametrize("rows", [1, 17])
def test_to_the_last_bit_where_a_step_sees_one_row(inputs, rows):
    """Batches of one row, and a last batch of one: no product of a matrix may round by how many runs there are."""
    X, rates = np.random.RandomState(0).normal(size=(rows, inputs)), np.array([0.005, 0.01, 0.02, 0.03, 0.05])
    for problem in (least_squares(X, X.sum(axis=1)), logistic(X, X.sum(axis=1) > 0)):
        for batch in {1, min(4, rows)}:
            together = descend(problem, rates, 15, batch=batch)
            for i, rate in enumerate(rates):
                alone = descend(problem, rate, 15, batch=batch)
                np.testing.assert_array_equal(together.weights[i], alone.weights)
                np.testing.assert_array_equal(together.losses[i], alone.losses)


def test_a_full_batch_too():
    for rule in RULES.values():
        together = descend(HOUSES, [0.1, 1, 60], 20, rule)
        for i, rate in enumerate([0.1, 1, 60]):
            close(together, descend(HOUSES, rate, 20, rule), i, full_batch=True)


def test_settings_make_a_grid():
    """Rates (6, 1) against betas (4,) are the 6 × 4 grid."""
    rates, betas = np.geomspace(0.001, 0.2, 6), [0.0, 0.5, 0.9, 0.99]
    grid = descend(LINE, rates[:, None], 30, rules.momentum, beta=betas)
    assert grid.rate.shape == (6, 4) and grid.weights.shape == (6, 4, 31, 2) and grid.losses.shape == (6, 4, 31)
    for i, j in itertools.product(range(6), range(4)):
        close(grid, descend(LINE, rates[i], 30, rules.momentum, beta=betas[j]), (i, j))
    np.testing.assert_array_equal(grid.rate[:, 2], rates)


def test_starts_and_schedules_broadcast_with_rates():
    starts = np.random.RandomState(1).normal(size=(3, 2))
    run = descend(LINE, [[0.01], [0.1]], 20, start=starts)
    assert run.losses.shape == (2, 3, 21)
    close(run, descend(LINE, 0.1, 20, start=starts[2]), (1, 2))
    run = descend(LINE, [[0.01], [0.1]], 20, schedule=schedules.cosine(np.array([5, 10, 20])))
    assert run.losses.shape == (2, 3, 21)
    close(run, descend(LINE, 0.1, 20, schedule=schedules.cosine(10)), (1, 1))
    close(descend(LINE, 0.1, 5, rules.adam, beta1=[0.5, 0.9]), descend(LINE, 0.1, 5, rules.adam), 1)


def test_one_rate_is_the_0_d_case():
    run = descend(LINE, 0.1, 5)
    assert run.rate.shape == run.final.shape == () and run.weights.shape == (6, 2) and run.losses.shape == (6,)
    assert descend(LINE, [0.1], 5).losses.shape == (1, 6)
    assert descend(LINE, [[0.1]], 5).losses.shape == (1, 1, 6)


# --- Epochs, batches, shuffles, checkpoints


def by_hand(problem, rate, epochs, batch, seed, start):
    """The textbook loop, one run, straight from the definition."""
    X, y, draw, w, kept = problem.X, problem.y, np.random.RandomState(seed), np.array(start), [start]
    for _ in range(epochs):
        order = draw.permutation(len(y))
        for i in range(0, len(y), batch):
            rows = order[i : i + batch]
            p = 1 / (1 + np.exp(-X[rows] @ w))
            w = w - rate * X[rows].T @ (p - y[rows]) / len(rows)
        kept.append(w)
    return np.array(kept)


@pytest.mark.parametrize(("batch", "seed"), [(1, 0), (7, 1), (10, 2), (99, 3), (100, 4)])
def test_batches_are_the_textbook_loop(batch, seed):
    """100 houses in batches of 7: fourteen of 7 and a short one of 2."""
    houses, start = HOUSES.take(slice(0, 100)), [0.5, -0.5, 0.1]
    run = descend(houses, [0.3, 2], 4, batch=batch, seed=seed, start=start)
    for i, rate in enumerate([0.3, 2]):
        np.testing.assert_allclose(run.weights[i], by_hand(houses, rate, 4, batch, seed, start), rtol=1e-10)
    np.testing.assert_allclose(run.losses, houses.loss(run.weights))


def test_seeds_are_reproducible_and_the_full_batch_knows_none():
    runs = [descend(HOUSES, 0.5, 2, batch=50, seed=seed).weights for seed in (0, 0, 1)]
    assert (runs[0] == descend(HOUSES, 0.5, 2, batch=50).weights).all()
    assert (runs[0] == runs[1]).all() and not (runs[0] == runs[2]).all()
    whole = [descend(HOUSES, 0.5, 2, seed=seed).weights for seed in (0, 1)]
    assert (whole[0] == whole[1]).all()


def test_checkpoints_show_what_happens_inside_an_epoch():
    houses = HOUSES.take(slice(0, 100))
    every = descend(houses, [0.3, 2], 3, batch=10, checkpoints=10)
    some = descend(houses, [0.3, 2], 3, batch=10, checkpoints=4)
    once = descend(houses, [0.3, 2], 3, batch=10)
    np.testing.assert_allclose(every.epochs, np.arange(31) / 10)
    np.testing.assert_allclose(some.epochs, [e + k for e in range(3) for k in (0, 0.2, 0.5, 0.8)] + [3])
    np.testing.assert_array_equal(once.epochs, [0, 1, 2, 3])
    np.testing.assert_array_equal(every.weights[:, ::10], once.weights)
    np.testing.assert_array_equal(every.weights[:, [2, 5, 8, 10]], some.weights[:, 1:5])
    assert len(some.epochs) == 13 and some.losses.shape == some.rates.shape == (2, 13)


def test_rates_are_those_of_the_step_after_each_checkpoint():
    houses = HOUSES.take(slice(0, 100))
    halving = schedules.step(1)
    run = descend(houses, [8.0, 4.0], 3, batch=50, schedule=halving)
    np.testing.assert_array_equal(run.rates, [[8, 2, 0.5, 0.125], [4, 1, 0.25, 0.0625]])
    run = descend(houses, 8.0, 2, batch=50, schedule=halving, checkpoints=2)
    np.testing.assert_array_equal(run.rates, [8, 4, 2, 1, 0.5])
    np.testing.assert_array_equal(descend(LINE, 0.1, 2).rates, [0.1, 0.1, 0.1])


def test_a_scheduled_step_takes_the_rate_of_its_own_step():
    shares = [1, 0.5, 0.1, 2]
    run = descend(bowl([1]), 0.3, 3, schedule=lambda t: np.array(shares)[t])
    np.testing.assert_allclose(run.weights[:, 0], np.cumprod([1, 0.7, 0.85, 0.97]))
    np.testing.assert_allclose(run.rates, 0.3 * np.array(shares))


def test_plateau_watches_the_loss_after_each_epoch():
    """Above its limit a bowl's loss rises at once: with patience 0 the rate halves until it falls, at rate 1."""
    run = descend(bowl([1]), 8.0, 5, schedule=schedules.plateau(patience=0))
    np.testing.assert_array_equal(run.rates, [8, 8, 4, 2, 1, 1])  # the first loss seen is the best so far
    np.testing.assert_allclose(run.weights[:, 0], [1, -7, 49, -147, 147, 0])
    together = descend(bowl([1]), [8.0, 0.5], 5, schedule=schedules.plateau(patience=0))
    np.testing.assert_array_equal(together.rates, [[8, 8, 4, 2, 1, 1], [0.5] * 6])


def test_any_function_may_be_a_rule_a_schedule_or_a_watcher():
    def sign(w, g, rate, count=0, *, twice=1):
        return w - rate * twice * np.sign(g), (count + 1,)

    run = descend(bowl([1, 2]), [0.25, 0.125], 2, sign, twice=2)
    np.testing.assert_array_equal(run.weights[:, -1], [[0, 0], [0.5, 0.5]])

    def strict(w, g, rate):
        assert w.shape == g.shape == (2,) and np.shape(rate) == ()
        return w - rate * g, ()

    np.testing.assert_array_equal(descend(LINE, 0.1, 3, strict).weights, descend(LINE, 0.1, 3).weights)

    def never(loss, seen=0):
        return 1 / (1 + seen), (seen + 1,)

    np.testing.assert_allclose(descend(LINE, 0.1, 3, schedule=never).rates, [0.1, 0.1, 0.05, 0.1 / 3])
    np.testing.assert_allclose(descend(LINE, 0.1, 2, schedule=int).rates, [0, 0.1, 0.2])  # a function with no signature
    assert descend(LINE, 0.1, 3, schedule=np.cos).rates[1] == pytest.approx(0.1 * np.cos(1))


@given(st.floats(-5, 5), st.integers(1, 6), st.sampled_from(["f2", "f4", "f8"]))
def test_the_weights_are_stored_in_their_type_and_the_step_is_float64(rate, epochs, dtype):
    run = descend(LINE, rate, epochs, dtype=dtype)
    for w, new in itertools.pairwise(run.weights):
        with np.errstate(over="ignore", invalid="ignore"):
            step = rate * LINE.gradient(w)
            assert step.dtype == float
            room = 4 * np.finfo(dtype).eps * (np.abs(w).max() + np.abs(step).max())  # for the order of a sum
            np.testing.assert_allclose(new, (w - step).astype(dtype), rtol=0, atol=np.nan_to_num(room))
    assert run.losses.dtype == float and run.weights.dtype == dtype


# --- Divergence is data


@settings(max_examples=60, deadline=None)
@given(st.floats(1e-4, 100))
def test_diverged_is_right_for_every_rate_on_the_line(rate):
    run = descend(LINE, rate, 400)
    if abs(rate / LINE.limit - 1) > 0.02:
        assert run.diverged == (rate > LINE.limit)


def test_rate_0_stands_still_and_a_negative_one_climbs():
    run = descend(LINE, [0, -0.1], 3)
    assert (run.losses[0] == 67.5).all() and (np.diff(run.losses[1]) > 0).all()
    assert run.diverged.tolist() == [False, True]


def test_a_lost_run_does_not_touch_its_neighbours():
    run = descend(HOUSES, [0.5, 1e308, 0.1], 2, rules.momentum, batch=100)
    assert run.diverged.tolist() == [False, True, False]
    assert np.isfinite(run.weights[[0, 2]]).all() and not np.isfinite(run.weights[1, -1]).all()
