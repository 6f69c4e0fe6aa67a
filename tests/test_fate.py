"""What a run did, in words: on runs whose fate a theorem gives, and on some that one knows from their making."""

from types import SimpleNamespace

import numpy as np
import pytest

from lrcore import bowl, descend, least_squares, line, logistic, noisy, rules, school_district
from lrlab.fate import FATES, _noisy, caption, fate, said

ONE, TWO = least_squares(*line(), bias=False), least_squares(*line())
RATES = np.round(np.arange(0.001, 0.1301, 0.0001), 6)


@pytest.mark.parametrize("epochs", [20, 50, 200, 1000])
@pytest.mark.parametrize("problem", [ONE, TWO], ids=["one weight", "two weights"])
def test_on_the_line_each_rate_has_the_fate_that_the_curvature_gives_it(problem, epochs):
    """Descent multiplies the distance along each curvature λ by 1 − ηλ: above 0, below 0, −1, below −1."""
    high = np.linalg.eigvalsh([[15, 5], [5, 2]])[-1] if problem is TWO else 15
    runs = descend(problem, RATES, epochs)
    for k, rate in enumerate(RATES):
        word = fate(runs[k])
        if rate < 1 / high:
            assert word in ("creeps", "settles"), rate
        elif rate < 2 / high:
            assert word == "swings, and settles", rate
        else:
            assert word == "diverges", rate
    assert fate(descend(problem, 2 / high, epochs)) == "swings without gain"
    assert fate(descend(problem, problem.limit, epochs)) == "swings without gain"


def test_just_below_and_just_above_the_limit():
    for epochs in (100, 1000):
        assert fate(descend(TWO, TWO.limit * 0.9999, epochs)) == "swings, and settles"
        assert fate(descend(TWO, TWO.limit * 1.0001, epochs)) == "diverges"


def test_creeping_ends_in_settling_when_nothing_moves_any_more():
    """0.4 of 1/λ: after 50 epochs 0.6⁵⁰ = 8e-12 of the way is left, after 5 epochs 8 %."""
    assert fate(descend(ONE, 0.4 / 15, 50)) == "settles"
    assert fate(descend(ONE, 0.4 / 15, 5)) == "creeps"
    assert fate(descend(ONE, 1 / 15, 50)) == "settles"


def test_from_any_start_the_limit_is_the_same():
    starts = np.random.RandomState(0).normal(0, 5, (40, 2))
    for start in starts:
        assert fate(descend(TWO, 0.1, 300, start=start)) == "swings, and settles"
        assert fate(descend(TWO, 0.125, 300, start=start)) == "diverges"
        assert fate(descend(TWO, 0.03, 300, start=start)) in ("creeps", "settles")


def test_momentum_overshoots_smoothly_and_that_is_swinging_too():
    """On a bowl of one weight heavy ball swings where β > (1 − √(ηλ))², and creeps below."""
    problem = bowl([1.0])
    for rate in (0.01, 0.04, 0.2):
        edge = (1 - np.sqrt(rate)) ** 2
        assert fate(descend(problem, rate, 400, rules.momentum, beta=0.99)) == "swings, and settles"
        assert fate(descend(problem, rate, 400, rules.momentum, beta=edge + 0.05)) == "swings, and settles"
        assert fate(descend(problem, rate, 400, rules.momentum, beta=edge - 0.05)) in ("creeps", "settles")


def test_noise_hovers():
    problem = noisy(bowl([1.0, 3.0]), 1.0)
    for seed in range(10):
        assert fate(descend(problem, 0.1, 100, batch=5, seed=seed, start=[5, 5])) == "hovers"
        assert fate(descend(problem, 0.1, 100, batch=5, seed=seed, start=[0, 0])) == "hovers", "from the bottom"


def test_what_is_no_number_diverges():
    run = descend(TWO, 5.0, 1000)
    assert not np.isfinite(run.final)
    assert fate(run) == "diverges" and "no number from epoch" in caption(run)


def test_a_smooth_run_on_the_houses_creeps():
    train, _ = school_district()
    assert fate(descend(logistic(*train), 0.5, 200)) == "creeps"


def test_a_caption_says_the_word_and_where_the_loss_ends():
    assert caption(descend(TWO, TWO.limit, 50)).startswith("swings without gain; loss 67.5 → 67.")
    assert set(FATES) >= {fate(descend(TWO, rate, 50)) for rate in RATES[::20]}


def made(losses):
    """A run of one weight that goes evenly one way, with a loss of its own."""
    losses = np.asarray(losses, dtype=float)
    return SimpleNamespace(weights=np.arange(len(losses))[:, None] * 1.0, losses=losses, epochs=np.arange(len(losses)))


def restless(late, wiggle=1.1, length=48):
    """Losses from 100 down to 1; then, in the last quarter, up and down without a rhythm, around 1 and then `late`."""
    tail = np.repeat([1.0, late], length // 8) * wiggle ** np.tile([0, 1, 1, 0, 1, 0], length // 24)
    return made([*np.geomspace(100, 1.2, 3 * length // 4), *tail])


@pytest.mark.parametrize(
    ("late", "wiggle", "word"),
    [
        (1.0, 1.1, "hovers"),
        (1 / 3.5, 1.1, "hovers"),  # lower by less than four times
        (1 / 4.5, 1.1, "swings, and settles"),  # by more: a trend, in which the loss rises and falls again
        (3.5, 1.1, "hovers"),
        (1.0, 1.0005, "creeps"),  # up and down by less than a thousandth
    ],
)
def test_a_restless_end_hovers_unless_it_goes_somewhere(late, wiggle, word):
    assert fate(restless(late, wiggle)) == word


@pytest.mark.parametrize(
    ("losses", "word"),
    [
        ([10, 5, 4, 3, 2, 1], "creeps"),
        ([10, 5, 6, 5.5, *np.geomspace(5.2, 4, 40)], "swings, and settles"),  # up by a fifth, and down again
        ([10, 5, 5.007, 5.006, *np.geomspace(5.004, 4, 40)], "swings, and settles"),
        ([10, 5, 5.004, 5.003, *np.geomspace(5.002, 4, 40)], "creeps"),  # up by less than a thousandth
        ([10, 5, 5.004, 5.006, 5.008, 5.01], "creeps"),  # up, and not down again
        ([10, 5, 6, 7, 8, 11], "diverges"),  # above its start in the end
    ],
)
def test_a_loss_that_rises_and_falls_again_swings(losses, word):
    assert fate(made(losses)) == word


def test_a_first_step_that_is_tiny_is_no_measure_of_the_others():
    weights = np.array([0.0, 1e-12, 1, 0.5, 0.75, 0.625, 0.6875])[:, None]
    run = SimpleNamespace(weights=weights, losses=np.geomspace(9, 1, 7), epochs=np.arange(7))
    assert fate(run) == "swings, and settles"


def test_three_steps_can_swing_and_two_are_judged_by_their_loss():
    weights = np.array([0.0, 1, 0.5, 0.75])[:, None]
    run = SimpleNamespace(weights=weights, losses=np.geomspace(9, 1, 4), epochs=np.arange(4))
    assert fate(run) == "swings, and settles"
    assert fate(made([2, 1])) == fate(made([3, 2, 1])) == "creeps"
    assert fate(made([1, 2])) == fate(made([1, 2, 3])) == "diverges"
    still = SimpleNamespace(weights=np.ones((3, 1)), losses=np.ones(3), epochs=np.arange(3))
    assert fate(still) == "settles"


def walked(*steps):
    """A run of one weight that takes these steps, while its loss falls."""
    weights, n = np.cumsum([0, *steps])[:, None] * 1.0, len(steps) + 1
    return SimpleNamespace(weights=weights, losses=np.geomspace(9, 1, n), epochs=np.arange(n))


def test_the_last_quarter_of_the_steps_says_whether_swings_grow():
    assert fate(walked(*[1] * 10, -2, 3, -4)) == "diverges"  # three of twelve turns
    assert fate(walked(*[1] * 10, -9, 3, -1)) == "swings, and settles"
    assert fate(walked(*[1] * 11, -2, 3)) == "swings, and settles"  # two of twelve are no quarter
    assert fate(walked(1, 1, -2)) == "swings, and settles"  # of so few all have to turn


def test_steps_of_the_size_of_rounding_are_no_swings():
    assert fate(walked(1, 0.1, *[1e-10, -1e-10] * 10)) == "settles"
    assert fate(walked(1, 0.1, *[1e-8, -1e-8] * 10)) == "swings without gain"


@pytest.mark.parametrize(
    ("tail", "is_noisy"),
    [
        ([1, 0.99, 0.98, 1, 1.02, 1.04, 1.03, 1.02], True),  # two changes of direction of six: more than 0.3
        ([1, 0.99, 0.98, 1, 1.02, 1.04, 1.06, 1.08], False),  # one
        ([1, 1.1] * 4, False),  # a rhythm
        ([1, 0.3, 0.3005, 0.3, 0.3005, 0.3005, 0.3, 0.3005], True),  # a rise by a thousandth of what it was itself
        ([1, 1.1, 1, 1.1, 1.1, 3.9, 4.3, 4.3, 3.9, 4.3, 3.9, 4.3], True),
        ([1, 1.1, 1, 1.1, 1.1, 1, 4.4, 4.8, 4.8, 4.4, 4.8, 4.4], False),  # a trend: 1.05 to 4.6
        ([1, 1.1, 1, 5, 5.5, 5, 5, 5.5, 5.5, 5, 5.5, 5], True),  # halves are compared: medians 3.05 and 5.25
        ([10, 11, 10, 11, 0.1, 0.11, 1, 5, 1.1, 5.5, 1, 5], True),  # 10 and 3.05
        ([10, 11, 10, 11, 11, 10, 2.3, 2.5, 2.5, 2.3, 2.5, 2.3], False),  # 10.5 to 2.4
    ],
)
@pytest.mark.parametrize("scale", [0.01, 1, 100])
def test_a_noisy_end_changes_direction_without_rhythm_or_trend(tail, is_noisy, scale):
    before = np.geomspace(1000, 2 * max(tail), 12 if len(tail) == 8 else 36)  # 20 losses: the last eight; 48: twelve
    assert _noisy(scale * np.array([*before, *tail])) == is_noisy


def test_what_is_rounding_is_not_told_from_nothing():
    assert said(0.0) == said(-1e-13) == "under 1e-12"
    assert said(0.5) == "0.5" and said(2e-12) == "2e-12"
