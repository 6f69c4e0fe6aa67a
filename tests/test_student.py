"""The student edition: nothing given away, nothing overwritten, and it runs. EVERY_LESSON=1 runs all."""

import itertools
import os
import zipfile
from pathlib import Path

import nbformat
import pytest

import notebooks
import student

EVERY = bool(os.environ.get("EVERY_LESSON"))


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    folder = tmp_path_factory.mktemp("edition")
    student.make(folder)
    return folder


def test_it_holds_no_solution_no_output_and_no_note(edition):
    found = sorted(edition.glob("notebooks/*.ipynb"))
    assert [path.name for path in found] == [path.name for path in notebooks.form.lessons()]
    for path in found:
        for cell in nbformat.read(path, as_version=4).cells:
            assert "solution" not in cell.metadata.get("tags", [])
            assert not cell.get("outputs") and cell.get("execution_count") is None
            assert "Notes for the instructor" not in cell.source


def test_what_sets_it_up_is_inside(edition):
    for name in (
        "Makefile",
        "README.md",
        "LICENSE",
        "tools/setup",
        "tools/lab",
        "tools/locks/lab.txt",
        "lrcore/rules.py",
    ):
        assert (edition / name).exists(), name
    assert (edition / "data" / "school-district.csv").exists()


def test_the_zip_holds_the_folder_and_is_the_same_twice(edition, tmp_path):
    for name in ("one.zip", "two.zip"):
        student.pack(edition, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as pack:
        assert f"{student.NAME}/notebooks/01-fit-a-line.ipynb" in pack.namelist()


def test_a_students_work_is_not_overwritten(tmp_path, monkeypatch):
    monkeypatch.setattr(student, "TARGET", tmp_path)
    folder = tmp_path / student.NAME
    (folder / "notebooks").mkdir(parents=True)
    (folder / "notebooks" / "01-fit-a-line.ipynb").write_text("mine")
    with pytest.raises(SystemExit, match="somebody has worked"):
        student.main()
    assert (folder / "notebooks" / "01-fit-a-line.ipynb").read_text() == "mine"


def test_stopped_at_any_moment_it_is_made_again(tmp_path, monkeypatch):
    editions = itertools.count()

    def make(folder):
        (folder / "notebooks").mkdir()
        (folder / "notebooks" / "01-toy.ipynb").write_text(f"edition {next(editions)}")

    monkeypatch.setattr(student, "TARGET", tmp_path)
    monkeypatch.setattr(student, "make", make)
    steps = [(Path, "rename"), (Path, "replace"), (Path, "write_text"), (student.shutil, "rmtree")]
    for moment in range(100):
        left = iter(range(moment))

        def stops(real, left=left):
            def step(*given, **named):
                if next(left, None) is None:
                    raise KeyboardInterrupt
                return real(*given, **named)

            return step

        with monkeypatch.context() as patch:
            for owner, name in steps:
                patch.setattr(owner, name, stops(getattr(owner, name)))
            try:
                student.main()
                break
            except KeyboardInterrupt:
                pass
        student.main()
    assert 5 < moment < 99
    assert [path.name for path in tmp_path.glob("*/notebooks/*")] == ["01-toy.ipynb"]
    with zipfile.ZipFile(tmp_path / f"{student.NAME}.zip") as pack:
        assert pack.namelist() == [f"{student.NAME}/notebooks/01-toy.ipynb"]
        assert pack.read(pack.namelist()[0]).decode() == f"edition {next(editions) - 1}"


@pytest.mark.parametrize("number", [f"{n:02}" for n in range(8)] if EVERY else ["01"])
def test_it_runs_from_top_to_bottom(edition, number):
    (path,) = edition.glob(f"notebooks/{number}-*.ipynb")
    book = nbformat.read(path, as_version=4)
    notebooks.run(book, path.parent)
    for cell in book.cells:
        assert not any(output.get("name") == "stderr" for output in cell.get("outputs", []))
