"""A rate that changes: the rate over time above, the loss below."""

import numpy as np

from ..figure import drawing, number, tell
from .curves import named_look
from .runs import side_labels

TALL = {"panels": (1, 2), "size": (960, 540)}


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
