"""Measures of a run and of a rule: when a run arrives, and what a step of a rule costs."""

import numpy as np


def arrival(run, goal):
    """The epoch from which the loss stays at or below `goal` (*runs,); inf where it never does."""
    return from_when(run, run.losses <= goal)


def settled(run, target, within, index=0):
    """The epoch from which weight `index` stays within `within` of `target` (*runs,); inf where none does."""
    return from_when(run, np.abs(run.weights[..., index] - target) <= within)


def late(run, part=0.25):
    """The median loss over the last part of a run's checkpoints (*runs,), inf where it is no number."""
    tail = run.losses[..., -max(round(part * run.losses.shape[-1]), 1) :]
    return np.median(np.fmin(tail, np.inf), axis=-1)


def from_when(run, holds):
    """The epoch from which `holds` (*runs, c) is true to the end (*runs,); inf where the end is false."""
    last = np.where(holds.all(axis=-1), 0, holds.shape[-1] - np.argmin(holds[..., ::-1], axis=-1))
    return np.append(run.epochs, np.inf)[last][()]


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
