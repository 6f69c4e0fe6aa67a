"""Lesson 00's first check names what does not work, and what helps in the place where it runs."""

import builtins
import shutil

import numpy as np
import pytest

from lrcore import data
from lrlab.check import ability


def test_all_is_well_here():
    assert ability.installed() == "Everything is installed."


@pytest.mark.parametrize(
    ("package", "what"), [("anywidget", "Sliders cannot be made"), ("matplotlib", "Matplotlib does not draw")]
)
def test_a_package_that_is_missing_is_named(monkeypatch, package, what):
    there = builtins.__import__

    def without(name, *more, **named):
        if name.split(".")[0] == package:
            raise ModuleNotFoundError(f"No module named '{package}'")
        return there(name, *more, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    said = ability.installed()
    assert said.startswith(f"✗ {what} (No module named '{package}'). ") and "\n" not in said


def test_numpy_before_2_is_named(monkeypatch):
    # What NumPy 1.26 answers to lstsq without rcond.
    def old(*_):
        import warnings

        warnings.warn("`rcond` parameter will change", FutureWarning, stacklevel=2)

    monkeypatch.setattr("numpy.linalg.lstsq", old)
    assert ability.installed().startswith("✗ NumPy does not solve least squares as the lessons do (`rcond`")


def test_data_that_are_missing_or_damaged_are_named(monkeypatch, tmp_path):
    for name in ability.DIGESTS:
        shutil.copy(data.FOLDER / name, tmp_path)
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    assert ability.installed().startswith("Everything")
    with open(tmp_path / "digits.csv", "ab") as file:
        file.write(b"0,0,0\n")
    assert ability.installed().startswith("✗ The data sets are not as they should be (data/digits.csv was changed")
    (tmp_path / "digits.csv").unlink()
    assert "digits.csv" in ability.installed()


@pytest.mark.parametrize(
    ("name", "signs"),
    [
        ("laptop", {}),
        ("Colab", {"environ": {"COLAB_RELEASE_TAG": "release-colab"}}),
        ("Colab", {"modules": {"google.colab": None}}),
        ("Kaggle", {"environ": {"KAGGLE_KERNEL_RUN_TYPE": "Interactive"}}),
        ("Lite", {"platform": "emscripten"}),
        ("Binder", {"environ": {"BINDER_SERVICE_HOST": "x"}}),
        ("Binder", {"environ": {"BINDER_LAUNCH_HOST": "x", "JUPYTERHUB_USER": "y"}}),
        ("hub", {"environ": {"JUPYTERHUB_USER": "y"}}),
    ],
)
def test_the_place_is_known(name, signs, tmp_path):
    given = {"environ": {}, "modules": {}, "platform": "linux", "prefix": tmp_path}
    assert ability.place(**(given | signs)) == name


@pytest.mark.parametrize(("name", "sign"), [("conda", "conda-meta"), ("course", "lrcore-stamp")])
def test_the_environment_is_known(name, sign, tmp_path):
    (tmp_path / sign).mkdir()
    assert ability.place(environ={}, modules={}, platform="linux", prefix=tmp_path) == name


def test_every_place_has_its_advice():
    assert all(text.endswith((".", "lab", "environment.yml")) for text in ability.ADVICE.values())
    assert "%pip" in ability.ADVICE["Colab"] and "make" not in ability.ADVICE["hub"]


def test_numpy_that_solves_wrongly_is_named(monkeypatch):
    monkeypatch.setattr("numpy.linalg.lstsq", lambda *_: (np.array([3.5]), None))
    assert ability.installed().startswith("✗ NumPy does not solve least squares as the lessons do (AssertionError).")


def test_a_sign_that_cannot_be_drawn_is_named(monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("no font.\nAt all.")

    monkeypatch.setattr("matplotlib.mathtext.MathTextParser.parse", fails)
    assert ability.installed().startswith("✗ Matplotlib does not draw (no font. At all). ")


def test_an_error_without_words_is_named_by_its_kind():
    def fails():
        raise KeyError

    assert ability.installed({"It fails": fails}).startswith("✗ It fails (KeyError). ")
    assert ability.installed({"It works": lambda: None}) == "Everything is installed."
