"""The training loop, and the record that a run leaves.

A rate is an array: descend(problem, [0.01, 0.1, 1], 1000) trains three runs. Its shape, broadcast with those of the
settings, is called `*runs` and leads every recorded array; a single rate is the 0-d case.
"""

import inspect
from dataclasses import dataclass

import numpy as np

from . import schedules
from .problems import Fitted
from .rules import sgd


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

    problem      such as least_squares(X, y); your own is any object with loss(w), gradient(w) and start (d,),
                 w (d,) or (runs, d), so write w[..., 0]; for batches also n, and gradient(w, rows), row numbers
    rate         a number or an array, which settings and starts broadcast with; a negative one climbs
    epochs       passes over the data; without batches an epoch is one step
    rule         such as rules.adam, called once a step with w (d,) of a single run or the rows of several; its
                 settings are passed by name, and may be arrays: beta=[0.5, 0.9]
    batch        rows a step, from a fresh shuffle each epoch, the same for all runs; None is the full batch
    schedule     a function of the step, such as schedules.cosine(1000), or, with `loss` as its first argument, a
                 watcher of the loss such as schedules.plateau()
    start        (d,) or (*runs, d), in place of the problem's own
    seed         of the shuffles
    dtype        how the weights are stored between steps; the arithmetic of a step is float64
    checkpoints  an epoch, evenly spaced, besides the start; 1/50 keeps every fiftieth epoch and the last

    Divergence is a result: the run is kept, without a warning.
    """
    __tracebackhide__ = True
    rate, start = numbers("rate", rate), numbers("start", problem.start if start is None else start)
    refuse(problem, epochs, rule, batch, schedule, start, settings)
    first = getattr(getattr(schedule, "__code__", None), "co_varnames", ())[:1]
    watch = schedule if first == ("loss",) else None  # such as plateau's
    factor = schedule(0) if schedule and not watch else 1.0
    settings = {k: np.asarray(v) if isinstance(v, (list, tuple)) else v for k, v in settings.items()}
    runs = np.broadcast(rate, start[..., 0], factor, *settings.values()).shape
    d, now = start.shape[-1], rate * factor

    def spread(values):
        """Numbers (*runs,) in the shape of w, a row for each run; a single run's number as it is."""
        return np.repeat(np.broadcast_to(values, runs).reshape(-1, 1), d, axis=1) if runs else values

    w = np.broadcast_to(start, (*runs, d)).reshape((-1, d) if runs else d).astype(dtype, order="C")
    settings = {name: spread(value) if np.ndim(value) else value for name, value in settings.items()}
    per_epoch = -(-problem.n // int(batch)) if batch else 1
    keep = kept_steps(int(epochs), per_epoch, checkpoints, w.size)
    eta, memory, seen = spread(now), (), ()
    weights, rates = [w.copy()], [now]

    with np.errstate(all="ignore"):
        for t, (data, rows) in enumerate(batches(problem, batch, int(epochs), seed), start=1):
            g = data.gradient(w) if rows is None else data.gradient(w, rows)
            w, memory = checked_step(rule(w, g, eta, *memory, **settings), w.shape, rule)
            w = w.astype(dtype, copy=False)
            if watch and t % per_epoch == 0:
                factor, seen = watch(problem.loss(w), *seen)
                eta = spread(now := rate * np.reshape(factor, runs))
            elif schedule and not watch:
                eta = spread(now := rate * schedule(t))
            if t in keep:
                weights.append(w.copy())
                rates.append(now)
        losses = [problem.loss(w) for w in weights]

    def record(values, *rest):
        """What was kept at each checkpoint, as (*runs, c, *rest)."""
        return np.stack([np.reshape(value, (*runs, *rest)) for value in values], axis=len(runs))

    rate, *rates = (np.broadcast_to(each, runs) for each in (rate, *rates))
    done = np.array([0, *sorted(keep)]) / per_epoch
    return Run(rate.copy(), done, record(weights, d), record(losses), record(rates))


def batches(problem, batch, epochs, seed):
    """For each step, what to ask for its gradient, and for which rows: all, or a batch of a fresh shuffle."""
    if batch is None:
        yield from ((problem, None) for _ in range(epochs))
        return
    shuffle, cuts = np.random.RandomState(seed), range(0, problem.n, int(batch))
    for _ in range(epochs):
        order = shuffle.permutation(problem.n)
        shuffled = problem.take(order) if isinstance(problem, Fitted) else None  # once is faster than by the batch
        for cut in cuts:
            rows = slice(cut, cut + int(batch))
            yield (problem, order[rows]) if shuffled is None else (shuffled, rows)


def kept_steps(epochs, per_epoch, checkpoints, size):
    """The steps after which weights are kept: the last one always."""
    each = min(checkpoints, per_epoch)
    count = int(epochs * each + 1e-9)  # 49 · (1/49) may fall below 1
    if count * size > 2**27:
        raise ValueError(f"this run would keep {count * size / 2**27:.3g} GB; checkpoints=1/100 keeps less")
    return {round(k * per_epoch / each) for k in range(1, count + 1)} | {epochs * per_epoch}


def numbers(name, value):
    """value as a float array; text, nan and nothing would end in a wrong number or a baffling message."""
    __tracebackhide__ = True
    found = np.array(value)
    if found.dtype.kind not in "iuf" or not found.size or not np.isfinite(found).all():
        raise ValueError(f"{name} takes a finite number or an array of them, got {value!r}")
    return found.astype(float)


def refuse(problem, epochs, rule, batch, schedule, start, settings):
    """Refuse what would end in a wrong number or in a baffling message."""
    __tracebackhide__ = True
    if start.shape[-1:] != np.shape(problem.start):
        raise ValueError(f"start takes {np.shape(problem.start)[0]} weights, got an array of {start.shape}")
    if not (np.ndim(epochs) == 0 and np.isreal(epochs) and epochs >= 1 and epochs % 1 == 0):
        raise ValueError(f"epochs takes a whole number, 1 or more, got {epochs!r}; the rate stands before it")
    if batch is not None and not (problem.n and 1 <= batch <= problem.n and batch % 1 == 0):
        raise ValueError(f"batch takes None or a whole number of the rows of {problem!r}, got {batch!r}")
    if settings and not (takes := inspect.getfullargspec(rule)).varkw:
        if unknown := settings.keys() - {*takes.args[3:], *takes.kwonlyargs}:
            raise ValueError(f"{getattr(rule, '__name__', rule)} takes no setting {' and no '.join(sorted(unknown))}")
    if schedule in vars(schedules).values():
        raise ValueError("a schedule is called first, as in schedule=schedules.cosine(1000)")


def checked_step(found, shape, rule):
    """What a rule returned, if it is (w, memory): two weights alone would pass for a pair."""
    __tracebackhide__ = True
    if isinstance(found, tuple) and len(found) == 2 and isinstance(found[1], (tuple, list)):
        if getattr(found[0], "shape", None) == shape:
            return found
    raise ValueError(f"{rule} returns no (w, memory), weights of shape {shape} and a tuple such as () or (v,)")


@dataclass(frozen=True, eq=False)
class Run:
    """What a training run leaves at its c checkpoints, to be read and not written to."""

    rate: np.ndarray  # (*runs,)
    epochs: np.ndarray  # (c,) how many were done
    weights: np.ndarray  # (*runs, c, d)
    losses: np.ndarray  # (*runs, c)
    rates: np.ndarray  # (*runs, c) the rate of the step after each checkpoint

    def __post_init__(self):
        for array in vars(self).values():
            array.flags.writeable = False

    @property
    def final(self):
        """The last loss (*runs,)."""
        return self.losses[..., -1][()]

    @property
    def diverged(self):
        """True where a run ended above its first loss, or not finite (*runs,)."""
        return ~((self.final <= self.losses[..., 0]) & np.isfinite(self.final))

    @property
    def best(self):
        """The run with the least last loss, as a Run of one."""
        order = np.fmin(self.final, np.inf)  # nan counts as infinite
        return self[np.unravel_index(np.argmin(order), order.shape)]

    def __getitem__(self, index):
        """Some of the runs, as NumPy indexes an array of shape *runs."""
        places, n = np.arange(self.rate.size).reshape(self.rate.shape)[index], self.rate.ndim
        every = self.rate, self.weights, self.losses, self.rates
        rate, *rest = (np.asarray(a.reshape(-1, *a.shape[n:])[places]) for a in every)
        return Run(rate, self.epochs, *rest)

    def __repr__(self):
        best, epochs = self.best, f"{self.epochs[-1]:g} epoch" + "s" * int(self.epochs[-1] != 1)
        if (self.rates[..., -2:] == 0).all():
            still = np.argmax((self.rates == 0).reshape(-1, len(self.epochs)).all(axis=0))
            epochs += f", at rate 0 from epoch {self.epochs[still]:g} on"
        if not self.rate.ndim:
            end = "diverged" if self.diverged else f"loss {brief(self.losses[0])} → {brief(self.final)}"
            return f"Run at rate {self.rate:g}, {epochs}: {end}"
        at = f" at {best.rate:g}" if best.final > 1e-12 else ""  # below, which one is least is rounding
        lost = f", {self.diverged.sum()} diverged" if self.diverged.any() else ""
        end = "all diverged" if best.diverged else f"least loss {brief(best.final)}{at}{lost}"
        runs, low, high = " × ".join(map(str, self.rate.shape)), self.rate.min(), self.rate.max()
        return f"{runs} run{'s' * (self.rate.size > 1)}, rates from {low:g} to {high:g}, {epochs}: {end}"


def brief(loss):
    """A loss in three digits, without those that are rounding."""
    return "under 1e-12" if abs(loss) < 1e-12 else f"{loss:.3g}"
