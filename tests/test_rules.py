"""The update rules: steps worked out by hand, PyTorch's own numbers, and what theory says."""

import inspect
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lrcore import bowl, descend, least_squares, line, rules, surface
from lrcore.rules import RULES

TORCH = np.load(Path(__file__).parent / "reference" / "rules.npz")
OTHER = {  # the settings that reference/make.py tried besides the usual ones
    "momentum": {"beta": 0.5},
    "nesterov": {"beta": 0.5},
    "adagrad": {"eps": 0.1},
    "rmsprop": {"beta": 0.8, "eps": 0.1},
    "adadelta": {"beta": 0.6, "eps": 0.01},
    "adam": {"beta1": 0.6, "beta2": 0.8, "eps": 0.1},
    "adamw": {"beta1": 0.6, "beta2": 0.8, "decay": 0.3},
}


def changing(rate, steps=400):
    """The rates of reference/make.py: half a cosine wave, and a jump in the middle."""
    t = np.arange(steps)
    return rate * (0.55 + 0.45 * np.cos(np.pi * t / steps)) * np.where(t < steps / 2, 1, 0.3)


def trajectory(rule, schedule, **settings):
    w, memory, kept = TORCH["start"], (), []
    for g, rate in zip(TORCH["gradients"], schedule, strict=True):
        w, memory = rule(w, g, rate, *memory, **settings)
        kept.append(w)
    return np.array(kept[19::20])


@pytest.mark.parametrize("name", RULES)
def test_400_steps_are_pytorchs(name):
    rate = TORCH[f"{name}/rate"]
    np.testing.assert_allclose(
        trajectory(RULES[name], np.full(400, rate)), TORCH[f"{name}/constant"], rtol=1e-12, atol=1e-12
    )
    np.testing.assert_allclose(
        trajectory(RULES[name], changing(rate)), TORCH[f"{name}/changing"], rtol=1e-12, atol=1e-12
    )


@pytest.mark.parametrize("name", OTHER)
def test_400_steps_with_other_settings_are_pytorchs(name):
    found = trajectory(RULES[name], changing(TORCH[f"{name}/rate"]), **OTHER[name])
    np.testing.assert_allclose(found, TORCH[f"{name}/settings"], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", RULES)
def test_400_steps_down_the_line_are_pytorchs_with_its_own_gradients(name):
    shares = changing(1.0)
    run = descend(
        least_squares(*line()),
        TORCH[f"{name}/rate"],
        400,
        RULES[name],
        schedule=lambda t: np.append(shares, 0)[t],
    )
    np.testing.assert_allclose(run.weights[20::20], TORCH[f"{name}/line"], rtol=0, atol=1e-12)


# By hand: g = (2, −4), w = (1, 1), rate 0.1, two steps with the same gradient.
G, W = np.array([2.0, -4.0]), np.array([1.0, 1.0])
BY_HAND = {
    "sgd": [(0.8, 1.4), (0.6, 1.8)],
    "momentum": [(0.8, 1.4), (0.42, 2.16)],  # v = 2, then 0.9 · 2 + 2 = 3.8
    "nesterov": [(0.62, 1.76), (0.078, 2.844)],  # 2 + 0.9 · 2 = 3.8, then 2 + 0.9 · 3.8 = 5.42
    "adagrad": [(0.9, 1.1), (0.9 - 0.1 / 2**0.5, 1.1 + 0.1 / 2**0.5)],  # g / √(g²), then g / √(2g²)
    "rmsprop": [(0.0, 2.0), (-0.1 / 0.0199**0.5, 2 + 0.1 / 0.0199**0.5)],  # s = 0.01g², then 0.0199g²
    "adam": [(0.9, 1.1), (0.8, 1.2)],  # m̂ = g and ŝ = g² for as long as g stays
    "adamw": [(0.899, 1.099), (0.899 * 0.999 - 0.1, 1.099 * 0.999 + 0.1)],
}


@pytest.mark.parametrize("name", BY_HAND)
def test_two_steps_by_hand(name):
    once, memory = RULES[name](W, G, 0.1)
    twice, _ = RULES[name](once, G, 0.1, *memory)
    np.testing.assert_allclose([once, twice], BY_HAND[name], atol=1e-7)


def test_adadelta_by_hand():
    """s = 0.1 · 4 = 0.4;  Δ = 2 √1e-6 / √(0.4 + 1e-6);  u = 0.1 Δ²."""
    w, (s, u) = rules.adadelta(np.array([1.0]), np.array([2.0]), 10)
    delta = 2e-3 / 0.400001**0.5
    np.testing.assert_allclose([w[0], s[0], u[0]], [1 - 10 * delta, 0.4, 0.1 * delta**2], rtol=1e-12)


def test_adam_begun_at_infinity_corrects_nothing():
    """The first step is then 0.1 g / √(0.001 g²) = √10 times the rate, whatever the gradient."""
    w, (m, _, t) = rules.adam(np.zeros(2), np.array([-45.0, -15.0]), 0.1, t=np.inf)
    np.testing.assert_allclose(w, [0.1 * 10**0.5] * 2, rtol=1e-7)
    np.testing.assert_allclose(m, [-4.5, -1.5])
    assert t == np.inf


def test_adams_epsilon_stands_outside_the_root():
    w, _ = rules.adam(np.zeros(1), np.array([-1e-8]), 0.1)
    assert w == pytest.approx(0.05)  # 1e-8 / (1e-8 + 1e-8)


def test_the_first_step_of_adam_forgets_the_size_of_the_gradient():
    w, _ = rules.adam(np.zeros(2), np.array([-45.0, -15.0]), 0.1)
    np.testing.assert_allclose(w, [0.1, 0.1], rtol=1e-9)


def test_adamw_decays_the_weights_and_not_the_gradient():
    w, (m, s, t) = rules.adamw(np.array([10.0]), np.array([0.0]), 0.1, decay=0.5)
    assert (w, m, s, t) == (10 * (1 - 0.1 * 0.5), 0, 0, 1)


def test_momentum_that_agrees_moves_ten_times_as_far():
    """Under a constant gradient −1 the step tends to rate / (1 − β)."""
    w, memory = np.zeros(1), ()
    for _ in range(300):
        before = w
        w, memory = rules.momentum(w, np.array([-1.0]), 0.1, *memory, beta=0.9)
    assert w - before == pytest.approx(1.0)


def test_adagrad_keeps_the_step_of_a_weight_seldom_moved():
    w, memory = np.zeros(2), ()
    for t in range(100):
        w, memory = rules.adagrad(w, np.array([-1.0, -1.0 * (t == 99)]), 0.1, *memory)
    assert w[1] == pytest.approx(0.1)  # its first step is as long as the other's was
    assert w[0] == pytest.approx(0.1 * sum(1 / k**0.5 for k in range(1, 101)))


# Heavy ball on a bowl: w falls by the roots of z² − (1 + β − ηλ)z + β, stable for 0 < ηλ < 2(1 + β).
@settings(max_examples=25, deadline=None)
@given(curvature=st.floats(0.1, 50), beta=st.floats(0, 0.95))
def test_heavy_ball_is_stable_up_to_its_limit(curvature, beta):
    limit = 2 * (1 + beta) / curvature
    run = descend(bowl([curvature]), limit * np.array([0.98, 1.02]), 3000, rules.momentum, beta=beta)
    assert run.final[0] < run.losses[0, 0] * 1e-3 < run.losses[0, 0] * 1e3 < run.final[1] or run.diverged[1]
    assert list(run.diverged) == [False, True]


@given(curvature=st.floats(0.1, 50), beta=st.floats(0.01, 0.9), share=st.floats(0.01, 0.99))
def test_momentum_follows_the_roots_of_its_equation(curvature, beta, share):
    rate = share * 2 * (1 + beta) / curvature
    w = descend(bowl([curvature]), rate, 20, rules.momentum, beta=beta).weights[:, 0]
    for k in range(2, 21):  # w[k] = (1 + β − ηλ) w[k−1] − β w[k−2]
        assert w[k] == pytest.approx((1 + beta - rate * curvature) * w[k - 1] - beta * w[k - 2], abs=1e-9)


@given(curvature=st.floats(0.1, 50), beta=st.floats(0.01, 0.9), share=st.floats(0.01, 0.5))
def test_nesterov_follows_its_equation(curvature, beta, share):
    """Written with the look-ahead: x = w − ηβv, w' = x − η∇ at x is the same path as PyTorch's form."""
    rate = share / curvature
    v, x, path = 0.0, 1.0, []
    for _ in range(20):
        v = beta * v + curvature * x
        x = x - rate * (curvature * x + beta * v)
        path.append(x)
    found = descend(bowl([curvature]), rate, 20, rules.nesterov, beta=beta).weights[1:, 0]
    np.testing.assert_allclose(found, path, rtol=1e-9, atol=1e-12)


FLOATS = st.floats(-1e3, 1e3, width=32)


@given(st.data(), st.sampled_from(list(RULES)), st.integers(1, 4), st.integers(1, 5))
def test_a_batch_of_runs_is_its_runs_one_by_one(data, name, runs, d):
    w = data.draw(arrays(float, (runs, d), elements=FLOATS))
    g = data.draw(arrays(float, (runs, d), elements=FLOATS))
    rate = data.draw(arrays(float, (runs, 1), elements=st.floats(-2, 2, width=32)))
    together, memory = RULES[name](w, g, rate)
    together, memory = RULES[name](together, g, rate, *memory)
    for i in range(runs):
        alone, own = RULES[name](w[i], g[i], rate[i])
        alone, own = RULES[name](alone, g[i], rate[i], *own)
        np.testing.assert_array_equal(together[i], alone)
        for mine, theirs in zip(own, memory, strict=True):
            np.testing.assert_array_equal(mine, theirs[i] if np.ndim(theirs) > 1 else theirs)


@pytest.mark.parametrize("name", RULES)
def test_nothing_is_changed_in_place_and_memory_starts_at_zero(name):
    w, g, rate = np.ones((2, 3)), np.full((2, 3), 2.0), np.full((2, 3), 0.1)
    new, memory = RULES[name](w, g, rate)
    kept = [np.copy(m) for m in memory]
    RULES[name](new, g, rate, *memory)
    for value, was in [(w, 1), (g, 2), (rate, 0.1), *zip(memory, kept, strict=True)]:
        np.testing.assert_array_equal(value, np.broadcast_to(was, np.shape(value)))
    given_zeros, _ = RULES[name](w, g, rate, *[np.zeros_like(m) for m in memory])
    np.testing.assert_array_equal(new, given_zeros)
    assert isinstance(memory, tuple) and new.dtype == float


def test_memory_can_be_handed_back_by_name():
    w, g = np.array([1.0]), np.array([2.0])
    _, (m, s, t) = rules.adam(w, g, 0.1)
    assert rules.adam(w, g, 0.1, m, s, t) == rules.adam(w, g, 0.1, t=t, s=s, m=m)


def test_the_table_of_rules_goes_from_easy_to_hard():
    assert list(RULES) == "sgd momentum nesterov adagrad rmsprop adadelta adam adamw".split()
    assert all(RULES[name] is getattr(rules, name) for name in RULES)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_plain_its_source_is_its_formula(name):
    lines = inspect.getsource(RULES[name]).splitlines()
    assert lines[0].startswith(f"def {name}(w, g, rate") and len(lines) <= 12


# --- Barzilai and Borwein: two gradients measure the curvature along the last step


def test_two_steps_of_barzilai_borwein_by_hand():
    """½ (x² + 4y²) from (1, 1) at rate 0.1: (0.9, 0.6); s = (−0.1, −0.4), y = (−0.1, −1.6), s·s / s·y = 0.17/0.65."""
    run = descend(bowl([1, 4]), 0.1, 2, rules.barzilai_borwein)
    step = 0.17 / 0.65
    np.testing.assert_allclose(run.weights[1:], [[0.9, 0.6], [0.9 * (1 - step), 0.6 * (1 - 4 * step)]])


@given(curvature=st.floats(0.1, 50), rate=st.floats(1e-3, 1e3))
def test_in_one_direction_its_second_step_arrives(curvature, rate):
    """One direction has one curvature: whatever the first step was, the second is 1/λ."""
    run = descend(bowl([curvature]), rate, 2, rules.barzilai_borwein)
    w = run.weights[:, 0]
    assert abs(w[2]) <= 1e-12 * abs(w[1]) or rate * curvature == 1


def test_where_the_curvature_is_negative_it_keeps_its_step():
    """On −½w² the gradient falls along the way: s·y < 0, so each step has the rate of the first."""
    run = descend(surface(lambda w: -(w**2).sum(-1) / 2, lambda w: -w, [1.0]), 0.1, 5, rules.barzilai_borwein)
    np.testing.assert_allclose(run.weights[:, 0], 1.1 ** np.arange(6))


def test_it_ends_on_the_line_where_the_best_constant_rate_needs_191_epochs():
    run = descend(least_squares(*line()), 0.05, 12, rules.barzilai_borwein)
    assert run.final < 1e-25
    starts = np.random.RandomState(0).normal(size=(100, 2))
    runs = descend(least_squares(*line()), 0.05, 15, rules.barzilai_borwein, start=starts)
    for k in (0, 57):
        alone = descend(least_squares(*line()), 0.05, 15, rules.barzilai_borwein, start=starts[k])
        np.testing.assert_array_equal(runs.weights[k], alone.weights)
    assert "barzilai_borwein" not in RULES
