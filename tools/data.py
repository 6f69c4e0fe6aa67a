"""Make data/school-district.csv and data/digits.csv again, byte for byte: `make data`."""

import hashlib

import numpy as np

from lrcore import data
from lrlab.check.ability import DIGESTS


def school_district():
    """The recipe of the school-district chapter (DLBasic, 5.5), as the text of the CSV file.

    NumPy's legacy generator, seed 10: 2000 x, then 2000 y, uniform from 0 to 1. Labels are taken from the
    full-precision values, then the coordinates are rounded to two decimals.
    """
    draw = np.random.RandomState(10)
    x, y = draw.uniform(0, 1, 2000), draw.uniform(0, 1, 2000)
    rows = (f"{a:.2f},{b:.2f},{int(b > a + 0.5)}\n" for a, b in zip(x, y, strict=True))
    return "x,y,in_district\n" + "".join(rows)


def digits():
    """The UCI digits from the copy that scikit-learn carries, as the text of the CSV file."""
    from sklearn.datasets import load_digits

    found = load_digits()
    head = ",".join([f"pixel{i}" for i in range(64)] + ["digit"])
    table = np.column_stack([found.data, found.target]).astype(int)
    return head + "\n" + "".join(",".join(map(str, row)) + "\n" for row in table.tolist())


RECIPES = {"school-district.csv": school_district, "digits.csv": digits}

if __name__ == "__main__":
    for name, recipe in RECIPES.items():
        content = recipe().encode()
        (data.FOLDER / name).write_bytes(content)
        same = hashlib.sha256(content).hexdigest() == DIGESTS[name]
        print(f"data/{name}: {'as committed' if same else 'DIFFERENT from lrlab/check/ability.py'}")
