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
    return show_path


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
    draw, line = curve(ax, "step"), meets(ax, runs.epochs[-1])
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
    draw = curve(ax, "step")

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


def met(runs):
    """How many of several runs at one rate end at their line 2/η, and how many are lost, in words."""
    edge, lost = 2 / float(runs.rate[0]), int(np.sum(runs.diverged))
    return f"{at_the_line(runs, edge)} of {len(runs.rate)} end within 5 % of {number(edge)}; {lost} are lost"


@drawing
def meeting(runs, ax=None, title="", edge=None, edge_name="2/η", guess=None):
    """Sharpness of several runs at one rate against the step, and the line that they may meet; guess: a vote."""
    rate = float(runs.rate[0])
    edge = 2 / rate if edge is None else edge
    scene(ax, runs, edge, edge_name)
    with np.errstate(invalid="ignore"):
        for values in runs.sharpness:
            ax.plot(runs.epochs, np.where(values < 1000, values, np.nan), color=colour(rate), lw=1.6, alpha=0.8)
    ax.plot(np.zeros(len(runs.rate)), runs.sharpness[:, 0], "o", ms=6, color=colour(rate), clip_on=False)
    if guess is not None:
        at = (runs.epochs[-1], np.clip(guess, *SHARP["ylim"]))
        ax.plot(*at, "<", ms=13, color="#cc3fb0", clip_on=False)
        ax.annotate("you", at, (12, -4), textcoords="offset points", color="#cc3fb0", annotation_clip=False)
    told = f"Sharpness against step of {len(runs.rate)} runs at rate {rate:g}, from {number(runs.sharpness[0, 0], 2)}."
    lost = int(np.sum(runs.diverged))
    told += f" The line is {edge_name} = {number(edge)}."
    told += f" {at_the_line(runs, edge)} of {len(runs.rate)} end within 5 % of the line; {lost} are lost."
    tell(ax, title, told, x="step", y="sharpness")


def scene(ax, runs, edge=None, edge_name="2/η"):
    """The axes for sharpness against step, with the line that the runs may meet."""
    last = runs.epochs[-1]
    ax.set(xlim=(0, last), **SHARP)
    ticks(ax)
    if edge is not None:
        ax.axhline(edge, ls="--", color=INK, lw=1.6)
        above = ax.annotate(f"{edge_name} = {number(edge)}", (last, edge), (-4, 5), textcoords="offset points")
        above.set(ha="right", color=INK, fontweight="bold")


@drawing
def four_ways(run, ax=None, title="", until=200):
    """The sharpness of one run over its first steps, and four sketches of how it might go on."""
    scene(ax, run)
    seen = run.epochs <= until
    first, now = float(run.sharpness[0]), float(run.sharpness[seen][-1])
    ax.plot(run.epochs[seen], run.sharpness[seen], lw=3, color=colour(run.rate))
    ax.plot(0, first, "o", ms=9, color=colour(run.rate), clip_on=False)
    on = np.linspace(run.epochs[seen][-1], run.epochs[-1], 60)
    way = (on - on[0]) / (on[-1] - on[0])
    sketches = {
        "a": now * np.exp(4 * way),  # to infinity
        "b": now * np.exp(0.9 * np.minimum(1, 1.7 * way)),
        "c": np.full(len(on), now),
        "d": now * np.exp(-1.9 * way),
    }
    for letter, values in sketches.items():
        inside = values < 125
        ax.plot(on[inside], values[inside], ":", lw=1.8, color="#707070")
        ax.annotate(
            letter, (on[inside][-1], values[inside][-1]), (-10, 4), textcoords="offset points", fontweight="bold"
        )
    told = f"Sharpness over the first {until} steps at rate {run.rate:g}, from {number(first, 2)}; and four sketches: "
    tell(ax, title, told + "a explodes, b rises and levels off, c stays, d falls.", x="step", y="sharpness")


@drawing(size=(640, 260))
def starting_above(runs, known, ax=None, title=""):
    """Where several runs at one rate start, the line 2/η of that rate, and runs at another that are known by now."""
    edge = 2 / float(runs.rate[0])
    scene(ax, runs, edge)
    for values in known.sharpness:
        ax.plot(known.epochs, values, lw=1, color="#9a9a9a", alpha=0.7)
    ax.annotate(
        f"rate {known.rate[0]:g}, seen", (1100, 42), (0, 12), textcoords="offset points", color="#606060", ha="right"
    )
    here = colour(runs.rate[0])
    ax.plot(np.zeros(len(runs.rate)), runs.sharpness[:, 0], "o", ms=7, color=here, clip_on=False)
    ax.annotate("?", (60, 12), (0, 0), textcoords="offset points", fontweight="bold", color=here)
    starts = f"from {number(runs.sharpness[:, 0].min(), 2)} to {number(runs.sharpness[:, 0].max(), 2)}"
    told = f"{len(runs.rate)} runs at rate {runs.rate[0]:g} start {starts}; their line 2/η is {number(edge)}."
    tell(ax, title, f"{told} Behind them, the runs at rate {known.rate[0]:g} that were seen.", x="step", y="sharpness")


@drawing(panels=2)
def jumps(run, ax=None, last=400):
    """The training loss of two runs over their last steps, each in its panel, at one scale."""
    kept = run.losses[:, -last - 1 :]
    for one, side in zip(run, ax, strict=True):
        losses = one.losses[-last - 1 :]
        side.plot(one.epochs[-last - 1 :], losses, lw=2, color=colour(one.rate))
        side.set(xlim=(one.epochs[-last - 1], one.epochs[-1]), ylim=(0.95 * kept.min(), 1.03 * kept.max()))
        rises = np.mean(np.diff(losses) > 0) > 0.1
        told = "it rises and falls again and again" if rises else "it falls at every step"
        alt = f"Training loss at rate {one.rate:g} over the last {last} steps: {told}."
        tell(side, f"rate {one.rate:g}", alt, x="step", y="training loss")


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
def ink(X, y, ax=None, title="", columns=25):
    """Some digits as pictures, row by row."""
    rows = len(X) // columns
    tiles = np.asarray(X)[: rows * columns].reshape(rows, columns, 8, 8)
    page = np.pad(tiles, ((0, 0), (0, 0), (1, 1), (1, 1))).transpose(0, 2, 1, 3).reshape(rows * 10, columns * 10)
    ax.imshow(page, cmap="gray_r", interpolation="nearest")
    ax.set_axis_off()
    tell(ax, title, f"{rows * columns} handwritten digits of 8 × 8 pixels; the first are {list(map(int, y[:5]))}.")


@drawing
def beside_logistic(network, run, problem, ax=None, title=""):
    """Sharpness as a share of 2/η: a run of the network, and one of logistic regression, each at its own rate."""
    sides = {
        "network": (network.epochs, network.sharpness, network.rate),
        "logistic": (run.epochs, problem.sharpness(run.weights), run.rate),
    }
    labels, said = [], []
    for k, (name, (steps, values, rate)) in enumerate(sides.items()):
        share, style = values * rate / 2, named_look(k)
        ax.plot(steps, share, lw=2.4, **style)
        ax.plot(0, share[0], "o", ms=8, color=style["color"], clip_on=False)
        labels.append((share[-1], name, style["color"]))
        said.append(f"{name}, rate {rate:g}, from {number(share[0], 2)} to {number(share[-1], 2)}")
    ax.set(yscale="log", xlim=(0, network.epochs[-1]), ylim=(0.05, 4))
    ax.set_yticks([0.1, 0.3, 1, 3], ["0.1", "0.3", "1", "3"])
    ax.minorticks_off()
    ax.axhline(1, ls="--", color=INK, lw=1.6, zorder=1)
    side_labels(ax, labels)
    told = f"Sharpness divided by 2/η against step: {'; '.join(said)}. The line is 1."
    tell(ax, title, told, x="step", y="sharpness ÷ (2/η)")


@drawing
def warming(runs, problem, ax=None, title=""):
    """Sharpness of several runs, {name: run}, and for each the line 2/rate, which falls as the rate warms up."""
    said, last = [], max(run.epochs[-1] for run in runs.values())
    ax.set(xlim=(0, last), **SHARP | {"ylim": (4, 300)})
    ticks(ax)
    for k, (name, run) in enumerate(runs.items()):
        style, sharpness = named_look(k), problem.sharpness(run.weights)
        with np.errstate(invalid="ignore"):
            inside = np.where(sharpness < ax.get_ylim()[1], sharpness, np.nan)
        seen = np.flatnonzero(np.isfinite(inside))[-1]
        ax.plot(run.epochs, inside, lw=2.6, color=style["color"])
        ax.plot(run.epochs, 2 / run.rates, "--", lw=1.4, color=style["color"])
        end = f"{name}: lost" if run.diverged else name
        at = (run.epochs[seen], inside[seen])
        if run.diverged:
            ax.plot(*at, "x", ms=11, mew=3, color=style["color"])
        ax.annotate(
            end,
            at,
            (2, 12) if run.diverged else (-4, 12),
            textcoords="offset points",
            ha="left" if run.diverged else "right",
            color=style["color"],
            fontweight="bold",
        )
        said.append(f"{name}: " + ("lost" if run.diverged else "it trains"))
    told = f"Sharpness, and the line 2/rate (dashed), while the rate warms up. {'; '.join(said)}."
    tell(ax, title, told, x="step", y="sharpness")


__all__ = [
    "at_the_line",
    "beside_logistic",
    "four_ways",
    "ink",
    "jumps",
    "meeting",
    "network_caption",
    "sharpness_now",
    "starting_above",
    "training_loss_now",
    "unnamed",
    "valley_now",
    "valley_sharpness_now",
    "warming",
]
