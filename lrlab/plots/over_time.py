"""A rate that changes: the rate over time above, the loss below."""

import numpy as np

from ..figure import drawing, number, tell
from .curves import named_look
from .rates import colour
from .runs import left_at, side_labels

TALL = {"panels": (1, 2), "size": (960, 540)}
SMALL = {"panels": (1, 2), "size": (720, 470)}  # a deck holds many frames of it


def schedule_scenery(runs, ax, least=0.0, floor=1e-4):
    rates, losses = np.abs(runs.rate), runs.losses - least
    start = np.max(losses[..., 0])
    kept = losses[np.isfinite(losses) & (losses > floor)]
    ax[0].set(yscale="log", ylim=(rates.min() / 100, rates.max() * 2), ylabel="rate")
    ax[1].set(yscale="log", ylim=(max(np.min(kept, initial=start), floor), start * 8), xlabel="epoch")
    ax[1].set_ylabel("loss above the least" if least else "loss")
    for each in ax:
        each.set_xlim(0, runs.epochs[-1])


@drawing(**SMALL)
def schedule_now(run, ax=None, least=0.0, floor=1e-4):
    """One run's rate against the epoch, and below it the loss, less `least`, the least that there is."""
    over = run.losses - least
    for each, values in zip(ax, (_taken(run.rates), over), strict=True):
        low, high = each.get_ylim()
        gone = left_at(values, 0 if least else low, high)
        shown = np.clip(np.nan_to_num(values[: None if gone is None else gone + 1], nan=high), low, high)
        each.plot(run.epochs[: len(shown)], shown, color=colour(run.rate), lw=2)
    tell(ax[0], f"The rate begins at {number(run.rates[0])} and ends at {number(run.rates[-2])}",
         f"Rate against epoch: from {number(run.rates[0])} to {number(run.rates[-2])}.")  # fmt: skip
    end = "the run diverges" if run.diverged else f"over the last tenth the loss is {number(_late(over), 2)}"
    above = " above the least" if least and not run.diverged else ""
    tell(ax[1], f"{end[0].upper()}{end[1:]}{above}", f"Loss against epoch: {end}{above}.")


def _taken(rates):
    """The rates that steps were taken with (c,): after the last checkpoint there is none, so the one before stays."""
    return np.append(rates[:-1], rates[-2])


def _late(losses):
    """The median over the last tenth of the checkpoints."""
    return np.median(losses[-max(len(losses) // 10, 1) :])


@drawing(**TALL)
def rate_and_loss(runs, ax=None, title="", least=0.0, loss="loss above the least"):
    """{name: run, or runs of several seeds}: rates against the epoch above; below, losses less `least`, averaged."""
    said, names = [], [[], []]
    for k, (name, several) in enumerate(runs.items()):
        several = several if isinstance(several, list) else [several]
        epochs, rates = several[0].epochs, several[0].rates
        y = np.mean([run.losses for run in several], axis=0) - least
        ax[0].plot(epochs, _taken(rates), drawstyle="steps-post", **named_look(k))
        ax[1].plot(epochs[1:], y[1:], **named_look(k))
        for panel, value in enumerate((rates[-2], y[-3:].mean())):
            names[panel].append((value, name, named_look(k)["color"]))
        said.append(f"{name}: rate {number(rates[-2])}, {loss} {number(_late(y), 2)}")
    for panel, labels in zip(ax, names, strict=True):
        panel.set(yscale="log", xlim=(0, epochs[-1]))
        panel.xaxis.get_major_locator().set_params(integer=True)
        side_labels(panel, labels)
    tell(ax[0], title, f"{title}. At the end, {'; '.join(said)}.", y="rate")
    ax[1].set(xlabel="epoch", ylabel=loss)
