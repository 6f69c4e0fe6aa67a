"""The checks of lesson 02: wrong answers with their sentence, and bounds from both sides."""

import numpy as np
import pytest

from lrlab import check


def each(pull):
    """A gradient as learners write it: the mean over the houses of pull(p, label, row)."""

    def gradient(w, X, y):
        p = 1 / (1 + np.exp(-X @ w))
        return sum(pull(*house) for house in zip(p, y, X, strict=True)) / 1600

    return gradient


def flat(w, X, y):
    """One mean of everything, three times."""
    pulls = np.array([(1 / (1 + np.exp(-row @ w)) - label) * row for row, label in zip(X, y, strict=True)])
    return [pulls.mean()] * 3


CASES = {
    "district_gradient": [
        (each(lambda p, y, row: (p - y) * row), "✓ Each house pulls"),
        (each(lambda p, y, row: 1.008 * (p - y) * row), "✓ Each house pulls"),
        (each(lambda p, y, row: 1.014 * (p - y) * row), "other numbers than the mean"),
        (each(lambda p, y, row: (y - p) * row), "The sign is turned"),
        (each(lambda p, y, row: 1600 * (p - y) * row), "1600 times too long"),
        (each(lambda p, y, row: (p - y) * p * (1 - p) * row), "A factor p(1 − p) is left over"),
        (each(lambda p, y, row: 2 * (p - y) * p * (1 - p) * row), "with its factor 2p(1 − p)"),
        (each(lambda p, y, row: p - y), "a mean of p − y is the bias's gradient"),
        (each(lambda p, y, row: 1600 * (p - y)), "The inputs are missing, and the mean"),
        (lambda w, X, y: 1 / (1 + np.exp(-X @ w)) - y, "that is one p − y a house"),
        (lambda w, X, y: ((1 / (1 + np.exp(-X @ w)) - y) * X.T).T, "One gradient a house"),
        (
            lambda w, X, y: sum((row @ w - label) * row for row, label in zip(X, y, strict=True)) / 1600,
            "The sigmoid is",
        ),
        (each(lambda p, y, row: (p - y) * row * 2), "Twice too long"),
        (flat, "take the mean over the houses, axis 0"),
        (lambda w, X, y: flat(w, X, y)[0], "take the mean over the houses, axis 0"),
        (lambda w, X, y: flat(w, X, y)[:2], "other numbers than the mean"),
    ],
    "district_recall": [
        (15 / 214, "✓ Hardly a house found"),
        (0.03, "✓"),
        (0.11, "✓"),
        (0.029, "which share does the model say yes to?"),
        (0.111, "which share does the model say yes to?"),
        (3.01, "✓"),  # per cent
        (10.99, "✓"),
        (11.05, "which share"),
        (2.98, "which share"),
        ("1 %", "which share"),
        (0.859, "which share"),
        (0.861, "saying no to everyone. Its recall is 0"),
        (0.8729, "saying no to everyone. Its recall is 0"),
        (0.8731, "of all houses, the share judged rightly"),
        (0.899, "of all houses, the share judged rightly"),
        (0.901, "which share"),
        (0.949, "which share"),
        (0.95, "That is precision"),
        (1, "That is precision"),
        (100, "That is precision"),
        (0, "finds 0"),
        (0.001, "which share"),
        (-0.1, "which share"),
        ((0.07, 0.08), "One number is asked for, and this is 2 of them"),
    ],
    "district_line": [
        ((1.008, 0.504), "✓ The line is where z is 0"),
        ((1.014, 0.5), "Solve that for y"),
        ((1, 0.507), "Solve that for y"),
        ((1, -0.5), "The intercept's sign"),
        ((1, -0.495), "The intercept's sign"),
        ((-1, 0.5), "The slope's sign"),
        ((-1, 10), "The slope's sign"),
        ((2, -1), "Solve that for y"),
        ((1, 10), "Divide by w2 as well"),
        ((1, -10), "Divide by w2 as well"),
        ((20, 0.5), "Divide by w2: 20 y"),
        ((-20, 3), "Divide by w2: 20 y"),
        (lambda x: x + 0.5, "✓"),
        (lambda x: -x + 0.5, "The slope's sign"),
        (lambda x: 20 * x + 3, "Divide by w2: 20 y"),
        (1, "A line is asked for"),
        ((1, 0.5, 0), "A line is asked for"),
        ("y = 3x + 1", "Solve that for y"),
    ],
    "updates": [
        (1000, "✓ Houses in training"),
        ("1600 / 32 * 20", "✓"),
        (20, "full batch"),
        (50, "one epoch: 1600 / 32"),
        (32 * 20, "epochs times batch"),
        (1600 * 20, "single houses"),
        (2000 / 32 * 20, "training sees 1600"),
        (-(-2000 // 32) * 20, "training sees 1600"),  # the last batch is half full
        *((near, "Updates an epoch") for near in (999, 1001, 19, 49, 51, 639, 641, 31999, 32001, 1251, 1259)),
    ],
}


@pytest.mark.parametrize(("name", "answer", "said"), [(name, *case) for name, cases in CASES.items() for case in cases])
def test_an_answer_is_recognised(name, answer, said):
    verdict = repr(getattr(check, name)(answer))
    assert said in verdict and (verdict[0] == "✓") == (said[0] == "✓"), verdict


def test_the_baseline_is_guessed_within_five_of_a_hundred():
    vote = check.vote_baseline
    assert all(vote.agrees(guess, 87.0) for guess in (82, 87, 92))
    assert not any(vote.agrees(guess, 87.0) for guess in (81.9, 92.1, 13))
    assert [vote(guess).mark for guess in (-0.5, 0, 100, 100.5)] == ["○", "✎", "✎", "○"]
