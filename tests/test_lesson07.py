"""Lesson 07: its facts against theory and other ways to the same number, its exercises right and wrong."""

import math
import re

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
from lrlab import check, game, plots, study07, tactics
from lrlab.check import searching, votes
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


# The exercises.

DRAW = np.random.RandomState(3)
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
        (ramp(again=True), "one run"),
        (ramp(up=True), "up the slope"),
        (ramp(lambda low, high, n, t: low * 2**t), "10**(t/5)"),
        (lambda *given: ramp()(*given)[0], "Two things are asked for"),
        (lambda *given: (ramp()(*given)[0], [1.0] * 6), "The rates are right"),
    ):
        verdict = check.range_by_hand(mine)
        assert verdict.mark == "✗" and words in verdict.text, words
    with pytest.raises(ZeroDivisionError):
        check.range_by_hand(lambda problem, low, high, steps: 1 / 0)


def coarse(rates, of=lambda rates, loss: rates[np.argmin(loss)]):
    """A search with one round; what it returns is `of` its rates and losses."""

    def mine(one):
        tries = one.run(rates, 100 // len(rates))
        return of(tries.rate, tries.loss)

    return mine


def test_a_search_of_ones_own(monkeypatch):
    monkeypatch.setattr(searching, "PROBLEMS", 6)
    decades = np.geomspace(0.001, 1000, 9)
    right = check.my_search(tactics.coarse_to_fine_adam)
    assert right.mark == "✓" and "6 sealed problems" in right.text and "gold in" in right.text
    assert check.my_search(lambda one: one.submit(*tactics.coarse_to_fine_adam(one))).mark == "✓"
    assert check.my_search(lambda one: ...).mark == "○"
    for mine, words in (
        (lambda one: 0.01, "It ran nothing"),
        (coarse(np.linspace(0.001, 1000, 9)), "give each decade"),
        (coarse(decades, lambda rates, loss: loss.min()), "returns a loss"),
        (coarse(decades, lambda rates, loss: int(np.argmin(loss))), "place in the list|place of the best"),
        (coarse(decades, lambda rates, loss: rates[np.argmax(loss)]), "clearly smaller loss"),
        (lambda one: [0.1, 1, 10, 100], "Return one rate"),
        (lambda one: one.run([0.1, 1], 3), "Return one rate"),
        (lambda one: None, "returns nothing"),
        (0.1, "A function is asked for"),
    ):
        verdict = check.my_search(mine)
        assert verdict.mark == "✗" and re.search(words, verdict.text), (words, verdict)
    with pytest.raises(ValueError, match="cost 180, and 100 are left"):
        check.my_search(lambda one: one.run(decades, 20).best)


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
        ("cdb", "✗", "Four letters"),
        ("wxyz", "✗", "Choose one of a, b, c, d"),
        (4, "✗", "Four letters"),
        ({"A": "c"}, "✗", "Four letters"),
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
        ("large", "✗", "number"),
        (..., "○", "Open"),
    ],
)
def test_largest_curvature(answer, mark, words):
    verdict = check.largest_curvature(answer)
    assert verdict.mark == mark and words in verdict.text


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
