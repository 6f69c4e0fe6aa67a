"""What only lesson 04 draws: clouds, bands of twenty seeds, the contest in pairs, two steps."""

from functools import lru_cache

import numpy as np

from ..fate import said as told
from ..figure import drawing, number, tell
from .curves import COLOURS
from .moving import decades
from .paths import contours
from .rates import colour
from .runs import side_labels

GREY, DARK = "#707070", "#202020"
FLOOR = 1e-12  # losses below it are rounding
TENS = [(FLOOR, "0"), *((10.0**k, f"1e{k}") for k in (-9, -6, -3)), (1, "1"), (1e3, "1000"), (1e6, "1e6")]
TOSS = (10, 20)  # of thirty tosses of a coin, heads lie outside in 4 of 100


def cloud_now(ax, runs, problem, best, late=0.5, names=("w", "b")):
    """A view: where the weights are in the late share of a run, over the loss; the start is a cross."""
    begin = int(len(runs.epochs) * (1 - late))
    spans = np.quantile(runs.weights[..., begin:, :].reshape(-1, 2), [0.001, 0.999], axis=0)
    room = 0.1 * np.ptp(spans, axis=0)
    contours(problem, *zip(spans[0] - room, spans[1] + room, strict=True), ax)
    ax.set(xlabel=names[0], ylabel=names[1])
    (dots,) = ax.plot([], [], "o", ms=4, mew=0, alpha=0.7, animated=True)
    ax.plot(*best, "+", ms=16, mew=2.5, color=DARK, zorder=6)

    def show(run):
        points = run.weights[begin:]
        dots.set_color(colour(run.rate))
        dots.set_data(*points.T)
        spread = number(points[:, 0].std(), 2)
        return f"Weights late in the run at rate {number(run.rate, 4)}: w is spread by {spread} around the start."

    return show


def rate_now(ax, bands):
    """A view: the rate of every step, with its true stairs."""
    rates = np.asarray(bands.rate)
    ax.set(yscale="log", xlim=(0, bands.steps[-1]), ylim=(np.min(rates) / 20, np.max(rates) * 1.6))
    ax.set(xlabel="step", ylabel="rate")
    decades(ax.yaxis)
    (line,) = ax.plot([], [], lw=2.2, animated=True)

    def show(band):
        x, y, style = stairs(band.schedule, int(band.steps[-1]))
        line.set_drawstyle(style)
        line.set_data(x, np.maximum(band.rate * y, ax.get_ylim()[0] / 3))  # a rate of 0 too has its place below
        line.set_color(colour(band.rate))
        return f"Rate by step: it begins at {number(band.rate * y[0])} and ends at {number(band.rate * y[-1])}."

    return show


@lru_cache(maxsize=64)
def stairs(schedule, steps, most=50):
    """(x, y, drawstyle): the factor of each step. True stairs have every drop where it is; a smooth one is thinned."""
    factors = np.array([schedule(t) for t in range(steps)], dtype=float)
    turns = np.append(0, 1 + np.flatnonzero(np.diff(factors)))
    if len(turns) <= most:
        return np.append(turns, steps), np.append(factors[turns], factors[-1]), "steps-post"
    bends = np.flatnonzero(np.abs(np.diff(factors, 2)) > 1e-4) + 1  # corners stay
    turns = np.unique(np.append(np.linspace(0, steps - 1, most).round().astype(int), bends))
    return turns, factors[turns], "default"


def band_now(ax, bands, goal=None):
    """A view: the loss above the least over twenty seeds, median and middle half; `goal` is a dashed line."""
    ax.set(yscale="log", xlim=(0, bands.steps[-1]), ylim=(2e-5, 200))
    decades(ax.yaxis)
    ax.set(xlabel="step", ylabel="loss above the least")
    ax.axvspan(0.9 * bands.steps[-1], bands.steps[-1], color="#ececec", zorder=0)
    if goal is not None:
        ax.axhline(goal, color=GREY, lw=1.4, ls="--")
        ax.text(1.02 * bands.steps[-1], goal, "best\nconstant", va="center", color=GREY)
    (half,) = ax.fill([0, 1, 1], [1, 1, 2], alpha=0.25, lw=0, animated=True)
    (middle,) = ax.plot([], [], lw=2.2, animated=True)

    def show(band):
        tint = colour(band.rate)
        low, mid, high = np.clip(np.nan_to_num(band.quantiles.T, nan=1e3), 1e-6, 1e3)
        middle.set_data(band.steps, mid)
        middle.set_color(tint)
        half.set_xy(np.column_stack([np.append(band.steps, band.steps[::-1]), np.append(low, high[::-1])]))
        half.set_facecolor(tint)
        return f"Loss above the least, twenty seeds: over the last tenth {number(band.late, 2)}."

    return show


def band_caption(band):
    """The status line of a band."""
    return f"over the last tenth {number(band.late, 2)} above the least, median of 20 seeds"


def steps_now(ax, runs):
    """A view: the loss after each of a few steps; what is rounding stands on the floor."""
    steps = int(runs.epochs[-1])
    ax.set(yscale="log", xlim=(-0.04 * steps, 1.04 * steps), ylim=(1e-13, 1e7), xlabel="step", ylabel="loss")
    ax.set_yticks(*zip(*TENS, strict=True))
    ax.minorticks_off()
    ax.set_xticks(np.arange(0, steps + 1, max(steps // 6, 1)))
    (line,) = ax.plot([], [], "-o", lw=2, ms=6, animated=True)

    def show(run):
        line.set_data(run.epochs, np.clip(np.nan_to_num(run.losses, nan=1e9), FLOOR, 1e9))
        line.set_color(colour(run.rate))
        return f"Loss after each step, from {number(run.losses[0])} to {number(run.final)}."

    return show


@drawing(size=(900, 400))
def heights(rates, rows, ax=None, title=""):
    """Height of the cloud against rate, {name: heights}, in decades; each name with its slope at its end."""
    labels, said = [], []
    ax.set(xscale="log", yscale="log")
    for k, (name, values) in enumerate(rows.items()):
        slope = np.polyfit(np.log(rates), np.log(values), 1)[0]
        ax.plot(rates, values, "-" + "osD"[k % 3], ms=8, color=COLOURS[k])
        labels.append((values[np.argmax(rates)], f"{name}: slope {slope:.2f}", COLOURS[k]))
        said.append(f"{name}: slope {slope:.2f}")
    everything = np.concatenate(list(rows.values()))
    ax.set(ylim=(everything.min() / 1.6, everything.max() * 1.6), xlim=(min(rates) / 1.1, max(rates) * 1.1))
    side_labels(ax, labels)
    ticks = np.sort(rates)
    ax.set_xticks(ticks, [number(tick) for tick in ticks])
    ax.set_xticks([], minor=True)
    alt = f"Height of the cloud against rate, in decades. {title}. {'; '.join(said)}."
    tell(ax, title, alt, x="rate", y="height of the cloud")


@drawing(panels=(4, 3), size=(880, 580))
def small_shapes(shapes, steps=1000, ax=None, title=""):
    """A small picture for each shape {name: schedule}: the factor of each step, over `steps`."""
    for panel, (name, schedule) in zip(ax, shapes.items(), strict=False):
        x, y, style = stairs(schedule, steps)
        panel.plot(x, y, color=COLOURS[0], lw=2.4, drawstyle=style)
        panel.set(xlim=(0, steps), ylim=(-0.05, 1.1), xticks=[0, steps // 2, steps], yticks=[0, 1])
        panel.set_title(name)
        panel.label_outer()
    for panel in ax[len(shapes) :]:
        panel.remove()
    for panel in ax[::4]:
        panel.set_ylabel("factor")
    half = "; ".join(f"{n}: {number(s(steps // 2), 2)}" for n, s in shapes.items())
    ax[0].alt = f"The factor on the rate over {steps} steps. {title}. In the middle of the run: {half}."


@drawing(size=(900, 420))
def pairs(counts, of=30, ax=None, title=""):
    """{pair: [k of n for each contest]}: how often the first of the pair ended lower; equal ones stand in a pile."""
    ax.axvspan(*TOSS, color="#e6e6e6", zorder=0)
    ax.text(np.mean(TOSS), -0.75, "a coin would do this", ha="center", va="center", color=GREY)
    ax.set(xlim=(-0.5, of + 0.5), ylim=(len(counts) - 0.4, -1.1), yticks=range(len(counts)))
    ax.set_yticklabels(list(counts))
    for row, values in enumerate(counts.values()):
        for value in sorted(set(values)):
            pile = values.count(value)
            places = row + 0.17 * (np.arange(pile) - (pile - 1) / 2)
            ax.plot(np.full(pile, value), places, "o", ms=8, mec="white", mew=0.8, color=COLOURS[0])
    said = "; ".join(f"{name} {', '.join(map(str, v))}" for name, v in counts.items())
    tell(
        ax,
        title,
        f"Of {of} pairs on the same seed, how many the first ended lower in. {title}. {said}.",
        x=f"pairs of {of} in which the first ended lower",
    )


@drawing(panels=3, size=(1020, 370))
def two_steps(runs, problem, ax=None, title=""):
    """{name: a run of two steps}: the path of each over the loss, and the three losses of both."""
    said = []
    for k, (panel, (name, run)) in enumerate(zip(ax, runs.items(), strict=False)):
        (w, b), places = run.weights.T, []
        for values in (w, b):
            room = 0.18 * np.ptp(values) + 0.1
            places.append((values.min() - room, values.max() + room))
        contours(problem, *places, panel)
        panel.plot(w, b, "-o", lw=2, ms=7, color=COLOURS[k])
        panel.plot(w[0], b[0], "o", ms=11, mfc="white", mew=2.2, color=COLOURS[k])
        panel.plot(w[-1], b[-1], "*", ms=17, color=COLOURS[k])
        panel.set(xlabel="w", ylabel="b")
        panel.set_title(name)
        ax[2].plot([0, 1, 2], np.maximum(run.losses, FLOOR), "-o", lw=2, ms=8, color=COLOURS[k])
        for step, place in enumerate(run.weights[:-1]):
            panel.annotate(f"{step}", place, (-4, 10), textcoords="offset points", ha="right")
        side = {"ha": "left", "va": "bottom"} if run.losses[1] > run.losses[0] else {"ha": "right", "va": "top"}
        offset = (8, 2) if run.losses[1] > run.losses[0] else (-4, -8)
        where = {"textcoords": "offset points", "color": COLOURS[k], **side}
        ax[2].annotate(number(run.losses[1]), (1, run.losses[1]), offset, **where)
        said.append(f"{name}: losses {', '.join(map(told, run.losses))}")
    ax[2].set(yscale="log", xticks=[0, 1, 2], ylim=(1e-13, 1e8), xlim=(-0.15, 2.2), xlabel="step", ylabel="loss")
    ax[2].set_yticks(*zip(*TENS, strict=True))
    ax[2].minorticks_off()
    ax[2].set_title("Three losses each")
    ax[0].alt = f"Two steps on the four points. {title}{'. ' if title else ''}{'; '.join(said)}."


@drawing
def rows(named, ax=None, title="", name="loss above the least"):
    """Rows of dots {row: {who: values of the seeds (n,)}}, on a log axis, with each median as a bar."""
    ax.set(xscale="log", ylim=(len(named) - 0.4, -0.8), yticks=range(len(named)), yticklabels=list(named))
    said = []
    for row, (where, several) in enumerate(named.items()):
        for k, (who, values) in enumerate(several.items()):
            values, place = np.maximum(values, FLOOR), row + 0.36 * (k - (len(several) - 1) / 2)
            ax.plot(values, np.full(len(values), place), "oD"[k], ms=6, alpha=0.5, color=COLOURS[k], mew=0)
            middle = np.median(values)
            ax.plot(middle, place, "|", ms=20, mew=3, color=DARK)
            said.append(f"{where}, {who}: median {number(middle, 2)}")
            if not row:
                aside, side = (14, "left") if middle == FLOOR else (-14, "right")
                ax.annotate(who, (middle, place), (aside, 0), textcoords="offset points", ha=side, va="center",
                            color=COLOURS[k], fontweight="bold")  # fmt: skip
    tell(ax, title, f"{name.capitalize()}, a dot for each seed. {title}. {'; '.join(said)}.", x=name)


@drawing(panels=2, size=(840, 380))
def averaging(weights, means, problem, best, ax=None, title=""):
    """One run: where its weights are late, with their mean; and the loss of both above the least, by step."""
    least = problem.loss(best)
    late = weights[len(weights) - len(means) :]
    span = [np.quantile(late[:, k], [0.002, 0.998]) for k in (0, 1)]
    contours(problem, *span, ax[0])
    ax[0].plot(*late[::5].T, "o", ms=2.5, mew=0, alpha=0.5, color=COLOURS[0])
    ax[0].plot(*best, "+", ms=18, mew=3, color=DARK)
    ax[0].plot(*means[-1], "D", ms=10, mec="white", mew=1.5, color=COLOURS[1])
    ax[0].annotate("mean", means[-1], (10, 8), textcoords="offset points", color=COLOURS[1], fontweight="bold")
    ax[0].set(xlabel="w", ylabel="b")
    steps = np.arange(len(weights))
    lines = {
        "weights": (steps, problem.loss(weights) - least),
        "their mean": (steps[-len(means) :], problem.loss(means) - least),
    }
    labels = []
    for k, (name, (x, y)) in enumerate(lines.items()):
        ax[1].plot(x[::10], np.maximum(y[::10], 1e-7), lw=1.3 + 1.2 * k, color=COLOURS[k])
        labels.append((np.median(y[-500:]), name, COLOURS[k]))
    ax[1].set(yscale="log", xlim=(0, len(weights)), ylim=(1e-6, 100), xlabel="step", ylabel="loss above the least")
    side_labels(ax[1], labels)
    ends = ", ".join(f"{name} {number(np.median(y[-500:]), 1)}" for name, (_, y) in lines.items())
    ax[0].set_title(title)
    ax[0].alt = f"One run at a constant rate, and the mean of its late weights. {title}. Over the last tenth: {ends}."
