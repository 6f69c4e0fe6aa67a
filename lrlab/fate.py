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
    losses, w = run.losses, run.weights
    if not (np.isfinite(losses).all() and np.isfinite(w).all()):
        return "diverges"
    steps = np.diff(w, axis=0)
    size = np.linalg.norm(steps, axis=1)
    if len(steps) < 2 or not size.any():
        return "settles" if not size.any() else "diverges" if losses[-1] > losses[0] else "creeps"
    turned = _turned(steps, size)
    rises = np.diff(losses) > 1e-9 * np.maximum(losses[:-1], 1e-300)
    if turned[-max(len(turned) // 4, 1) :].all():  # it still swings, each step against the one before
        first = int(np.argmax(turned))
        growth = size[-1] / size[first] - 1
        if abs(growth) < ALIKE:
            return "swings without gain"
        return "diverges" if growth > 0 else "swings, and settles"
    if losses[-1] > losses[0]:
        return "diverges"
    if _noisy(losses, turned):
        return "hovers"
    if turned.any() or (rises.any() and _falls_again(losses)):
        return "swings, and settles"
    tenth = w[-max(len(w) // 10, 2) :]
    way = np.linalg.norm(w - w[0], axis=1).max()
    return "settles" if np.linalg.norm(tenth - tenth[-1], axis=1).max() < STILL * way else "creeps"


def _turned(steps, size):
    """Which steps go against the one before (c − 2,); what is rounding beside the longest step does not count."""
    seen = np.minimum(size[:-1], size[1:]) > 1e-9 * size.max()
    return ((steps[1:] * steps[:-1]).sum(axis=1) < 0) & seen


def _falls_again(losses):
    """Whether the loss falls again after it rose."""
    low = np.minimum.accumulate(losses)
    rose = int(np.argmax(losses > low * (1 + 1e-3) + 1e-300))
    return losses[rose] > low[rose] and losses[rose:].min() < losses[rose]


def _noisy(losses, turned):
    """Whether the last quarter goes up and down without a rhythm, and without a trend."""
    tail = losses[-max(len(losses) // 4, 8) :]
    changes = np.diff(tail)
    share = (changes > 1e-3 * np.abs(tail[:-1])).mean()
    late, early = np.median(tail[len(tail) // 2 :]), np.median(tail[: len(tail) // 2])
    return 0.15 < share < 0.85 and 0.5 * early < late < 2 * early and not turned[-len(tail) + 1 :].all()


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
