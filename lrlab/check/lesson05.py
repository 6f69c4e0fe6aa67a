"""Lesson 05, momentum and Adam: its votes and its exercises."""

import numpy as np

from lrcore.rules import adam, momentum, nesterov

from .base import Unfinished, Unreadable, exercise, one_of, outputs
from .votes import letters, number

__all__ = ["best_memory", "my_adam", "my_momentum", "saddle", "steady_step", "vote_adam_step", "vote_memory"]

vote_memory = letters("b", a="β = 0, no memory", b="a β between 0.3 and 0.8", c="β = 0.9", d="β = 0.99")
vote_adam_step = number(0.1, within=1.05)

RATES = [0.1] * 3 + [0.01] * 3  # the rate changes: only so a rate inside v shows
GRADIENTS = np.random.RandomState(0).normal(size=(6, 3)) * [1.0, 30.0, 1e-9]


def _walk(rule, **settings):
    """The weights after each step, (18,), as `descend` calls the rule; the gradients of the third are tiny."""
    w, memory, found = np.arange(3.0), (), []
    for g, rate in zip(GRADIENTS, RATES, strict=True):
        pair = rule(w.copy(), g.copy(), rate, *memory, **settings)
        if not (isinstance(pair, tuple) and len(pair) == 2):
            raise Unreadable("A rule gives back two things: the new w, and a tuple of what it remembers.")
        w, memory = pair
        if not isinstance(memory, (tuple, list)):
            raise Unreadable("What a rule remembers is a tuple, also when it is one thing: (v,) with its comma.")
        if any(part is ... for part in memory):
            raise Unfinished
        w = np.asarray(w, dtype=float)
        if w.shape != (3,):
            raise Unreadable(f"The new w has the shape {w.shape}, and w came with (3,): a number for each weight.")
        found.append(w)
    return np.concatenate(found)


def _settings_of(rule, *settings):
    """The walk with the rule's own settings, and with each of others."""
    return np.concatenate([_walk(rule, **each) for each in ({}, *settings)])


def _like(rule):
    """A wrong rule as a right one is written: momentum(w, g, rate, v=0, *, beta=0.9)."""

    def walks(w, g, rate, v=0, *, beta=0.9):
        step, v = rule(g, rate, v, beta)
        return w - step, (v,)

    return walks


def _exchanged(w, g, rate, v=0, *, beta=0.9):
    w, memory = momentum(w, g, rate, v, beta=beta)
    return memory[0], (w,)


my_momentum = exercise(
    momentum,
    [
        (
            _like(lambda g, rate, v, b: (b * v + rate * g,) * 2),
            "The rate is inside v. As long as the rate stays, that is the same; but when a schedule lowers it, v still "
            "holds steps of the old one. Here the rate drops after three steps.",
        ),
        (
            _like(lambda g, rate, v, b: (rate * (b * v + (1 - b) * g), b * v + (1 - b) * g)),
            "(1 − β)g makes v an average, ten times smaller at β = 0.9. Here the gradients are added up whole.",
        ),
        (
            _like(lambda g, rate, v, b: (rate * v, b * v + g)),
            "Your step uses the old v, so it comes one step late. First v ← βv + g, then the step.",
        ),
        (_like(lambda g, rate, v, b: (-rate * (b * v + g), b * v + g)), "Your rule climbs: the step is subtracted."),
        (
            _like(lambda g, rate, v, b: (rate * g, v)),
            "That is plain descent. Either the step takes g, or the old v is returned and the memory stays empty.",
        ),
        (
            _like(lambda g, rate, v, b: (rate * (v + g), v + g)),
            "β is missing: v forgets a little each time, βv + g.",
        ),
        (lambda w, g, rate, v=0, **_: momentum(w, g, rate, v), "It is right at 0.9 only: use beta."),
        (_like(lambda g, rate, v, b: (0, v)), "w never moves: return w − rate · v."),
        (nesterov, "That is Nesterov's step, which looks one step ahead: momentum's is rate · v."),
        (_exchanged, "v and w are exchanged: w comes first."),
    ],
    read=outputs(lambda rule: _settings_of(rule, {"beta": 0.5})),
    close=1e-6,
    right="Your rule is momentum, at every β, and also when the rate changes on the way. Race it below.",
    hint="Not yet: first v ← βv + g, then w ← w − ηv. Return w, and v as (v,).",
    open="the new w and v",
)


def _adam(
    step=lambda g, m, s, m_hat, s_hat: m_hat / (np.sqrt(s_hat) + 1e-8), square=np.square, new=(0.1, 0.001), late=False
):
    """Adam with some of it changed: the step, what s averages, the share of a new gradient, or when t is counted."""

    def rule(w, g, rate, m=0, s=0, t=0):
        m, s, n = 0.9 * m + new[0] * g, 0.999 * s + new[1] * square(g), t if late else t + 1
        return w - rate * step(g, m, s, m / (1 - 0.9**n), s / (1 - 0.999**n)), (m, s, t + 1)

    return rule


def _corrected_kept(w, g, rate, m=0, s=0, t=0):
    w, (m, s, t) = adam(w, g, rate, m, s, t)
    return w, (m / (1 - 0.9**t), s / (1 - 0.999**t), t)


def _timeless(w, g, rate, *memory):
    return adam(w, g, rate, *memory[:2])


my_adam = exercise(
    adam,
    [
        (
            _adam(lambda g, m, s, m_hat, s_hat: m / (np.sqrt(s) + 1e-8)),
            "Neither average is corrected: the first step is 3.16 times too long.",
        ),
        (
            _adam(lambda g, m, s, m_hat, s_hat: m_hat / (np.sqrt(s) + 1e-8)),
            "s is left uncorrected while m is: divide s by 1 − β₂ᵗ as well.",
        ),
        (
            _adam(lambda g, m, s, m_hat, s_hat: m / (np.sqrt(s_hat) + 1e-8)),
            "s is corrected and m is not: divide m by 1 − β₁ᵗ.",
        ),
        (
            _adam(lambda g, m, s, m_hat, s_hat: m_hat / np.sqrt(s_hat + 1e-8)),
            "ε is inside the root: that makes the steps of small gradients far too short.",
        ),
        (
            _adam(lambda g, m, s, m_hat, s_hat: m_hat / np.sqrt(s_hat)),
            "ε is missing: a weight whose gradients are all 0 would be divided by 0.",
        ),
        (
            _adam(lambda g, m, s, m_hat, s_hat: -m_hat / (np.sqrt(s_hat) + 1e-8)),
            "Your rule climbs: the step is subtracted.",
        ),
        (_adam(square=np.abs), "s averages |g| in place of g²: the root then takes the wrong scale."),
        (_adam(new=(1, 1)), "m and s are averages: a new gradient counts (1 − β) there, not whole."),
        (
            _adam(lambda g, m, s, m_hat, s_hat: g / (np.sqrt(s_hat) + 1e-8)),
            "The step takes g: that is RMSProp with a correction. Adam's takes m̂.",
        ),
        (
            _adam(square=lambda g: np.sum(g * g)),
            "One scale serves both weights: g² is taken weight by weight, without a sum.",
        ),
        (
            _adam(lambda g, m, s, m_hat, s_hat: m_hat / (s_hat + 1e-8)),
            "The root is missing: divide by √ŝ, which is as large as a gradient, not by its square.",
        ),
        (
            _corrected_kept,
            "The corrected averages are remembered, and so corrected again and again: remember m and s.",
        ),
        (_timeless, "t does not grow: return t + 1, so that the corrections fade."),
        (_adam(late=True), "The first step divides by 1 − β⁰, which is 0: count t up before you correct."),
        (lambda w, g, rate: (w - rate * g, ()), "That is plain descent."),
    ],
    read=outputs(lambda rule: _settings_of(rule)),
    close=1e-7,
    right="Your rule is Adam, step by step, also for tiny gradients. Race it below.",
    hint="Not yet. Take the four lines one by one: m, s, their corrections, the step. Return w and (m, s, t).",
    open="the new w, and m, s and t,",
)

steady_step = exercise(
    1.0,
    [
        (0.1, "That is the first step, without memory: gradients that agree add up."),
        (0.19, "Two terms of the sum: 0.1 · (1 + 0.9 + 0.81 + …) goes on."),
        (0.09, "That is the second term alone: all of them are added up."),
        (10.0, "That is v. The step is the rate times v."),
        (0.01, "1 − β divides: the steps grow to rate / (1 − β)."),
        (-1.0, "A length is positive; and against a gradient of −1 the weight grows."),
    ],
    right="0.1 / (1 − 0.9) = 1: ten times the rate.",
    hint="Not yet: v keeps 0.9 of the one before and adds 1, so the step tends to 0.1 · (1 + 0.9 + 0.81 + …).",
    open="a length",
)

best_memory = exercise(
    81 / 121,
    [
        (0.583, "That is the best β for the line, whose κ is 55.8. Here κ is 100."),
        (0.818, "Square it: (√κ − 1)/(√κ + 1) is the factor of a step, and β is its square."),
        (0.98, "Without the roots: (κ − 1)/(κ + 1) is the factor of plain descent. Take √κ = 10 first."),
        (0.961, "The roots are missing: √κ is 10, not 100."),
        (0.9, "The usual setting. It would be right for a κ of about 1400."),
        (0.0331, "That is the rate that goes with it. And β?"),
    ],
    right="((10 − 1)/(10 + 1))² = 0.669. A longer ravine asks for a longer memory.",
    hint="Not yet: ((√κ − 1)/(√κ + 1))² with κ = 100 / 1.",
    open="a number from 0 to 1",
)

saddle = exercise(
    "d",
    [
        ("a", "The gradient along y was zero at every step: momentum has nothing to remember there. It never leaves."),
        ("b", "Adam divides zero by ε, so the step is zero. It never leaves."),
        ("c", "A larger rate times a gradient of zero is still zero."),
    ],
    read=one_of(a="momentum", b="Adam", c="plain descent at a larger rate", d="only a run with noise"),
    right="Only noise: a batch's gradient is not zero, and from then on the distance grows.",
    open="a letter",
)
