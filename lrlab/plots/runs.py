"""A Run, drawn: losses, a weight, a path over the loss. What leaves the plot is labelled."""

import numpy as np

from ..figure import drawing, number, tell
from .rates import look

FLOOR = 1e-12  # losses below it are rounding
MANY = 10  # of more runs than these none is named, and as many are told
PAPER = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}


def singles(run):
    """The runs of a Run, one by one."""
    if np.size(run.rate) > 1000:
        raise ValueError(f"run: takes at most 1000 rates to draw one by one, got {np.size(run.rate)}")
    return [run] if not np.shape(run.rate) else [run[i] for i in np.ndindex(np.shape(run.rate))]


def left_at(values, low, high):
    """The checkpoint at which values (c,) first leave low..high or stop being numbers; None if they stay."""
    with np.errstate(invalid="ignore"):
        out = ~((values >= low) & (values <= high))
    return int(np.argmax(out)) if out.any() else None


def trace(ax, one, values, low, high, **settings):
    """One line against the epoch; the epoch at which it left the plot, or None. A diverged run ends there."""
    gone = left_at(values, low, high)
    stays = gone is None or not one.diverged
    shown = values if stays else values[: gone + 1]
    with np.errstate(invalid="ignore"):
        beyond = np.nan_to_num(shown, nan=high, posinf=high, neginf=low)
    style = {"lw": 2.2} | look(one.rate) | settings
    ax.plot(one.epochs[: len(shown)], np.clip(beyond, low, high), clip_on=False, **style)
    if gone is not None:
        up = beyond[gone] >= (low + high) / 2
        edge = high if up else low
        marker = "^" if up else "v"
        ax.plot(one.epochs[gone], edge, marker, ms=10, color=style["color"], clip_on=False, zorder=5)
    return None if gone is None else one.epochs[gone]


def fate(one, gone, last=None):
    """What a run did, in words: `rate 0.12: left the plot at epoch 35`."""
    last = loss_said(one.final) if last is None else weight_said(last)
    end = last if gone is None else left(one, gone)
    return f"rate {number(one.rate, 4)}: {end}"


def loss_said(loss):
    """A loss in words; what is rounding is not told from 0."""
    return "under 1e-12" if abs(loss) < FLOOR else number(loss)


def weight_said(weight):
    """A weight in words; what is rounding is 0."""
    return number(round(float(weight), 12) + 0.0)


def left(one, gone):
    """When a run left the plot, and whether for good."""
    return f"left the plot at epoch {gone:g}" + ("" if one.diverged else " for a time")


def loss_limits(run):
    """(low, high) of a loss axis that shows every run's start, and whole every run that did not diverge."""
    kept = (
        run.losses[~np.asarray(run.diverged)] if np.shape(run.rate) else run.losses[: None if not run.diverged else 1]
    )
    start = np.max(run.losses[..., 0])
    finite = kept[np.isfinite(kept)]
    low = max(np.min(finite, initial=start), FLOOR * max(start, 1))
    return low / 1.6, np.max(finite, initial=max(start, low)) * (8 if np.any(run.diverged) else 1.6)


def weight_limits(run, index):
    """(low, high) of a weight axis, whole for every run that did not diverge."""
    w = run.weights[..., index]
    kept = w if not np.shape(run.rate) else w[~np.asarray(run.diverged)]
    if np.all(run.diverged):
        kept = w[..., :4]
    finite = kept[np.isfinite(kept)]
    low, high = np.min(finite, initial=0), np.max(finite, initial=0)
    room = 0.1 * (high - low or 1) * (3 if np.any(run.diverged) else 1)
    return low - room, high + room


def apart(places, gap):
    """Places from low to high, moved so far apart that labels there can be read, and none above 1."""
    places = list(places)
    for k in range(1, len(places)):
        places[k] = max(places[k], places[k - 1] + gap)
    return np.minimum(places, 1 - gap * np.arange(len(places))[::-1])


def side_labels(ax, labels):
    """Labels at the right edge, (y in data, text, colour) each, moved apart where they would overlap."""
    height = ax.figure.get_figheight() * 72 * ax.get_position().height
    gap = 17 / height
    flat = ax.transScale + ax.transLimits
    wanted = sorted((float(flat.transform((1, y))[1]), text, c) for y, text, c in labels)
    for (_, text, c), y in zip(wanted, apart([y for y, *_ in wanted], gap), strict=True):
        ax.text(1.015, y, text, color=c, transform=ax.transAxes, va="center", fontweight="bold")


@drawing
def losses(run, ax=None, title="", names=None):
    """Loss against epoch, on a log scale; each line named at its end, in `names` or by its rate."""
    low, high = loss_limits(run)
    ax.set(yscale="log", xlim=(0, run.epochs[-1]), ylim=(low, high))
    _lines(ax, run, [one.losses for one in singles(run)], low, high, names)
    best = run.best if np.shape(run.rate) else run
    title = title or f"The loss falls furthest at rate {number(best.rate, 4)}"
    said = "; ".join(fate(one, _gone(one, one.losses, 0, high)) for one in singles(run)[:MANY])
    tell(ax, title, f"Loss against epoch. {title}. Final loss by rate: {said}.", x="epoch", y="loss")


@drawing
def weight(run, index=0, ax=None, title="", target=None, names=None, name="w"):
    """One weight against epoch; target draws the value that it should reach."""
    low, high = weight_limits(run, index)
    ax.set(xlim=(0, run.epochs[-1]), ylim=(low, high))
    if target is not None:
        ax.axhline(target, color="#707070", lw=1.2, zorder=1)
    values = [one.weights[:, index] for one in singles(run)]
    _lines(ax, run, values, low, high, names)
    title = title or f"{name} by epoch"
    ends = [(one, _gone(one, v, low, high), v[-1]) for one, v in zip(singles(run), values, strict=True)]
    said = "; ".join(fate(*end) for end in ends[:MANY])
    tell(ax, title, f"{name} against epoch. {title}. At the end, by rate: {said}.", x="epoch", y=name)


def _gone(one, values, low, high):
    gone = left_at(values, low, high)
    return None if gone is None else one.epochs[gone]


def _lines(ax, run, values, low, high, names):
    labels = []
    runs = singles(run)
    for k, (one, v) in enumerate(zip(runs, values, strict=True)):
        gone = trace(ax, one, np.maximum(v, low) if ax.get_yscale() == "log" else v, low, high)
        text = names[k] if names else f"rate {number(one.rate, 4)}"
        text += "" if gone is None else f"\n{left(one, gone).replace(' the plot', '')}"
        last = v[-1] if gone is None or not one.diverged else v[min(int(np.argmax(one.epochs == gone)), len(v) - 1)]
        y = np.clip(np.nan_to_num(last, nan=high, posinf=high, neginf=low), low, high)
        labels.append((y, text.replace("\n", ": "), look(one.rate)["color"]))
    if len(runs) <= MANY:
        side_labels(ax, labels)


def bowl_rates(problem):
    """{name: rate}: where swinging starts, the fastest in the long run, the limit; from the curvature."""
    low, high = problem.curvature[0], problem.curvature[-1]
    return {"1/λmax": 1 / high, "2/(λmin+λmax)": 2 / (low + high), "2/λmax": 2 / high}
