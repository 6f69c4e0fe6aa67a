"""The update rules, in order of increasing complexity.

    w, memory = rule(w, g, rate, *memory, **settings)

w and g, the gradient, are (d,) for one run or (runs, d) for several; rate and settings are numbers, or arrays that
broadcast with w. What a rule remembers stands in its signature, as arguments that start at zero. Nothing is
changed in place. The conventions are PyTorch's, and so are most defaults: the rate multiplies the velocity as a
whole, and ε is added outside the square root (in adadelta inside).
"""

import numpy as np


def sgd(w, g, rate):
    """w ← w − ηg. Gradient descent; with batches it is called stochastic (Robbins & Monro 1951)."""
    return w - rate * g, ()


def momentum(w, g, rate, v=0, *, beta=0.9):
    """v ← βv + g;  w ← w − ηv. The heavy ball (Polyak 1964). Many texts write γ for β, or keep η inside v."""
    v = beta * v + g
    return w - rate * v, (v,)


def nesterov(w, g, rate, v=0, *, beta=0.9):
    """v ← βv + g;  w ← w − η(g + βv). Momentum that looks one step ahead (Nesterov 1983, Sutskever 2013)."""
    v = beta * v + g
    return w - rate * (g + beta * v), (v,)


def adagrad(w, g, rate, s=0, *, eps=1e-10):
    """s ← s + g²;  w ← w − ηg / (√s + ε). A weight that is seldom moved keeps its step (Duchi and others 2011)."""
    s = s + g * g
    return w - rate * g / (np.sqrt(s) + eps), (s,)


def rmsprop(w, g, rate, s=0, *, beta=0.99, eps=1e-8):
    """s ← βs + (1 − β)g²;  w ← w − ηg / (√s + ε). AdaGrad that forgets (Hinton's lecture 6e, 2012)."""
    s = beta * s + (1 - beta) * g * g
    return w - rate * g / (np.sqrt(s) + eps), (s,)


def adadelta(w, g, rate, s=0, u=0, *, beta=0.9, eps=1e-6):
    """s ← βs + (1 − β)g²;  Δ = g √(u + ε) / √(s + ε);  u ← βu + (1 − β)Δ²;  w ← w − ηΔ (Zeiler 2012)."""
    s = beta * s + (1 - beta) * g * g
    delta = g * np.sqrt(u + eps) / np.sqrt(s + eps)
    u = beta * u + (1 - beta) * delta * delta
    return w - rate * delta, (s, u)


def adam(w, g, rate, m=0, s=0, t=0, *, beta1=0.9, beta2=0.999, eps=1e-8):
    """m ← β₁m + (1 − β₁)g;  s ← β₂s + (1 − β₂)g²;  w ← w − η m̂ / (√ŝ + ε)  (Kingma & Ba 2015).

    m and s start at zero and so are too small at first: m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ) make up for it.
    """
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g * g
    m_hat = m / (1 - np.power(beta1, t))
    s_hat = s / (1 - np.power(beta2, t))
    return w - rate * m_hat / (np.sqrt(s_hat) + eps), (m, s, t)


def adamw(w, g, rate, *memory, decay=0.01, **adams):
    """w ← (1 − η·decay) w, then Adam's step: the decay does not go through √ŝ (Loshchilov & Hutter 2019)."""
    new, memory = adam(w, g, rate, *memory, **adams)
    return new - rate * decay * w, memory


RULES = {f.__name__: f for f in (sgd, momentum, nesterov, adagrad, rmsprop, adadelta, adam, adamw)}


def barzilai_borwein(w, g, rate, w_before=0, g_before=0, step=0):
    """s = w − w_before;  y = g − g_before;  step ← s·s / s·y;  w ← w − step·g  (Barzilai & Borwein 1988).

    Two gradients measure the curvature along the last step, and the next step is one over it. The first uses the
    rate; where s·y is not above 0, the step before is kept. Without a rate to sweep it is not in RULES.
    """
    s, y = w - w_before, g - g_before
    sy = (s * y).sum(axis=-1, keepdims=True)
    measured = np.where(sy > 0, (s * s).sum(axis=-1, keepdims=True) / np.where(sy > 0, sy, 1), step)
    step = np.where(np.equal(step, 0), rate, measured)
    return w - step * g, (w, g, step)
