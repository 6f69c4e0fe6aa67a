"""Lesson 04: its votes, and its checks with right and wrong answers."""

import numpy as np
import pytest

from lrcore import bowl, descend, line, schedules
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
    (lambda t, delay: round(float(1 / (1 + t / delay)), 2), "✗", "Not yet"),
    (lambda t, delay: delay / t, "✗", "add 1"),
    (lambda t, delay: 1 / (1 + delay * t), "✗", "upside down"),
    (lambda t, delay: 0.4 / (1 + t / delay), "✗", "A shape has no size"),
    (lambda t, delay: 1 / (1 + t), "✗", "delay is not used"),
    (lambda t, delay: 0.5 ** (t / delay), "✗", "the exponential"),
    (lambda t, delay: np.exp(-t / delay), "✗", "exp(−t/delay)"),
    (lambda t, delay: 1 / (1 + t // delay), "✗", "in steps"),
    (lambda delay, t: 1 / (1 + t / delay), "✗", "changed places"),
    (lambda t, delay: 0.4 * 0.5 ** (t / delay), "✗", "Not yet"),
    (lambda t, delay: 1 - t / delay, "✗", "Not yet"),
    (lambda t, delay: [1 / (1 + t / delay), 1], "✗", "Not yet"),
    (lambda t, delay: ..., "○", "Open"),
    (..., "○", "Open"),
    (0.5, "✗", "A function is asked for"),
]


def wave(t, steps):
    return (1 + np.cos(np.pi * t / steps)) / 2


def quarter(t, steps):
    return np.cos(np.pi * t / steps / 2)


FORMS = {  # how a learner brings a shape from 0 up to a tenth, or does not
    "as it is": lambda shape: shape,
    "squeezed": lambda shape: lambda t, steps: 0.1 + 0.9 * shape(t, steps),
    "lifted": lambda shape: lambda t, steps: 0.1 + shape(t, steps),
    "cut off": lambda shape: lambda t, steps: max(shape(t, steps), 0.1),
}
SHAPES = [
    (lambda t, steps: (1 + np.cos(2 * np.pi * t / steps)) / 2, "half a wave, not a whole one"),
    (lambda t, steps: 1 + np.cos(np.pi * t / steps) / 2, "brackets"),
    (lambda t, steps: 1 + np.cos(np.pi * t / steps), "halve 1 + cos"),
    (quarter, "quarter"),
    (lambda t, steps: 1 - t / steps, "straight line"),
    (lambda t, steps: (1 + np.cos(t / steps)) / 2, "π is missing"),
    (lambda t, steps: np.cos(t / steps), "π is missing"),
]
COSINE = [
    (lambda t, steps: 0.1 + 0.9 * (1 + np.cos(np.pi * t / steps)) / 2, "✓", "flat at both ends"),
    (lambda t, steps: 0.55 + 0.45 * np.cos(t / steps * np.pi), "✓", ""),
    (lambda t, steps: 0.1 + 0.9 * quarter(t, steps) ** 2, "✓", ""),
    (lambda t, steps: 1 - 0.9 * np.sin(np.pi * t / steps / 2) ** 2, "✓", ""),
    (lambda t, n: schedules.cosine(n, floor=0.1)(t), "✓", ""),
    (wave, "✗", "It ends at 0"),
    (FORMS["lifted"](wave), "✗", "begins at 1.1"),
    (FORMS["cut off"](wave), "✗", "cut off"),
    (lambda t, steps: 0.1 * wave(t, steps), "✗", "begins at 0.1"),
    (lambda t, steps: 1.1 - 0.1 - 0.9 * wave(t, steps), "✗", "It rises"),
    (lambda t, steps: (1 - np.cos(np.pi * t / steps)) / 2, "✗", "It rises"),
    (lambda t, steps: (t / steps) ** 4, "✗", "It rises"),
    *((form(shape), "✗", words) for shape, words in SHAPES for form in FORMS.values()),
    (lambda t, steps: np.cos(2 * np.pi * t / steps), "✗", "A whole wave, and negative"),
    (lambda t, steps: np.cos(np.pi * t / steps), "✗", "lift the cosine by 1, then halve it"),
    (lambda t, steps: 0.1 + 0.9 * np.cos(np.pi * t / steps), "✗", "lift the cosine by 1, then halve it"),
    (lambda t, steps: 0.008 * (0.1 + 0.9 * wave(t, steps)), "✗", "A shape has no size"),
    (lambda t, steps: np.sin(np.pi * t / steps), "✗", "begins at 0"),
    (lambda t, steps: 0.1 + 0.9 * wave(t, steps) if t < steps else 0, "✗", "Not yet"),
    (lambda t, steps: 0.1 ** (t / steps), "✗", "Not yet"),
    (lambda t, steps: 1, "✗", "Not yet"),
    (lambda t, steps: None, "✗", "returns nothing yet"),
    (lambda t, steps: ..., "○", "Open"),
]


def test_a_shape_is_asked_at_whole_steps_from_the_first_to_the_last():
    seen = []
    check.cosine(lambda t, steps: seen.append((float(t), steps)) or 1)
    for length in 100, 200:
        steps = [t for t, n in seen if n == length]
        assert min(steps) == 0 and max(steps) == length and all(t.is_integer() for t in steps)
    assert {n for _, n in seen} == {100, 200}


TWO_RATES = [
    ((1 / 10, 1 / 2), "✓", "either order"),
    ((0.5, 0.1), "✓", ""),
    ("0.1, 0.5", "✓", ""),
    ("1/10 and 1/2", "✓", ""),
    (np.array([0.5, 0.1]), "✓", ""),
    ((0.2, 1), "✗", "the limit"),
    ((0.1007, 0.504), "✓", ""),
    ((0.0993, 0.507), "✗", "One of the two"),
    ((0.1014, 0.507), "✗", "Not yet"),
    ((0.1, 0.5, 1), "✗", "Not yet"),
    ((10, 2), "✗", "curvatures"),
    ((0.0599, 3.34), "✗", "four points"),
    (1 / 6, "✗", "2/(2 + 10)"),
    (0.2, "✗", "Two steps need two"),
    ((1 / 6, 1 / 6), "✗", "Not yet"),
    ((0.1, 0.1), "✗", "One of the two"),
    ((0.1, 3), "✗", "One of the two"),
    ((0.3, 0.5), "✗", "One of the two"),
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
    (0.4 / 3, "✗", "a third"),
    (0.13, "✗", "a third"),
    ((0.13, 0.13), "✗", "How often in 300?"),
    (0, "✗", "never ends at 0"),
    (0.5**3, "✗", "the factor"),
    (0.4 / 2, "✗", "one halving"),
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
    monkeypatch.setattr(lesson04, "regret", lambda *pair: few(*pair, seeds=4))
    verdict = check.drops(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict


@pytest.mark.parametrize(
    ("times", "left", "mark", "said"),
    [
        (1.0, 0.9, "✓", "Mean loss above the least over 20 seeds: 1 times"),
        (1.55, 0.1, "✓", "1.6 times"),
        (1.65, 0.1, "✗", "Too late. Mean loss above the least over 20 seeds: 1.6 times"),
        (3.0, 0.45, "✗", "Too late"),
        (3.0, 0.55, "✗", "Too early"),
    ],
)
def test_what_is_said_of_drops(times, left, mark, said, monkeypatch):
    monkeypatch.setattr(lesson04, "regret", lambda *pair: (times, left))
    verdict = check.drops((600, 1200))
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict


def test_two_drops_typed_with_commas_are_one_pair(monkeypatch):
    pairs = []
    monkeypatch.setattr(lesson04, "regret", lambda *pair: pairs.append(pair) or (3.0, 0.0))
    for typed in ("1,400 and 1,900", "1400,1900", "1,900, 1,400", "(1400, 1900)"):
        assert "Too late" in check.drops(typed).text
    assert pairs == [(1400, 1900)] * 4


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((0, 2000), None),
        ((1, 900), None),
        ((0.5, 900), "counted in steps"),
        ((-1, 900), "between 0 and 2000"),
        ((900, 2001), "between 0 and 2000"),
        ((-5, 2005), "between 0 and 2000"),
        ((500, 900, 1300), "these are 3"),
        ("1,200 and 1,600", None),
        ("soon", "this is a text"),
    ],
)
def test_which_drop_points_are_taken(answer, said, monkeypatch):
    monkeypatch.setattr(lesson04, "regret", lambda *pair: (1.0, 0.0))
    verdict = check.drops(answer)
    assert verdict.mark == ("✗" if said else "✓") and (said or "best pair") in verdict.text, verdict


def test_the_regret_by_a_loop_by_hand():
    """Each pair of hundreds, and the pair asked for: trained step by step on the points in their shuffled order."""
    X, y = line(1000, noise=1)
    A, first, second = np.column_stack([X, np.ones(1000)]), 500, 1300
    pairs = [(a, b) for a in range(200, 2000, 200) for b in range(200, 2000, 200) if a <= b] + [(first, second)]
    early, late = np.array(pairs).T
    ends = []
    for seed in range(2):
        draw, w = np.random.RandomState(seed), np.zeros((len(pairs), 2))
        for t, i in enumerate(np.concatenate([draw.permutation(1000), draw.permutation(1000)])):
            rates = np.where(t < early, 0.02, np.where(t < late, 0.002, 0.0002))
            w = w - 2 * (rates * (w @ A[i] - y[i]))[:, None] * A[i]
        ends.append(w)
    best = np.linalg.solve(A.T @ A, A.T @ y)
    above = np.mean([np.mean(((w - best) @ A.T) ** 2, axis=1) for w in ends], axis=0)
    noiseless = np.mean(((np.mean(ends, axis=0)[-1] - best) @ A.T) ** 2)
    found = lesson04.regret(first, second, seeds=2)
    assert found == pytest.approx((above[-1] / above[:-1].min(), noiseless / above[-1]), rel=1e-5)
    assert lesson04.regret.__defaults__ == (20,)


def test_the_right_two_rates_do_end_at_the_bottom():
    run = descend(bowl([2, 10]), 0.1, 2, schedule=lambda t: (1, 5)[min(t, 1)])
    assert run.final < 1e-30
