"""The course as an installed package: the wheel and an editable copy, used from another folder."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile

import pytest

from conftest import ROOT

PARTS = "lrcore", "lrlab", "data"
# What a learner's first cells do, away from the course's folder; prints where the code and the data are.
USE = """
import lrcore, lrlab
from lrcore import data
from lrlab import check, explore, plots
assert data.line().X.shape == (4, 1)
assert data.school_district(split=None).X.shape == (2000, 2) and data.school_district(split=None).y.sum() == 260
assert data.digits().X.shape == (1797, 64)
print(lrcore.__file__, lrlab.__file__, data.FOLDER, sep="\\n")
print(*sorted(path.name for path in data.FOLDER.iterdir()))
"""


def run(*command, cwd):
    """Run a command away from the course, in no environment but its own; returns what it said."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
    said = subprocess.run(list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8")
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the files that the package is made of, under a path with a space and letters beyond ASCII."""
    folder = tmp_path_factory.mktemp("place") / "a course é 课"
    folder.mkdir()
    for name in PARTS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in "pyproject.toml", "LICENSE":
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def fresh(tmp_path):
    """The Python of a new environment: it has the packages of this one, and neither lrcore nor lrlab."""
    run(sys.executable, "-m", "uv", "venv", "--quiet", "--python", sys.executable, "fresh", cwd=tmp_path)
    (site,) = (tmp_path / "fresh").glob("lib/python*/site-packages")
    (site / "others.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return tmp_path / "fresh" / "bin" / "python"


def install(python, *what):
    """Install without the network, with the build backend that is here."""
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--offline", "--no-deps"]
    run(*command, "--no-build-isolation", "--python", python, *what, cwd=python.parents[2])


def test_the_wheel_works_anywhere(copy, fresh, tmp_path):
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=copy)
    (wheel,) = tmp_path.glob("*.whl")
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    files = {part: [p for p in (copy / part).rglob("*") if p.is_file()] for part in PARTS}
    wanted = [str(p.relative_to(copy)) for part in ("lrcore", "lrlab") for p in files[part]]
    wanted += [f"lrcore/_data/{p.relative_to(copy / 'data')}" for p in files["data"]]
    assert sorted(names) == sorted(wanted)  # each file once, nothing else

    install(fresh, wheel)
    core, lab, folder, data = run(fresh, "-c", USE, cwd=tmp_path).splitlines()
    inside = str(tmp_path / "fresh")
    assert core.startswith(inside) and lab.startswith(inside) and folder.startswith(inside)
    assert data.split() == sorted(p.name for p in (ROOT / "data").iterdir())


def test_an_editable_copy_reads_its_own_data(copy, fresh, tmp_path):
    install(fresh, "-e", copy)
    core, lab, folder, _ = run(fresh, "-c", USE, cwd=tmp_path).splitlines()
    assert core.startswith(str(copy)) and lab.startswith(str(copy))
    assert folder == str(copy / "data")
