"""The checks of lesson 01: wrong answers with their sentence, bounds from both sides, and how a function is called.

The points are (1, 3), (2, 6), (3, 9), (4, 12): the means of x, x² and xy are 2.5, 7.5 and 22.5.
"""

import numpy as np
import pytest

from lrlab import check

SECOND = np.array([[15.0, 5], [5, 2]])  # of the mean's derivatives
LIMIT = 4 / (17 + np.sqrt(269))  # 2/λ of it, where λ is (17 ± √269)/2
WIDER = 4 / (62 + np.sqrt(3764))  # of [[60, 10], [10, 2]], with every x doubled


def after_100(rate):
    """The loss after 100 steps from (0, 0): the distance to (3, 0) is multiplied by 1 − rate · SECOND."""
    distance = np.linalg.matrix_power(np.eye(2) - rate * SECOND, 100) @ [-3, 0]
    return distance @ SECOND @ distance / 2


CASES = {
    "line_step": [
        ((4.54, 1.512), "✓ Against the gradient"),
        ((-4.5, -1.5), "You climbed"),
        ((-4.46, -1.512), "You climbed"),
        ((4.5, -0.75), "b used the new w"),
        ((4.46, -0.756), "b used the new w"),
        ((2.25, 0.75), "a ½ slipped"),
        ((2.27, 0.744), "a ½ slipped"),
        ((45, 15), "minus the gradient itself"),
        ((44.7, 15.1), "minus the gradient itself"),
        ((0.45, 0.15), "step at rate 0.01"),
        ((0.446, 0.1512), "step at rate 0.01"),
        ((1.5, 4.5), "in the other order"),
        ((1.512, 4.46), "in the other order"),
        (4.5, "What about b?"),
        (3, "Not yet"),
        ((4.5, 1.6), "Not yet"),
        ((4.5, 1.5, 0), "Not yet"),
    ],
    "line_limit": [
        (WIDER, "✓"),
        (LIMIT / 2, "Half of the old limit"),
        (LIMIT / 4, "A quarter"),
        (2 / 60, "That is without a bias"),
        (WIDER / 2, "That is 1/λ"),
        (LIMIT, "not computed anew"),
        (2 * LIMIT, "the limit falls"),
        (2 / WIDER, "the largest curvature λ"),
        (0.05, "Not yet"),
        ((WIDER, WIDER), "Not yet"),
    ],
    "line_rate": [
        (-0.001, "A negative rate"),
        (0, "nothing moves"),
        (LIMIT / 2 - 1e-5, "never to swing"),
        (LIMIT / 2 + 1e-5, "another rate needs fewer"),
        (2.899 / 45, "another rate needs fewer"),
        (2.901 / 45, "leaves it again"),
        (3.099 / 45, "leaves it again"),
        (3.101 / 45, "another rate needs fewer"),
        (0.1062, "another rate needs fewer"),
        (0.1063, "✓"),
        (0.1107, "✓"),
        (0.1108, "swings for longer than it must"),
        (0.1164, "swings for longer than it must"),
        (2 / 17, "Fastest in the long run"),  # 2/(λmin + λmax)
        (0.1166, "Fastest in the long run"),
        (0.1184, "Fastest in the long run"),
        (0.1186, "At the edge"),
        (LIMIT - 1e-6, "At the edge"),
        (LIMIT + 1e-6, "Above the limit"),
        (1, "a count of epochs"),
        (35, "a count of epochs"),
        (1.5, "Above the limit"),
        ((0.1, 0.2), "One rate is asked for, and these are 2"),
    ],
    "line_sum": [
        (LIMIT / 4, "✓"),
        (LIMIT, "The limit of the mean"),
        (LIMIT * 4, "The wrong way"),
        (LIMIT / 2, "Halved"),
        (8 / LIMIT, "the largest curvature λ of the sum"),
        (2 / 60, "without b"),
        (LIMIT / 8, "That is 1/λ"),
        (0.07, "Not yet"),
    ],
    "h_that_moves": [
        (1e-4, "the book's h"),
        (2e-4, "Too small"),
        (2**-11, "Too small"),  # half of the spacing
        (2**-11 + 1e-6, "by a whole spacing"),
        (0.001 / 1.12, "✓"),  # a step of 2⁻¹⁰ over h is 1.094, of the gradient 1.07
        (0.00085, "by a whole spacing"),
        (0.001, "✓"),
        (0.0012, "by a whole spacing"),
        (0.05, "✓"),
        (0.0501, "the offset grows"),
        (1.04, "the offset grows"),
        (0, "a number above 0"),
        ((0.01, 0.02), "One distance is asked for"),
    ],
    "printed_gradient": [
        (255.375, "✓"),  # (3 + 2.5)² · 7.5 + 2 · 5.5 · 2.5 + 1: w is −2.5 and b is −1
        (257.4, "✓"),
        (253.3, "✓"),
        (258.5, "Not yet"),
        (67.5, "the loss at the start"),
        (68, "the loss at the start"),
        (68.5, "Not yet"),
        (after_100(0.01), "followed the true gradient"),
        (after_100(0.01) * 1.008, "followed the true gradient"),
        (after_100(0.01) * 0.992, "followed the true gradient"),
        (after_100(-0.01), "its sign turned"),
        (-2.5, "That is w after 100 steps"),
        ((-2.5, -1), "These are the weights"),
        (0.375, "along the gradient"),  # 0.25 · 7.5 − 2 · 0.5 · 2.5 + 1, at (2.5, 1)
        ((1e15, 1), "Not yet"),
    ],
}


@pytest.mark.parametrize(("name", "answer", "said"), [(name, *case) for name, cases in CASES.items() for case in cases])
def test_a_number_is_recognised(name, answer, said):
    verdict = repr(getattr(check, name)(answer))
    assert said in verdict and (verdict[0] == "✓") == (said[0] == "✓"), verdict


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("The loss RISES", "To which loss"),
        ("It falls", "Follow it for 100 steps"),
        ("much", "A number is asked for"),
        ("w = −2.5, b = −1", "These are the weights"),
    ],
)
def test_what_is_written_of_the_printed_gradient(answer, said):
    verdict = check.printed_gradient(answer)
    assert verdict.mark == "✗" and said in verdict.text


# A loop and a rule, as learners write them.


def trains(step):
    def train(rate, epochs):
        w = 0.0
        for _ in range(epochs):
            w = step(w, [2 * (w * x - 3 * x) * x for x in (1, 2, 3, 4)], rate)
        return w

    return train


def until_lost(rate, epochs):
    """A right loop that gives up on a w that is lost."""
    w = 0.0
    for _ in range(epochs):
        w -= rate * (15 * w - 45)
        if abs(w) > 20:
            raise OverflowError("this run is lost")
    return w


def one_too_few(rate, epochs):
    w = 0.0
    for _ in range(1, epochs):
        w -= rate * (15 * w - 45)
    return w


def one_too_many(rate, epochs):
    w = 0.0
    for _ in range(epochs + 1):
        w -= rate * (15 * w - 45)
    return w


def hurried(rate, epochs):
    """Momentum: the first step alone is the same."""
    w = v = 0.0
    for _ in range(epochs):
        v = 0.9 * v + 15 * w - 45
        w -= rate * v
    return w


LOOPS = [
    (trains(lambda w, gs, rate: w - rate * sum(gs) / 4), "✓"),
    (until_lost, "✓"),
    (trains(lambda w, gs, rate: w + rate * np.mean(gs)), "climbs, away from 3"),
    (trains(lambda w, gs, rate: w - rate * np.mean(gs) / 2), "own factor 2 is missing"),
    (trains(lambda w, gs, rate: w - rate * sum(gs)), "four times the gradient"),
    (trains(lambda w, gs, rate: w - rate * (5 * w - 15)), "brings out an x"),
    (trains(lambda w, gs, rate: w - rate * (15 * w - 45) * np.array([1, 4, 9, 16]) / 7.5), "One gradient a point"),
    (trains(lambda w, gs, rate: -rate * np.mean(gs)), "the old one and the step"),
    (trains(lambda w, gs, rate: rate * np.mean(gs)), "w minus it"),
    (trains(lambda w, gs, rate: w - np.mean(gs)), "The rate is missing"),
    (lambda rate, epochs: 0 - rate * -45, "does `return` stand inside"),
    (lambda rate, epochs: sum([rate * 45] * epochs), "Every step is as long"),
    (trains(lambda w, gs, rate: w - 0.1 * np.mean(gs)), "Not yet"),
    (one_too_few, "Not yet"),
    (one_too_many, "Not yet"),
    (hurried, "Not yet"),
]


@pytest.mark.parametrize(("train", "said"), LOOPS)
def test_a_loop_is_recognised(train, said):
    verdict = repr(check.my_loop(train))
    assert said in verdict and (verdict[0] == "✓") == (said == "✓"), verdict


def test_a_loop_is_tried_as_its_hint_says():
    tried = []
    check.my_loop(lambda rate, epochs: tried.append((rate, epochs)) or 0.0)
    assert tried[0] == (0.1, 1) and "one step at rate 0.1" in check.my_loop(lambda rate, epochs: 1.0).text


RULES = [
    (lambda w, g, rate: (w - rate * g, ()), "✓"),
    (lambda w, g, rate: ((w - rate * g).reshape(-1, 1), ()), "✓"),
    (lambda w, g, rate: (w + rate * g, ()), "Your rule climbs"),
    (lambda w, g, rate: (w - g, ()), "The rate is missing"),
    (lambda w, g, rate: (0 - rate * g, ()), "the old one and the step"),
    (lambda w, g, rate: (rate * g, ()), "w minus it"),
    (lambda w, g, rate: (w - rate * g - rate * g, ()), "The factor 2 is in the gradient already"),
    (lambda w, g, rate: (w - rate * g * w, ()), "does not depend on how large w is"),
    (lambda w, g, rate: (w - rate * np.mean(g), ()), "For w = 1, g = 10 and rate 0.1 the new w is 0"),
    (lambda w, g, rate: (w - 0.1 * g, ()), "Not yet"),
    (lambda w, g, rate: (0 * w, ()), "Not yet"),
    (lambda w, g, rate: (w - rate * abs(g), ()), "Not yet"),
    (lambda w, g, rate, v=0: (w - rate * (0.9 * v + g), (0.9 * v + g,)), "Not yet"),
    (lambda w, g, rate: (w - rate * g, (), ()), "gives back two things"),
    (lambda w, g, rate: (w - rate * g,), "gives back two things"),
    (lambda w, g, rate: w - rate * g, "gives back two things"),
    (lambda w, g, rate: [w - rate * g, ()], "gives back two things"),
]


@pytest.mark.parametrize(("rule", "said"), RULES)
def test_a_rule_is_recognised(rule, said):
    verdict = repr(check.my_sgd(rule))
    assert said in verdict and (verdict[0] == "✓") == (said == "✓"), verdict


def test_a_rule_is_tried_as_its_sentences_say():
    """Once for w = 1, g = 10 and rate 0.1; then three runs of twenty epochs, that at rate 0.1 to 3.0000."""
    tried = []

    def rule(w, g, rate):
        tried.append((w, g, rate, w - rate * g))
        return w - rate * g, ()

    assert "twenty epochs" in check.my_sgd(rule).text
    (w, g, rate, new), *runs = tried
    assert (w[0], g[0], rate, new[0]) == (1, 10, 0.1, 0)
    assert len(runs) == 20
    assert {float(rate) for *_, rates, _ in runs for rate in np.ravel(rates)} == {0.01, 0.1, 0.12}
    assert np.ravel(runs[-1][-1])[1] == pytest.approx(3, abs=5e-5)
