"""The checks of lesson 06: right answers in several typings, wrong ones with their sentence."""

import numpy as np
import pytest

from lrlab import check, edge


def ending(rate):
    """The sharpness that the stored run at a rate ends with."""
    kept = edge.stored()
    return kept.sharpness[kept.rate.tolist().index(rate), -1]


SLOW, STEADY = ending(0.02), ending(0.1)
CASES = {
    "own_rate": [
        ((0.07, 28.6), "✓", ""),
        ("0.07, 2/0.07", "✓", ""),
        ("0,1; 20", "✓", ""),
        ({"sharpness": 20, "rate": 0.1}, "✓", ""),
        ((0.1, 1.09 * STEADY), "✓", "Within 10 %"),
        ((0.1, 0.91 * STEADY), "✓", ""),
        ((0.02, 1.099 * SLOW), "✓", ""),
        ((0.15, 1.12 * ending(0.15)), "✗", "More than 10 %"),
        ((0.1, 0.88 * STEADY), "✗", "More than 10 %"),
        ((0.02, 1.101 * SLOW), "✗", "More than 10 %"),
        ((0.1, 18.2), "✗", "More than 10 %"),  # near 2/0.1, where the run has arrived: no word of "below"
        ((0.04, 50), "✗", "still below it"),
        ((0.03, 2 / 0.03), "✗", "still below it"),
        ((0.05, 20), "✗", "That is 1/η"),
        ((0.07, 23), "✗", "where it starts"),
        ((0.15, 24.84), "✗", "where it starts"),
        ((0.15, 22), "✗", "More than 10 %"),
        ((0.1, 0.1), "✗", "looks like a rate"),
        ((0.1, 1), "✗", "looks like a rate"),
        ((0.1, 1.5), "✗", "More than 10 %"),
        ((0.2, 10), "✗", "That run is lost"),
        ((0.02, 100), "✗", "still below it"),
        ((0.019, 30), "✗", "Choose a rate from 0.02 to 0.2"),
        ((0.21, 10), "✗", "Choose a rate from 0.02 to 0.2"),
        ((28.6, 0.07), "✗", "give it first"),
        ((0.07, 28.6, 3), "✗", "Two numbers"),
        (0.07, "✗", "Two numbers"),
        ((..., ...), "○", "your rate and your prediction"),
    ],
    "largest_rates": [
        ((0.18, 0.8), "✓", "more than quadrupled"),
        ((0.188, 0.876), "✓", ""),  # the largest that train, to three digits
        ((0.165, 0.74), "✓", ""),
        ("0.17 and 0.85", "✓", ""),
        ({"centred": 0.8, "raw": 0.18}, "✓", ""),
        ("0,17; 0,85", "✓", ""),
        ("18 %, 80 %", "✓", ""),
        ((0.19, 0.8), "✗", "On raw pixels that rate is lost"),
        ((0.18, 0.88), "✗", "On centred pixels that rate is lost"),
        ((0.18, 0.9), "✗", "On centred pixels that rate is lost"),
        ((0.19, 0.9), "✗", "On raw pixels that rate is lost"),
        ((0.15, 0.9), "✗", "On centred pixels that rate is lost"),
        ((0.16, 0.8), "✗", "On raw pixels a larger rate"),
        ((0.164, 0.8), "✗", "On raw pixels a larger rate"),
        ((0.1, 0.7), "✗", "On raw pixels a larger rate"),
        ((0.1, 0.1), "✗", "On raw pixels a larger rate"),
        ((0.18, 0.7), "✗", "On centred pixels a larger rate"),
        ((0.165, 0.7), "✗", "On centred pixels a larger rate"),
        ((0.18, 0.739), "✗", "On centred pixels a larger rate"),
        ((0.18, 0.3), "✗", "On centred pixels a larger rate"),
        ((0.18, 0.6), "✗", "On centred pixels a larger rate"),
        ((0.18, 0.2), "✗", "far from the largest"),
        ((0.18, 0.525), "✗", "2/λ at the start"),
        ((0.08, 0.8), "✗", "the start is not the whole run"),
        ((0.0805, 0.525), "✗", "the start is not the whole run"),
        ((0.8, 0.18), "✗", "other order"),
        ((0.85, 0.17), "✗", "other order"),
        ((0.9, 0.18), "✗", "On raw pixels that rate is lost"),
        ((0.8, 0.2), "✗", "On raw pixels that rate is lost"),
        ((0.8, 0.8), "✗", "On raw pixels that rate is lost"),
        (0.18, "✗", "Two rates are asked for"),
        ((0.18, 0.8, 1), "✗", "Two rates are asked for"),
        ((..., ...), "○", "put the two rates, raw and centred, in place"),
    ],
    "three_curves": [
        ((0.05, 0.15, 0.02), "✓", "hovers at 2/0.05"),
        ("0.05; 0.15; 0.02", "✓", ""),
        ({"A": 0.05, "B": 0.15, "C": 0.02}, "✓", ""),
        ({"C": 0.02, "a": 0.05, "B": 0.15}, "✓", ""),
        ((0.05, 0.15, 0.055), "✗", "has not settled"),
        ((0.15, 0.05, 0.02), "✗", "the other way round"),
        ((0.02, 0.15, 0.05), "✗", "Which rate has a line at 40?"),
        ((0.055, 0.15, 0.05), "✗", "Read where a curve has settled"),
        ((0.05, 0.15), "✗", "Three rates are asked for"),
        ((0.02, 0.05, 0.055, 0.15), "✗", "Three rates are asked for"),
        ((..., ..., ...), "○", "three of the four rates, for A, B and C, in place"),
    ],
    "vote_lost": [("c", "✎", "the sharpness ends near 20"), ("?", "○", "Choose a, b, c or d")],
    "vote_sharpness": [(25, "✎", ""), ("?", "○", "Give a number")],
}


@pytest.mark.parametrize(
    ("name", "answer", "mark", "said"), [(name, *case) for name, cases in CASES.items() for case in cases]
)
def test_check(name, answer, mark, said):
    verdict = getattr(check, name)(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict


# A sharpness from gradients alone, as students write it


def mine(gradient, w, steps=50, eps=1e-4):
    v = np.ones_like(w)
    for _ in range(steps):
        v = v / np.linalg.norm(v)
        v = (gradient(w + eps * v) - gradient(w)) / eps
    return np.linalg.norm(v)


def whole_table(gradient, w, steps=50, eps=1e-4):
    """All second derivatives by central differences, and their largest eigenvalue."""
    rows = [(gradient(w + eps * e) - gradient(w - eps * e)) / (2 * eps) for e in np.eye(len(w))]
    return np.linalg.eigvalsh(np.array(rows)).max()


def rayleigh(gradient, w, steps=50, eps=1e-4):
    v = np.ones_like(w)
    for _ in range(steps):
        product = (gradient(w + eps * v) - gradient(w)) / eps
        size, v = v @ product, product / np.linalg.norm(product)
    return size


def many_rounds(gradient, w, steps=50, eps=1e-4):
    return mine(gradient, w, 1000, eps)


def random_direction(gradient, w, steps=50, eps=1e-4):
    v = np.random.RandomState(0).normal(size=len(w))
    for _ in range(steps):
        v /= np.linalg.norm(v)
        v = (gradient(w + eps * v) - gradient(w)) / eps
    return [np.linalg.norm(v)]


def no_division(gradient, w, steps=50, eps=1e-4):
    v = np.ones_like(w)
    for _ in range(steps):
        v = v / np.linalg.norm(v)
        v = gradient(w + eps * v) - gradient(w)
    return np.linalg.norm(v)


def one_round(gradient, w, steps=50, eps=1e-4):
    v = np.ones_like(w) / np.sqrt(len(w))
    for _ in range(steps):
        product = (gradient(w + eps * v) - gradient(w)) / eps
    return np.linalg.norm(product)


def never_shortened(gradient, w, steps=50, eps=1e-4):
    v = np.ones_like(w)
    for _ in range(steps):
        v = (gradient(w + eps * v) - gradient(w)) / eps
    return np.linalg.norm(v)


def shortened_last(gradient, w, steps=50, eps=1e-4):
    v = np.ones_like(w)
    for _ in range(steps):
        v = (gradient(w + eps * v) - gradient(w)) / eps
        v = v / np.linalg.norm(v)
    return np.linalg.norm(v)


def largest_part(gradient, w, steps=50, eps=1e-4):
    v = np.ones_like(w)
    for _ in range(steps):
        v = v / np.linalg.norm(v)
        v = (gradient(w + eps * v) - gradient(w)) / eps
    return np.abs(v).max()  # right where an axis is the steepest direction, as on the bowl of the sentence


@pytest.mark.parametrize(
    ("answer", "mark", "said"),
    [
        *((way, "✓", "7 on a bowl") for way in (mine, whole_table, rayleigh, many_rounds, random_direction)),
        (lambda g, w, steps=50, eps=1e-4: 1.018 * whole_table(g, w), "✓", ""),
        (lambda g, w, steps=50, eps=1e-4: 0.982 * whole_table(g, w), "✓", ""),
        (lambda g, w, steps=50, eps=1e-4: 1.025 * whole_table(g, w), "✗", "Not yet"),
        (lambda g, w, steps=50, eps=1e-4: 0.975 * whole_table(g, w), "✗", "Not yet"),
        (no_division, "✗", "Divide it by ε"),
        (one_round, "✗", "One product only"),
        (lambda g, w, steps=50, eps=1e-4: mine(g, w, 2), "✗", "Not yet"),
        (lambda g, w, steps=50, eps=1e-4: 2 / whole_table(g, w), "✗", "2 over the sharpness"),
        (lambda g, w, steps=50, eps=1e-4: 3 / whole_table(g, w), "✗", "Not yet"),
        (never_shortened, "✗", "length 1 in every round"),
        (shortened_last, "✗", "Take it before"),
        (lambda g, w, steps=50, eps=1e-4: 2.0, "✗", "Not yet"),
        (lambda g, w, steps=50, eps=1e-4: g(w), "✗", "That is the direction v"),
        (lambda g, w, steps=50, eps=1e-4: 7.0, "✗", "Not yet"),
        (largest_part, "✗", "Not yet"),
        (lambda g, w, steps=50, eps=1e-4: ..., "○", "the length of the last product"),
        (lambda g, w, steps=50, eps=1e-4: None, "✗", "returns nothing"),
        (7, "✗", "A function is asked for"),
        (..., "○", "Open"),
    ],
)
def test_a_sharpness(answer, mark, said):
    verdict = check.your_sharpness(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict


def test_what_a_learners_sharpness_raises_is_his_own():
    with pytest.raises(ZeroDivisionError):
        check.your_sharpness(lambda gradient, w, steps=50, eps=0: 1 / eps)


def test_the_bowl_of_the_sentences_is_the_one_that_is_tried():
    """H from three gradients at the first place of three weights; its curvatures are those that the hint names."""
    places = []

    def curious(gradient, w, steps=50, eps=1e-4):
        places.append(np.array([gradient(w + e) - gradient(w) for e in np.eye(len(w))]))
        return 0.0

    assert "curvatures 1, 3 and 7 it should say 7" in check.your_sharpness(curious).text
    np.testing.assert_allclose(np.linalg.eigvalsh(places[0]), [1, 3, 7])


# Clipping, as students write it


def clipped(w, g, rate, *, norm=1.0):
    length = np.linalg.norm(g, axis=-1, keepdims=True)
    return w - rate * g * np.minimum(1, norm / length), ()


def by_choice(w, g, rate, *, norm=1.0):
    length = np.sqrt((g * g).sum(axis=-1, keepdims=True))
    return [w - rate * np.where(length > norm, g * norm / length, g), ()]


def in_place(w, g, rate, *, norm=1.0):
    g *= norm / np.maximum(np.linalg.norm(g, axis=-1, keepdims=True), norm)
    w -= rate * g
    return w, ()


@pytest.mark.parametrize(
    ("answer", "mark", "said"),
    [
        *((way, "✓", "keeps its direction") for way in (clipped, by_choice, in_place)),
        (lambda w, g, rate, *, norm=1.0: (w - rate * np.clip(g, -norm, norm), ()), "✗", "Each number is cut by itself"),
        (
            lambda w, g, rate, *, norm=1.0: (w - rate * norm * g / np.linalg.norm(g, axis=-1, keepdims=True), ()),
            "✗",
            "Short gradients are stretched",
        ),
        (
            lambda w, g, rate, *, norm=1.0: (w - rate * g * min(1, norm / np.linalg.norm(g)), ()),
            "✗",
            "One length for all runs",
        ),
        (lambda w, g, rate, *, norm=1.0: clipped(w, g, rate), "✗", "That clips at 1"),
        (lambda w, g, rate, *, norm=1.0: clipped(w, g, rate, norm=2), "✗", "Not yet"),
        (lambda w, g, rate, *, norm=1.0: (w - rate * g, ()), "✗", "plain descent"),
        (lambda w, g, rate, *, norm=1.0: (2 * w - clipped(w, g, rate, norm=norm)[0], ()), "✗", "Not yet"),
        (lambda w, g, rate, *, norm=1.0: (clipped(0, g, rate, norm=norm)[0], ()), "✗", "Not yet"),  # no w
        (lambda w, g, rate, *, norm=1.0: (clipped(w, g, 0.2, norm=norm)[0], ()), "✗", "Not yet"),
        (lambda w, g, rate, *, norm=1.0: clipped(w, g, rate, norm=norm)[0], "✗", "A rule returns two things"),
        (lambda w, g, rate, *, norm=1.0: (*clipped(w, g, rate, norm=norm), 0), "✗", "A rule returns two things"),
        (lambda w, g, rate, *, norm=1.0: 0.5, "✗", "A rule returns two things"),
        (lambda w, g, rate, *, norm=1.0: (..., ()), "○", "an empty memory"),
        (lambda w, g, rate, *, norm=1.0: ..., "○", "an empty memory"),
        (lambda w, g, rate, *, norm=1.0: None, "✗", "returns nothing"),
        ("g / length", "✗", "A function is asked for"),
    ],
)
def test_clipping(answer, mark, said):
    verdict = check.clipping(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict


def test_the_step_of_the_hint_is_the_first_that_is_tried():
    seen = []

    def curious(w, g, rate, *, norm=1.0):
        seen.append((w, g, rate, norm))
        return w, ()

    assert "From (0, 0) with g = (3, 4), rate 0.1 and norm 1" in check.clipping(curious).text
    w, g, rate, norm = seen[0]
    assert (w.tolist(), g.tolist(), rate, norm) == ([0, 0], [3, 4], 0.1, 1)
