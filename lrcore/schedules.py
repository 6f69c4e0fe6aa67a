"""Schedules: a schedule says when steps are long or short; the rate says how long. They are multiplied.

It is a pure function: of a step t (the first is t = 0) or an array of steps it gives the factor on the rate there.
`steps`, `period`, `delay`, `half_life` count steps, not epochs. Any function of t will do; plateau watches the loss.
"""

import math

import numpy as np


def constant():
    """1."""
    return lambda t: np.ones(np.shape(t))[()]


def step(every, factor=0.5):
    """factor^⌊t/every⌋: drops at once, each `every` steps."""
    return lambda t: factor ** (t // every)


def exponential(half_life):
    """2^(−t/half_life)."""
    return lambda t: 0.5 ** (t / half_life)


def inverse(delay):
    """1 / (1 + t/delay): half the rate at t = delay, a third at twice that (Robbins & Monro 1951)."""
    return lambda t: 1 / (1 + t / delay)


def polynomial(steps, power=1):
    """(1 − t/steps)^power, then 0. With power 1 it is linear to zero."""
    return lambda t: (1 - np.minimum(t / steps, 1)) ** power


def half_wave(progress, begin, end):
    """Half a cosine wave from `begin` at progress 0 to `end` at progress 1, level before and after."""
    return end + (begin - end) * (1 + np.cos(np.pi * np.clip(progress, 0, 1))) / 2


def cosine(steps, floor=0):
    """(1 + cos(πt/steps)) / 2, lifted to end at `floor`, which it keeps (Loshchilov & Hutter 2017)."""
    return lambda t: half_wave(t / steps, 1, floor)


def warmup(steps):
    """(t + 1)/steps, then 1 (Goyal and others 2017)."""
    return lambda t: np.minimum((t + 1) / steps, 1)


def triangle(period, floor=0):
    """From `floor` straight up to 1 at half a period, straight back, again and again (Smith 2017)."""
    return lambda t: floor + (1 - floor) * (1 - np.abs(2 * (t / period % 1) - 1))


def one_cycle(steps, rise=0.3, start=1 / 25, end=1e-4):
    """Half a cosine from `start` up to 1 at t = rise·steps, another down to `end` at t = steps (after Smith 2018)."""
    rising, falling = rise * steps, (1 - rise) * steps
    return then(lambda t: half_wave(t / rising, start, 1), rising, lambda t: half_wave(t / falling, 1, end))


def wsd(steps, decay=0.2):
    """1, then straight to 0 over the last `decay` of the steps (Hu and others 2024): times(warmup(100), wsd(1000))
    is warm-up, stable, decay."""
    return lambda t: np.clip((1 - t / steps) / decay, 0, 1)


def then(first, at, second):
    """`first` before step `at`, `second` from there on, its own steps counted from 0."""
    return lambda t: np.where(t < at, first(t), second(np.maximum(t - at, 0)))[()]


def times(*schedules):
    """The product of schedules, such as a warm-up and a decay."""
    return lambda t: math.prod(schedule(t) for schedule in schedules)


def plateau(patience=10, shrink=0.5, tolerance=1e-4):
    """After more than `patience` epochs without a loss better by the fraction `tolerance`, the factor shrinks.

    Returns a watcher, called once an epoch like a rule: factor, memory = watch(loss, *memory); loss (runs,).
    As PyTorch's ReduceLROnPlateau."""

    def watch(loss, factor=1.0, best=np.inf, waited=0):
        better = loss < best * (1 - tolerance * np.sign(best))
        waited = np.where(better, 0, waited + 1)
        factor = np.where(waited > patience, factor * shrink, factor)
        memory = factor[()], np.where(better, loss, best)[()], np.where(waited > patience, 0, waited)[()]
        return factor[()], memory

    return watch
