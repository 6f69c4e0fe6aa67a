"""The data sets: the courses' counts, made again byte for byte."""

import hashlib
import importlib.util

import numpy as np
import pytest

from conftest import ROOT
from lrcore import data, digits, line, school_district
from lrlab.check import ability

spec = importlib.util.spec_from_file_location("recipes", ROOT / "tools" / "data.py")
recipes = importlib.util.module_from_spec(spec)
spec.loader.exec_module(recipes)


def test_the_four_points():
    X, y = line()
    assert X.tolist() == [[1], [2], [3], [4]] and y.tolist() == [3, 6, 9, 12]


def test_a_noisy_line():
    X, y = line(2000, noise=0.5, seed=1)
    assert X.shape == (2000, 1) and y.shape == (2000,) and X[0] == 1 and X[-1] == 4
    np.testing.assert_allclose(np.diff(X[:, 0]), 3 / 1999)
    noise = y - 3 * X[:, 0]
    assert noise.std() == pytest.approx(0.5, rel=0.05) and abs(noise.mean()) < 0.05
    assert (line(2000, 0.5, 1).y == y).all() and (line(2000, 0.5, 2).y != y).all()
    np.testing.assert_allclose(line(2000, 1.0, 1).y - 3 * X[:, 0], 2 * noise)
    np.testing.assert_allclose(line(5, 2.0).y, 3 * np.linspace(1, 4, 5) + 2 * np.random.RandomState(0).normal(size=5))


def test_the_houses():
    houses = school_district(split=None)
    assert houses.X.shape == (2000, 2) and houses.y.sum() == 260 and set(houses.y) == {0, 1}
    assert houses.X.min() >= 0 and houses.X.max() <= 1
    np.testing.assert_array_equal(houses.X, houses.X.round(2))
    clear = np.abs(houses.X[:, 1] - houses.X[:, 0] - 0.5) > 0.01 + 1e-9  # farther from the line than rounding goes
    above = houses.X[:, 1] > houses.X[:, 0] + 0.5
    assert (above == houses.y)[clear].all() and clear.sum() > 1900


def test_the_houses_are_those_of_the_recipe():
    draw = np.random.RandomState(10)
    x, y = draw.uniform(0, 1, 2000), draw.uniform(0, 1, 2000)
    houses = school_district(split=None)
    np.testing.assert_allclose(houses.X, np.column_stack([x, y]), atol=0.005 + 1e-12)
    np.testing.assert_array_equal(houses.y, y > x + 0.5)


def test_a_split_shares_out_every_house_once():
    whole = school_district(split=None)
    seen = []
    for split in (0, 1, 2**32 - 1):
        train, validation = school_district(split)
        assert train.X.shape == (1600, 2) and validation.X.shape == (400, 2)
        rows = np.column_stack([np.concatenate(both) for both in zip(train, validation, strict=True)])
        order = np.lexsort(np.column_stack([*whole]).T)
        np.testing.assert_array_equal(rows[np.lexsort(rows.T)], np.column_stack([*whole])[order])
        seen.append(train.X)
    assert not (seen[0] == seen[1]).all() and (school_district(1)[0].X == seen[1]).all()
    assert (school_district()[0].X == seen[0]).all()


def test_the_digits():
    X, y = digits()
    assert X.shape == (1797, 64) and X.min() == 0 and X.max() == 1
    assert np.bincount(y).tolist() == [
        178,
        182,
        177,
        183,
        181,
        182,
        181,
        179,
        174,
        180,
    ]  # scikit-learn's own table
    sklearn = pytest.importorskip("sklearn.datasets").load_digits()
    np.testing.assert_array_equal(X * 16, sklearn.data)
    np.testing.assert_array_equal(y, sklearn.target)


def test_what_was_loaded_can_be_written_to_without_harm():
    for load in (lambda: school_district(None), lambda: school_district()[0], digits):
        load().X[:] = -1
        load().y[:] = 1
        assert load().X.min() == 0 and load().y.min() == 0


def test_each_file_is_made_again_byte_for_byte():
    pytest.importorskip("sklearn")
    for name, recipe in recipes.RECIPES.items():
        content = (data.FOLDER / name).read_bytes()
        assert recipe().encode() == content, name
        assert hashlib.sha256(content).hexdigest() == ability.DIGESTS[name]


def test_every_table_has_plain_line_ends_and_a_line_in_the_readme():
    readme = (data.FOLDER / "README.md").read_text(encoding="utf-8")
    for path in data.FOLDER.iterdir():
        content = path.read_bytes()
        if path.suffix == ".csv":
            assert content.endswith(b"\n") and b"\r" not in content and content.decode("utf-8")
        assert path.name == "README.md" or f"`{path.name}`" in readme


@pytest.mark.parametrize(
    "call",
    [
        lambda: line(-1),
        lambda: line(2.5),
        lambda: line("a"),
        lambda: line(4, noise=[1, 2]),
        lambda: line(4, seed=-1),
        lambda: school_district(-1),
        lambda: school_district("a"),
        lambda: school_district(2**32),
    ],
)
def test_a_mistake_is_an_error(call):
    with pytest.raises((ValueError, TypeError)):
        call()
