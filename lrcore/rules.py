"""The update rules, in order of increasing complexity.

A rule takes the weights, the gradient and the learning rate, and returns the new weights:

    w, memory = rule(w, g, rate, *memory, **settings)

w and g have one shape, usually (*runs, d); rate and the settings are numbers or arrays that broadcast with it.
What a rule remembers stands in its signature as arguments that start at zero. A rule changes nothing in place.
Conventions are PyTorch's, so that its numbers are these numbers: the rate multiplies the velocity as a whole,
and ε is added outside the square root (adadelta: inside).
"""

import inspect
from functools import wraps

import numpy as np

from .expect import numbers, refuse, shown

RULES = {}  # name → rule
LIMITS = {"beta": ("a number from 0 to below 1", 0, np.nextafter(1, 0)), "eps": ("0 or more", 0, np.inf)}
LIMITS["decay"] = LIMITS["eps"]


def settings_of(rule):
    """The names of a rule's settings, as a list."""
    kinds = inspect.signature(rule).parameters.values()
    return [p.name for p in kinds if p.kind is p.KEYWORD_ONLY]


def checked_settings(caller, rule, settings):
    """The settings as float arrays, each known to the rule and within its range; one sentence otherwise."""
    known = settings_of(rule)
    for name, value in settings.items():
        if name not in known:
            takes = f"only {', '.join(known)}" if known else "no settings"
            raise TypeError(f"{caller}: the rule {rule.__name__} takes {takes}, got {name}={shown(value)}")
    limits = {name: LIMITS.get(name.rstrip("12"), ("a finite number", -np.inf, np.inf)) for name in settings}
    return {name: numbers(f"{caller}: {name}", value, *limits[name]) for name, value in settings.items()}


def _rule(formula):
    """Check a call from outside, then apply the formula; `descend` checks once and takes the formula itself."""

    @wraps(formula)
    def rule(w, g, rate, *memory, **settings):
        name = formula.__name__
        w, g = (numbers(f"{name}: {k}", v, "numbers", finite=False) for k, v in (("w", w), ("g", g)))
        rate = numbers(f"{name}: rate", rate)
        if w.shape != g.shape:
            raise ValueError(f"{name}: w and g take one shape, got {w.shape} and {g.shape}")
        settings = checked_settings(name, formula, settings)
        try:
            with np.errstate(all="ignore"):
                new, memory = formula(w, g, rate, *memory, **settings)
        except (TypeError, ValueError):
            takes = ", ".join(str(p) for p in inspect.signature(formula).parameters.values() if p.default == 0)
            shapes = [np.shape(a) for a in (w, rate, *memory, *settings.values())]
            refuse(f"{name}: memory ({takes or 'none'})", "arrays that fit w, as do rate and settings", shapes)
        if new.shape != w.shape:
            raise ValueError(f"{name}: rate and settings take shapes that fit w {w.shape}, got {rate.shape} for rate")
        return new, memory

    RULES[formula.__name__] = rule
    return rule


@_rule
def sgd(w, g, rate):
    """w ← w − ηg. Plain gradient descent; with batches it is called stochastic (Robbins & Monro 1951)."""
    return w - rate * g, ()


@_rule
def momentum(w, g, rate, v=0, *, beta=0.9):
    """v ← βv + g;  w ← w − ηv. Heavy ball (Polyak 1964). Many texts write γ for β, or keep η inside v."""
    v = beta * v + g
    return w - rate * v, (v,)


@_rule
def nesterov(w, g, rate, v=0, *, beta=0.9):
    """v ← βv + g;  w ← w − η(g + βv). Momentum that looks one step ahead (Nesterov 1983, Sutskever 2013)."""
    v = beta * v + g
    return w - rate * (g + beta * v), (v,)


@_rule
def adagrad(w, g, rate, s=0, *, eps=1e-10):
    """s ← s + g²;  w ← w − ηg / (√s + ε). A weight seldom moved keeps its step (Duchi, Hazan & Singer 2011)."""
    s = s + g * g
    return w - rate * g / (np.sqrt(s) + eps), (s,)


@_rule
def rmsprop(w, g, rate, s=0, *, beta=0.99, eps=1e-8):
    """s ← βs + (1 − β)g²;  w ← w − ηg / (√s + ε). AdaGrad that forgets (Hinton's lecture 6e, 2012)."""
    s = beta * s + (1 - beta) * g * g
    return w - rate * g / (np.sqrt(s) + eps), (s,)


@_rule
def adadelta(w, g, rate, s=0, u=0, *, beta=0.9, eps=1e-6):
    """s ← βs + (1 − β)g²;  Δ = g √(u + ε) / √(s + ε);  u ← βu + (1 − β)Δ²;  w ← w − ηΔ (Zeiler 2012)."""
    s = beta * s + (1 - beta) * g * g
    delta = g * np.sqrt(u + eps) / np.sqrt(s + eps)
    u = beta * u + (1 - beta) * delta * delta
    return w - rate * delta, (s, u)


@_rule
def adam(w, g, rate, m=0, s=0, t=0, *, beta1=0.9, beta2=0.999, eps=1e-8):
    """m ← β₁m + (1 − β₁)g;  s ← β₂s + (1 − β₂)g²;  w ← w − η m̂ / (√ŝ + ε)  (Kingma & Ba 2015).

    m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ) correct the start at zero; begun at t = ∞ they correct nothing.
    """
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    m_hat = m / (1 - beta1**t)
    s_hat = s / (1 - beta2**t)
    return w - rate * m_hat / (np.sqrt(s_hat) + eps), (m, s, t)


@_rule
def adamw(w, g, rate, m=0, s=0, t=0, *, decay=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
    """w ← (1 − η·decay) w, then Adam's step: the decay bypasses √ŝ (Loshchilov & Hutter 2019)."""
    new, memory = adam.__wrapped__(w, g, rate, m, s, t, beta1=beta1, beta2=beta2, eps=eps)
    return new - rate * decay * w, memory
