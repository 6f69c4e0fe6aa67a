"""The game of lesson 07: a sealed problem, a budget of epochs, one submission.

    one = game.sealed(7)                         problem 7, the same one for everybody
    one.run(0.1, epochs=3)                       costs 3 epochs, and says the loss on the judging rows
    one.run([0.01, 0.1, 1], 3, rule="adam")      three runs in one call, for 9 epochs
    one.run(0.1, 20, stop=lambda losses: …)      stopped where stop says True; the rest is refunded
    one.submit(0.1)                              20 epochs, once and for nothing: the score
    one.panel()                                  the same with a slider and buttons

A number draws a problem: how many training rows, the unit of the pixels, how many labels are wrong, the batch. The
score is the loss on the sealed rows, divided by that of the sealed best: of 49 rates × 3 rules × 2 shapes the one
with the least loss on the judging rows. `score(search)` plays twenty problems with a function of the learner's.
"""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from lrcore import data, descend, schedules, search
from lrcore.data import FOLDER
from lrcore.problems import softmax
from lrcore.rules import RULES

BUDGET, LONGEST = 100, 20
LOW, HIGH = 1e-4, 1e3
RATES = np.geomspace(LOW, HIGH, 49)
RULE_NAMES = ("sgd", "momentum", "adam")
SHAPES = ("constant", "cosine")
GOLD, SILVER, BLIND = 1.1, 1.5, 4.0
JUDGED = 500  # rows to judge by, and as many sealed ones


class Sealed(NamedTuple):
    """What a number draws: the problem and its batch; the judging and the sealed rows, (X, y) each; what was drawn."""

    problem: softmax
    batch: int
    judging: tuple
    sealed: tuple
    unit: float
    wrong: float


@cache
def drawn(number):
    """The Sealed problem of a number, whole and from 0."""
    draw = np.random.RandomState(number)
    count, batch = int(draw.choice([100, 200, 400])), int(draw.choice([5, 20, 50]))
    unit, wrong = 10 ** draw.uniform(-1.5, 1), float(draw.choice([0, 0.1, 0.2]))
    pixels, digit = data.digits()
    rows = np.split(draw.permutation(len(digit))[: count + 2 * JUDGED], [count, count + JUDGED])
    train, judging, sealed = ((unit * pixels[part], digit[part]) for part in rows)
    said = mislabelled(train[1], round(wrong * count), draw)
    return Sealed(softmax(train[0], said, classes=10), batch, judging, sealed, unit, wrong)


def mislabelled(digit, count, draw):
    """The labels, `count` of them another digit than the right one."""
    said, lied = digit.copy(), draw.permutation(len(digit))[:count]
    said[lied] = (said[lied] + draw.randint(1, 10, len(lied))) % 10
    return said


def trained(number, rate, epochs, rule, shape, checkpoints=1):
    """The Run of a problem; every run of it shuffles alike."""
    one = drawn(number)
    steps = epochs * -(-one.problem.n // one.batch)
    how = {"schedule": schedules.cosine(steps) if shape == "cosine" else None, "checkpoints": checkpoints}
    return descend(one.problem, rate, epochs, RULES[rule], batch=one.batch, seed=number, **how)


class Sweep(NamedTuple):
    """Judging and sealed loss of every rule, shape and rate, (3, 2, 49) each, after 20 epochs."""

    judging: np.ndarray
    sealed: np.ndarray

    @property
    def best(self):
        """(rule, shape, rate) with the least loss on the judging rows, and its loss on the sealed ones."""
        at = np.unravel_index(np.argmin(np.fmin(self.judging, np.inf)), self.judging.shape)
        return (RULE_NAMES[at[0]], SHAPES[at[1]], float(RATES[at[2]])), float(self.sealed[at])


@cache
def sweep(number):
    """The Sweep of a problem, from data/game.npz, or trained now, which takes some seconds."""
    kept = stored()
    if number < len(kept):
        return Sweep(*kept[number].astype(float))
    return Sweep(*swept(number, RATES))


def swept(number, rates):
    """(judging, sealed) losses after 20 epochs (2, 3, 2, rates)."""
    one, found = drawn(number), []
    for rule in RULE_NAMES:
        for shape in SHAPES:
            w = trained(number, rates, LONGEST, rule, shape, 1 / LONGEST).weights[:, -1]
            found.append([one.problem.loss(w, *rows) for rows in (one.judging, one.sealed)])
    return np.array(found).swapaxes(0, 1).reshape(2, len(RULE_NAMES), len(SHAPES), -1)


@cache
def stored():
    """The sweeps that data/game.npz keeps (problems, 2, 3, 2, 49); none without the file."""
    path = FOLDER / "game.npz"
    return np.load(path)["sweeps"] if path.exists() else np.empty((0,))


@dataclass(frozen=True, eq=False)
class Tries:
    """What run leaves, for one rate or several: the loss on the judging rows at each epoch, the start included."""

    rate: np.ndarray  # (*runs,)
    losses: np.ndarray  # (*runs, epochs + 1); nan after a stop
    epochs: np.ndarray  # (*runs,) how many were done, and paid
    rule: str
    shape: str

    @property
    def loss(self):
        """The last loss (*runs,)."""
        return np.take_along_axis(self.losses, self.epochs[..., None], axis=-1)[..., 0][()]

    @property
    def best(self):
        """The rate of the least last loss."""
        return float(np.ravel(self.rate)[np.argmin(np.fmin(np.ravel(self.loss), np.inf))])

    def __repr__(self):
        how = f"{self.rule}, {self.shape}"
        rows = zip(np.ravel(self.rate), np.ravel(self.epochs), np.ravel(self.loss), strict=True)
        return "\n".join(f"{how}, rate {r:.3g}, {e} epochs: judging loss {said(v)}" for r, e, v in rows)


class Score(NamedTuple):
    """What was submitted, and how it did: `ratio` of its sealed loss to the sealed best's."""

    rate: float
    rule: str
    shape: str
    loss: float
    ratio: float
    best: tuple
    spent: int

    def __repr__(self):
        rule, shape, rate = self.best
        return (
            f"Submitted {self.rule}, {self.shape}, rate {self.rate:.3g}: sealed loss {said(self.loss)}.\n"
            f"The sealed best is {rule}, {shape}, rate {rate:.2g}.\n"
            f"Ratio {said(self.ratio)}: {medal(self.ratio)}; {self.spent} epochs spent."
        )


class Game:
    """A sealed problem being played. `left`, `spent` and `tries` are its ledger; `score` is None until submit."""

    def __init__(self, number):
        if isinstance(number, bool) or not (np.ndim(number) == 0 and number == int(number) >= 0):
            raise ValueError(f"a problem has a whole number from 0, not {number!r}")
        self.number, self.spent, self.tries, self.score = int(number), 0, [], None
        self.watchers = []  # each is called when the ledger changes

    @property
    def left(self):
        """Epochs that are left of the budget."""
        return BUDGET - self.spent

    def run(self, rate, epochs, rule="sgd", shape="constant", stop=None):
        """Train with one rate or several, and pay; the Tries. stop(losses so far) may end each run early."""
        __tracebackhide__ = True
        tries = self.preview(rate, epochs, rule, shape)
        ends = [_end(each, stop) for each in tries.losses.reshape(-1, tries.losses.shape[-1])]
        tries.epochs[...] = np.reshape(ends, tries.epochs.shape)
        after = np.arange(tries.losses.shape[-1]) > tries.epochs[..., None]
        tries.losses[after] = np.nan  # a run that was stopped tells nothing of what came after
        self.tries.append(tries)
        self._pay(int(np.sum(tries.epochs)))
        return tries

    def preview(self, rate, epochs, rule, shape):
        """What `run` would leave, unpaid: for the panel, which shows it epoch by epoch."""
        __tracebackhide__ = True
        rate = self._can(rate, epochs, rule, shape)
        run = trained(self.number, rate, int(epochs), rule, shape)
        losses = np.array(drawn(self.number).problem.loss(run.weights, *drawn(self.number).judging))
        return Tries(rate, losses, np.full(rate.shape, int(epochs)), rule, shape)

    def range_test(self, low=LOW, high=HIGH, epochs=LONGEST, rule="sgd"):
        """lrcore's range test over so many epochs, which it costs: its losses are those of the training rows."""
        __tracebackhide__ = True
        self._can(low, epochs, rule, "constant")
        one = drawn(self.number)
        steps = int(epochs) * -(-one.problem.n // one.batch)
        self._pay(int(epochs))
        return search.range_test(
            one.problem, low, high, steps=steps, batch=one.batch, seed=self.number, rule=RULES[rule]
        )

    def submit(self, rate, rule="sgd", shape="constant"):
        """Train 20 epochs with this, and be judged on the sealed rows: once, and for nothing. The Score."""
        __tracebackhide__ = True
        rate = self._can(rate, None, rule, shape)
        if rate.ndim:
            raise ValueError(f"submit one rate, not {rate.size}")
        loss, ratio, best = judged(self.number, float(rate), rule, shape)
        self.score = Score(float(rate), rule, shape, loss, ratio, best, self.spent)
        self._pay(0)
        return self.score

    def panel(self):
        """The game with a slider and buttons."""
        from .panel import Panel

        return Panel(self)

    def _can(self, rate, epochs, rule, shape):
        """The rate as an array, if this may be run now."""
        __tracebackhide__ = True
        if self.score is not None:
            raise ValueError(f"problem {self.number} is submitted; game.sealed({self.number}) begins it anew")
        if rule not in RULE_NAMES or shape not in SHAPES:
            raise ValueError(f"a rule of {RULE_NAMES} and a shape of {SHAPES}, not {rule!r} and {shape!r}")
        rate = np.asarray(rate, dtype=float)
        if not rate.size or not (np.isfinite(rate) & (rate > 0)).all():
            raise ValueError(f"a rate is a number above 0, not {rate}")
        if epochs is None:
            return rate
        if not (np.ndim(epochs) == 0 and epochs == int(epochs) and 1 <= epochs <= LONGEST):
            raise ValueError(f"a run takes 1 to {LONGEST} epochs, not {epochs!r}")
        if rate.size * epochs > self.left:
            raise ValueError(f"{rate.size} × {epochs} epochs cost {rate.size * epochs}, and {self.left} are left")
        return rate

    def _pay(self, epochs):
        self.spent += epochs
        for tell in self.watchers:
            tell()

    def __repr__(self):
        end = "" if self.score is None else f"\n{self.score!r}"
        runs = sum(tries.rate.size for tries in self.tries)
        return f"Problem {self.number}: {runs} runs, {self.left} of {BUDGET} epochs left{end}"


def _end(losses, stop):
    """After how many epochs a run ends: where stop says so, or at its last."""
    ends = (k for k in range(1, len(losses)) if stop and stop(losses[: k + 1].copy()))
    return next(ends, len(losses) - 1)


def sealed(number):
    """The Game on problem `number`."""
    __tracebackhide__ = True
    return Game(number)


def judged(number, rate, rule="sgd", shape="constant"):
    """(sealed loss, ratio to the sealed best's, that best) of 20 epochs."""
    w = trained(number, rate, LONGEST, rule, shape, 1 / LONGEST).weights[-1]
    loss, (best, least) = float(drawn(number).problem.loss(w, *drawn(number).sealed)), sweep(number).best
    return loss, loss / least if np.isfinite(loss) else np.inf, best


def entries(number, *choices):
    """The Games of a class on one problem, by what was submitted: rates, or (rate, rule), or (rate, rule, shape)."""
    __tracebackhide__ = True
    return [played(lambda _, choice=choice: choice, number) for choice in choices]


def medal(ratio):
    if ratio <= GOLD:
        return "gold"
    if ratio <= SILVER:
        return "silver"
    return "no medal" if ratio <= BLIND else "blind 0.01 does as well"


def said(value):
    """Three digits, as one says them."""
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def played(search, number):
    """The Game after search(game), which returns a rate, or (rate, rule), or (rate, rule, shape), was submitted."""
    __tracebackhide__ = True
    one = Game(number)
    found = search(one)
    if one.score is None:
        one.submit(*(found if isinstance(found, (tuple, list)) else [found]))
    return one


def score(search, numbers=range(20)):
    """The ratios that search(game) gets, a problem each (problems,)."""
    __tracebackhide__ = True
    return np.array([played(search, number).score.ratio for number in numbers])
