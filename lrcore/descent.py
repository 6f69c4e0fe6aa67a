"""The training loop.

A rate is an array: descend(problem, [0.01, 0.1, 1], 1000) is one run of three. Its shape, broadcast with the
settings', is called `*runs` and leads every recorded array; a single rate is the 0-d case.
"""

import inspect
import math
from functools import partial
from itertools import repeat

import numpy as np

from .clock import factors, watches_loss
from lrlab.expect import MOST, function, generator, numbers, refuse, room, whole
from lrlab.expect import settings as checked_settings
from .problems import Problem
from .rules import RULES, sgd
from .run import Run

A_RULE = "a function (w, g, rate, *memory, **settings) → (w, memory), such as rules.adam"


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
    rule         such as rules.adam; its settings, numbers or arrays, are passed by name: beta=[0.5, 0.9];
                 one's own treats each run alone: w is (rows, d), a row for each
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
    rate = numbers("descend: rate", rate, "a finite number, or an array of them that is not empty")
    given, rule = rule, inspect.unwrap(function("descend: rule", rule, A_RULE))
    settings = checked_settings("descend", rule, settings)
    epochs = whole("descend: epochs", epochs, 1, MOST // len(cuts))
    shuffle = generator("descend: seed", seed)
    checkpoints = whole("descend: checkpoints", checkpoints, 1, len(cuts))
    stops = {round(k * len(cuts) / checkpoints) for k in range(1, checkpoints + 1)}  # steps into an epoch
    dtype = _float_type(dtype)
    start = _weights(problem, start)
    watch, shares = _schedule(schedule, epochs * len(cuts))
    lay = _Layout([rate.shape, start.shape[:-1], np.shape(shares)[1:], *(s.shape for s in settings.values())])
    kept = epochs * checkpoints + 1
    largest = lay.rows * max(kept * problem.d, batch or problem.n or 1)
    room("descend: epochs", f"as many as memory holds for {lay.count} runs", epochs, largest)

    w = lay.spread(start, problem.d).astype(dtype)
    size = np.repeat(lay.column(rate), problem.d, axis=1)  # at full shape it multiplies faster
    rule = partial(rule, **{name: lay.column(s) if s.ndim else s[()] for name, s in settings.items()})
    etas = repeat(size) if shares is None else (size * lay.column(s) if s.ndim else size * s for s in shares)
    eta = next(etas)
    if all(given is not known for known in RULES.values()):
        _try(given, rule, w, problem._gradient(w, cuts[0]), eta)
    weights, rates = np.empty((lay.rows, kept, problem.d), dtype), np.empty((lay.rows, kept))
    memory, seen, c = (), (), 0
    weights[:, 0], rates[:, 0] = w, eta[:, 0]
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            data = problem if batch is None else problem._take(shuffle.permutation(problem.n))
            for k, cut in enumerate(cuts, start=1):
                w, memory = rule(w, data._gradient(w, cut), eta, *memory)
                if w.dtype != dtype:
                    w = w.astype(dtype)
                eta = next(etas)
                if k in stops:
                    c += 1
                    weights[:, c], rates[:, c] = w, eta[:, 0]
            if watch:
                share, seen = _watched(watch, problem.loss(w), seen)
                etas = repeat(size * share[:, None])
                eta = next(etas)
                rates[:, c] = eta[:, 0]
        losses = problem.loss(weights)
    done = np.append(0, np.add.outer(np.arange(epochs), np.array(sorted(stops)) / len(cuts)))
    return lay.gather(Run(lay.spread(rate), done, weights, losses, rates))


class _Layout:
    """Runs of any shape as rows of a table: (*runs, …) → (rows, …), and back.

    One row takes another way through BLAS than several, and rounds differently: a single run trains as two.
    """

    def __init__(self, shapes):
        try:
            self.runs = np.broadcast_shapes(*shapes)
        except ValueError:
            refuse("descend: rate", "a shape that fits those of start, schedule and settings", shapes)
        self.count = math.prod(self.runs)
        self.rows = max(self.count, 2)

    def spread(self, values, *rest):
        """values (*runs, *rest), one row a run: (rows, *rest)."""
        flat = np.broadcast_to(values, (*self.runs, *rest)).reshape(self.count, *rest)
        return np.repeat(flat, self.rows // self.count, axis=0)

    def column(self, values):
        """values (*runs,), one row a run, to stand beside weights: (rows, 1)."""
        return self.spread(values)[:, None]

    def gather(self, run):
        """The Run of all rows as a Run of shape *runs."""
        return run[np.arange(self.count).reshape(self.runs)]


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
    except Exception:  # many kinds: NumPy reads texts, lists and dicts too
        found = None
    return found if found and found.kind == "f" else refuse("descend: dtype", "a float type", dtype)


def _weights(problem, start):
    """The weights to start from (*runs, d)."""
    start = numbers("descend: start", problem.start if start is None else start, "weights, finite numbers")
    if start.shape[-1:] != (problem.d,):
        refuse("descend: start", f"the shape ({problem.d},) or (*runs, {problem.d})", start.shape)
    return start


def _schedule(schedule, steps):
    """The schedule, if it watches the loss, and its factors (steps + 1, *runs), if it is a function of the step."""
    if schedule is None:
        return None, None
    function("descend: schedule", schedule, "a schedule: a function of the step, or plateau()")
    if watches_loss(schedule):
        return schedule, None
    takes = f"a function that gives a finite factor for each step from 0 to {steps}"
    try:
        shares = factors(schedule, np.arange(steps + 1))
    except (TypeError, ValueError, LookupError, ArithmeticError):
        refuse("descend: schedule", takes, schedule)
    return None, numbers("descend: schedule", shares, takes)


def _watched(watch, loss, seen):
    """What a watcher says to the loss (rows,): its factors (rows,), and what it remembers."""
    takes = "a watcher: a function (loss, *memory) → (finite factor, memory), such as plateau()"
    try:
        found, seen = watch(loss, *seen)
        return np.broadcast_to(numbers("descend: schedule", found, takes), loss.shape), tuple(seen)
    except (TypeError, ValueError):
        refuse("descend: schedule", takes, watch)


def _try(named, rule, w, g, eta):
    """See that one's own rule gives what a rule gives, each row from that row alone; one sentence otherwise."""
    try:
        inspect.signature(rule).bind(w, g, eta)
        other = np.concatenate([g[:1], g[1:] + 1])
        with np.errstate(all="ignore"):
            (new, memory), (again, _), (same, _) = (rule(w.copy(), given, eta) for given in (g, g, other))
        fits = new.shape == w.shape and isinstance(memory, tuple)
    except (TypeError, ValueError, AttributeError):
        fits = False
    if not fits:
        refuse("descend: rule", A_RULE, named)
    certain = np.array_equal(new[0], again[0], equal_nan=True)  # a rule may add noise of its own
    if certain and not np.array_equal(new[0], same[0], equal_nan=True):
        refuse("descend: rule", "one that treats each run alone (sums and norms with axis=-1)", named)
