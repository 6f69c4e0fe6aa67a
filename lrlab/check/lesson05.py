"""Lesson 05, momentum and Adam: its votes and its exercises."""

import numpy as np

from lrcore.rules import adam, momentum, nesterov

from .base import Unreadable, exercise, one_of, outputs
from .votes import letters, number

__all__ = ["best_memory", "my_adam", "my_momentum", "saddle", "steady_step", "vote_adam_step", "vote_memory"]

vote_memory = letters("b", a="β = 0, no memory", b="a β between 0.3 and 0.8", c="β = 0.9", d="β = 0.99")
vote_adam_step = number(0.1, within=1.05)

RATES = (0.1, 0.1, 0.1, 0.01, 0.01, 0.02)  # the rate changes: only so a rate inside v shows
GRADIENTS = np.array([[1, -2, 3, 0.5, -1, 2], [-45, 3, 1, 0, 2, -1], [1e-9, 2e-9, -1e-9, 1e-9, 3e-9, 1e-9]]).T


def _walk(rule, **settings):
    """The weights after each step, (18,), as `descend` calls the rule; the gradients of the third are tiny."""
    w, memory, found = np.array([1.0, 2.0, 0.0]), (), []
    for g, rate in zip(GRADIENTS, RATES, strict=True):
        pair = rule(w.copy(), g.copy(), rate, *memory, **settings)
        if not (isinstance(pair, tuple) and len(pair) == 2):
            raise Unreadable("A rule gives back two things: the new w, and a tuple of what it remembers.")
        w, memory = pair
        if w is ... or w is None:
            return w
        if isinstance(memory, (tuple, list)) and any(part is ... for part in memory):
            return ...
        if not isinstance(memory, (tuple, list)):
            raise Unreadable("What a rule remembers is a tuple, also when it is one thing: (v,) with its comma.")
        w = np.asarray(w, dtype=float)
        if w.shape != (3,):
            raise Unreadable(f"The new w has the shape {w.shape}, and w came with (3,): a number for each weight.")
        found.append(w)
    return np.concatenate(found)


def _settings_of(rule, *settings):
    """The walk with the rule's own settings, and with each of others."""
    walks = [_walk(rule, **each) for each in ({}, *settings)]
    return ... if any(walk is ... or walk is None for walk in walks) else np.concatenate(walks)


def _like(rule):
    """A wrong rule as a right one is written: momentum(w, g, rate, v=0, *, beta=0.9)."""

    def walks(w, g, rate, v=0, *, beta=0.9):
        step, v = rule(g, rate, v, beta)
        return w - step, (v,)

    return walks


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
        (_like(lambda g, rate, v, b: (0.9 * v * rate + rate * g, 0.9 * v + g)), "It is right at 0.9 only: use beta."),
        (_like(lambda g, rate, v, b: (0 * g, b * v + g)), "w never moves: return w − rate · v."),
        (nesterov, "That is Nesterov's step, which looks one step ahead: momentum's is rate · v."),
        (lambda w, g, rate, v=0, *, beta=0.9: (beta * v + g, (w,)), "v and w are exchanged: w comes first."),
    ],
    read=outputs(lambda rule: _settings_of(rule, {"beta": 0.5})),
    close=1e-6,
    right="Your rule is momentum, at every β, and also when the rate changes on the way. Race it below.",
    hint="Not yet: first v ← βv + g, then w ← w − ηv. Return w, and v as (v,).",
    open="the new w and v",
)


def _adam(m_hat=True, s_hat=True, inside=False, eps=True, sign=1, square=True, decays=False, late=False, first=True):
    """Adam with some of it changed."""

    def rule(w, g, rate, m=0, s=0, t=0, *, beta1=0.9, beta2=0.999, epsilon=1e-8):
        n = t if late else t + 1
        m = beta1 * m + ((1 - beta1) if not decays else 1) * g
        s = beta2 * s + ((1 - beta2) if not decays else 1) * (g * g if square else np.abs(g))
        with np.errstate(all="ignore"):
            mh = m / (1 - beta1**n) if m_hat else m
            sh = s / (1 - beta2**n) if s_hat else s
            root = np.sqrt(sh + 1e-8) if inside else np.sqrt(sh) + (1e-8 if eps else 0)
            return w - sign * rate * (mh if first else g) / root, (m, s, t + 1)

    return rule


def _one_scale(w, g, rate, m=0, s=0, t=0, *, beta1=0.9, beta2=0.999):
    m, s, t = beta1 * m + (1 - beta1) * g, beta2 * s + (1 - beta2) * np.sum(g * g), t + 1
    return w - rate * m / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + 1e-8), (m, s, t)


def _rootless(w, g, rate, m=0, s=0, t=0, *, beta1=0.9, beta2=0.999):
    m, s, t = beta1 * m + (1 - beta1) * g, beta2 * s + (1 - beta2) * g * g, t + 1
    return w - rate * m / (1 - beta1**t) / (s / (1 - beta2**t) + 1e-8), (m, s, t)


def _corrected_kept(w, g, rate, m=0, s=0, t=0, *, beta1=0.9, beta2=0.999):
    t = t + 1
    m = (beta1 * m + (1 - beta1) * g) / (1 - beta1**t)
    s = (beta2 * s + (1 - beta2) * g * g) / (1 - beta2**t)
    return w - rate * m / (np.sqrt(s) + 1e-8), (m, s, t)


def _timeless(w, g, rate, m=0, s=0, t=0, *, beta1=0.9, beta2=0.999):
    w, (m, s, _) = adam(w, g, rate, m, s, 0)
    return w, (m, s, 0)


my_adam = exercise(
    adam,
    [
        (_adam(m_hat=False, s_hat=False), "Neither average is corrected: the first step is 3.16 times too long."),
        (_adam(s_hat=False), "s is left uncorrected while m is: divide s by 1 − β₂ᵗ as well."),
        (_adam(m_hat=False), "s is corrected and m is not: divide m by 1 − β₁ᵗ."),
        (
            _adam(inside=True),
            "ε is inside the root: that makes the steps of small gradients far too short.",
        ),
        (_adam(eps=False), "ε is missing: a weight whose gradients are all 0 would be divided by 0."),
        (_adam(sign=-1), "Your rule climbs: the step is subtracted."),
        (_adam(square=False), "s averages |g| in place of g²: the root then takes the wrong scale."),
        (_adam(decays=True), "m and s are averages: a new gradient counts (1 − β) there, not whole."),
        (_adam(first=False), "The step takes g: that is RMSProp with a correction. Adam's takes m̂."),
        (_one_scale, "One scale serves both weights: g² is taken weight by weight, without a sum."),
        (_rootless, "The root is missing: divide by √ŝ, which is as large as a gradient, not by its square."),
        (_corrected_kept, "The corrected averages are remembered, and so corrected again and again: remember m and s."),
        (_timeless, "t does not grow: return t + 1, so that the corrections fade."),
        (_adam(late=True), "The first step divides by 1 − β⁰, which is 0: count t up before you correct."),
        (lambda w, g, rate: (w - rate * g, ()), "That is plain descent."),
    ],
    read=outputs(lambda rule: _settings_of(rule)),
    close=1e-7,
    right="Your rule is Adam, step by step, also for tiny gradients. Race it below.",
    hint="Not yet. Take the four lines one by one: m, s, their corrections, the step. Return w and (m, s, t).",
    open="the new w, and m, s and t",
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
    lambda found: found.shape == (1,) and abs(found[0] - 81 / 121) < 0.006,
    [
        (0.583, "That is the best β for the line, whose κ is 55.8. Here κ is 100."),
        (0.818, "Square it: (√κ − 1)/(√κ + 1) is the factor of a step, and β is its square."),
        (0.98, "Without the roots: (κ − 1)/(κ + 1) is the factor of plain descent. Take √κ = 10 first."),
        (0.961, "The roots are missing: √κ is 10, not 100."),
        (0.9, "The usual setting. It would be right for a κ of about 1400."),
        (lambda found: np.allclose(found, 0.0363, rtol=0.02), "That is the rate that goes with it. And β?"),
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
