"""The data sets: the courses' counts, made again byte for byte, and files that were damaged."""

import shutil

import numpy as np
import pytest

from lrcore import data, digits, line, school_district
from lrlab.ledger import Ledger

ORIGINAL = data.FOLDER


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
    for name, recipe in data.RECIPES.items():
        assert recipe().encode() == (data.FOLDER / name).read_bytes(), name


def test_every_file_is_named_with_its_digest_and_has_plain_line_ends():
    assert {path.name for path in data.FOLDER.glob("*.csv")} >= set(data.FILES)
    for name, (_, lines) in data.FILES.items():
        content = (data.FOLDER / name).read_bytes()
        assert content.count(b"\n") == lines and b"\r" not in content and content.decode()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of data/ to damage."""
    copy = tmp_path / "data"
    shutil.copytree(data.FOLDER, copy)
    monkeypatch.setattr(data, "FOLDER", copy)
    return copy


DAMAGE = {
    "missing": (lambda text: None, "is missing or cannot be read"),
    "empty": (lambda text: b"", "is truncated: 0 lines of"),
    "truncated": (lambda text: text[: len(text) // 2], "is truncated: .* lines of"),
    "without its last line end": (lambda text: text[:-1], "is truncated: .* lines of"),
    "with Windows line ends": (lambda text: text.replace(b"\n", b"\r\n"), "has Windows line ends"),
    "in UTF-16": (lambda text: text.decode().encode("utf-16"), "is not the plain text that was committed"),
    "with a byte-order mark": (
        lambda text: b"\xef\xbb\xbf" + text,
        "is not the plain text that was committed",
    ),
    "with one digit changed": (
        lambda text: text[:-3] + b"7" + text[-2:],
        "was edited: its content has changed",
    ),
    "with two lines swapped": (
        lambda text: b"\n".join([*text.split(b"\n")[:1], *text.split(b"\n")[2:0:-1], *text.split(b"\n")[3:]]),
        "was edited: its content has changed",
    ),
    "with a line more": (lambda text: text + b"0,0,0\n", "has .* lines in place of"),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize(
    ("name", "load", "again"),
    [
        ("school-district.csv", school_district, ", or make it again with `make data`"),
        ("digits.csv", digits, ", or make it again with `make data`"),
        ("long-runs.csv", data.long_runs, ", or make it again with `make long-runs`"),
        ("claims.csv", Ledger, ""),
    ],
)
def test_a_damaged_file_is_named_with_the_remedy(folder, name, load, again, damage):
    load()  # also when it was loaded before
    break_, what = DAMAGE[damage]
    content = break_((folder / name).read_bytes())
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    remedy = rf"\. Bring it back with `git checkout -- data/{name}`{again}\.$"
    with pytest.raises((ValueError, FileNotFoundError), match=f"^data/{name} {what}.*{remedy}"):
        load()
    shutil.copy(ORIGINAL / name, folder)
    load()


def test_a_folder_in_the_file_s_place_is_named_too(folder):
    (folder / "digits.csv").unlink()
    (folder / "digits.csv").mkdir()
    with pytest.raises(FileNotFoundError, match=r"^data/digits\.csv is missing or cannot be read"):
        digits()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: line(1), "^line: n takes a whole number from 2 to 10000000, got 1$"),
        (lambda: line(2.5), "^line: n takes a whole number"),
        (lambda: line(4, noise=-1), "^line: noise takes a standard deviation, 0 or more, got -1$"),
        (lambda: line(4, noise=[1, 2]), "^line: noise takes a standard deviation"),
        (lambda: line(4, seed=-1), "^line: seed takes a whole number from 0 to 4294967295, got -1$"),
        (lambda: school_district(-1), "^school_district: split takes a whole number from 0"),
        (lambda: school_district("a"), "^school_district: split takes a whole number"),
        (lambda: school_district(2**32), "^school_district: split takes a whole number"),
    ],
)
def test_a_mistake_is_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
