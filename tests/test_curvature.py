"""Curvature: eigenvalues of Hessians against those of the matrices themselves, also of low rank and by the hundred."""

import numpy as np
import pytest

from lrcore import banana, bowl, descend, digits, least_squares, line, logistic, network, saddle, softmax, surface


def test_lanczos_finds_the_largest_also_where_a_negative_one_is_larger_in_size():
    """150 weights, so the largest eigenvalue comes from Hessian-vector products; −9 is larger in size than 4."""
    curvature = np.append(np.linspace(-9, 3.5, 149), 4.0)
    problem = surface(lambda w: (curvature * w * w).sum(-1) / 2, lambda w: curvature * w, np.ones(150))
    np.testing.assert_allclose(problem.sharpness(np.ones((3, 150))), 4, rtol=1e-6)


def test_lanczos_on_the_digits_is_the_eigenvalue():
    some = digits()
    problem = softmax(some.X[:120], some.y[:120])
    assert problem.sharpness(problem.start) == pytest.approx(problem.curvature[-1], rel=1e-6)
    assert problem.limit == pytest.approx(2 / problem.curvature[-1], rel=1e-6)


def rows(n, k=120):
    """Fewer rows than weights, so that most eigenvalues are 0: X, its matrix with a column of ones, labels."""
    X = np.random.RandomState(0).normal(size=(n, k))
    return X, np.c_[X, np.ones(n)], np.arange(n) % 2


@pytest.mark.parametrize("n", [1, 2, 3, 10, 20, 60, 61, 200])
def test_more_weights_than_rows(n):
    """A Hessian of rank n, by hand: 2 XᵀX/n of squares, XᵀX/4n of the logistic loss at 0; and 2/λ is the limit."""
    X, A, y = rows(n)
    largest = np.linalg.eigvalsh(A.T @ A / n)[-1]
    squares = least_squares(X, np.ones(n))
    assert squares.sharpness(squares.start) == pytest.approx(2 * largest, rel=1e-12)
    assert logistic(X, y).sharpness(np.zeros(121)) == pytest.approx(largest / 4, rel=1e-8)
    below, above = descend(squares, np.array([0.99, 1.01]) * squares.limit, 2000)
    assert not below.diverged and above.diverged


@pytest.mark.parametrize("problem", [network(digits().X[:1], digits().y[:1], hidden=8), softmax(*rows(1)[::2], 3)])
def test_one_row_of_a_network_and_of_a_softmax(problem):
    assert problem.sharpness(problem.start) == pytest.approx(problem.curvature[-1], rel=1e-7)


@pytest.mark.parametrize(
    ("curvature", "largest"),
    [([3.0], 3), ([0.0] * 150 + [3], 3), ([-1.0] * 150, -1), ([-2.0] * 150 + [-1], -1), ([5.0] * 3, 5), ([0.0] * 9, 0)],
)
def test_few_different_eigenvalues(curvature, largest):
    problem = bowl(curvature)
    assert problem.sharpness(np.ones((2, len(curvature)))) == pytest.approx([largest] * 2, rel=1e-9)
    assert problem.limit == pytest.approx(2 / largest if largest > 0 else np.inf)


def test_where_a_loss_is_flat_it_has_no_curvature():
    """Far out p(1 − p) is exactly 0; with a weight that is no number there is no answer."""
    X = np.array([[1.0, 2], [2, 1], [3, 5]])
    far = logistic(X, [1, 1, 1]).sharpness([[0, 0, 0], [1e5, 1e5, 1e5], [np.inf, 0, 0]])
    assert far[0] > 1 and far[1] == 0 and np.isnan(far[2])


def test_the_line_in_two_steps():
    """Of a quadratic the eigenvalues are exact to rounding: 1/λmax, then 1/λmin, ends at 2e-29."""
    problem = least_squares(*line())
    low, high = problem.curvature
    run = descend(problem, 1, 2, schedule=lambda t: (1 / high, 1 / low, 0)[t])
    assert run.final < 1e-28
    assert saddle().sharpness([1, 1]) == pytest.approx(1) and banana().sharpness([1, 1]) == pytest.approx(1001.6006393)
