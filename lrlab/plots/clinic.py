"""Eight runs without a label, for the clinic of lesson 07."""

import numpy as np

from ..figure import drawing, number, tell
from .curves import COLOURS


@drawing(panels=(4, 2), size=(1080, 560))
def clinic(patients, ax=None):
    """Loss against epoch in small panels: {letter: (data, how, epochs (c,), losses (c,), fact)}."""
    for k, (each, (name, (data, how, epochs, losses, fact))) in enumerate(zip(ax, patients.items(), strict=True)):
        finite = np.isfinite(losses)
        mark = "" if finite.all() else "."
        each.plot(epochs, np.where(finite, losses, np.nan), color=COLOURS[0], lw=2, marker=mark)
        high = losses[finite].max()
        each.set(yscale="log", xlim=(0, epochs[-1]), ylim=(min(losses[finite].min(), high / 50) / 2, high * 2))
        ends = f"{number(losses[0])} → {number(losses[-1])}"
        alt = f"{name}: {data}, {how}. Loss {ends}. At the end: {fact}."
        tell(each, f"{name}: {data}", alt, x="epoch" * (k > 3), y="loss" * (k % 4 == 0))
