"""One run of many, drawn for an explorer: a scenery that stands still, and what moves with the slider."""

from .base import drawing, number, tell
from .curves import named_look
from .paths import contours, path_limits, walk
from .runs import PAPER, left, loss_limits, loss_said, trace, weight_limits, weight_said


def outcome(run, gone=None):
    """What a run did, in one clause."""
    if run.diverged:
        return "the run diverges"
    return f"the loss goes from {loss_said(run.losses[0])} to {loss_said(run.final)}"


def loss_scenery(runs, ax):
    ax.set(yscale="log", xlim=(0, runs.epochs[-1]), ylim=loss_limits(runs), xlabel="epoch", ylabel="loss")


@drawing(scenery=loss_scenery)
def loss_now(run, ax=None):
    """Loss against epoch at one rate."""
    low, high = ax.get_ylim()
    gone = trace(ax, run, run.losses.clip(low), low, high)
    tell(ax, *_words(run, gone, "Loss against epoch"))


def weight_scenery(runs, ax, index=0, target=None, name="w"):
    ax.set(xlim=(0, runs.epochs[-1]), ylim=weight_limits(runs, index), xlabel="epoch", ylabel=name)
    if target is not None:
        ax.axhline(target, color="#707070", lw=1.2)


@drawing(scenery=weight_scenery)
def weight_now(run, ax=None, index=0, target=None, name="w"):
    """One weight against epoch at one rate; target draws the value that it should reach."""
    gone = trace(ax, run, run.weights[:, index], *ax.get_ylim())
    title, alt = _words(run, gone, f"{name} against epoch")
    if gone is None:
        end = f"{name} ends at {weight_said(run.weights[-1, index])}"
        title, alt = f"At rate {number(run.rate, 4)} {end}", f"{alt} {end}."
    tell(ax, title, alt)


def path_scenery(runs, ax, problem=None, names=("w", "b")):
    contours(problem, *path_limits(runs, problem), ax)
    ax.set(xlabel=names[0], ylabel=names[1])


@drawing(scenery=path_scenery)
def path_now(run, ax=None, problem=None, names=("w", "b")):
    """The way of two weights over the loss at one rate."""
    gone = walk(ax, run, (ax.get_xlim(), ax.get_ylim()), "")
    title, alt = _words(run, gone, "Path over the loss")
    if not run.diverged:
        alt += f" It ends at ({weight_said(run.weights[-1, 0])}, {weight_said(run.weights[-1, 1])})."
    tell(ax, title, alt)


def race_scenery(runs, ax, problem=None, names=("w", "b")):
    first = next(iter(runs.values()))
    contours(problem, *path_limits(first, problem), ax)
    ax.set(xlabel=names[0], ylabel=names[1])


@drawing(scenery=race_scenery)
def race_now(runs, ax=None, problem=None, names=("w", "b")):
    """Paths of several rules, {name: run}, at one rate."""
    said = []
    for k, (name, run) in enumerate(runs.items()):
        gone = walk(ax, run, (ax.get_xlim(), ax.get_ylim()), "", **named_look(k, marker=True))
        text = f"{name}: left at epoch {gone:g}" if gone is not None and run.diverged else name
        place = {"transform": ax.transAxes, "ha": "right", "va": "top", "fontweight": "bold", "bbox": PAPER}
        ax.text(0.99, 0.98 - 0.075 * k, text, color=named_look(k)["color"], zorder=7, **place)
        said.append(f"{name}: " + (left(run, gone) if gone is not None and run.diverged else outcome(run)))
    rate = number(next(iter(runs.values())).rate, 4)
    ends = {name: run.final for name, run in runs.items() if not run.diverged}
    first = min(ends, key=ends.get, default=None)
    title = f"{first} ends lowest, at {loss_said(ends[first])}" if ends else "all of them leave"
    tell(ax, f"At rate {rate} {title}", f"Paths at rate {rate}. {'; '.join(said)}.")


def _words(run, gone, what):
    rate = number(run.rate, 4)
    if gone is not None:
        return f"Rate {rate} {left(run, gone)}", f"{what}, rate {rate}: {left(run, gone)}; {outcome(run)}."
    return f"At rate {rate} {outcome(run)}", f"{what}, rate {rate}: {outcome(run)}."
