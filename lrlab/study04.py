"""Lesson 04's study: a noisy line, twenty seeds, schedules with one parameter each; stored in data/schedules.npz.

Every schedule reads its parameter as a share of the run. `band` trains, `stored` reads what tools/packs04.py
kept of the same runs. "constant, averaged" is a constant rate whose weights are averaged over that last share.
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from lrcore import descend, digits, least_squares, line, schedules, softmax
from lrcore.data import FOLDER
from lrcore.rules import sgd

STEPS, SEEDS, EPOCHS = 5000, 20, 5
NAMED = [0.001, 0.002, 0.004, 0.008, 0.016]  # the rates that the lesson names
RATES = np.unique([float(f"{rate:.4g}") for rate in np.geomspace(0.0005, 0.03, 76)] + NAMED)
SHARES = {"10 %": 0.1, "20 %": 0.2, "50 %": 0.5, "100 %": 1.0}
AVERAGED = "constant, averaged"
SHAPES = {
    "constant": lambda share: schedules.constant(),
    "step": lambda share: schedules.step(share * STEPS),
    "exponential": lambda share: schedules.exponential(share * STEPS),
    "1/t": lambda share: schedules.inverse(share * STEPS),
    "linear to zero": lambda share: schedules.polynomial(share * STEPS),
    "cosine": lambda share: schedules.cosine(share * STEPS),
    "WSD": lambda share: schedules.wsd(STEPS, decay=share),
    "warm-up": lambda share: schedules.warmup(share * STEPS),
    "triangle": lambda share: schedules.triangle(share * STEPS),
    "one-cycle": lambda share: schedules.one_cycle(STEPS, rise=min(share, 0.9)),
    AVERAGED: lambda share: schedules.constant(),
}
# The contest: each shape with the parameter that the lesson names, its rates, and who judges.
ENTRIES = {"constant": 1, "step": 1 / 6, "exponential": 1 / 6, "1/t": 1 / 20, "linear to zero": 1, "cosine": 1}
ENTRIES |= {"WSD": 0.2, "warm-up": 0.1, "triangle": 1, "one-cycle": 0.3, AVERAGED: 0.5}
CONTEST_RATES = np.geomspace(0.001, 0.032, 11)
CONTESTS, CHOOSE, JUDGE = 10, 20, 30  # each contest has seeds of its own, to choose the rates and to judge
LOSS = 4000  # the pack holds losses in so many parts of a decade


@cache
def noisy_line():
    """(the problem, its best weights from the normal equations, its Hessian); its loss is that above the least."""
    points = line(1000, noise=1, seed=0)
    A = np.column_stack([points.X, np.ones(len(points.y))])
    problem = least_squares(*points)
    problem.loss = above  # the same but for a constant, without a thousand rows
    return problem, np.linalg.solve(A.T @ A, A.T @ points.y), 2 * A.T @ A / len(A)


def above(weights):
    """The loss of the noisy line above the least (…), exactly: half of d·Hd, d being the way to the best weights."""
    _, best, hessian = noisy_line()
    d = weights - best
    return ((d @ hessian) * d).sum(axis=-1) / 2


@dataclass(frozen=True)
class Band:
    """Twenty seeds at each rate: quantiles (n, c, 3) of the loss above the least, and its mean over the last tenth."""

    rate: np.ndarray  # (n,)
    quantiles: np.ndarray  # (n, c, 3): a quarter, the median, three quarters
    late: np.ndarray  # (n,): the median over the seeds
    schedule: object

    @property
    def steps(self):
        return np.linspace(0, STEPS, self.quantiles.shape[-2])

    def __getitem__(self, k):
        return replace(self, rate=self.rate[k], quantiles=self.quantiles[k], late=self.late[k])


def losses_of(rates, seed, schedule, averaged=None):
    """The losses above the least (*runs, c) for one seed; `averaged` is the share of the run that is averaged."""
    each = 100 if averaged else 1  # a mean takes the weights of every step
    run = descend(noisy_line()[0], rates, EPOCHS, batch=1, seed=seed, schedule=schedule, checkpoints=10 * each)
    kept = run.weights[..., ::each, :].copy()
    if averaged:
        first = round((1 - averaged) * STEPS)
        places = np.arange(0, STEPS + 1, each)
        late = places[places >= first] - first
        kept[..., places >= first, :] = running_mean(run.weights[..., first:, :])[..., late, :]
    return above(kept)


class own_shuffles:
    """The noisy line for runs (seeds, …) trained in one call: each seed goes through its own shuffles of the points.

    They are the shuffles that `descend(…, batch=batch, seed=seed)` draws. It is for descend without `batch`, which
    takes this gradient as that of all points: an epoch there is one step here.
    """

    n = None

    def __init__(self, epochs, batch, seeds=range(SEEDS)):
        problem, draws = noisy_line()[0], [np.random.RandomState(seed) for seed in seeds]
        orders = np.array([[draw.permutation(problem.n) for _ in range(epochs)] for draw in draws])
        self.start, self.loss, self.steps = problem.start, above, epochs * problem.n // batch
        self.batches = iter(orders.reshape(len(draws), self.steps, batch).swapaxes(0, 1))
        self.X, self.y = problem.X, problem.y

    def gradient(self, w):
        """2 Xᵀ(Xw − y) / batch with the batch of each seed; w (seeds · …, d)."""
        rows = next(self.batches)
        X, y = self.X[rows], self.y[rows]
        left = w.reshape(len(rows), -1, w.shape[-1]) @ X.swapaxes(1, 2) - y[:, None]
        return 2 / rows.shape[1] * (left @ X).reshape(w.shape)


def losses_of_seeds(rates, schedule):
    """losses_of each of the twenty seeds (seeds, *runs, c), trained in one call."""
    task, rates = own_shuffles(EPOCHS, batch=1), np.broadcast_to(rates, (SEEDS, *np.shape(rates)))
    return descend(task, rates, task.steps, schedule=schedule, checkpoints=1 / 100).losses


def running_mean(weights):
    """The mean of the weights (…, c, d) up to each checkpoint."""
    return np.cumsum(weights, axis=-2) / np.arange(1, weights.shape[-2] + 1)[:, None]


def summed_up(losses):
    """quantiles and late of losses (seeds, *runs, c)."""
    quantiles = np.moveaxis(np.quantile(losses, [0.25, 0.5, 0.75], axis=0), 0, -1)
    tenth = max(losses.shape[-1] // 10, 1)
    return quantiles, np.median(losses[..., -tenth:].mean(axis=-1), axis=0)


def band(rates, shape="constant", share=1.0):
    """Train these rates with twenty seeds; a shape by its name, or a function of the step."""
    schedule = SHAPES[shape](share) if isinstance(shape, str) else shape
    if shape == AVERAGED:
        losses = np.array([losses_of(np.asarray(rates), seed, schedule, share) for seed in range(SEEDS)])
    else:
        losses = losses_of_seeds(rates, schedule)
    return Band(np.asarray(rates), *summed_up(losses), schedule)


@cache
def pack():
    """What tools/packs04.py stored, as {name: array}."""
    with np.load(FOLDER / "schedules.npz") as file:
        return dict(file)


def stored(shape, share=1.0):
    """The Band of all RATES from the file; None for what is not there."""
    if not isinstance(shape, str):
        return None
    k = list(SHAPES).index(shape) * len(SHARES) + list(SHARES.values()).index(share)
    quantiles, late = (10.0 ** (pack()[name][k] / 100.0) for name in ("quantiles", "late"))
    return Band(RATES, quantiles, late, SHAPES[shape](share))


def contest():
    """(names, rates (r,), losses above the least at the end (400 seeds, r, names)), from the file."""
    return list(ENTRIES), CONTEST_RATES, 10.0 ** (pack()["contest"] / LOSS)


def contest_of(seed):
    """One seed of the contest, trained: losses above the least at the end (r, names)."""
    shapes = [SHAPES[name](share) for name, share in ENTRIES.items() if name != AVERAGED]
    run = descend(
        noisy_line()[0],
        CONTEST_RATES[:, None],
        EPOCHS,
        batch=1,
        seed=seed,
        schedule=lambda t: np.array([shape(t) for shape in shapes]),
    )
    mean = losses_of(CONTEST_RATES, seed, schedules.constant(), ENTRIES[AVERAGED])[:, -1]
    return np.column_stack([run.final, mean])


def seeds_of(contest):
    """(the seeds that choose the rates, those that judge) of each contest 0, 1, …: no seed serves twice."""
    first = contest * (CHOOSE + JUDGE)
    return range(first, first + CHOOSE), range(first + CHOOSE, first + CHOOSE + JUDGE)


def paired(losses, rates, choosers, judges):
    """Each at the rate with the least median over the choosing seeds: (rates, losses of the judging seeds)."""
    best = np.argmin(np.median(losses[list(choosers)], axis=0), axis=0)
    return rates[best], losses[list(judges)][:, best, np.arange(losses.shape[2])]


class drawn_afresh:
    """The same problem, each batch drawn with replacement: no shuffled epoch (for descend without `batch`)."""

    n = None

    def __init__(self, problem, batch=1, seed=0):
        self.problem, self.batch, self.start, self.loss = problem, batch, problem.start, problem.loss
        self.draw = np.random.RandomState(seed)

    def gradient(self, w):
        return self.problem.gradient(w, self.draw.randint(self.problem.n, size=self.batch))


def steps_to(run, goal=1e-6):
    """Steps until the loss of each run stays at or below goal (*runs,)."""
    over = run.losses > goal
    return np.where(over.any(axis=-1), over.shape[-1] - np.argmax(over[..., ::-1], axis=-1), 0)


def counted(*names):
    """{"a below b": [in how many of 30 pairs, for each contest]} for the pairs (a, b) of names."""
    shapes, rates, losses = contest()
    judged = [paired(losses, rates, *seeds_of(k))[1] for k in range(CONTESTS)]
    places = [(shapes.index(a), shapes.index(b)) for a, b in names]
    return {
        f"{a} below {b}": [int((ends[:, i] < ends[:, j]).sum()) for ends in judged]
        for (a, b), (i, j) in zip(names, places, strict=True)
    }


def ends(rate, epochs, batch, rule=sgd, seeds=range(SEEDS)):
    """Loss above the least at the end of each seed (seeds, *runs); without batches there is no chance, and one run."""
    if batch is None:
        return above(descend(noisy_line()[0], rate, epochs, rule).weights[..., -1, :])[None]
    task, rates = own_shuffles(epochs, batch, seeds), np.broadcast_to(rate, (len(seeds), *np.shape(rate)))
    return above(descend(task, rates, task.steps, rule, checkpoints=1 / task.steps).weights[..., -1, :])


def best_rate(rates, epochs, batch):
    """The rate at which plain descent ends lowest, by the median of twenty other seeds."""
    found = ends(rates, epochs, batch, seeds=range(SEEDS, 2 * SEEDS))
    return rates[np.argmin(np.median(np.nan_to_num(found, nan=np.inf), axis=0))]


def late_losses(rates, schedule):
    """Each rate, with a schedule that may give a factor for each: the median over the seeds of the last tenth."""
    return summed_up(losses_of_seeds(rates, schedule))[1]


def two_steps(problem, first, second):
    """Runs of two steps: each rate in `first`, then `second`."""
    first = np.asarray(first, dtype=float)
    return descend(problem, first, 2, schedule=lambda t: (np.ones_like(first), second / first)[min(t, 1)])


def sized(name, steps):
    """The shape of the contest, for a run of so many steps."""
    made = SHAPES[name](ENTRIES[name])
    return lambda t: made(t * STEPS / steps)


def stopping(rates, splits=20, rows=60, epochs=1000):
    """The loss on digits that were not trained on (splits, rates, c), every 25 epochs: softmax on `rows` digits."""
    X, y = digits()
    found = []
    for split in range(splits):
        order = np.random.RandomState(split).permutation(len(y))
        few, others = order[:rows], order[rows:]
        model = softmax(X[few], y[few])
        run = descend(model, rates, epochs, checkpoints=1 / 25)
        found.append(model.loss(run.weights, X[others], y[others]))
    return np.array(found)
