"""Lesson 06: two weights in a row, and a small network whose sharpness comes to meet the line 2/η."""

import numpy as np

from ..figure import drawing, number, tell
from .curves import named_look
from .moving import curve, path_now
from .rates import colour
from .runs import PAPER, side_labels

INK = "#202020"
SHARP = {"yscale": "log", "ylim": (3, 130), "xlabel": "step", "ylabel": "sharpness"}
TICKS = (5, 10, 20, 40, 80)


def valley_now(ax, runs, problem):
    """The way of two weights u and v, with the valley uv = 3."""
    show_path = path_now(ax, runs, problem, names=("u", "v"), limits=((-4.5, 6.5), (-5.5, 4.5)))
    for side in (np.linspace(0.5, 6.5, 80), np.linspace(-4.5, -0.5, 80)):
        ax.plot(side, 3 / side, color=INK, lw=1.4)
    ax.text(1.1, 3.75, "uv = 3: loss 0", color=INK, bbox=PAPER)
    (begin,) = ax.plot([], [], "s", ms=7, color=INK, animated=True)

    def show(run):
        begin.set_data(run.weights[:1, 0], run.weights[:1, 1])
        return show_path(run)

    show.start = 2
    return show


def meets(ax, high):
    """The line 2/η, and what moves it: line(rate)."""
    (line,) = ax.plot([], [], "--", color=INK, lw=1.6, animated=True)
    place = {"textcoords": "offset points", "ha": "right", "annotation_clip": False, "animated": True}
    label = ax.annotate("", (high, 1), (-4, 5), color=INK, fontweight="bold", **place)

    def move(rate):
        line.set_data([0, high], [2 / rate, 2 / rate])
        label.xy = (high, 2 / rate)
        label.set_text(f"2/η = {number(2 / rate)}")

    return move


def valley_sharpness_now(ax, runs, problem):
    """Sharpness along the way of two weights, and the line 2/η."""
    ax.set(yscale="log", xlim=(0, runs.epochs[-1]), ylim=(30, 3000), xlabel="epoch", ylabel="sharpness")
    ax.set_yticks([100, 300, 1000], ["100", "300", "1000"])
    draw, line = curve(ax), meets(ax, runs.epochs[-1])

    def show(run):
        line(run.rate)
        sharpness = problem.sharpness(run.weights)
        gone = draw(run, sharpness)
        end = f"ends at {number(sharpness[-1])}" if np.isfinite(sharpness[-1]) else "the run is lost"
        return f"Sharpness at rate {number(run.rate, 4)}, where 2/η is {number(2 / run.rate)}: {end}{gone}."

    return show


def sharpness_now(ax, runs):
    """The network's sharpness along a run, and the line 2/η."""
    ax.set(xlim=(0, runs.epochs[-1]), **SHARP)
    ticks(ax)
    draw, line = curve(ax), meets(ax, runs.epochs[-1])
    (begin,) = ax.plot([], [], "o", ms=8, clip_on=False, animated=True)

    def show(run):
        line(run.rate)
        begin.set_data(run.epochs[:1], run.sharpness[:1])
        begin.set_color(colour(run.rate))
        with np.errstate(invalid="ignore"):
            draw(run, run.sharpness)
        return f"Sharpness at rate {number(run.rate, 4)}, where 2/η is {number(2 / run.rate)}: {went(run)}."

    return show


def training_loss_now(ax, runs):
    """The network's training loss against the step."""
    ax.set(yscale="log", xlim=(0, runs.epochs[-1]), ylim=(0.03, 4), xlabel="step", ylabel="training loss")
    ax.set_yticks([0.1, 1], ["0.1", "1"])
    draw = curve(ax)

    def show(run):
        draw(run, run.losses)
        end = f"it ends at {number(run.final, 2)}" if not run.diverged else "the run is lost"
        return f"Training loss at rate {number(run.rate, 4)}: {end}."

    return show


def went(run):
    """What the sharpness of one run did, in words."""
    if run.diverged:
        return "the run is lost"
    return f"from {number(run.sharpness[0], 2)} to {number(run.sharpness[-1], 2)}"


def network_caption(run):
    """For the status line."""
    return f"2/η = {number(2 / run.rate)}; sharpness {went(run)}" if not run.diverged else "the run is lost"


def ticks(ax):
    ax.set_yticks(TICKS, [str(t) for t in TICKS])
    ax.minorticks_off()


def at_the_line(runs, edge, within=0.05):
    """How many of several runs end with a sharpness within a share of an edge."""
    return int((np.abs(runs.sharpness[:, -1] / edge - 1) <= within).sum())


@drawing
def meeting(runs, ax=None, title="", edge=None, edge_name="2/η", until=None, guess=None):
    """Sharpness of several runs at one rate against the step, and the line that they may meet.

    until  stops them at a step, before the line is drawn      guess  a vote for the end, drawn at the right
    """
    rate = float(runs.rate[0])
    edge = 2 / rate if edge is None else edge
    steps = runs.epochs <= (until or np.inf)
    ax.set(xlim=(0, runs.epochs[-1]), **SHARP)
    ticks(ax)
    with np.errstate(invalid="ignore"):
        for values in runs.sharpness:
            shown = np.where(values < 1000, values, np.nan)[steps]
            ax.plot(runs.epochs[steps], shown, color=colour(rate), lw=1.6 if len(runs.rate) > 1 else 2.4, alpha=0.8)
    ax.plot(0, runs.sharpness[0, 0], "o", ms=8, color=colour(rate), clip_on=False)
    if until is None:
        ax.axhline(edge, ls="--", color=INK, lw=1.6)
        at = (runs.epochs[-1], edge)
        above = ax.annotate(f"{edge_name} = {number(edge)}", at, (-4, 5), textcoords="offset points")
        above.set(ha="right", color=INK, fontweight="bold")
    if guess is not None:
        ax.plot(runs.epochs[-1], np.clip(guess, 3, 130), "<", ms=13, color="#cc3fb0", clip_on=False)
        ax.annotate(
            "you", (runs.epochs[-1], np.clip(guess, 3, 130)), (12, -4), textcoords="offset points", color="#cc3fb0"
        )
    told = f"Sharpness against step of {len(runs.rate)} runs at rate {rate:g}, from {number(runs.sharpness[0, 0], 2)}."
    if until is None:
        lost = int(np.sum(runs.diverged))
        told += f" The line is {edge_name} = {number(edge)}."
        told += f" {at_the_line(runs, edge)} of {len(runs.rate)} end within 5 % of the line; {lost} are lost."
    tell(ax, title, told, x="step", y="sharpness")


@drawing
def jumps(run, ax=None, title="", last=400):
    """The training loss of several runs over their last steps."""
    said, labels = [], []
    for one in run:
        steps, losses = one.epochs[-last - 1 :], one.losses[-last - 1 :]
        ax.plot(steps, losses, lw=2, color=colour(one.rate))
        labels.append((losses[-1], f"{one.rate:g}", colour(one.rate)))
        rises = np.mean(np.diff(losses) > 0) > 0.1
        said.append(f"at rate {one.rate:g} it " + ("rises and falls again" if rises else "falls at every step"))
    ax.set(xlim=(steps[0], steps[-1]))
    side_labels(ax, labels)
    tell(ax, title, f"Training loss over the last {last} steps: {'; '.join(said)}.", x="step", y="training loss")


@drawing
def unnamed(curves, ax=None, title=""):
    """Three sharpness curves, {letter: run}, each named by its letter alone."""
    ax.set(xlim=(0, 3000), **SHARP)
    ticks(ax)
    for k, run in enumerate(curves.values()):
        style = named_look(k)
        ax.plot(run.epochs, run.sharpness, lw=2.2, **style)
    side_labels(
        ax, [(run.sharpness[-1], letter, named_look(k)["color"]) for k, (letter, run) in enumerate(curves.items())]
    )
    ends = ", ".join(f"{letter} near {number(run.sharpness[-1], 2)}" for letter, run in curves.items())
    tell(ax, title, f"Three curves of sharpness over 3000 steps; in the end {ends}.", x="step", y="sharpness")


@drawing
def ink(X, y, ax=None, title="", columns=15):
    """Some digits as pictures, row by row."""
    rows = len(X) // columns
    tiles = np.asarray(X)[: rows * columns].reshape(rows, columns, 8, 8)
    page = np.pad(tiles, ((0, 0), (0, 0), (1, 1), (1, 1))).transpose(0, 2, 1, 3).reshape(rows * 10, columns * 10)
    ax.imshow(page, cmap="gray_r", interpolation="nearest")
    ax.set_axis_off()
    tell(ax, title, f"{rows * columns} handwritten digits of 8 × 8 pixels; the first are {list(map(int, y[:5]))}.")


@drawing(panels=2)
def beside_logistic(network, run, problem, ax=None, titles=("", "")):
    """Sharpness beside 2/η: a run of the network, and one of logistic regression, each at its own rate."""
    sharpness = problem.sharpness(run.weights)
    sides = (network.epochs, network.sharpness, network.rate), (run.epochs, sharpness, run.rate)
    for one, title, (steps, values, rate) in zip(ax, titles, sides, strict=True):
        one.set(yscale="log", xlim=(0, steps[-1]), ylim=(2 / rate / 60, 2 / rate * 4))
        one.plot(steps, values, color=colour(rate), lw=2.4)
        one.axhline(2 / rate, ls="--", color=INK, lw=1.6)
        one.annotate(
            f"2/η = {number(2 / rate)}", (steps[-1], 2 / rate), (-4, 5), textcoords="offset points", ha="right"
        )
        said = f"{title}: sharpness from {number(values[0], 2)}, the line 2/η at {number(2 / rate)}."
        tell(one, title, said, x="step", y="sharpness")


@drawing
def warming(runs, problem, ax=None, title=""):
    """Sharpness of several runs, {name: run}, and for each the line 2/rate, which falls as the rate warms up."""
    said, last = [], max(run.epochs[-1] for run in runs.values())
    ax.set(xlim=(0, last), **SHARP | {"ylim": (4, 300)})
    ticks(ax)
    for k, (name, run) in enumerate(runs.items()):
        style, sharpness = named_look(k), problem.sharpness(run.weights)
        with np.errstate(invalid="ignore"):
            inside = np.where(sharpness < 300, sharpness, np.nan)
        ax.plot(run.epochs, inside, lw=2.4, label=name + (": lost" if run.diverged else ""), **style)
        ax.plot(run.epochs, 2 / run.rates, "--", lw=1.4, color=style["color"])
        said.append(f"{name}: " + ("lost" if run.diverged else "it trains"))
    ax.legend(loc="upper right")
    told = f"Sharpness, and the line 2/rate (dashed), while the rate warms up. {'; '.join(said)}."
    tell(ax, title, told, x="step", y="sharpness")


@drawing(panels=2)
def widths(table, ax=None):
    """The median loss after 300 steps against the rate, by width, for plain descent and for Adam."""
    for one, rule, name in zip(ax, ("sgd", "adam"), ("plain descent", "Adam"), strict=True):
        one.set(xscale="log", yscale="log", ylim=(0.01, 2))
        best = []
        for k, width in enumerate(np.unique(table["width"])):
            rates, median = losses_at(table, rule, width)
            style = named_look(k)
            one.plot(rates, np.minimum(median, 9), lw=2, label=f"{width}", **style)
            least = int(np.argmin(median))
            one.plot(rates[least], median[least], "o", ms=9, color=style["color"])
            best.append(f"{number(rates[least], 2)} at width {width}")
        if rule == "sgd":
            one.legend(title="width", loc="lower left")
        tell(one, name, f"{name}: the best rate is {', '.join(best)}.", x="learning rate η", y="loss after 300 steps")


def losses_at(table, rule, width):
    """(rates, median loss over the draws) for a rule at a width."""
    here = (table["rule"] == rule) & (table["width"] == width)
    rates = np.unique(table["rate"][here])
    losses = np.nan_to_num(table["loss"], nan=np.inf)
    return rates, np.array([np.median(losses[here & (table["rate"] == rate)]) for rate in rates])


def best_rates(table, rule):
    """{width: [the best rate of each draw]} for a rule."""
    losses, found = np.nan_to_num(table["loss"], nan=np.inf), {}
    for width in np.unique(table["width"]).tolist():
        found[width] = []
        for seed in np.unique(table["seed"]):
            here = (table["rule"] == rule) & (table["width"] == width) & (table["seed"] == seed)
            found[width].append(float(table["rate"][here][np.argmin(losses[here])]))
    return found


def paired(table, pixels, rates, at):
    """Accuracy on unseen digits at two rates, split by split: an array of pairs."""
    sides = []
    for rate, where in zip(rates, np.broadcast_to(at, 2), strict=True):
        here = (table["pixels"] == pixels) & (table["rate"] == rate) & (table["at"] == where)
        sides.append(dict(zip(table["split"][here].tolist(), table["accuracy"][here], strict=True)))
    return np.array([(sides[0][s], sides[1][s]) for s in sides[0] if s in sides[1]])


__all__ = [
    "at_the_line",
    "beside_logistic",
    "best_rates",
    "ink",
    "jumps",
    "losses_at",
    "meeting",
    "network_caption",
    "paired",
    "sharpness_now",
    "training_loss_now",
    "unnamed",
    "valley_now",
    "valley_sharpness_now",
    "warming",
    "widths",
]
