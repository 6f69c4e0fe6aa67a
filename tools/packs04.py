"""Lesson 04: bands of twenty seeds for each schedule, and its contest. Some minutes on one core."""

import numpy as np

from lrcore.data import FOLDER
from lrlab import study04 as study


def keep(**arrays):
    """Put arrays into data/schedules.npz, beside those that it has."""
    path = FOLDER / "schedules.npz"
    known = dict(np.load(path)) if path.exists() else {}
    np.savez_compressed(path, **known | arrays)


def bands():
    """Quantiles and late losses of every shape and share, in hundredths of a decade."""
    quantiles, late = [], []
    for name in study.SHAPES:
        for share in study.SHARES.values():
            if name != "constant" or not quantiles:
                found = study.band(study.RATES, name, share)
            quantiles.append(found.quantiles)
            late.append(found.late)
        print(name, flush=True)
    hundredths = (np.round(100 * np.log10(values)).astype(np.int16) for values in (quantiles, late))
    keep(**dict(zip(("quantiles", "late"), hundredths, strict=True)))


def contest():
    """The last losses of all seeds of the contests, in parts of a decade."""
    seeds = range(study.CONTESTS * (study.CHOOSE + study.JUDGE))
    keep(contest=np.round(study.LOSS * np.log10([study.contest_of(seed) for seed in seeds])).astype(np.int16))


PARTS = {"bands": bands, "contest": contest}
