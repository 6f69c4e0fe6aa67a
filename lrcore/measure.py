"""Measures of a run and of a rule: when it arrives, how wide its valley of good rates is, what a step costs."""

import inspect

import numpy as np

from .expect import numbers


def late(run, share=0.25):
    """The median loss over a run's last share of checkpoints (*runs,), infinite where it is no number."""
    tail = run.losses[..., -max(round(share * run.losses.shape[-1]), 1) :]
    return np.median(np.where(np.isnan(tail), np.inf, tail), axis=-1)


def valley(rates, losses, goal):
    """(lowest, highest, decades) of the widest unbroken row of rates whose loss is within twice the least.

    Losses below `goal` count as `goal`: how far below does not matter. Rates are evenly spaced in decades.
    """
    rates, losses = numbers("valley: rates", rates), numbers("valley: losses", losses, finite=False)
    losses = np.maximum(np.where(np.isnan(losses), np.inf, losses), goal)
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
    formula, one = inspect.unwrap(rule), np.ones(1).view(_Counted)
    _, memory = formula(one, one, 0.1)
    before = _Counted.done
    _, memory = formula(one, one, 0.1, *memory)
    return sum(isinstance(kept, _Counted) for kept in memory), _Counted.done - before


def arrival(run, goal):
    """The epoch from which the loss stays at or below `goal` (*runs,), infinite where it never does."""
    above = ~(run.losses <= goal)
    last = np.where(above.any(axis=-1), above.shape[-1] - np.argmax(above[..., ::-1], axis=-1), 0)
    return np.append(run.epochs, np.inf)[last]
