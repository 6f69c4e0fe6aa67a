"""The data sets; data/README.md says where each number comes from."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "_data" if (HERE / "_data").is_dir() else HERE.parent / "data"  # installed, or in the course


class Dataset(NamedTuple):
    """Inputs X (n, k) and labels y (n,)."""

    X: np.ndarray
    y: np.ndarray


def line(n=4, noise=0.0, seed=0):
    """n points on y = 3x, x evenly from 1 to 4; `noise` is the standard deviation of what is added to y."""
    x = np.linspace(1, 4, n)
    return Dataset(x[:, None], 3 * x + noise * np.random.RandomState(seed).normal(size=n))


def school_district(split=0):
    """2000 houses at (x, y) on a unit map, labelled 1 where y > x + 0.5 before rounding, which 260 are.

    A number draws (train, validation) with 1600 and 400 houses, another number another split; None: all in one.
    """
    houses = _table("school-district.csv")
    if split is None:
        return Dataset(houses[:, :2].copy(), houses[:, 2].copy())
    order = np.random.RandomState(split).permutation(len(houses))
    return tuple(Dataset(houses[rows, :2], houses[rows, 2]) for rows in (order[:1600], order[1600:]))


def digits():
    """1797 handwritten digits of 8 × 8 pixels: X (1797, 64), row by row, 0 (paper) to 1 (ink); y (1797,), 0 to 9."""
    table = _table("digits.csv")
    return Dataset(table[:, :64] / 16, table[:, 64].astype(int))


@cache
def _table(name):
    return np.loadtxt(FOLDER / name, delimiter=",", skiprows=1)
