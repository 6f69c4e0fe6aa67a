"""What a learner writes trains as in a loop by hand: rules with a state of their own, schedules, problems."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcore import (
    bowl,
    descend,
    forward_difference,
    least_squares,
    line,
    logistic,
    rules,
    school_district,
)

LINE = least_squares(*line())
HOUSES = logistic(*school_district()[0])


class Counting:
    """A learner's rule as an object: momentum, whose velocity it keeps itself, and whose rate falls as 1/t."""

    def __init__(self):
        self.v, self.t = 0, 0

    def __call__(self, w, g, rate):
        self.t += 1
        self.v = 0.9 * self.v + g
        return w - rate / self.t * self.v, ()


def closure():
    v = 0

    def rule(w, g, rate):
        nonlocal v
        v = 0.9 * v + g
        return w - rate * v, ()

    return rule


def shaken():
    draw = np.random.RandomState(7)
    return lambda w, g, rate: (w - rate * (g + draw.normal(size=w.shape)), ())


def in_place():
    def rule(w, g, rate, v=0):
        w -= rate * g
        return w, [v + g]

    return rule


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([Counting, closure, shaken, in_place]), st.floats(0.001, 0.1), st.integers(1, 30))
def test_a_rule_that_keeps_its_own_state_is_the_loop_by_hand(make, rate, epochs):
    run, rule = descend(LINE, rate, epochs, make()), make()
    w, memory, path = np.zeros(2), (), [np.zeros(2)]
    for _ in range(epochs):
        w, memory = rule(w, LINE.gradient(w), rate, *memory)
        path.append(w.copy())
    np.testing.assert_array_equal(run.weights, path)


def test_momentum_in_a_closure_is_momentum():
    """The figure of the issue: 50 epochs on the line at rate 0.05 end at a loss of 0.0926."""
    found = descend(LINE, 0.05, 50, closure()).final
    assert found == descend(LINE, 0.05, 50, rules.momentum).final == pytest.approx(0.0926, abs=5e-5)


def test_a_rule_and_a_schedule_are_called_once_a_step():
    seen, asked = [], []

    def recording(w, g, rate, count=0):
        seen.append((w.shape, float(np.max(rate)), count))
        return w - rate * g, (count + 1,)

    descend(LINE, 0.1, 5, recording, schedule=lambda t: asked.append(t) or 1 / (1 + t))
    assert seen == [((2,), 0.1 * (1 / (1 + t)), t) for t in range(5)]
    assert asked == [0, 1, 2, 3, 4, 5]  # the last one is the rate of the step after the end
    seen.clear()
    descend(HOUSES, [0.1, 0.2], 2, recording, batch=400)
    assert [shape for shape, _, _ in seen] == [(2, 3)] * 8


class Shifted:
    """A learner's own problem: (w − x)² for one of some numbers x, and its mean over rows."""

    start, n, x = np.zeros(1), 4, np.array([1.0, 2.0, 3.0, 6.0])

    def loss(self, w):
        return np.mean((w - self.x) ** 2, axis=-1)

    def gradient(self, w, rows=slice(None)):
        return 2 * np.mean(w - self.x[rows], axis=-1, keepdims=True)


def test_a_learners_own_problem_trains():
    """Its loss has curvature 2, so each step halves the distance to the mean, 3, at rate 0.25."""
    run = descend(Shifted(), 0.25, 4)
    np.testing.assert_allclose(run.weights[:, 0], [0, 1.5, 2.25, 2.625, 2.8125])
    np.testing.assert_allclose(run.losses, (run.weights[:, 0] - 3) ** 2 + 3.5)
    several = descend(Shifted(), [0.25, 0.5], 1)
    np.testing.assert_allclose(several.weights[:, -1], [[1.5], [3]])
    one = descend(Shifted(), 0.5, 1, batch=1, seed=3, checkpoints=4)
    np.testing.assert_allclose(one.weights[1:, 0], Shifted.x[np.random.RandomState(3).permutation(4)])


def test_checkpoints_below_one_keep_fewer_and_always_the_last():
    every, some = descend(LINE, [0.01, 0.1], 120), descend(LINE, [0.01, 0.1], 120, checkpoints=1 / 50)
    assert some.epochs.tolist() == [0, 50, 100, 120]
    np.testing.assert_array_equal(some.weights, every.weights[:, [0, 50, 100, 120]])


def test_a_rule_may_draw_noise_of_its_own():
    draw = np.random.RandomState(0)

    def shaken(w, g, rate):
        return w - rate * (g + draw.normal(size=w.shape)), ()

    assert descend(bowl([1.0]), 0.1, 5, shaken).weights.shape == (6, 1)


def test_a_problem_of_ones_own_by_differences():
    """w₁² + 3w₂²: a forward difference is off by h times half the curvature."""

    class Own:
        start = np.array([1.0, 2.0])

        def loss(self, w):
            return w[..., 0] ** 2 + 3 * w[..., 1] ** 2

    np.testing.assert_allclose(forward_difference(Own(), h=1e-3).gradient([1.0, 2.0]), [2.001, 12.003], rtol=1e-9)
