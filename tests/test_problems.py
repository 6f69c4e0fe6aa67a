"""The problems: losses and gradients by hand and by differences, curvature by the theorem, answers by counting."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrcore import (
    banana,
    bowl,
    descend,
    forward_difference,
    least_squares,
    line,
    logistic,
    network,
    noisy,
    saddle,
    school_district,
    softmax,
    surface,
)
from lrcore.problems import Problem

DRAW = np.random.RandomState(7)
X, LABEL = DRAW.normal(size=(23, 3)), DRAW.randint(0, 2, 23)
TARGET, CLASS = DRAW.normal(size=23), np.append(DRAW.randint(0, 4, 22), 3)
PROBLEMS = {
    "least_squares": least_squares(X, TARGET),
    "least_squares without a bias": least_squares(X, TARGET, bias=False),
    "logistic": logistic(X, LABEL),
    "softmax": softmax(X, CLASS),
    "bowl": bowl([0.5, 2, 7]),
    "saddle": saddle(),
    "banana": banana(),
    "surface": surface(lambda w: np.cos(w).sum(axis=-1), lambda w: -np.sin(w), [1.0, 2.0]),
    "noisy": noisy(bowl([1, 4]), 0.3, n=8),
    "network": network(X, CLASS, hidden=5, seed=2),
}
FITTED = [name for name in PROBLEMS if PROBLEMS[name].n == 23 and name != "network"]


def differences(f, w, h=1e-5):
    """∂f/∂w by central differences, f (d,) → any shape; the derivatives come last."""
    return np.stack([(f(w + h * e) - f(w - h * e)) / (2 * h) for e in np.eye(len(w))], axis=-1)


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_gradient_is_the_losss_slope(name):
    problem = PROBLEMS[name]
    for w in DRAW.normal(size=(3, problem.d)):
        np.testing.assert_allclose(problem.gradient(w), differences(problem.loss, w), atol=1e-6, rtol=1e-7)


@pytest.mark.parametrize("name", PROBLEMS)
def test_sharpness_is_the_largest_slope_of_the_gradient(name):
    problem = PROBLEMS[name]
    for w, v in DRAW.normal(size=(3, 2, problem.d)):
        square = differences(problem.gradient, w)
        np.testing.assert_allclose(problem._hessian_vector(w[None], v[None])[0], square @ v, atol=1e-5, rtol=1e-6)
        largest = np.linalg.eigvalsh((square + square.T) / 2)[-1]
        assert problem.sharpness(w) == pytest.approx(largest, abs=1e-5)


@pytest.mark.parametrize("name", PROBLEMS)
def test_many_runs_are_answered_as_one_by_one(name):
    problem = PROBLEMS[name]
    w = DRAW.normal(size=(2, 5, problem.d))
    rows = None if problem.n is None else [3, 0, 3]
    asked = [problem.loss, problem.gradient, problem.sharpness, lambda w: problem.gradient(w, rows)]
    if hasattr(problem, "probability"):
        asked += [problem.accuracy, problem.recall, problem.precision, problem.probability]
    for ask in asked:
        together = ask(w)
        assert together.shape[:2] == (2, 5)
        each = np.array([[ask(run) for run in block] for block in w])
        if ask == problem.sharpness:
            np.testing.assert_allclose(together, each, rtol=1e-9, atol=1e-9)
        else:
            np.testing.assert_array_equal(together, each)


def test_the_line_by_hand():
    """At w = b = 0: loss (9 + 36 + 81 + 144)/4 = 67.5, slopes −45 and −15; the Hessian is [[15, 5], [5, 2]]."""
    problem = least_squares(*line())
    assert problem.loss([0, 0]) == 67.5
    np.testing.assert_array_equal(problem.gradient([0, 0]), [-45, -15])
    assert [round(c, 6) for c in problem.curvature] == [0.299390, 16.700610]
    assert round(problem.limit, 6) == 0.119756
    np.testing.assert_array_equal(problem.start, [0, 0])
    alone = least_squares([1, 2, 3, 4], [3, 6, 9, 12], bias=False)
    np.testing.assert_allclose(alone.loss([[0], [2], [3]]), [67.5, 7.5, 0])
    np.testing.assert_allclose(alone.curvature, [15])
    assert alone.limit == pytest.approx(2 / 15)
    assert least_squares([2, 4, 6, 8], [0] * 4).limit == pytest.approx(0.0324, abs=5e-5)


def test_one_house_by_hand():
    """w = (2, −1), b = 0.5 at (1, 3): z = −0.5, p = 0.3775; the label is 1: loss −ln p, gradient (p − 1)[1, 3, 1]."""
    problem = logistic([[1, 3]], [1])
    p = 1 / (1 + np.e**0.5)
    assert problem.probability([2, -1, 0.5]) == pytest.approx(p)
    assert problem.loss([2, -1, 0.5]) == pytest.approx(-np.log(p))
    np.testing.assert_allclose(problem.gradient([2, -1, 0.5]), (p - 1) * np.array([1, 3, 1]))
    assert problem.sharpness([2, -1, 0.5]) == pytest.approx(p * (1 - p) * 11)  # the Hessian is p(1 − p) xxᵀ


def test_the_houses_curvature_is_the_courses():
    whole = logistic(*school_district(split=None))
    assert round(whole.curvature[-1], 3) == 0.379 and round(whole.limit, 2) == 5.28
    assert whole.loss(np.zeros(3)) == pytest.approx(np.log(2))


def test_softmax_of_two_classes_is_logistic():
    """With scores (0, z) the second probability is sigmoid(z)."""
    two, one = softmax(X, LABEL), logistic(X, LABEL)
    w = DRAW.normal(size=(6, 4))
    both = np.concatenate([np.zeros((6, 4)), w], axis=-1)
    np.testing.assert_allclose(two.loss(both), one.loss(w), rtol=1e-12)
    np.testing.assert_allclose(two.gradient(both)[:, 4:], one.gradient(w), rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(two.probability(both)[..., 1], one.probability(w), rtol=1e-12)
    np.testing.assert_allclose(two.accuracy(both), one.accuracy(w))
    np.testing.assert_allclose(two.recall(both)[:, 1], one.recall(w))
    np.testing.assert_allclose(two.precision(both)[:, 1], one.precision(w))


def test_softmax_is_laid_flat_class_by_class():
    """Class c's row is w[c·(k+1) : (c+1)·(k+1)], its bias last: at (1, 2), weights (1, 0, 0.5) give 1.5."""
    problem = softmax([[1, 2]], [1], classes=3)
    z = np.array([1.5, 2.0, -1.0])
    p = np.exp(z) / np.exp(z).sum()
    w = [1, 0, 0.5, 0, 1, 0, 0, 0, -1]
    np.testing.assert_allclose(problem.probability(w)[0], p)
    assert problem.loss(w) == pytest.approx(-np.log(p[1]))
    np.testing.assert_allclose(problem.gradient(w), np.outer(p - [0, 1, 0], [1, 2, 1]).ravel())


@pytest.mark.parametrize("name", ["logistic", "softmax"])
def test_the_loss_is_finite_however_sure_the_model_is(name):
    problem = PROBLEMS[name]
    w = np.full((3, problem.d), 1.0) * np.arange(problem.d) * np.array([[1e3], [-1e3], [1e300]])
    assert np.isfinite(problem.loss(w)).all() and np.isfinite(problem.gradient(w)).all()


def test_the_stable_losses_far_out():
    """log(1 + e^z) − yz tends to |z| where the model is surely wrong, and to 0 where it is surely right."""
    problem = logistic([[0.0]], [1])
    np.testing.assert_allclose(problem.loss([[0, -800], [0, 40], [0, 800]]), [800, np.exp(-40), 0], rtol=1e-12)
    assert softmax([[0.0]], [0], classes=2).loss([0, -800, 0, 900]) == 1700


def test_overflow_is_no_warning():
    for problem in PROBLEMS.values():
        far = np.full((2, problem.d), [[1e200], [np.nan]])
        problem.loss(far), problem.sharpness(far), problem.loss(far[0])
        assert np.isnan(problem.sharpness(far)[1])


def test_accuracy_recall_and_precision_by_counting():
    """Labels 1 1 1 0 0, answers 1 0 0 1 0: 2 of 5 right, 1 of 3 found, 1 of 2 called rightly."""
    problem = logistic([1, -1, -2, 3, -4], [1, 1, 1, 0, 0])
    assert (problem.accuracy([1, 0]), problem.recall([1, 0]), problem.precision([1, 0])) == (0.4, 1 / 3, 0.5)
    w = np.array([[1, 0], [-1, 0], [0, -1], [0, 1]])
    np.testing.assert_allclose(problem.accuracy(w), [0.4, 0.6, 0.4, 0.6])
    np.testing.assert_allclose(problem.recall(w), [1 / 3, 2 / 3, 0, 1])
    np.testing.assert_allclose(problem.precision(w), [1 / 2, 2 / 3, np.nan, 3 / 5])
    assert np.isnan(logistic([1, 2], [0, 0]).recall([1, 0]))


def test_softmax_counts_class_by_class():
    """One input and weights that say the class of its sign or size; class 2 is never said, class 3 never true."""
    problem = softmax([-1.0, -2.0, 1.0, 2.0], [0, 1, 2, 2], classes=4)
    w = np.array([-1, 0, 0, -9, 0, -9, 1, 0.0])  # says 0 for a negative input, 3 for a positive one
    np.testing.assert_array_equal(problem.recall(w), [1, 0, 0, np.nan])
    np.testing.assert_array_equal(problem.precision(w), [1 / 2, np.nan, np.nan, 0])
    assert problem.accuracy(w) == 0.25 and problem.recall(np.zeros((2, 3, 8))).shape == (2, 3, 4)


def test_where_weights_are_lost_nothing_is_claimed():
    for w in ([np.nan, 0, 0, 0], [np.inf, 0, 0, 0]):
        both = np.array([w, np.zeros(4)])
        problem = PROBLEMS["logistic"]
        for answer in (problem.accuracy(both), problem.recall(both)):
            assert np.isnan(answer[0]) and np.isfinite(answer[1])


def test_the_rule_that_says_no_is_87_percent_right():
    problem = logistic(*school_district(split=None))
    assert problem.accuracy([0, 0, -1]) == 0.87 and problem.recall([0, 0, -1]) == 0


@pytest.mark.parametrize("name", FITTED)
def test_other_data_and_rows(name):
    problem, w = PROBLEMS[name], DRAW.normal(size=(2, 3, PROBLEMS[name].d))
    bias = {"bias": False} if "without" in name else {}
    labels = {"classes": 4} if name == "softmax" else {"hidden": 5} if name == "network" else {}
    y = problem.y
    part = type(problem)(X[4:9], y[4:9], **bias, **labels)
    np.testing.assert_allclose(problem.loss(w, X[4:9], y[4:9]), part.loss(w))
    np.testing.assert_allclose(problem.gradient(w, slice(4, 9)), part.gradient(w))
    np.testing.assert_allclose(problem.gradient(w, np.arange(4, 9)), part.gradient(w))
    np.testing.assert_allclose(problem.take(np.arange(4, 9)).gradient(w), part.gradient(w))
    np.testing.assert_allclose(problem.take(slice(4, 9)).curvature, part.curvature)
    assert (part.n, problem.take([1, 1, 2]).n, problem.n) == (5, 3, 23)
    if hasattr(problem, "accuracy"):
        np.testing.assert_allclose(problem.accuracy(w, X[4:9], y[4:9]), part.accuracy(w))
        np.testing.assert_array_equal(problem.recall(w, X[4:9], y[4:9]), part.recall(w))
        np.testing.assert_array_equal(problem.precision(w, X[4:9], y[4:9]), part.precision(w))
        np.testing.assert_allclose(problem.probability(w, X[4:9]), part.probability(w))


def test_losses_in_pieces_are_the_losses_in_one():
    """16 000 values at a time: 23 rows and 2000 runs make several pieces."""
    for name in FITTED:
        problem = PROBLEMS[name]
        w = DRAW.normal(size=(2000, problem.d))
        np.testing.assert_allclose(problem.loss(w), problem._loss(w, problem.X, problem.y), rtol=1e-13)
    assert least_squares(*line(20_000)).loss(np.zeros((3, 2))).shape == (3,)  # a single run is more than a piece


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(2, 30))
def test_just_below_the_limit_falls_and_just_above_rises(seed, k, n):
    draw = np.random.RandomState(seed)
    X, y = draw.normal(size=(n, k)), draw.normal(size=n)
    problem = least_squares(X, y)
    # Singular values know the curvature too: λ = 2 σ² / n of [x, 1].
    sigma = np.linalg.svd(np.column_stack([X, np.ones(n)]), compute_uv=False)
    assert problem.limit == pytest.approx(n / sigma[0] ** 2)
    best = np.linalg.lstsq(np.column_stack([X, np.ones(n)]), y, rcond=None)[0]
    top = np.linalg.svd(np.column_stack([X, np.ones(n)]))[2][0]  # the steepest direction
    run = descend(problem, problem.limit * np.array([0.99, 1.01]), 300, start=best + top)
    above = run.losses - problem.loss(best)
    assert (np.diff(above[0]) < 1e-12).all() and above[0, -1] < above[0, 0] * 1e-2
    assert above[1, -1] > above[1, 0] * 1e2 and run.diverged[1]


@given(st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=5), st.floats(-3, 3))
def test_a_bowl_multiplies_each_weight_by_1_minus_rate_times_curvature(curvature, share):
    rate = share / max(curvature)
    run = descend(bowl(curvature), rate, 8)
    factors = (1 - rate * np.array(curvature)) ** np.arange(9)[:, None]
    np.testing.assert_allclose(run.weights, factors, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(run.losses, (curvature * factors**2).sum(axis=-1) / 2, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(bowl(curvature).curvature, sorted(curvature), rtol=1e-9)


def test_surfaces_are_those_of_the_books():
    assert banana().loss([1, 1]) == 0 and banana().loss([-1.2, 1]) == pytest.approx(24.2)
    np.testing.assert_array_equal(banana().gradient([1, 1]), [0, 0])
    assert banana().sharpness([1, 1]) == pytest.approx(np.linalg.eigvalsh([[802, -400], [-400, 200]])[-1])
    np.testing.assert_array_equal(banana().start, [-1.2, 1])
    np.testing.assert_allclose(saddle().curvature, [-1, 1])
    np.testing.assert_array_equal(saddle().start, [1, 1e-6])
    assert saddle().loss([3, 2]) == 2.5 and saddle().limit == pytest.approx(2)
    assert bowl(4).loss([3]) == 18 and bowl([1, 3]).limit == pytest.approx(2 / 3)
    assert surface(lambda w: -(w**2).sum(-1), lambda w: -2 * w, [1.0]).limit == np.inf
    assert surface(lambda w: w.sum(-1), np.ones_like, [1.0]).limit == np.inf
    assert np.isnan(least_squares(*line()).loss([np.nan, 0]))
    assert repr(bowl(4)) == "surface(1 weight)" and repr(PROBLEMS["logistic"]) == "logistic(23 rows, 4 weights)"


@pytest.mark.parametrize(("shape", "wrong"), [((2,), "loss"), ((2, 2), "gradient")])
def test_a_surface_wants_a_loss_and_a_gradient_for_each_run(shape, wrong):
    """Each alone: w[0] in the loss is one run's weight; a gradient that adds its columns up has lost one."""
    loss = (lambda w: w[0] ** 2) if wrong == "loss" else (lambda w: (w**2).sum(-1))
    gradient = (lambda w: 2 * w.sum(-1)) if wrong == "gradient" else (lambda w: 2 * w)
    with pytest.raises(ValueError, match=r"write w\[\.\.\., 0\]"):
        surface(loss, gradient, np.ones(2))


def test_a_thousand_eigenvalues_are_computed_and_no_more():
    curvature = np.arange(1.0, 1001)
    np.testing.assert_allclose(bowl(curvature).curvature, curvature, rtol=1e-6)
    with pytest.raises(ValueError, match="1001 eigenvalues are not computed"):
        _ = bowl(np.ones(1001)).curvature


class Watched(Problem):
    """Its loss is 0, and it writes down how many runs come at a time."""

    def __init__(self, n):
        super().__init__(np.zeros(2))
        self.n, self.sizes = n, []

    def _loss(self, w):
        self.sizes.append(len(w))
        return np.zeros(len(w))


@pytest.mark.parametrize("n", [None, 1, 700, 1600, 5000, 5400, 20000])
@pytest.mark.parametrize("runs", [1, 2, 3, 22, 45])
def test_runs_are_worked_on_in_even_numbers_that_stay_in_cache(n, runs):
    """An odd last row rounds differently in BLAS: then a run would not be the same in a batch as alone."""
    one = Watched(n)
    assert len(one.loss(np.zeros((runs, 2)))) == runs == sum(one.sizes) - runs % 2
    assert all(size % 2 == 0 and (size == 2 or size * (n or 1) <= 16_000) for size in one.sizes)


def test_forward_differences_are_off_by_half_a_curvature_times_h():
    """(L(w + h) − L(w))/h = L′ + h L″/2: with L″ = 15 and 2 and h = 1e-3."""
    problem = forward_difference(least_squares(*line()), h=1e-3)
    np.testing.assert_allclose(problem.gradient([0, 0]), [-45 + 15e-3 / 2, -15 + 2e-3 / 2], rtol=1e-9)
    np.testing.assert_allclose(problem.gradient([[0, 0], [3, 0]])[1], [15e-3 / 2, 2e-3 / 2], rtol=1e-6)
    assert problem.loss([0, 0]) == 67.5 and problem.n == 4
    part = least_squares([[1], [2]], [3, 6])
    np.testing.assert_allclose(problem.gradient([0, 0], slice(0, 2)), part.gradient([0, 0]), atol=1e-2)


def test_forward_differences_round_the_moved_weight_to_the_weights_own_type():
    """Near 12755 float32 numbers are 0.00098 apart: w + 0.0001 is w, and the difference is 0."""
    problem = forward_difference(least_squares(*line()))
    at = [12755.16015625, 3765.9716796875]
    np.testing.assert_array_equal(problem.gradient(np.array(at, np.float32)), [0, 0])
    exact = least_squares(*line()).gradient(at)
    assert round(exact[0]) == 210112
    np.testing.assert_allclose(problem.gradient(np.array(at)), exact, rtol=1e-2)


def test_a_noisy_problem_is_exact_on_all_its_rows_and_noisy_on_some():
    plain, problem = bowl([1, 4]), noisy(bowl([1, 4]), 0.5, n=1000, seed=3)
    w = np.array([1.0, 2.0])
    np.testing.assert_array_equal(problem.gradient(w), plain.gradient(w))
    np.testing.assert_array_equal(problem.gradient([0, 0]), [0, 0])  # the pulls cancel to the last digit
    np.testing.assert_allclose(problem.gradient(w, np.arange(1000)), plain.gradient(w), rtol=1e-12)
    one_by_one = np.array([problem.gradient(w, [i]) for i in range(1000)]) - plain.gradient(w)
    np.testing.assert_allclose(one_by_one.std(axis=0), 0.5, rtol=0.1)
    np.testing.assert_allclose(one_by_one.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(problem.gradient(w, [4, 8]) - plain.gradient(w), one_by_one[[4, 8]].mean(axis=0))
    assert problem.loss(w) == plain.loss(w) and problem.limit == pytest.approx(plain.limit)
    assert (problem.n, noisy(plain, 1).n) == (1000, 100)
    assert (noisy(plain, 0.5, 1000, seed=3).gradient(w, [5]) == problem.gradient(w, [5])).all()
    assert (noisy(plain, 0.5, 1000).gradient(w, [5]) == noisy(plain, 0.5, 1000, seed=0).gradient(w, [5])).all()
    assert (noisy(plain, 0.5, 1000, seed=4).gradient(w, [5]) != problem.gradient(w, [5])).all()
    np.testing.assert_array_equal(noisy(plain, [0, 1]).gradient(w, [3])[0], plain.gradient(w)[0])
