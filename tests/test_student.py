"""The student edition: nothing given away, and what it says can be typed there."""

import os
import re
import subprocess
import zipfile

import nbformat
import pytest

import form
import notebooks
import student

EVERY = bool(os.environ.get("EVERY_LESSON"))


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    """The zip, unpacked as a student would, its path with a space."""
    folder = tmp_path_factory.mktemp("my course")
    student.pack(folder / "one.zip")
    subprocess.run(["unzip", "-q", "one.zip"], cwd=folder, check=True)
    return folder / student.NAME


def make(folder, target, **env):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(["make", target], cwd=folder, env={**kept, **env}, capture_output=True, text=True)


def test_it_holds_lessons_and_no_solutions_notes_or_tests(edition):
    lessons = [path.name for path in form.lessons()]
    assert sorted(path.name for path in (edition / "notebooks").iterdir()) == lessons
    assert sorted(path.name for path in edition.rglob("*.ipynb")) == sorted(2 * lessons)
    assert {path.name for path in edition.iterdir()} == set(
        "LICENSE Makefile README.md data environment.yml lrcore lrlab notebooks pyproject.toml tools".split()
    )
    assert not {".mine", ".votes"} & {path.name for path in edition.rglob("*")}


def test_the_zip_is_the_same_twice(tmp_path):
    for name in ("one.zip", "two.zip"):
        student.pack(tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert (tmp_path / "one.zip").stat().st_size < 10e6
    with zipfile.ZipFile(tmp_path / "one.zip") as pack:
        assert {name.split("/")[0] for name in pack.namelist()} == {student.NAME}


def test_every_make_that_a_lesson_or_the_readme_names_is_there(edition):
    said = (edition / "README.md").read_text(encoding="utf-8")
    for path in form.lessons():
        book = nbformat.read(path, as_version=4)
        said += "\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")
    named = set(re.findall(r"`make ([a-z][a-z-]*)|^ {4}make ([a-z][a-z-]*)", said, re.MULTILINE))
    named = {one or other for one, other in named}
    offered = make(edition, "help").stdout
    assert {"lab", "restore", "update"} <= named
    assert not [target for target in named if f"make {target} " not in offered]


def test_restore_gives_a_lesson_back_and_keeps_mine(edition):
    lesson = edition / "notebooks" / "01-fit-a-line.ipynb"
    before = lesson.read_bytes()
    assert "as it was" in make(edition, "restore", LESSON="01").stdout
    lesson.write_text("my answers")
    done = make(edition, "restore", LESSON="01")
    assert done.returncode == 0, done.stderr
    assert lesson.read_bytes() == before
    (mine,) = lesson.parent.glob("*.mine-*")
    assert mine.read_text() == "my answers"
    mine.unlink()


def test_update_says_what_to_do(edition):
    done = make(edition, "update")
    assert done.returncode != 0
    assert "get the newest one" in done.stderr


@pytest.mark.parametrize("number", [path.stem[:2] for path in form.lessons()] if EVERY else ["00"])
def test_it_runs_from_top_to_bottom(edition, number):
    (path,) = edition.glob(f"notebooks/{number}-*.ipynb")
    book = nbformat.read(path, as_version=4)
    notebooks.run(book, path.parent)
    for cell in book.cells:
        assert not any(output.get("name") == "stderr" for output in cell.get("outputs", []))
