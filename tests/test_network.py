"""The network: its loss, gradient, largest curvature and training against PyTorch's, and the lesson's figures."""

import time
from pathlib import Path

import numpy as np
import pytest

from lrcore import descend, digits, network, rules

TORCH = np.load(Path(__file__).parent / "reference" / "network.npz")
SMALL = network(TORCH["X"], TORCH["y"], hidden=6)


def test_loss_and_gradient_are_pytorchs():
    np.testing.assert_allclose(SMALL.loss(TORCH["weights"]), TORCH["losses"], rtol=1e-12)
    np.testing.assert_allclose(SMALL.gradient(TORCH["weights"]), TORCH["gradients"], rtol=1e-10, atol=1e-13)


def test_the_sharpness_is_the_largest_eigenvalue_of_pytorchs_hessian():
    np.testing.assert_allclose(SMALL.sharpness(TORCH["weights"]), TORCH["largest"], rtol=1e-6)


@pytest.mark.parametrize(("name", "rate"), [("sgd", 0.02), ("adam", 0.01)])
def test_training_is_pytorchs(name, rate):
    run = descend(SMALL, rate, 200, rules.RULES[name], start=TORCH["weights"][0], checkpoints=1 / 20)
    np.testing.assert_allclose(run.weights[1:], TORCH[name], rtol=1e-8, atol=1e-10)


def test_the_gradient_is_the_losss_slope():
    w, h = TORCH["weights"][1], 1e-6
    slope = [(SMALL.loss(w + h * e) - SMALL.loss(w - h * e)) / (2 * h) for e in np.eye(SMALL.d)]
    np.testing.assert_allclose(SMALL.gradient(w), slope, atol=1e-7)


def test_a_batch_pulls_as_its_rows_alone_would():
    rows = [int(np.argmax(TORCH["y"] == 3)), 3, 8, 11]
    alone = network(TORCH["X"][rows], TORCH["y"][rows], hidden=6)
    assert alone.classes == SMALL.classes
    w = TORCH["weights"]
    np.testing.assert_allclose(SMALL.gradient(w, rows), alone.gradient(w), rtol=1e-12)
    np.testing.assert_allclose(SMALL.take(rows).loss(w), alone.loss(w), rtol=1e-12)


@pytest.mark.parametrize("count", [1, 2, 5, 90])
def test_many_runs_are_as_one_alone(count):
    w = np.random.RandomState(5).normal(size=(count, SMALL.d))
    for found, one in zip(SMALL.gradient(w), w, strict=True):
        assert (found == SMALL.gradient(one)).all()
    np.testing.assert_allclose(SMALL.sharpness(w[:3]), [SMALL.sharpness(one) for one in w[:3]], rtol=1e-9)


def test_the_start_is_drawn_as_said():
    wide = network(TORCH["X"], TORCH["y"], hidden=2000, seed=1)
    first, b1, second, b2 = np.split(wide.start, [40_000, 42_000, 50_000])
    assert first.std() == pytest.approx(0.7 / np.sqrt(20), rel=0.02)
    assert second.std() == pytest.approx(0.7 / np.sqrt(2000), rel=0.03)
    assert not b1.any() and not b2.any()


def test_the_start_is_that_of_seed_0_where_none_is_given():
    drawn = np.random.RandomState(0).normal(size=20 * 6)
    np.testing.assert_allclose(SMALL.start[:120], 0.7 / np.sqrt(20) * drawn)


def test_accuracy_by_counting():
    w = TORCH["weights"][0]
    first, b1, second, b2 = np.split(w, [120, 126, 150])
    out = np.tanh(TORCH["X"] @ first.reshape(20, 6) + b1) @ second.reshape(6, 4) + b2
    right = sum(int(np.argmax(row) == y) for row, y in zip(out, TORCH["y"], strict=True))
    assert SMALL.accuracy(w) == right / 30
    assert np.isnan(SMALL.accuracy(np.full(SMALL.d, np.nan)))


def test_a_step_of_8_rates_costs_a_few_of_its_largest_products():
    """On an idle core such a product takes 0.2 ms: at a factor of 13 the course's 3000 steps would take 8 s."""
    X, y = digits()
    problem, rates, ratios = network(X[:300], y[:300]), np.geomspace(0.02, 0.1, 8), []
    W = np.random.RandomState(0).normal(size=(8, 64, 32))
    for _ in range(5):
        begun = time.process_time()
        for _ in range(100):
            X[:300] @ W
        between = time.process_time()
        descend(problem, rates, 100, checkpoints=1 / 50)
        ratios.append((time.process_time() - between) / (between - begun))
    assert min(ratios) < 10


def test_a_network_of_one_unit_by_hand():
    """tanh(2·1 + 0) = 0.9640, times 3 plus (0, 1): outputs (2.892, 1 + 0) against (1, 0) for class 0."""
    problem = network([[1.0], [1.0]], [0, 1], hidden=1)
    a = np.tanh(2.0)
    w = np.array([2.0, 0.0, 3.0, 0.0, 0.0, 1.0])  # W₁, b₁, W₂ (3, 0), b₂ (0, 1)
    out = np.array([3 * a, 1.0])
    loss = (((out - [1, 0]) ** 2).sum() + ((out - [0, 1]) ** 2).sum()) / 2
    assert problem.loss(w) == pytest.approx(loss)
    by_output = 2 * ((out - [1, 0]) + (out - [0, 1])) / 2
    into_tanh = by_output @ [3, 0] * (1 - a * a)
    np.testing.assert_allclose(problem.gradient(w), [into_tanh, into_tanh, *(by_output * a), *by_output])
    assert problem.accuracy(w) == 0.5


def test_a_wide_network_is_worked_on_in_pairs():
    some = digits()
    problem = network(some.X[:20], some.y[:20], hidden=300)
    w = problem.start * np.array([[1.0], [2], [3]])
    np.testing.assert_array_equal(problem.loss(w), [problem.loss(one) for one in w])


def test_a_network_starts_as_it_says():
    some = digits()
    problem = network(some.X[:300], some.y[:300], hidden=32, seed=5)
    assert problem.d == 64 * 32 + 32 + 32 * 10 + 10 == 2410
    first, b1, second, b2 = np.split(problem.start, np.cumsum([2048, 32, 320]))
    assert (b1 == 0).all() and (b2 == 0).all()
    assert first.std() == pytest.approx(0.7 / 8, rel=0.05) and second.std() == pytest.approx(0.7 / 32**0.5, rel=0.1)
    alone = network(some.X[:, :1], some.y, hidden=1).start  # one pixel, one unit: its weights are drawn too
    assert alone[0] != 0 and alone[1] == 0 and (alone[2:12] != 0).all() and (alone[12:] == 0).all()
    assert (network(some.X[:300], some.y[:300], seed=6).start != problem.start).any()
    with pytest.raises(ValueError, match="2410 eigenvalues are not computed"):
        problem.curvature  # noqa: B018
    assert problem.limit == pytest.approx(2 / problem.sharpness(problem.start))
    assert not hasattr(problem, "probability") and not hasattr(problem, "recall")
