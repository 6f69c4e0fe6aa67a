"""The data sets: loaded, checked, and how each is made.

line()             four points on y = 3x, or n of them with noise
school_district()  2000 houses on a map, 260 in the district
digits()           1797 handwritten digits of 8 × 8 pixels
long_runs()        losses of 30 × 4 runs of 6000 epochs on the school district, computed beforehand
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lrlab.expect import generator, number, whole

FOLDER = Path(__file__).resolve().parent.parent / "data"
FILES = {  # name: (SHA-256 of the file, lines in it)
    "school-district.csv": ("85031afba4866da42aaff595938f304941aa4010fffa266587b926cb70caef02", 2001),
    "digits.csv": ("5677c346137ec9482fc08c632270c352a08574039b8fe61793d72ec2ec64ad94", 1798),
    "long-runs.csv": ("840be15524ab4f296700e2b63bc3a1a3f5c25d0d13defabed1b9e77944b400ac", 8881),
    "claims.csv": ("9d71bd706692419e9d527073468ebfc59b588ec0e250a5810c3697ac810be202", 37),
}
BYTE_ORDER_MARK = "\ufeff"


class Dataset(NamedTuple):
    """Inputs X (n, k) and labels y (n,)."""

    X: np.ndarray
    y: np.ndarray


def line(n=4, noise=0.0, seed=0):
    """n points on y = 3x, x evenly from 1 to 4; `noise`: standard deviation of what is added to y."""
    n = whole("line: n", n, 2, 10**7)
    noise = number("line: noise", noise, "a standard deviation, 0 or more", 0, 1e300)
    noise = noise * generator("line: seed", seed).normal(size=n)
    x = np.linspace(1, 4, n)
    return Dataset(x[:, None], 3 * x + noise)


def school_district(split=0):
    """2000 houses at (x, y) on a unit map, labelled 1 where y > x + 0.5, 260 of them.

    A number draws (train, validation) with 1600 and 400 houses, another number another split.
    None gives all 2000 in one Dataset.
    """
    table = _table("school-district.csv")
    houses = Dataset(table[:, :2].copy(), table[:, 2].copy())
    if split is None:
        return houses
    order = generator("school_district: split", split).permutation(len(table))
    return tuple(Dataset(houses.X[rows], houses.y[rows]) for rows in (order[:1600], order[1600:]))


def digits():
    """1797 handwritten digits: X (1797, 64), row by row, 0 (paper) to 1 (ink); y (1797,), 0 to 9."""
    table = _table("digits.csv")
    return Dataset(table[:, :64] / 16, table[:, 64].astype(int))


class LongRuns(NamedTuple):
    """Runs of rate (r,) at epochs (c,): losses and accuracy (seeds, r, c), on the training houses."""

    rate: np.ndarray
    epochs: np.ndarray
    losses: np.ndarray
    accuracy: np.ndarray


def long_runs():
    """School-district runs too long for a lesson; seed s is school_district(split=s), shuffled by s, batches of 10.

    `make long-runs` computes them (tools/long_runs.py).
    """
    table = _table("long-runs.csv")
    rate, seeds, epochs = (np.unique(table[:, k]) for k in range(3))
    losses, accuracy = table[:, 3:].T.reshape(2, len(seeds), len(rate), len(epochs))
    return LongRuns(rate, epochs, losses, accuracy)


def make_school_district():
    """The recipe of the school-district chapter (DLBasic, 5.5), as the text of the CSV file.

    NumPy's legacy generator, seed 10: 2000 x, then 2000 y, uniform from 0 to 1. Labels are taken from the
    full-precision values, then the coordinates are rounded to two decimals.
    """
    draw = np.random.RandomState(10)
    x, y = draw.uniform(0, 1, 2000), draw.uniform(0, 1, 2000)
    rows = (f"{a:.2f},{b:.2f},{int(b > a + 0.5)}\n" for a, b in zip(x, y, strict=True))
    return "x,y,in_district\n" + "".join(rows)


def make_digits():
    """The UCI digits from the copy that scikit-learn carries, as the text of the CSV file."""
    from sklearn.datasets import load_digits

    found = load_digits()
    head = ",".join([f"pixel{i}" for i in range(64)] + ["digit"])
    table = np.column_stack([found.data, found.target]).astype(int)
    return head + "\n" + "".join(",".join(map(str, row)) + "\n" for row in table.tolist())


RECIPES = {"school-district.csv": make_school_district, "digits.csv": make_digits}


def _table(name):
    """The file's numbers."""
    checked(name)
    return _parsed(name, FILES[name][0])


def checked(name):
    """The file's text, if the file is the one that was committed; one sentence with the remedy otherwise."""
    maker = {"claims.csv": "", "long-runs.csv": "long-runs"}.get(name, "data")
    again = f", or make it again with `make {maker}`" if maker else ""
    remedy = f"Bring it back with `git checkout -- data/{name}`{again}."
    try:
        content = (FOLDER / name).read_bytes()
    except OSError:
        raise FileNotFoundError(f"data/{name} is missing or cannot be read. {remedy}") from None
    digest, lines = FILES[name]
    import hashlib  # only here: it is slow to import

    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError(f"data/{name} {_what_is_wrong(content, lines)}. {remedy}")
    return content.decode()


def _what_is_wrong(content, lines):
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = BYTE_ORDER_MARK
    if text.startswith(BYTE_ORDER_MARK):
        return "is not the plain text that was committed (was it saved in another encoding?)"
    if b"\r" in content:
        return "has Windows line ends"
    found = content.count(b"\n")
    if found < lines:
        return f"is truncated: {found} lines of {lines}"
    return (
        f"has {found} lines in place of {lines}" if found > lines else "was edited: its content has changed"
    )


@cache
def _parsed(name, digest):
    table = np.loadtxt(FOLDER / name, delimiter=",", skiprows=1)
    table.flags.writeable = False
    return table
