"""The checks of lesson 03: right answers in several typings, wrong ones with their sentence."""

import numpy as np
import pytest

from lrlab import check

PRINTED = np.array([0.99962179, 0.05426521, 1.03667e-30])  # at rate 50


def stable(z, y):
    return np.mean(np.logaddexp(0, z) - y * z)


def bitwise(z, y):
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))


def by_house(z, y):
    return sum(np.logaddexp(0, a) - b * a for a, b in zip(z, y, strict=True)) / len(z)


def by_label(z, y):
    return np.logaddexp(0, np.where(y == 1, -z, z)).mean()


def naive(z, y):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def clipped(z, y):
    p = np.clip(1 / (1 + np.exp(-z)), 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def at_eps(z, y):
    eps = np.finfo(float).eps
    p = np.clip(1 / (1 + np.exp(-z)), eps, 1 - eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def padded(z, y):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))


H = np.array([[0.2, 0.8, 1], [0.4, 0.9, 1], [0.6, 0.5, 1]])
CASES = {
    "product_law": [
        (500, "✓", ""),
        ("500 epochs", "✓", ""),
        (np.float64(500), "✓", ""),
        (40, "✗", "Smaller rates need more"),
        (250, "✗", "batch is forgotten"),
        (125, "✗", "batch is the wrong way round"),
        (100, "✗", "Both changed"),
        (3, "✗", "has to be the same"),
        ("many", "✗", "this is a text"),
        (True, "✗", "this says True"),
        (..., "○", "Open"),
    ],
    "nan_house": [
        ("a", "✓", ""),
        ((40, 1), "✓", ""),
        ("z=40, y=1", "✓", ""),
        ([40, 1], "✓", ""),
        ("(40, 1)", "✓", ""),
        ("b", "✗", "inf"),
        ((40, 0), "✗", "inf"),
        ("(−40, 1)", "✗", "finite 40"),
        ((-40.0, 1), "✗", "finite 40"),
        ("d", "✗", "Choose one of a, b, c"),
        (print, "✗", "Choose one of"),
        ("?", "○", "Open"),
    ],
    "stable_loss": [
        (stable, "✓", ""),
        (bitwise, "✓", ""),
        (by_house, "✓", ""),
        (by_label, "✓", ""),
        (naive, "✗", "naive"),
        (clipped, "✗", "Clipped"),
        (padded, "✗", "Clipped"),
        (at_eps, "✗", "Clipped"),
        (lambda z, y: np.sum(np.logaddexp(0, z) - y * z), "✗", "A sum"),
        (lambda z, y: np.logaddexp(0, z) - y * z, "✗", "now take the mean"),
        (lambda z, y: np.mean(np.logaddexp(0, z)), "✗", "−z·y is lost"),
        (lambda z, y: np.mean(np.log(1 + np.exp(z)) - y * z), "✗", "overflows"),
        (lambda z, y: np.mean(z), "✗", "Try it on z = 0"),
        (lambda z, y: ..., "○", "Open"),
        (lambda z, y: None, "✗", "returns nothing"),
        (lambda z, y: "low", "✗", "numbers are asked for"),
        (0.3, "✗", "A function is asked for"),
        (..., "○", "Open"),
    ],
    "rows_that_disagree": [
        ([0.5, 1, 50], "✓", ""),
        ({50, 0.5, 1.0}, "✓", ""),
        ("0.5, 1 and 50", "✓", ""),
        (np.array([0.5, 1, 50]), "✓", ""),
        ([0.01, 0.1, 0.5, 1, 10, 50], "✗", "bias"),
        ("all", "✗", "bias"),
        ([], "✗", "tolerance"),
        ("none", "✗", "tolerance"),
        ([50], "✗", "there are more"),
        ([1, 50], "✗", "there are more"),
        ([0.01, 0.1, 10], "✗", "agree"),
        ([0.5, 10], "✗", "within 0.01"),
        (7, "✗", "within 0.01"),
        (..., "○", "Open"),
    ],
    "better": [
        ("b", "✓", ""),
        ("not shown", "✓", ""),
        ("a", "✗", "another seed"),
        ("yes", "✗", "another seed"),
        ("c", "✗", "not equal"),
        ("equal", "✗", "not equal"),
        ("perhaps", "✗", "Choose one of"),
        (3, "✗", "Choose one of"),
        ("?", "○", "Open"),
    ],
    "behind": [
        ((-109.1, 110.9, -59.0), "✓", ""),
        ("−109.1, 110.9, −59.0", "✓", ""),
        ("w1 = -109.1, w2 = 110.9, b = -59", "✓", ""),
        ({"b": -59.0, "w1": -109.13, "w2": 110.89}, "✓", ""),
        (np.array([-109.134, 110.891, -59.0065]), "✓", ""),
        ((-93.6901, 93.8484, -46.8202), "✗", "stand in the table"),
        (np.linalg.solve(H, PRINTED), "✗", "p is no score"),
        (np.linalg.solve(H, np.log(PRINTED)), "✗", "the 1 − p matters"),
        (np.linalg.solve(H, np.log((1 - PRINTED) / PRINTED)), "✗", "The sign"),
        (H @ np.log(PRINTED / (1 - PRINTED)), "✗", "multiplies by the houses"),
        ((1, 2), "✗", "Three equations"),
        (..., "○", "Open"),
    ],
    "vote_order": [
        ("50, 10, 1, 0.5, 0.1, 0.01", "✎", ""),
        ("0.5 1 10 0.1 50 0.01", "✎", ""),
        ([1, 0.5, 10, 0.1, 50, 0.01], "✎", ""),
        ("0.5, 1", "○", "once"),
        ("?", "○", "in order"),
    ],
    "vote_epochs": [(25, "✎", ""), ("ten", "○", "this is a text"), ("?", "○", "Give a number")],
    "vote_nan": [
        ("c", "✎", "on a house that is right"),
        ("?", "○", "Choose"),
        ("e", "○", "Choose one of"),
    ],
}


@pytest.mark.parametrize(
    ("name", "answer", "mark", "said"), [(name, *case) for name, cases in CASES.items() for case in cases]
)
def test_check(name, answer, mark, said):
    verdict = getattr(check, name)(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict
