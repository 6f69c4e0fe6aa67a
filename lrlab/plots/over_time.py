"""A rate that changes: the rate over time above, the loss below."""

import numpy as np

from ..figure import drawing, number, tell
from .curves import named_look
from .moving import curve, decades, inside
from .rates import colour
from .runs import side_labels

TALL = {"panels": (1, 2), "size": (960, 540)}


def rates_now(ax, runs):
    """A view: the rate of each step, as the stairs that it is."""
    sizes = np.abs(runs.rate)
    ax.set(yscale="log", xlim=(0, runs.epochs[-1]), ylim=(np.min(sizes) / 100, np.max(sizes) * 2))
    ax.set(xlabel="epoch", ylabel="rate")
    decades(ax.yaxis)
    (line,) = ax.plot([], [], lw=2, drawstyle="steps-post", animated=True)

    def show(run):
        rates = _taken(run.rates)
        line.set_data(run.epochs, inside(rates, ax.get_ylim()))
        line.set_color(colour(run.rate))
        return f"Rate against epoch: from {number(rates[0])} to {number(rates[-1])}."

    return show


def above_now(ax, runs, least=0.0, floor=1e-4):
    """A view: the loss less `least`, the least that there is."""
    losses = runs.losses - least
    start = np.max(losses[..., 0])
    kept = losses[np.isfinite(losses) & (losses > floor)]
    ax.set(yscale="log", xlim=(0, runs.epochs[-1]), ylim=(max(np.min(kept, initial=start), floor), start * 8))
    ax.set(xlabel="epoch", ylabel="loss above the least" if least else "loss")
    decades(ax.yaxis)
    draw = curve(ax)

    def show(run):
        over = run.losses - least
        late = f"over the last tenth {number(_late(over), 2)}" + (" above the least" if least else "")
        return f"Loss against epoch at rate {number(run.rate, 4)}: {late}{draw(run, over)}."

    return show


def _taken(rates):
    """The rates that steps were taken with (c,): after the last checkpoint there is none, so the one before stays."""
    return np.append(rates[:-1], rates[-2])


def _late(losses):
    """The median over the last tenth of the checkpoints."""
    return np.median(losses[-max(len(losses) // 10, 1) :])


@drawing(**TALL)
def rate_and_loss(runs, ax=None, title="", least=0.0, loss="loss above the least"):
    """{name: run, or runs of several seeds}: rates against the epoch above; below, the median loss above `least`."""
    said, names = [], [[], []]
    for k, (name, several) in enumerate(runs.items()):
        several = several if isinstance(several, list) else [several]
        epochs, rates = several[0].epochs, several[0].rates
        y = np.median([run.losses for run in several], axis=0) - least
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
