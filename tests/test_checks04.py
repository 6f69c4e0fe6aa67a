"""Lesson 04: its votes, and its checks with right and wrong answers."""

import numpy as np
import pytest

from lrcore import bowl, descend, schedules
from lrlab import check
from lrlab.check import lesson04


def test_votes():
    assert check.vote_cloud("0.08").mark == check.vote_cloud(0.078).mark == "✎"
    assert check.vote_cloud.agrees(0.078, 0.0711)  # a half
    assert not check.vote_cloud.agrees(0.039, 0.0711)  # a quarter
    assert not check.vote_cloud.agrees(0.156, 0.0711)  # the same
    for vote in (check.vote_decay, check.vote_two_steps):
        assert vote("?").mark == "○"
        assert all(vote(letter).mark == "✎" for letter in "abcd")
    assert (check.vote_decay.right, check.vote_two_steps.right) == ("d", "c")


INVERSE = [
    (lambda t, delay: 1 / (1 + t / delay), "✓", "Half at t = delay"),
    (lambda t, delay: delay / (delay + t), "✓", ""),
    (lambda t, d: schedules.inverse(d)(t), "✓", ""),
    (lambda t, delay: (1 + t / delay) ** -1, "✓", ""),
    (lambda t, delay: round(float(1 / (1 + t / delay)), 3), "✓", ""),
    (lambda t, delay: delay / t, "✗", "add 1"),
    (lambda t, delay: 1 / (1 + delay * t), "✗", "upside down"),
    (lambda t, delay: 0.4 / (1 + t / delay), "✗", "A shape has no size"),
    (lambda t, delay: 1 / (1 + t), "✗", "delay is not used"),
    (lambda t, delay: 0.5 ** (t / delay), "✗", "the exponential"),
    (lambda t, delay: np.exp(-t / delay), "✗", "exp(−t/delay)"),
    (lambda t, delay: 1 / (1 + t // delay), "✗", "in steps"),
    (lambda delay, t: 1 / (1 + t / delay), "✗", "changed places"),
    (lambda t, delay: 1 - t / delay, "✗", "Not yet"),
    (lambda t, delay: ..., "○", "Open"),
    (..., "○", "Open"),
    (0.5, "✗", "A function is asked for"),
]


def wave(t, steps):
    return (1 + np.cos(np.pi * t / steps)) / 2


COSINE = [
    (lambda t, steps: 0.1 + 0.9 * (1 + np.cos(np.pi * t / steps)) / 2, "✓", "flat at both ends"),
    (lambda t, steps: 0.55 + 0.45 * np.cos(t / steps * np.pi), "✓", ""),
    (lambda t, steps: 0.1 + 0.9 * np.cos(np.pi * t / steps / 2) ** 2, "✓", ""),
    (lambda t, steps: 1 - 0.9 * np.sin(np.pi * t / steps / 2) ** 2, "✓", ""),
    (lambda t, n: schedules.cosine(n, floor=0.1)(t), "✓", ""),
    (wave, "✗", "It ends at 0"),
    (lambda t, steps: 0.1 + wave(t, steps), "✗", "begins at 1.1"),
    (lambda t, steps: max(wave(t, steps), 0.1), "✗", "cut off"),
    (lambda t, steps: 0.1 * wave(t, steps), "✗", "begins at 0.1"),
    (lambda t, steps: 1.1 - 0.1 - 0.9 * wave(t, steps), "✗", "It rises"),
    (lambda t, steps: (1 - np.cos(np.pi * t / steps)) / 2, "✗", "It rises"),
    (lambda t, steps: 0.1 + 0.9 * wave(2 * t, steps), "✗", "half a wave, not a whole one"),
    (lambda t, steps: wave(2 * t, steps), "✗", "half a wave, not a whole one"),
    (lambda t, steps: np.cos(np.pi * t / steps), "✗", "lift the cosine by 1, then halve it"),
    (lambda t, steps: 0.1 + 0.9 * (1 + np.cos(np.pi * t / steps)), "✗", "halve 1 + cos"),
    (lambda t, steps: 0.1 + 0.9 * (1 + np.cos(np.pi * t / steps) / 2), "✗", "brackets"),
    (lambda t, steps: 0.008 * (0.1 + 0.9 * wave(t, steps)), "✗", "A shape has no size"),
    (lambda t, steps: np.sin(np.pi * t / steps), "✗", "begins at 0"),
    (lambda t, steps: 0.1 + 0.9 * (1 + np.cos(t / steps)) / 2, "✗", "π is missing"),
    (lambda t, steps: 0.1 + 0.9 * np.cos(np.pi * t / steps / 2), "✗", "quarter"),
    (lambda t, steps: 1 - 0.9 * t / steps, "✗", "straight line"),
    (lambda t, steps: None, "✗", "returns nothing yet"),
    (lambda t, steps: ..., "○", "Open"),
]

TWO_RATES = [
    ((1 / 10, 1 / 2), "✓", "either order"),
    ((0.5, 0.1), "✓", ""),
    ("0.1, 0.5", "✓", ""),
    ("1/10 and 1/2", "✓", ""),
    (np.array([0.5, 0.1]), "✓", ""),
    ((0.2, 1), "✗", "the limit"),
    ((10, 2), "✗", "curvatures"),
    ((0.0599, 3.34), "✗", "four points"),
    (1 / 6, "✗", "2/(2 + 10)"),
    ((0.1, 0.1), "✗", "One of the two"),
    ((0.1, 3), "✗", "One of the two"),
    (0.1, "✗", "Two steps need two"),
    ((0.3, 0.4), "✗", "Not yet"),
    ((..., ...), "○", "Open"),
]

HALF_LIFE = [
    (0.05, "✓", "0.05"),
    ("0.05", "✓", ""),
    ("1/20", "✓", ""),
    (0.4 / 8, "✓", ""),
    (0.4 * 0.5**3, "✓", ""),
    (0.1, "✗", "two halvings"),
    (0.133, "✗", "a third"),
    (0, "✗", "never ends at 0"),
    (0.125, "✗", "the factor"),
    (0.3, "✗", "How often in 300?"),
    (..., "○", "Open"),
    ("a lot", "✗", "this is a text"),
]

DROPS = [
    ((600, 1200), "✓", "times that of the best pair"),
    ([1200, 600], "✓", ""),
    ("700, 1300", "✓", ""),
    ((100, 300), "✗", "Too early"),
    ((1400, 1900), "✗", "Too late"),
    ((600,), "✗", "Two drop points"),
    ((0.3, 0.6), "✗", "counted in steps"),
    (..., "○", "Open"),
]


@pytest.mark.parametrize(
    ("name", "answer", "mark", "said"),
    [
        (name, *row)
        for name, rows in {"inverse": INVERSE, "cosine": COSINE, "two_rates": TWO_RATES, "half_life": HALF_LIFE}.items()
        for row in rows
    ],
)
def test_checks(name, answer, mark, said):
    verdict = getattr(check, name)(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict


@pytest.mark.parametrize(("answer", "mark", "said"), DROPS)
def test_drops(answer, mark, said, monkeypatch):
    few = lesson04.regret
    monkeypatch.setattr(lesson04, "regret", lambda *pair: few(*pair, seeds=8))
    verdict = check.drops(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict


def test_the_right_two_rates_do_end_at_the_bottom():
    run = descend(bowl([2, 10]), 0.1, 2, schedule=lambda t: (1, 5)[min(t, 1)])
    assert run.final < 1e-30
