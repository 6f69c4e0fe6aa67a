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


def clipped(margin):
    def loss(z, y):
        p = np.clip(1 / (1 + np.exp(-z)), margin, 1 - margin)
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    return loss


def padded(margin):
    def loss(z, y):
        p = 1 / (1 + np.exp(-z))
        return -np.mean(y * np.log(p + margin) + (1 - y) * np.log(1 - p + margin))

    return loss


def floored(z, y):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(y * np.log(np.maximum(p, 1e-20)) + (1 - y) * np.log(np.maximum(1 - p, 1e-20)))


def scores_clipped(z, y):
    z = np.clip(z, -30, 30)
    return np.mean(np.log(1 + np.exp(z)) - y * z)


def where(z, y):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(np.log(np.where(y == 1, p, 1 - p)))


def nearly(off):
    return lambda z, y: (1 + off) * stable(z, y)


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
        (100 * 0.5 / 0.2 * 20 / 10, "✓", ""),
        (100 * 0.2 / 0.5 * 20 / 10, "✗", "The rate is the wrong way round"),
        (100 * 20 / 10, "✗", "The rate is forgotten"),
        (100 * 0.2 / 0.5 * 10 / 20, "✗", "Both the wrong way round"),
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
        ((40, 2), "✗", "none of those houses"),
        ("C.", "✗", "finite 40"),
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
        (where, "✗", "No nan any more, and still inf"),
        *((form(10.0**-k), "✗", "Clipped") for form in (clipped, padded) for k in range(4, 17)),
        *((form(np.finfo(float).eps), "✗", "Clipped") for form in (clipped, padded)),
        *((padded(margin), "✗", "Clipped") for margin in (1e-3, 1e-20, 1e-30)),
        (floored, "✗", "Clipped"),
        (scores_clipped, "✗", "Clipped"),
        (nearly(0.008), "✓", ""),
        (nearly(0.012), "✗", "Try it on z = 0"),
        (lambda z, y: np.sum(np.logaddexp(0, z) - y * z), "✗", "A sum"),
        (lambda z, y: np.logaddexp(0, z) - y * z, "✗", "now take the mean"),
        (lambda z, y: np.mean(np.logaddexp(0, z)), "✗", "−z·y is lost"),
        (lambda z, y: np.mean(np.logaddexp(0, z) + y * z), "✗", "The sign of y·z"),
        (lambda z, y: np.mean(np.logaddexp(0, -z) - y * z), "✗", "The sign inside"),
        (lambda z, y: np.mean(y * z - np.logaddexp(0, z)), "✗", "a loss is positive"),
        (lambda z, y: np.mean(np.logaddexp(0, z) - (1 - y) * z), "✗", "Try it on z = 0"),
        (lambda z, y: np.mean(np.logaddexp(0, z)) - np.mean(y) * np.mean(z), "✗", "Try it on z = 0"),
        (lambda z, y: np.mean(np.log1p(np.exp(z)) - y * z), "✗", "z = 709, where e^z overflows"),
        (lambda z, y: np.mean(np.log1p(np.exp(-z)) + (1 - y) * z), "✗", "z = −709, where e^−z overflows"),
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
        *(([rate], "✗", "there are more") for rate in (0.5, 1, 50)),
        *(([rate], "✗", "Those are the rows that agree") for rate in (0.01, 0.1, 10)),
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


def test_the_loss_is_asked_for_the_houses_that_its_sentences_name():
    """On both sides also beyond 709, where e^z overflows; a function may write into what it is given."""
    seen = set()

    def loss(z, y):
        mean = stable(z, y)
        seen.update(zip(z.tolist(), y.tolist(), strict=True))
        z.fill(0), y.fill(0)
        return mean

    assert check.stable_loss(loss).mark == "✓"
    assert {(z, y) for z in (40, -40, 900, -900) for y in (0, 1)} <= seen


def test_the_votes_know_what_was_measured():
    """The order of the final losses; and 50 epochs at 0.1 do what 250 do at 0.02."""
    assert check.vote_order.right == (50, 10, 1, 0.5, 0.1, 0.01)
    assert check.vote_epochs.right == 50 * 0.1 / 0.02 and check.vote_nan.right == "c"
