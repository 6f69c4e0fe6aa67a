"""Schedules: shapes over time, whose size is the rate.

A schedule takes a step t (0, 1, 2, …) or an array of steps (*t), and returns the factor on the rate there.
It is a pure function: asking twice gives the same answer. After its last step it keeps its last value.
`steps`, `period`, `delay` and `half_life` are counted in steps, not epochs. Settings may be arrays (*runs),
one entry a run; the factors are then (*t, *runs). Only `plateau` is no function of the step: it watches
the loss.
"""

import math

import numpy as np

from .clock import factors, joined, schedule, watches_loss
from lrlab.expect import LEAST, array, function, numbers, positive, refuse, whole


def constant():
    """1."""
    return schedule("constant", lambda t: np.ones_like(t))


def step(every, factor=0.5):
    """factor^⌊t/every⌋: drops at once, `every` so many steps."""
    every, factor = positive("step: every", every), positive("step: factor", factor)
    return schedule("step", lambda t: factor ** (t // every))


def exponential(half_life):
    """2^(−t/half_life)."""
    half_life = positive("exponential: half_life", half_life)
    return schedule("exponential", lambda t: 0.5 ** (t / half_life))


def inverse(delay):
    """1 / (1 + t/delay): half the rate at t = delay, a third at twice that (Robbins & Monro 1951)."""
    delay = positive("inverse: delay", delay)
    return schedule("inverse", lambda t: 1 / (1 + t / delay))


def polynomial(steps, power=1):
    """(1 − t/steps)^power, then 0."""
    steps, power = positive("polynomial: steps", steps), positive("polynomial: power", power)
    return schedule("polynomial", lambda t: (1 - np.minimum(t / steps, 1)) ** power)


def _half_wave(share, begin, end):
    """Half a cosine wave from `begin` at share 0 to `end` at share 1."""
    return end + (begin - end) * (1 + np.cos(np.pi * np.clip(share, 0, 1))) / 2


def cosine(steps, floor=0):
    """Half a cosine wave from 1 down to `floor` at t = steps (Loshchilov & Hutter 2017)."""
    steps, floor = positive("cosine: steps", steps), _share("cosine: floor", floor)
    return schedule("cosine", lambda t: _half_wave(t / steps, 1, floor))


def warmup(steps):
    """(t + 1)/steps, then 1 (Goyal and others 2017)."""
    steps = positive("warmup: steps", steps)
    return schedule("warmup", lambda t: np.minimum((t + 1) / steps, 1))


def triangle(period, floor=0):
    """From `floor` straight up to 1 at half a period, and back, again and again (Smith 2017)."""
    period, floor = positive("triangle: period", period), _share("triangle: floor", floor)
    return schedule("triangle", lambda t: floor + (1 - floor) * (1 - np.abs(2 * (t / period % 1) - 1)))


def one_cycle(steps, rise=0.3, start=1 / 25, end=1e-4):
    """Half a cosine from `start` up to 1 at rise·steps, another down to `end` at t = steps (Smith 2018)."""
    steps = positive("one_cycle: steps", steps)
    rise = numbers("one_cycle: rise", rise, "a share between 0 and 1", LEAST, np.nextafter(1, 0))
    start, end = _share("one_cycle: start", start), _share("one_cycle: end", end)

    def shape(t):
        up = _half_wave(t / (rise * steps), start, 1)
        down = _half_wave((t / steps - rise) / (1 - rise), 1, end)
        return np.where(t < rise * steps, up, down)

    return schedule("one_cycle", shape)


def then(first, at, second):
    """`first` before step `at`, `second` from there on, its clock begun again at 0."""
    at = whole("then: at", at, low=0)
    first, second = _shape("then: first", first), _shape("then: second", second)

    def later(t):
        return factors(second, np.maximum(np.subtract(t, at), 0))

    return joined("then", [first, later], lambda t, before, after: np.where(t < at, before, after))


def times(*schedules):
    """The product of schedules, such as a warm-up and a decay."""
    schedules = [_shape(f"times: schedule {i}", s) for i, s in enumerate(schedules, 1)]
    return joined("times", [constant(), *schedules], lambda t, *shares: math.prod(shares))


def abreast(*schedules):
    """Schedules side by side: their factors as a row, one for each run of descend(…, rates[:, None], …)."""
    if not schedules:
        refuse("abreast: schedules", "one schedule or more", schedules)
    schedules = [_shape(f"abreast: schedule {i}", s) for i, s in enumerate(schedules, 1)]
    return joined("abreast", schedules, lambda t, *shares: np.stack(np.broadcast_arrays(*shares), axis=-1))


def gallery(steps):
    """The course's nine shapes by name, each with its one parameter as a share of `steps`."""
    steps = positive("gallery: steps", steps)
    return {
        "constant": constant(),
        "step": step(steps / 6),
        "exponential": exponential(steps / 6),
        "1/t": inverse(steps / 20),
        "polynomial": polynomial(steps),
        "cosine": cosine(steps),
        "warm-up": warmup(steps / 10),
        "triangle": triangle(steps),
        "one-cycle": one_cycle(steps),
    }


def plateau(patience=10, shrink=0.5, tolerance=1e-4):
    """Reduce on plateau: after more than `patience` epochs without a better loss, the factor shrinks.

    Better means below the best so far by the share `tolerance`. Returns a watcher, called like a rule once
    an epoch: factor, memory = watch(loss, *memory); loss (*runs,). As PyTorch's ReduceLROnPlateau.
    """
    patience = whole("plateau: patience", patience, low=0)
    shrink, tolerance = _share("plateau: shrink", shrink), _share("plateau: tolerance", tolerance)

    def watch(loss, factor=1.0, best=np.inf, waited=0):
        loss = numbers("plateau: loss", loss, "a loss, or an array of losses", finite=False)
        given = factor, best, waited
        factor, best, waited = map(array, given)
        try:
            with np.errstate(invalid="ignore"):
                better = loss < np.where(np.isfinite(best), best - tolerance * np.abs(best), best)
            waited = np.where(better, 0, waited + 1)
            factor = np.where(waited > patience, factor * shrink, factor)
            best = np.where(better, loss, best)
        except (TypeError, ValueError):
            refuse("plateau: memory", "what the last call returned, for the same runs", given)
        waited = np.where(waited > patience, 0, waited)
        return factor[()], (factor[()], best[()], waited[()])

    return watch


def _share(name, value):
    return numbers(name, value, "a share from 0 to 1", 0, 1)


def _shape(name, schedule):
    takes = "a schedule: a function of the step t"
    if watches_loss(function(name, schedule, takes)):
        refuse(name, takes + ", not one that watches the loss", schedule)
    return schedule
