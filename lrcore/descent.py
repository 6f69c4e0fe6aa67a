"""The training loop.

A rate is an array: descend(problem, [0.01, 0.1, 1], 1000) is one run of three. Its shape, broadcast with the
settings', is called `*runs` and leads every recorded array; a single rate is the 0-d case.
"""

import inspect
from itertools import pairwise

import numpy as np

from .expect import function, numbers, refuse, whole
from .expect import settings as checked_settings
from .problems import Problem
from .rules import sgd
from .run import Run
from .schedules import factors, watches_loss


def descend(
    problem,
    rate,
    epochs,
    rule=sgd,
    *,
    batch=None,
    schedule=None,
    start=None,
    seed=0,
    dtype=float,
    checkpoints=1,
    **settings,
):
    """Train once with every rate at the same time, and return the Run.

    problem      such as least_squares(X, y)
    rate         a number or an array, which settings and starts broadcast with; negative climbs
    epochs       passes over the data; without batches an epoch is one step
    rule         such as rules.adam; its settings, numbers or arrays, are passed by name: beta=[0.5, 0.9]
    batch        rows a step: each epoch is a fresh shuffle, the same for all runs, cut into batches,
                 a short last one kept; None is the full batch
    schedule     a function of the step, such as schedules.cosine(1000), or schedules.plateau()
    start        (d,) or (*runs, d) in place of the problem's own
    seed         of the shuffles
    dtype        how the weights are stored between steps; the arithmetic of a step is float64
    checkpoints  an epoch, evenly spaced; the start comes besides

    Divergence is a result: the run is kept and no warning is given. A mistake in the call is a ValueError
    (TypeError for an unknown setting) of one sentence.
    """
    cuts = batches("descend", problem, batch)
    takes = "a rule: a function (w, g, rate, *memory) → (w, memory), such as rules.adam"
    rule = inspect.unwrap(function("descend: rule", rule, takes))
    rate = numbers("descend: rate", rate, "a finite number, or an array of them that is not empty")
    settings = checked_settings("descend", rule, settings)
    epochs = whole("descend: epochs", epochs)
    shuffle = np.random.RandomState(whole("descend: seed", seed, 0, 2**32 - 1))
    checkpoints = whole("descend: checkpoints", checkpoints, 1, len(cuts))
    dtype = _float_type(dtype)
    start = numbers("descend: start", problem.start if start is None else start, "weights, finite numbers")
    if start.shape[-1:] != (problem.d,):
        refuse("descend: start", f"the shape ({problem.d},) or (*runs, {problem.d})", start.shape)
    watch = None
    if schedule is not None:
        function("descend: schedule", schedule, "a schedule: a function of the step, or plateau()")
        watch, schedule = (schedule, None) if watches_loss(schedule) else (None, schedule)
    shares = np.ones(()) if schedule is None else np.asarray(schedule(0), dtype=float)
    try:
        shapes = [rate.shape, start.shape[:-1], shares.shape, *(s.shape for s in settings.values())]
        runs = np.broadcast_shapes(*shapes)
    except ValueError:
        refuse("descend: rate", "a shape that broadcasts with those of start, schedule and settings", shapes)

    # One row takes another way through BLAS than several, and rounds differently: a single run trains as two.
    count = int(np.prod(runs))
    rows = max(count, 2)

    def spread(values, *rest):
        """values (*runs, *rest), one row a run: (rows, *rest)."""
        flat = np.broadcast_to(values, (*runs, *rest)).reshape(count, *rest)
        return np.repeat(flat, rows // count, axis=0)

    w = spread(start, problem.d).astype(dtype)
    full = np.repeat(spread(rate)[:, None], problem.d, axis=1)
    settings = {name: spread(value)[:, None] if value.ndim else value[()] for name, value in settings.items()}
    if schedule is not None:
        clock = np.arange(epochs * len(cuts) + 1).reshape(-1, *np.ones(shares.ndim, int))
        shares = [spread(share)[:, None] if share.ndim else share for share in factors(schedule, clock)]
    eta = full if schedule is None else full * shares[0]
    stops = [round(k * len(cuts) / checkpoints) for k in range(checkpoints + 1)]
    weights = np.empty((rows, epochs * checkpoints + 1, problem.d), dtype)
    rates = np.empty(weights.shape[:-1])
    weights[:, 0], rates[:, 0] = w, eta[:, 0]
    memory, seen, step, c = (), (), 0, 0
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            data = problem if batch is None else problem.take(shuffle.permutation(problem.n))
            for begin, end in pairwise(stops):
                for chosen in cuts[begin:end]:
                    w, memory = rule(w, data.gradient(w, chosen), eta, *memory, **settings)
                    if w.dtype != dtype:
                        w = w.astype(dtype)
                    step += 1
                    if schedule is not None:
                        eta = full * shares[step]
                c += 1
                weights[:, c], rates[:, c] = w, eta[:, 0]
            if watch is not None:
                share, seen = watch(problem.loss(w), *seen)
                eta = full * np.reshape(share, (-1, 1))
                rates[:, c] = eta[:, 0]
        losses = problem.loss(weights)
    done = np.concatenate([[0], np.add.outer(np.arange(epochs), np.array(stops[1:]) / len(cuts)).ravel()])
    whole_run = Run(spread(rate), done, weights, losses, rates)
    return whole_run[:count][np.arange(count).reshape(runs)] if runs else whole_run[0]


def batches(caller, problem, batch):
    """What picks the rows of each step of an epoch, out of those just shuffled."""
    if not isinstance(problem, Problem):
        refuse(f"{caller}: problem", "a problem, such as least_squares(X, y)", problem)
    if batch is None:
        return [None]
    if problem.n is None:
        refuse(f"{caller}: batch", f"None for {problem!r}, which has no rows", batch)
    batch = whole(f"{caller}: batch", batch, 1, problem.n)
    return [slice(i, i + batch) for i in range(0, problem.n, batch)]


def _float_type(dtype):
    """dtype as NumPy's, if it is one for real numbers."""
    try:
        found = np.dtype(dtype)
    except TypeError:
        found = np.dtype(object)
    if found.kind != "f":
        refuse("descend: dtype", "a float type, such as numpy.float32", dtype)
    return found
