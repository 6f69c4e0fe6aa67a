"""Lesson 07: its facts against theory and other ways to the same number, its exercises right and wrong."""

import math

import numpy as np
import pytest

from lrcore import (
    descend,
    digits,
    least_squares,
    line,
    logistic,
    rules,
    school_district,
    search,
    softmax,
)
from lrlab import check, game, plots, study07
from lrlab.check import votes
from lrlab.plots import lesson07


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    monkeypatch.setenv("LESSON_VOTES", "off")
    monkeypatch.setattr(votes, "REVEALED", {})


@pytest.fixture(scope="module")
def own():
    pixels, digit = digits()
    order = np.random.RandomState(0).permutation(len(digit))
    train, test = order[:1200], order[1200:]
    return softmax(pixels[train], digit[train]), (pixels[test], digit[test])


def test_the_limit_of_the_digits_in_another_way(own):
    """At w = 0 every p is 0.1: the Hessian is (I/10 − 1/100) ⊗ XᵀX/n, its largest eigenvalue 0.1 · λmax(XᵀX/n)."""
    problem, _ = own
    largest = np.linalg.svd(problem.X)[1][0] ** 2 / problem.n / 10
    assert problem.curvature[-1] == pytest.approx(largest)
    assert problem.sharpness(problem.start) == pytest.approx(largest, rel=1e-6)
    assert problem.loss(problem.start) == pytest.approx(math.log(10))


def test_six_tries_are_counted_below_a_bound():
    assert check.vote_six("?").mark == check.vote_six("1, 2, 3").mark == check.vote_six([20, 1, 1, 1, 1, 1]).mark == "○"
    assert "below" not in check.vote_six("0.001, 0.01, 0.1, 0.5, 1, 5").text
    assert check.vote_six.value == (0.001, 0.01, 0.1, 0.5, 1, 5)
    assert check.vote_six.below([1e-4 + k * (10 - 1e-4) / 5 for k in range(6)]) == 1
    assert check.vote_six.below([0.0001, 0.001, 0.01, 0.1, 1, 10]) == 3
    assert repr(check.vote_six.reveal()) == "you: 2 of 6 below 0.1 · measured: 3 of 6 below 0.1"


def test_a_bid_waits_for_the_game():
    one = game.sealed(7)
    check.vote_bid(1.5)
    assert check.vote_bid.reveal(one).mark == "○"
    one.submit(9, "momentum", "cosine")
    assert repr(check.vote_bid.reveal(one)).startswith("you: 1.5 · measured: 1")


def test_the_rate_of_the_least_training_loss_is_worse_on_rows_that_chose_nothing():
    kept = study07.choices()
    assert np.sum(kept["by_training"] > kept["by_judging"]) == 20
    pixels, digit = digits()
    order = np.random.RandomState(0).permutation(len(digit))
    train, sealed = order[:1200], order[1500:]
    problem = softmax(pixels[train], digit[train])
    w = descend(problem, kept["rate_by_judging"][0], 50, batch=40, seed=0, checkpoints=1 / 50).weights[-1]
    assert problem.loss(w, pixels[sealed], digit[sealed]) == pytest.approx(kept["by_judging"][0], rel=0.01)


def test_the_critical_batch():
    """Below it twice the batch nearly halves the steps; beyond, more rows buy little; a sample is trained again."""
    batches, best, steps = study07.critical()
    middle = dict(zip(batches, np.median(steps, axis=0), strict=True))
    assert steps.shape == (20, 11) and np.isfinite(steps).all()
    assert all(1.6 < middle[b] / middle[2 * b] < 2.2 for b in (1, 2, 4, 8))
    assert middle[32] / middle[1024] < 2.5
    assert best[4] > 8 * best[0] and best[-1] < 2 * best[5]
    k = int(np.argmin(abs(study07.RATES - best[5])))
    assert study07.steps_to_goal(32, 0, study07.RATES[k : k + 2])[0] == pytest.approx(steps[0, 5], rel=0.05)
    wrong = study07.noisy_digits().y != digits().y[np.random.RandomState(0).permutation(1797)[:1200]]
    assert wrong.sum() == 240


def test_coarse_to_fine_is_no_worse_than_a_full_grid():
    """Claim 12: at most 1.05 of the loss of 61 points, with 27."""
    problem = least_squares(*line())
    fine = search.coarse_to_fine(problem, 1e-4, 1, 50)
    full = descend(problem, np.geomspace(1e-4, 1, 61), 50)
    assert len(fine.rates) == 27 and fine.best.final <= 1.05 * full.best.final


def test_random_pairs_beat_a_grid_when_one_setting_hardly_counts():
    problem = least_squares(*line(1000, noise=1))
    least = problem.loss(np.linalg.lstsq(problem.X, problem.y)[0])
    grid = np.meshgrid(np.geomspace(1e-4, 10, 5), np.geomspace(1e-10, 1e-6, 4))
    ends = []
    for seed in range(8):
        share = np.random.RandomState(seed).uniform(size=(2, 20))
        pairs = grid, (1e-4 * 1e5 ** share[0], 1e-10 * 1e4 ** share[1])
        runs = [descend(problem, r, 5, rules.adam, batch=10, eps=e, seed=seed) for r, e in pairs]
        ends.append([run.best.final - least for run in runs])
    by_grid, by_chance = np.median(ends, axis=0)
    assert by_chance < by_grid / 2


def test_a_range_test_stands_left_of_the_best():
    problem = least_squares(*line(1000, noise=1))
    tests = [search.range_test(problem, 1e-5, 100, batch=10, seed=seed) for seed in range(5)]
    sweep = descend(problem, np.geomspace(1e-3, 0.1, 19), 10, batch=10)
    assert np.median([test.suggestion for test in tests]) < sweep.best.rate
    for test in tests:
        assert test.suggestion < test.explosion and test.least < test.explosion
        assert test.smoothed[test.rates == test.least] == test.smoothed[test.rates < test.explosion].min()
        assert test.explosion > 1 / problem.curvature[-1]
    assert search.range_test(least_squares(*line()), 1e-5, 100, steps=400).suggestion > 0.12


def test_batch_and_rate():
    problem = logistic(*school_district(None))
    ten, forty, same = (descend(problem, r, 50, batch=b).final for r, b in ((0.5, 10), (2, 40), (0.5, 40)))
    assert forty == pytest.approx(ten, rel=0.02)
    assert same > 1.5 * ten


def test_roughness():
    noise = np.random.RandomState(0).normal(size=(400, 650))
    assert plots.roughness(noise).mean() == pytest.approx(2 / math.sqrt(math.pi), rel=0.02)
    ramp = np.tile(np.append(np.repeat(np.arange(8.0), 8), 5.0), 10)  # rows 0 … 7: steps of 1 down, 0 across
    assert plots.roughness(ramp) == pytest.approx(0.5 / np.arange(8).std())


def test_noise_is_an_old_start(own):
    problem, unseen = own
    for start, sign in (problem.start, 1), (np.random.RandomState(0).normal(size=problem.d), -1):
        end = descend(problem, np.geomspace(0.01, 20, 7), 2, batch=40, start=start).weights[:, -1]
        rough, right = plots.roughness(end), problem.accuracy(end, *unseen)
        assert sign * np.corrcoef(rough, right)[0, 1] > 0.5


def test_nothing_to_learn():
    """The least loss of a line through 100 points of noise is χ² with 98 degrees of freedom, over 100."""
    ends = []
    for seed in range(60):
        draw = np.random.RandomState(seed)
        noise = least_squares(*draw.normal(size=(2, 100)))
        run = descend(noise, [0.01, 0.1], 300)
        assert run.final == pytest.approx(noise.loss(np.linalg.lstsq(noise.X, noise.y)[0]), rel=1e-3)
        ends.append(run.final[1])
    assert np.mean(ends) == pytest.approx(0.98, abs=3 * math.sqrt(2 * 98) / 100 / math.sqrt(60))
    terms = [49 * math.log10(0.04) - 0.04 / math.log(10) - math.lgamma(50) / math.log(10)]
    series = sum(0.04**k * math.gamma(50) / math.gamma(50 + k) for k in range(1, 9))  # P(49, 0.04) as a series
    assert terms[0] + math.log10(1 + series) == pytest.approx(-131.3, abs=0.1)


def test_polynomials():
    x = line(20).X
    raw = x ** np.arange(1, 4)
    table = np.column_stack([raw, np.ones(20)])
    limit = least_squares(raw, np.zeros(20)).limit
    assert limit == pytest.approx(2 / (2 * np.linalg.svd(table)[1][0] ** 2 / 20))
    apart = np.linalg.qr(raw - raw.mean(axis=0))[0] * np.sqrt(20)
    assert least_squares(apart, np.zeros(20)).limit == pytest.approx(1)


def test_vanishing_is_not_a_small_rate():
    problem = least_squares(*line())
    run = descend(problem, [0.001, 0.1], 50)
    small, large = np.linalg.norm(problem.gradient(run.weights[:, -1]), axis=-1)
    assert small > 100 * large


def test_the_logs_are_what_their_causes_say():
    logs = study07.logs()
    (_, (_, a), (_, weight)), (_, (_, b), _), (_, (_, c), (_, right)), (_, _, (_, w)) = (logs[x] for x in "ABCD")
    assert np.isnan(a).any() and np.isfinite(weight).all()
    assert b[0, -1] == pytest.approx(b[1, -1], rel=1e-3) and b[0, -1] > 0.9
    assert (right == 0.87).all() and (np.diff(c) < 0).all()
    swings = np.abs(np.diff(w))[-20:]
    assert swings.max() < 1.1 * swings.min() and swings.min() > 4


def test_the_views_show_the_tries():
    one = game.sealed(4)
    one.run([0.1, 10], 3), one.run(1, 5, "adam", "cosine")
    board = one.panel().board
    ax = plots.still(lesson07.tries_now, board)
    dots = {float(line.get_xdata()[0]): float(line.get_ydata()[0]) for line in ax.lines if len(line.get_xdata()) == 1}
    losses = [*one.tries[0].loss, one.tries[1].loss]
    for rate, loss in zip((0.1, 10, 1), losses, strict=True):
        assert dots[rate] == pytest.approx(min(loss, lesson07.TOP))
    assert "3 runs" in ax.alt and "89 epochs left" in ax.alt
    sweep = game.sweep(4)
    one.submit(1)
    ax = plots.reveal(one, *game.entries(4, 0.3, (3, "adam")))
    assert any(np.array_equal(line.get_ydata(), np.clip(sweep.sealed[0, 0], *lesson07.LOSS)) for line in ax.lines)
    assert "3 submitted" in ax.alt
