"""What a run did, in one word for one thing, judged by its whole way: captions, titles and checks say it alike."""

import numpy as np

from .figure import number

FATES = (
    "creeps",
    "settles",
    "swings, and settles",
    "swings without gain",
    "hovers",
    "diverges",
)
ALIKE = 1e-4  # swings whose size changes by less than this share over the run neither shrink nor grow
STILL = 1e-3  # of the whole way: a run has settled when its last tenth moves it by less


def fate(run):
    """One of FATES for a single run.

    creeps     goes one way and has not arrived         settles   has arrived, without swinging
    swings     steps turn back, or the loss goes up and down: it settles if the swings shrink, is without gain
               if they stay as they are               hovers    noise keeps it up, without a trend
    diverges   the swings grow, or the loss ends above its start, or is no number
    """
    w = run.weights
    if not (np.isfinite(run.losses).all() and np.isfinite(w).all()):
        return "diverges"
    losses = np.maximum(run.losses, 1e-12 * run.losses[0])  # what is below is rounding
    steps = np.diff(w, axis=0)
    size = np.linalg.norm(steps, axis=1)
    if len(steps) < 3 or not size.any():
        return "diverges" if losses[-1] > losses[0] else "creeps" if size.any() else "settles"
    turned = _turned(steps)
    bends = np.diff(steps, axis=0)  # of these the swinging direction has the larger part
    if turned[-(len(turned) // 4) :].all():  # to the end each step goes against the one before; all, where they are few
        swing = np.linalg.norm(bends, axis=1)
        growth = swing[-1] / swing[int(np.argmax(turned))] - 1
        return "swings without gain" if abs(growth) < ALIKE else _gain(growth < 0)
    if _noisy(losses):  # also above its start, where that was the bottom
        return "hovers"
    if losses[-1] > losses[0]:
        return "diverges"
    alternates = _turned(bends)
    if turned.any() or (alternates[:-1] & alternates[1:]).any() or _falls_again(losses):
        return _gain(True)
    tenth = w[-max(len(w) // 10, 2) :]
    way = np.linalg.norm(w - w[0], axis=1).max()
    return "settles" if np.linalg.norm(tenth - tenth[-1], axis=1).max() < STILL * way else "creeps"


def _gain(shrinks):
    return "swings, and settles" if shrinks else "diverges"


def _turned(steps):
    """Which steps (n, d) go against the one before (n − 1,); rounding beside the longest does not count."""
    size = np.linalg.norm(steps, axis=1)
    seen = np.minimum(size[:-1], size[1:]) > 1e-9 * size.max()
    return ((steps[1:] * steps[:-1]).sum(axis=1) < 0) & seen


def _falls_again(losses):
    """Whether the loss falls again after it rose."""
    low = np.minimum.accumulate(losses)
    rose = losses > low * (1 + 1e-3)
    first = int(np.argmax(rose))
    return rose.any() and losses[first:].min() < losses[first]


def _noisy(losses):
    """Whether the last quarter goes up and down without a rhythm, and without a trend."""
    tail = losses[-max(len(losses) // 4, 8) :]
    rises = np.diff(tail) > 1e-3 * tail[:-1]
    early, late = np.median(tail[: len(tail) // 2]), np.median(tail[len(tail) // 2 :])
    return 0.3 < (rises[1:] != rises[:-1]).mean() < 1 and early / 4 < late < 4 * early


def caption(run):
    """What one run did: its fate, and where its loss ends."""
    word = fate(run)
    if not np.isfinite(run.losses).all():
        lost = int(np.argmin(np.isfinite(run.losses)))
        return f"{word}; the loss is no number from epoch {run.epochs[lost]:g} on"
    return f"{word}; loss {said(run.losses[0])} → {said(run.final)}"


def said(loss):
    """A loss in words; what is rounding is not told from 0."""
    return "under 1e-12" if abs(loss) < 1e-12 else number(loss)
