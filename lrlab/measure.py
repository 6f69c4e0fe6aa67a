"""Measures of a run and of a rule: when it arrives, how wide its valley of good rates is, what a step costs."""

import numpy as np


def late(run, share=0.25):
    """The median loss over a run's last share of checkpoints (*runs,), infinite where it is no number."""
    tail = run.losses[..., -max(round(share * run.losses.shape[-1]), 1) :]
    return np.median(np.where(np.isnan(tail), np.inf, tail), axis=-1)


def valley(rates, losses, goal):
    """(lowest, highest, decades) of the widest unbroken row of rates whose loss is within twice the least.

    Losses below `goal` count as `goal`: how far below does not matter. Rates are evenly spaced in decades.
    """
    losses = np.maximum(np.where(np.isnan(losses), np.inf, losses), goal)
    if losses.min() == np.inf:
        raise ValueError("valley: no rate has a finite loss")
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
    one = np.ones(1).view(_Counted)
    _, memory = rule(one, one, 0.1)
    before = _Counted.done
    _, memory = rule(one, one, 0.1, *memory)
    return sum(isinstance(kept, _Counted) for kept in memory), _Counted.done - before


def arrival(run, goal):
    """The epoch from which the loss stays at or below `goal` (*runs,), infinite where it never does."""
    above = ~(run.losses <= goal)
    last = np.where(above.any(axis=-1), above.shape[-1] - np.argmax(above[..., ::-1], axis=-1), 0)
    return np.append(run.epochs, np.inf)[last]


def settled(run, target, within, index=0):
    """The epoch from which weight `index` stays within `within` of target (*runs,); inf where none does."""
    far = ~(np.abs(run.weights[..., index] - target) <= within)
    last = np.where(far.any(axis=-1), far.shape[-1] - np.argmax(far[..., ::-1], axis=-1), 0)
    return np.append(run.epochs, np.inf)[last][()]
