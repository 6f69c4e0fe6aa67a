"""Measures of a run and of a rule: when it arrives, how wide its valley of good rates is, what a step costs."""

import inspect

import numpy as np

from .expect import function, kind, number, numbers, positive, refuse
from lrcore import Run

A_RUN = "a Run, such as descend leaves"
A_RULE = "a rule, such as rules.adam"


def late(run, share=0.25):
    """The median loss over a run's last share of checkpoints (*runs,), infinite where it is no number."""
    kind("late: run", run, Run, A_RUN)
    share = number("late: share", share, "a share from 0 to 1", 0, 1)
    tail = run.losses[..., -max(round(share * run.losses.shape[-1]), 1) :]
    return np.median(np.where(np.isnan(tail), np.inf, tail), axis=-1)


def valley(rates, losses, goal):
    """(lowest, highest, decades) of the widest unbroken row of rates whose loss is within twice the least.

    Losses below `goal` count as `goal`: how far below does not matter. Rates are evenly spaced in decades.
    """
    rates, losses = positive("valley: rates", rates), numbers("valley: losses", losses, finite=False)
    if rates.ndim != 1 or len(rates) < 2 or not (np.diff(rates) > 0).all():
        refuse("valley: rates", "two rates or more, from low to high", rates)
    if rates.shape != losses.shape:
        refuse("valley: losses", f"one for each of {len(rates)} rates", losses)
    losses = np.maximum(np.where(np.isnan(losses), np.inf, losses), number("valley: goal", goal, high=1e300))
    if losses.min() == np.inf:
        refuse("valley: losses", "one finite loss or more", losses)
    good = np.flatnonzero(losses <= 2 * losses.min())
    row = max(np.split(good, np.flatnonzero(np.diff(good) > 1) + 1), key=len)
    return rates[row[0]], rates[row[-1]], len(row) * np.log10(rates[1] / rates[0])


class _Counted(np.ndarray):
    """An array that counts the elementwise operations done with it."""

    done = 0

    def __array_ufunc__(self, ufunc, method, *inputs, **settings):
        _Counted.done += 1
        plain = [i.view(np.ndarray) if isinstance(i, _Counted) else i for i in inputs]
        return np.asarray(getattr(ufunc, method)(*plain, **settings)).view(_Counted)


def cost(rule):
    """(arrays remembered, operations on each weight in a step) of a rule such as rules.adam."""
    function("cost: rule", rule, A_RULE)
    one = np.ones(1).view(_Counted)
    try:
        formula = inspect.unwrap(rule)
        _, memory = formula(one, one, 0.1)
        before = _Counted.done
        _, memory = formula(one, one, 0.1, *memory)
        iter(memory)
    except (TypeError, ValueError):
        refuse("cost: rule", A_RULE, rule)
    return sum(isinstance(kept, _Counted) for kept in memory), _Counted.done - before


def arrival(run, goal):
    """The epoch from which the loss stays at or below `goal` (*runs,), infinite where it never does."""
    kind("arrival: run", run, Run, A_RUN)
    above = ~(run.losses <= number("arrival: goal", goal))
    last = np.where(above.any(axis=-1), above.shape[-1] - np.argmax(above[..., ::-1], axis=-1), 0)
    return np.append(run.epochs, np.inf)[last]


def settled(run, target, within, index=0):
    """The epoch from which weight `index` stays within `within` of target (*runs,); inf where none does."""
    far = ~(np.abs(run.weights[..., index] - target) <= within)
    last = np.where(far.any(axis=-1), far.shape[-1] - np.argmax(far[..., ::-1], axis=-1), 0)
    return np.append(run.epochs, np.inf)[last][()]
