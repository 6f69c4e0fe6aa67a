"""The checks of lesson 05: rules as learners write them, right and with a mistake; numbers, a letter, the votes."""

import numpy as np
import pytest

from lrcore import rules
from lrlab import check


def said(verdict, mark, words):
    assert verdict.mark == mark and words in verdict.text, verdict


def another(w, g, rate, v=0, *, beta=0.9):
    v = g + v * beta
    return -v * rate + w, [v]


def remembers_both(w, g, rate, v=0, last=0, *, beta=0.9):
    v = beta * v + g
    return w - rate * v, (v, g)


def rate_inside(w, g, rate, v=0, *, beta=0.9):
    v = beta * v + rate * g
    return w - v, (v,)


def averaged(w, g, rate, v=0, *, beta=0.9):
    v = beta * v + (1 - beta) * g
    return w - rate * v, (v,)


def late(w, g, rate, v=0, *, beta=0.9):
    return w - rate * v, (beta * v + g,)


def climbs(w, g, rate, v=0, *, beta=0.9):
    v = beta * v + g
    return w + rate * v, (v,)


def plain(w, g, rate, v=0, *, beta=0.9):
    v = beta * v + g
    return w - rate * g, (v,)


def old_kept(w, g, rate, v=0, *, beta=0.9):
    return w - rate * (beta * v + g), (v,)


def never_forgets(w, g, rate, v=0, *, beta=0.9):
    v = v + g
    return w - rate * v, (v,)


def at_nine_tenths(w, g, rate, v=0, *, beta=0.9):
    v = 0.9 * v + g
    return w - rate * v, (v,)


def stands_still(w, g, rate, v=0, *, beta=0.9):
    v = beta * v + g
    return w, (v,)


def exchanged(w, g, rate, v=0, *, beta=0.9):
    v = beta * v + g
    w = w - rate * v
    return v, (w,)


def nearly(off):
    """Momentum whose w is off by this share."""

    def rule(w, g, rate, v=0, *, beta=0.9):
        v = beta * v + g
        return (w - rate * v) * (1 + off), (v,)

    return rule


MOMENTUM = [
    (rules.momentum, "✓", "when the rate changes"),
    (another, "✓", ""),
    (remembers_both, "✓", ""),
    (lambda w, g, rate, v=0, *, beta=0.9: (w - rate * (beta * v + g), (beta * v + g,)), "✓", ""),
    (lambda w, g, rate, v=0, beta=0.9: rules.momentum(w, g, rate, v, beta=beta), "✓", ""),
    (nearly(1e-7), "✓", ""),
    (nearly(1e-5), "✗", "Not yet"),
    (rate_inside, "✗", "inside v"),
    (averaged, "✗", "ten times smaller"),
    (late, "✗", "one step late"),
    (climbs, "✗", "climbs"),
    (plain, "✗", "That is plain descent"),
    (old_kept, "✗", "the memory stays empty"),
    (never_forgets, "✗", "β is missing"),
    (at_nine_tenths, "✗", "use beta"),
    (stands_still, "✗", "w never moves"),
    (rules.nesterov, "✗", "Nesterov"),
    (exchanged, "✗", "w comes first"),
    (lambda w, g, rate, v=0, *, beta=0.9: (w, beta * v + g), "✗", "(v,) with its comma"),
    (lambda w, g, rate, v=0, *, beta=0.9: w - rate * g, "✗", "two things"),
    (lambda w, g, rate, v=0, *, beta=0.9: (w - rate * g, (v,), g), "✗", "two things"),
    (lambda w, g, rate, v=0, *, beta=0.9: [w - rate * g], "✗", "two things"),
    (lambda w, g, rate, v=0, *, beta=0.9: (np.sum(w - rate * g), (v,)), "✗", "has the shape ()"),
    (lambda w, g, rate, v=0, *, beta=0.9: (None, (v,)), "✗", "has the shape ()"),
    (lambda w, g, rate, v=0, *, beta=0.9: None, "✗", "returns nothing yet"),
    (lambda w, g, rate, v=0, *, beta=0.9: (..., (...,)), "○", "Open"),
    (lambda w, g, rate, v=0, *, beta=0.9: (..., (v,)), "○", "Open"),
    (lambda w, g, rate, v=0, *, beta=0.9: (w - rate * g, (...,)), "○", "Open"),
    (..., "○", "Open"),
    (1.0, "✗", "A function is asked for"),
]


@pytest.mark.parametrize(("answer", "mark", "words"), MOMENTUM)
def test_my_momentum(answer, mark, words):
    said(check.my_momentum(answer), mark, words)


def test_the_rate_drops_after_three_steps_as_the_check_says():
    seen = []

    def rule(w, g, rate, v=0, *, beta=0.9):
        seen.append((rate, beta))
        return rules.momentum(w, g, rate, v, beta=beta)

    check.my_momentum(rule)
    first, second = seen[:6], seen[6:]
    assert {beta for _, beta in first} == {0.9} and {beta for _, beta in second} == {0.5}
    for walk in (first, second):
        early, later = {rate for rate, _ in walk[:3]}, {rate for rate, _ in walk[3:]}
        assert len(early) == len(later) == 1 and max(later) < min(early)


@pytest.mark.parametrize("write", [lambda w: w.fill(0), lambda w: None])
def test_a_rule_may_write_into_what_it_is_given(write):
    def rule(w, g, rate, v=0, *, beta=0.9):
        new, v = w - rate * (beta * v + g), beta * v + g
        write(w), write(g)
        return new, (v,)

    said(check.my_momentum(rule), "✓", "")


def test_a_learners_own_error_is_the_learners():
    with pytest.raises(ZeroDivisionError):
        check.my_momentum(lambda w, g, rate, v=0, *, beta=0.9: (1 / 0, (v,)))
    with pytest.raises(TypeError):
        check.my_adam(lambda w, g: w)


def adam(step):
    """The first two lines right; then what a learner makes of m, s and t."""

    def rule(w, g, rate, m=0, s=0, t=0, *, beta1=0.9, beta2=0.999, eps=1e-8):
        t = t + 1
        m = beta1 * m + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g**2
        return w - rate * step(g, m, s, 1 - beta1**t, 1 - beta2**t, eps), (m, s, t)

    return rule


def averages(of_g=0.1, of_square=0.001, square=lambda g: g**2, t_first=True, t_kept=True):
    """The step right; the averages, or their count, with a mistake."""

    def rule(w, g, rate, m=0, s=0, t=0, *, beta1=0.9, beta2=0.999, eps=1e-8):
        t = t + 1 if t_first else t
        m = beta1 * m + of_g * g
        s = beta2 * s + of_square * square(g)
        step = m / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + eps)
        return w - rate * step, (m, s, (t if t_first else t + 1) if t_kept else 0)

    return rule


def corrected_kept(w, g, rate, m=0, s=0, t=0, *, beta1=0.9, beta2=0.999, eps=1e-8):
    t = t + 1
    m = (beta1 * m + (1 - beta1) * g) / (1 - beta1**t)
    s = (beta2 * s + (1 - beta2) * g * g) / (1 - beta2**t)
    return w - rate * m / (np.sqrt(s) + eps), (m, s, t)


ADAM = [
    (rules.adam, "✓", "step by step"),
    (lambda w, g, rate, *memory: rules.adam(w, g, rate, *memory), "✓", ""),
    (adam(lambda g, m, s, p, q, eps: (m / p) / (np.sqrt(s / q) + eps)), "✓", ""),
    (averages(), "✓", ""),
    (adam(lambda g, m, s, p, q, eps: (1 + 1e-8) * (m / p) / (np.sqrt(s / q) + eps)), "✓", ""),
    (adam(lambda g, m, s, p, q, eps: (1 + 1e-4) * (m / p) / (np.sqrt(s / q) + eps)), "✗", "Not yet"),
    (adam(lambda g, m, s, p, q, eps: m / (np.sqrt(s) + eps)), "✗", "Neither"),
    (adam(lambda g, m, s, p, q, eps: m / p / (np.sqrt(s) + eps)), "✗", "s is left uncorrected"),
    (adam(lambda g, m, s, p, q, eps: m / (np.sqrt(s / q) + eps)), "✗", "m is not"),
    (adam(lambda g, m, s, p, q, eps: m / p / np.sqrt(s / q + eps)), "✗", "inside the root"),
    (adam(lambda g, m, s, p, q, eps: m / p / np.sqrt(s / q)), "✗", "ε is missing"),
    (adam(lambda g, m, s, p, q, eps: -m / p / (np.sqrt(s / q) + eps)), "✗", "climbs"),
    (adam(lambda g, m, s, p, q, eps: g / (np.sqrt(s / q) + eps)), "✗", "The step takes g"),
    (adam(lambda g, m, s, p, q, eps: m / p / (s / q + eps)), "✗", "The root is missing"),
    (adam(lambda g, m, s, p, q, eps: m * p / (np.sqrt(s * q) + eps)), "✗", "Not yet"),
    (averages(square=abs), "✗", "|g|"),
    (averages(of_g=1, of_square=1), "✗", "averages: a new gradient"),
    (averages(of_square=1), "✗", "Not yet"),
    (averages(square=lambda g: g @ g), "✗", "weight by weight"),
    (averages(t_first=False), "✗", "count t up"),
    (averages(t_kept=False), "✗", "t does not grow"),
    (corrected_kept, "✗", "again and again"),
    (lambda w, g, rate, *memory: (w - rate * g, memory), "✗", "That is plain descent"),
    (rules.adamw, "✗", "Not yet"),
    (rules.rmsprop, "✗", "Not yet"),
    (lambda w, g, rate, m=0, s=0, t=0: (..., (..., ..., t + 1)), "○", "Open"),
    (lambda w, g, rate, m=0, s=0, t=0: (w - rate * g, (..., ..., t + 1)), "○", "Open"),
]


@pytest.mark.parametrize(("answer", "mark", "words"), ADAM)
def test_my_adam(answer, mark, words):
    said(check.my_adam(answer), mark, words)


def test_adam_is_found_right_in_another_form():
    """The paper's second form: both corrections moved into the rate, and ε with them."""

    def rule(w, g, rate, m=0, s=0, t=0, *, beta1=0.9, beta2=0.999, eps=1e-8):
        t, m, s = t + 1, m + (1 - beta1) * (g - m), s + (1 - beta2) * (g * g - s)
        scale = np.sqrt(1 - beta2**t)
        return w - rate * scale / (1 - beta1**t) * m / (np.sqrt(s) + eps * scale), (m, s, t)

    said(check.my_adam(rule), "✓", "")


NUMBERS = [
    *((check.steady_step, answer, "✓", "ten times the rate") for answer in (1.0, 1, "1", "0.1/(1-0.9)")),
    (check.steady_step, 0.1, "✗", "without memory"),
    (check.steady_step, 0.1 * (1 + 0.9), "✗", "Two terms"),
    (check.steady_step, 0.1 * 0.9, "✗", "second term alone"),
    (check.steady_step, 10, "✗", "That is v"),
    (check.steady_step, 0.1 * (1 - 0.9), "✗", "1 − β divides"),
    (check.steady_step, -1, "✗", "A length is positive"),
    (check.steady_step, 2, "✗", "Not yet"),
    (check.steady_step, "eta/(1-beta)", "✗", "this is a text"),
    (check.steady_step, ..., "○", "Open"),
    *((check.best_memory, answer, "✓", "0.669") for answer in (0.669, "0,669", "81/121", "67 %", (9 / 11) ** 2)),
    (check.best_memory, 0.58, "✗", "whose κ is 55.8"),
    (check.best_memory, 9 / 11, "✗", "Square it"),
    (check.best_memory, 99 / 101, "✗", "Without the roots"),
    (check.best_memory, (99 / 101) ** 2, "✗", "The roots are missing"),
    (check.best_memory, 0.9, "✗", "usual setting"),
    (check.best_memory, 4 / (10 + 1) ** 2, "✗", "the rate that goes with it"),
    (check.best_memory, 0.033, "✗", "the rate that goes with it"),
    (check.best_memory, (0.669, 0.033), "✗", "Not yet"),
    (check.best_memory, 0.5, "✗", "Not yet"),
    (check.best_memory, ..., "○", "Open"),
    (check.saddle, "d", "✓", "noise"),
    (check.saddle, "only a run with noise", "✓", "noise"),
    (check.saddle, "a", "✗", "nothing to remember"),
    (check.saddle, "Adam", "✗", "divides zero"),
    (check.saddle, "c", "✗", "still zero"),
    (check.vote_memory, "c", "✎", "0.9"),
    (check.vote_adam_step, "4,5", "✎", "4.5"),
]


@pytest.mark.parametrize(("ask", "answer", "mark", "words"), NUMBERS)
def test_numbers_letters_and_votes(ask, answer, mark, words):
    said(ask(answer), mark, words)


def test_the_rate_that_goes_with_the_best_memory_is_best_there():
    """κ = 100: the slowest root of z² − (1 + β − ηλ)z + β is the root of β, and any other rate or β has a slower."""

    def slowest(rate, beta):
        return max(abs(np.roots([1, -(1 + beta - rate * curved), beta])).max() for curved in (1, 100))

    beta, rate = 81 / 121, 4 / 121
    assert slowest(rate, beta) == pytest.approx(9 / 11, rel=1e-6)
    assert all(slowest(rate * a, beta + b) > 0.82 for a, b in ((1.05, 0), (0.95, 0), (1, 0.03), (1, -0.03)))


def test_the_votes_know_what_was_measured():
    """A κ of 55.8 asks for a β of 0.58; Adam's first step is its rate."""
    assert check.vote_memory.right == "b" and check.vote_adam_step.right == 0.1
    assert check.vote_memory.agrees("b", "b") and not check.vote_memory.agrees("c", "b")
    assert check.vote_adam_step.agrees(0.1, 0.1) and not check.vote_adam_step.agrees(4.5, 0.1)


def test_a_rate_inside_v_shows_only_when_the_rate_changes():
    """With one rate the two walks are the same; that is why the check lowers it."""
    w = u = v = s = 0.0
    for g in (1.0, -2.0, 3.0):
        w, (v,) = rules.momentum(w, g, 0.1, v)
        s = 0.9 * s + 0.1 * g
        u = u - s
        assert w == pytest.approx(u)
