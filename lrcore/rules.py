"""The update rules, in order of increasing complexity.

A rule takes the weights, the gradient and the learning rate, and returns the new weights:

    w, memory = rule(w, g, rate, *memory, **settings)

w and g have one shape, usually (*runs, d); rate and settings are numbers, or arrays that broadcast with them.
What a rule remembers stands in its signature, as arguments that start at zero. Nothing is changed in place.
The conventions are PyTorch's, and so are the numbers: the rate multiplies the velocity as a whole, and ε is
added outside the square root (adadelta: inside).
"""

import numpy as np

from lrlab.expect import rule


@rule
def sgd(w, g, rate):
    """w ← w − ηg. Plain gradient descent; with batches it is called stochastic (Robbins & Monro 1951)."""
    return w - rate * g, ()


@rule
def momentum(w, g, rate, v=0, *, beta=0.9):
    """v ← βv + g;  w ← w − ηv. Heavy ball (Polyak 1964). Many texts write γ for β, or keep η inside v."""
    v = beta * v + g
    return w - rate * v, (v,)


@rule
def nesterov(w, g, rate, v=0, *, beta=0.9):
    """v ← βv + g;  w ← w − η(g + βv). Momentum that looks one step ahead (Nesterov 1983, Sutskever 2013)."""
    v = beta * v + g
    return w - rate * (g + beta * v), (v,)


@rule
def adagrad(w, g, rate, s=0, *, eps=1e-10):
    """s ← s + g²;  w ← w − ηg / (√s + ε). A weight seldom moved keeps its step (Duchi and others 2011)."""
    s = s + g * g
    return w - rate * g / (np.sqrt(s) + eps), (s,)


@rule
def rmsprop(w, g, rate, s=0, *, beta=0.99, eps=1e-8):
    """s ← βs + (1 − β)g²;  w ← w − ηg / (√s + ε). AdaGrad that forgets (Hinton's lecture 6e, 2012)."""
    s = beta * s + (1 - beta) * g * g
    return w - rate * g / (np.sqrt(s) + eps), (s,)


@rule
def adadelta(w, g, rate, s=0, u=0, *, beta=0.9, eps=1e-6):
    """s ← βs + (1 − β)g²;  Δ = g √(u + ε) / √(s + ε);  u ← βu + (1 − β)Δ²;  w ← w − ηΔ (Zeiler 2012)."""
    s = beta * s + (1 - beta) * g * g
    delta = g * np.sqrt(u + eps) / np.sqrt(s + eps)
    u = beta * u + (1 - beta) * delta * delta
    return w - rate * delta, (s, u)


@rule
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


@rule
def adamw(w, g, rate, m=0, s=0, t=0, *, decay=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
    """w ← (1 − η·decay) w, then Adam's step: the decay bypasses √ŝ (Loshchilov & Hutter 2019)."""
    new, memory = adam.__wrapped__(w, g, rate, m, s, t, beta1=beta1, beta2=beta2, eps=eps)
    return new - rate * decay * w, memory


RULES = {f.__name__: f for f in (sgd, momentum, nesterov, adagrad, rmsprop, adadelta, adam, adamw)}
