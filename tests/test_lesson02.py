"""Lesson 02: its facts against the course's figures, its checks against the answers that learners give."""

import math

import numpy as np
import pytest
from sklearn.svm import SVC

from lrcore import descend, logistic, school_district
from lrlab import check

train, validation = school_district()
model, everyone = logistic(*train), logistic(*school_district(split=None))


def test_the_map():
    assert (everyone.n, everyone.y.sum()) == (2000, 260)
    assert everyone.accuracy([0, 0, -1]) == 0.87
    assert (len(train.y), len(validation.y)) == (1600, 400)


def test_one_house_by_hand():
    p = 1 / (1 + math.exp(-(-2 * 0.2 + 2 * 0.8 - 1)))
    assert p == pytest.approx(0.55, abs=0.001)
    found = logistic([[0.2, 0.8]], [1]).gradient(np.array([-2.0, 2, -1]))
    assert found == pytest.approx([(p - 1) * 0.2, (p - 1) * 0.8, p - 1])


def test_curvature_at_the_start_is_a_quarter_of_the_mean_square():
    X = np.column_stack([everyone.X[:, :2], np.ones(2000)])
    largest = np.linalg.svd(X / math.sqrt(4 * 2000))[1][0] ** 2
    assert largest == pytest.approx(0.379, abs=0.001)
    assert everyone.limit == pytest.approx(2 / largest)
    assert everyone.limit == pytest.approx(5.28, abs=0.005)


@pytest.mark.parametrize(
    ("batch", "epochs", "loss", "within"),
    [
        (1, 50, 0.02, 0.3),
        (10, 50, 0.05, 0.1),
        (None, 50, 0.31, 0.05),
        (1, 5, 0.049, 0.06),
        (None, 8000, 0.049, 0.02),
    ],
)
def test_three_forms(batch, epochs, loss, within):
    """COURSE.md: near 0.02, 0.05 and 0.31 at equal epochs, near 0.049 each at equal updates."""
    assert descend(model, 0.5, epochs, batch=batch).final == pytest.approx(loss, rel=within)


def test_the_full_batch_knows_no_chance():
    one, two = (descend(model, 0.5, 200, seed=seed) for seed in (0, 1))
    assert (one.weights == two.weights).all()


def test_the_widest_boundary_of_the_rounded_map():
    """A support vector machine without slack finds the widest gap, at y = x + 0.495."""
    widest = SVC(kernel="linear", C=1e8).fit(everyone.X[:, :2], everyone.y)
    (w1, w2), b = widest.coef_[0], widest.intercept_[0]
    assert -w1 / w2 == pytest.approx(1, abs=1e-3)
    assert -b / w2 == pytest.approx(0.495, abs=1e-3)


def test_the_valley_goes_on():
    run = descend(everyone, 5, 2000)
    w1, w2, b = run.weights[-1]
    assert -w1 / w2 == pytest.approx(1, abs=0.03)
    assert w1 / b == pytest.approx(2, abs=0.06)
    assert run.losses[2000] < run.losses[200] / 2
    assert everyone.loss(10 * run.weights[-1]) < run.final


def test_recall_is_what_is_counted():
    w = descend(model, 0.01, 50, batch=10).weights[-1]
    said = train.X @ w[:2] + w[2] > 0
    recall = (said & (train.y == 1)).sum() / train.y.sum()
    assert 0.02 < recall < 0.10
    assert check.district_recall(recall).mark == "✓"
    assert check.district_recall(model.accuracy(w)).text.startswith("That is the accuracy")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def slow(w, X, y):
    total = np.zeros(3)
    for row, label in zip(X, y, strict=True):
        total = total + (sigmoid(sum(w * row)) - label) * row
    return list(total / len(y))


GRADIENTS = [
    (lambda w, X, y: (sigmoid(X @ w) - y) @ X / len(y), "✓", ""),
    (lambda w, X, y: X.T @ (sigmoid(X @ w) - y) / len(y), "✓", ""),
    (lambda w, X, y: np.mean((sigmoid(X @ w) - y)[:, None] * X, axis=0), "✓", ""),
    (slow, "✓", ""),
    (lambda w, X, y: (y - sigmoid(X @ w)) @ X / len(y), "✗", "climbs"),
    (lambda w, X, y: (sigmoid(X @ w) - y) @ X, "✗", "1600 times too long"),
    (lambda w, X, y: (p := sigmoid(X @ w)) @ X * 0 + ((p - y) * p * (1 - p)) @ X / len(y), "✗", "p(1 − p)"),
    (lambda w, X, y: np.mean(sigmoid(X @ w) - y), "✗", "bias"),
    (lambda w, X, y: sigmoid(X @ w) - y, "✗", "inputs are missing"),
    (lambda w, X, y: (sigmoid(X @ w) - y)[:, None] * X, "✗", "take the mean"),
    (lambda w, X, y: (X @ w - y) @ X / len(y), "✗", "sigmoid is missing"),
    (lambda w, X, y: np.zeros(3), "✗", "single house"),
    (lambda w, X, y: ..., "○", "Open"),
    (lambda w, X, y: None, "✗", "returns nothing"),
    (0.5, "✗", "A function is asked for"),
    (..., "○", "Open"),
]


@pytest.mark.parametrize(("answer", "mark", "said"), GRADIENTS)
def test_gradient(answer, mark, said):
    verdict = check.district_gradient(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict


@pytest.mark.parametrize(
    ("answer", "mark", "said"),
    [
        (0.07, "✓", ""),
        ("6 %", "✓", ""),
        (6.5, "✓", ""),
        (np.array([0.055]), "✓", ""),
        (0.877, "✗", "accuracy"),
        ("87.7 %", "✗", "accuracy"),
        (0.87, "✗", "saying no to everyone"),
        (0.866, "✗", "saying no to everyone"),
        (1.0, "✗", "precision"),
        (0, "✗", "finds a few"),
        (0.5, "✗", "model.recall"),
        ((0.1, 0.2), "✗", "One number"),
        ("many", "✗", "this is a text"),
        (..., "○", "Open"),
    ],
)
def test_recall(answer, mark, said):
    verdict = check.district_recall(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict


@pytest.mark.parametrize(
    ("answer", "mark", "said"),
    [
        ((1, 0.5), "✓", ""),
        ([1.0, 0.5], "✓", ""),
        ("y = x + 0.5", "✓", ""),
        ("y=1.0*x+.5", "✓", ""),
        ("1, 0.5", "✓", ""),
        (lambda x: x + 0.5, "✓", ""),
        ((1, -0.5), "✗", "intercept's sign"),
        ("y = x − 0.5", "✗", "intercept's sign"),
        ((-1, 0.5), "✗", "slope's sign"),
        ((-1, -0.5), "✗", "slope's sign"),
        ((1, 10), "✗", "Divide by w2"),
        ((1, -10), "✗", "Divide by w2"),
        ((20, 10), "✗", "Divide by w2"),
        ((2, 3), "✗", "Solve that for y"),
        (0.5, "✗", "A line is asked for"),
        ("no idea", "✗", "this is a text"),
        (..., "○", "Open"),
    ],
)
def test_line(answer, mark, said):
    verdict = check.district_line(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict


@pytest.mark.parametrize(
    ("answer", "mark", "said"),
    [
        (8000, "✓", ""),
        ("8000 updates", "✓", ""),
        (50 * 1600 / 10, "✓", ""),
        (50, "✗", "full batch"),
        (500, "✗", "epochs times batch"),
        (80_000, "✗", "single samples"),
        (160, "✗", "one epoch"),
        (16_000, "✗", "batch counts once"),
        (10_000, "✗", "training sees 1600"),
        (7, "✗", "Updates an epoch"),
        (True, "✗", "this says True"),
        (..., "○", "Open"),
    ],
)
def test_updates(answer, mark, said):
    verdict = check.updates(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict


def test_the_vote():
    assert repr(check.vote_updates("d")) == "✎ d: no visible difference. Run on, and compare."
    assert check.vote_updates("?").mark == "○"
