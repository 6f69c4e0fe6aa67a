"""A learner's work survives: one lesson back as it was, the newest course, and make clean."""

import json
import os
import shutil
import subprocess

import pytest

from conftest import ROOT

LESSONS = ["01-fit-a-line", "02-school-district"]


def git(folder, *words):
    who = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout


def make(folder, target, lesson="", said=""):
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    env |= {"LESSON": lesson, "FORCE": ""}
    # A session of its own: some of these tests stop make and all that it started.
    return subprocess.run(
        ["make", target], cwd=folder, env=env, input=said, capture_output=True, text=True, start_new_session=True
    )


@pytest.fixture
def course(tmp_path):
    """A learner's clone, its path with a space, both lessons edited; the origin is its sibling."""
    origin = tmp_path / "origin"
    (origin / "notebooks").mkdir(parents=True)
    shutil.copytree(ROOT / "tools", origin / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in "Makefile", ".gitignore", ".gitattributes":
        shutil.copy(ROOT / name, origin / name)
    for name in LESSONS:
        (origin / "notebooks" / f"{name}.ipynb").write_text(f"{name}, first edition\n")
    git(origin, "init")
    git(origin, "add", ".")
    git(origin, "commit", "-m", "first edition")
    git(tmp_path, "clone", "origin", "my course é")
    course = tmp_path / "my course é"
    for name in LESSONS:
        (course / "notebooks" / f"{name}.ipynb").write_text("my answers\n")
    return course


def held(course):
    """What notebooks/ holds, by name, without the time in a kept lesson's name."""
    books = sorted((course / "notebooks").iterdir())
    return {path.name.split("-2")[0]: path.read_text() for path in books}


def new_edition(course):
    origin = course.parent / "origin"
    for name in LESSONS:
        (origin / "notebooks" / f"{name}.ipynb").write_text(f"{name}, second edition\n")
    git(origin, "commit", "-am", "second edition")


def test_one_lesson_back_and_no_other(course):
    said = make(course, "restore", "01")
    assert said.returncode == 0, said.stderr
    assert held(course) == {
        "01-fit-a-line.ipynb": "01-fit-a-line, first edition\n",
        "01-fit-a-line.mine": "my answers\n",
        "02-school-district.ipynb": "my answers\n",
    }


def test_a_deleted_lesson_comes_back(course):
    (course / "notebooks" / "02-school-district.ipynb").unlink()
    assert make(course, "restore", "02").returncode == 0
    assert held(course)["02-school-district.ipynb"] == "02-school-district, first edition\n"


@pytest.mark.parametrize("lesson", ["", "09", "0"])
def test_restore_wants_one_lesson(course, lesson):
    before = held(course)
    said = make(course, "restore", lesson)
    assert said.returncode != 0
    assert len([line for line in said.stderr.splitlines() if not line.startswith("make")]) == 1
    assert held(course) == before


def test_update_keeps_the_edits_of_every_lesson(course):
    new_edition(course)
    said = make(course, "update")
    assert said.returncode == 0, said.stderr
    assert held(course) == {
        **{f"{name}.ipynb": f"{name}, second edition\n" for name in LESSONS},
        **{f"{name}.mine": "my answers\n" for name in LESSONS},
    }
    assert git(course, "status", "--porcelain") == ""


def test_staged_edits_are_kept_too(course):
    new_edition(course)
    git(course, "add", ".")
    assert make(course, "update").returncode == 0
    assert held(course)["01-fit-a-line.mine"] == "my answers\n"
    assert held(course)["01-fit-a-line.ipynb"] == "01-fit-a-line, second edition\n"
    assert git(course, "status", "--porcelain") == ""


@pytest.mark.parametrize("how", ["KILL", "TERM"])
def test_an_update_stopped_while_git_writes_is_begun_again(course, how):
    new_edition(course)
    first, second = (course / "notebooks" / f"{name}.ipynb" for name in LESSONS)
    attributes = course / ".git" / "info" / "attributes"
    attributes.write_text("02-*.ipynb filter=stop\n")
    git(course, "config", "filter.stop.smudge", f"kill -s {how} 0")
    assert make(course, "update").returncode != 0
    assert first.read_text() == "01-fit-a-line, second edition\n"
    assert not second.exists()
    assert set(held(course).values()) == {first.read_text(), "my answers\n"}
    assert "first" in git(course, "log", "-1", "--format=%s")
    attributes.unlink()
    first.write_text("01-fit-a-line, sec")  # git was stopped in the middle of a file
    second.write_text("more answers\n")
    said = make(course, "update")
    assert said.returncode == 0, said.stderr
    assert {name: text for name, text in held(course).items() if ".mine" not in name} == {
        f"{name}.ipynb": f"{name}, second edition\n" for name in LESSONS
    }
    kept = sorted(path.read_text() for path in (course / "notebooks").glob("*.mine-*"))
    assert kept == ["more answers\n", "my answers\n", "my answers\n"]
    assert git(course, "status", "--porcelain") == ""


def test_update_without_a_network_changes_nothing(course):
    new_edition(course)
    (course.parent / "origin").rename(course.parent / "away")
    before = held(course)
    said = make(course, "update")
    assert said.returncode != 0
    assert "network" in said.stderr
    assert held(course) == before


def test_update_beside_commits_of_ones_own_changes_nothing(course):
    new_edition(course)
    git(course, "commit", "-am", "my answers")
    before = held(course)
    said = make(course, "update")
    assert said.returncode != 0
    assert "commits of your own" in said.stderr
    assert held(course) == before


def test_clean_leaves_notebooks_and_data(course):
    before = held(course)
    (course / "data").mkdir()
    (course / "data" / "digits.csv").write_text("1\n")
    for name in ".venv", "build", "lrcore/__pycache__":
        (course / name).mkdir(parents=True)
    for name in "01-fit-a-line.ipynb.part", ".01-fit-a-line.x7k.part":  # of a run that was stopped
        (course / "notebooks" / name).write_text("half")
    assert git(course, "status", "--porcelain", "notebooks").count("\n") == len(LESSONS)
    assert make(course, "clean").returncode == 0
    assert held(course) == before
    assert (course / "data" / "digits.csv").exists()
    assert not (course / ".venv").exists() and not (course / "build").exists()


def test_a_clean_that_is_stopped_leaves_nothing_half(course, tmp_path):
    (course / ".venv").mkdir()
    (course / ".venv" / "lrcore-stamp").write_text("dev\n")
    fake = tmp_path / "bin"
    fake.mkdir()
    # Stopped when it removes what it has renamed.
    (fake / "rm").write_text('#!/bin/sh\n[ ! -e .clean.part ] || kill -s KILL 0\nexec /bin/rm "$@"\n')
    (fake / "rm").chmod(0o755)
    path = f"{fake}{os.pathsep}{os.environ['PATH']}"
    stopped = subprocess.run(["make", "clean"], cwd=course, env={**os.environ, "PATH": path}, start_new_session=True)
    assert stopped.returncode != 0
    assert not (course / ".venv").exists()
    assert make(course, "clean").returncode == 0
    assert not (course / ".clean.part").exists()


def notebook(*sources, **saved):
    """A notebook's text; `saved` is what running and saving it leave in each code cell."""
    cells = [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Toy"}]
    cells += [
        {"cell_type": "code", "id": f"cell-{i}", "metadata": {}, "source": source, "outputs": [], **saved}
        for i, source in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


RAN = {"execution_count": 7, "metadata": {"collapsed": False}, "outputs": [{"output_type": "stream", "text": "ran"}]}


@pytest.fixture
def ran(course):
    """A learner's clone whose first lesson is a notebook that was run, and nothing else."""
    origin = course.parent / "origin"
    (origin / "notebooks" / f"{LESSONS[0]}.ipynb").write_text(notebook("a = ...", "b = 2"))
    git(origin, "commit", "-am", "a notebook")
    git(course, "checkout", ".")
    git(course, "pull", "--ff-only")
    (course / "notebooks" / f"{LESSONS[0]}.ipynb").write_text(notebook("a = ...", "b = 2", **RAN))
    return course


def kept(course):
    return sorted(path.read_text() for path in (course / "notebooks").glob("*.mine-*"))


@pytest.mark.parametrize("target", ["restore", "update"])
def test_a_lesson_that_was_only_run_leaves_no_copy(ran, target):
    new_edition(ran)
    assert make(ran, target, "01").returncode == 0
    assert kept(ran) == []
    text = (ran / "notebooks" / "01-fit-a-line.ipynb").read_text()
    assert text == (notebook("a = ...", "b = 2") if target == "restore" else "01-fit-a-line, second edition\n")


WRITTEN = {
    "an answer": notebook("a = 3", "b = 2", **RAN),
    "another order": notebook("b = 2", "a = ...", **RAN),
    "a cell more": notebook("a = ...", "b = 2", "c = 3", **RAN),
    "a cell less": notebook("a = ...", **RAN),
    "no notebook": "half of it",
    "a cell of another kind": notebook("a = ...", "b = 2", **RAN).replace('"markdown"', '"raw"'),
}


@pytest.mark.parametrize("what", WRITTEN)
@pytest.mark.parametrize("target", ["restore", "update"])
def test_what_a_person_wrote_is_kept(ran, target, what):
    new_edition(ran)
    (ran / "notebooks" / "01-fit-a-line.ipynb").write_text(WRITTEN[what])
    assert make(ran, target, "01").returncode == 0
    assert kept(ran) == [WRITTEN[what]]


def brought(course):
    """The next edition has a lesson 03, and so has the learner."""
    origin = course.parent / "origin"
    (origin / "notebooks" / "03-six-rates.ipynb").write_text("03, second edition\n")
    git(origin, "add", ".")
    git(origin, "commit", "-m", "a new lesson")
    mine = course / "notebooks" / "03-six-rates.ipynb"
    mine.write_text("my own 03\n")
    return mine


@pytest.mark.parametrize("said", ["", "n\n", "\n", "what?\n"])
def test_an_update_over_a_file_of_ones_own_asks_first(course, said):
    brought(course)
    before = held(course)
    done = make(course, "update", said=said)
    assert done.returncode != 0
    assert "notebooks/03-six-rates.ipynb" in done.stdout and "Nothing was changed." in done.stderr
    assert held(course) == before
    assert "first" in git(course, "log", "-1", "--format=%s")


def test_an_update_over_a_file_of_ones_own_keeps_it(course):
    brought(course)
    done = make(course, "update", said="y\n")
    assert done.returncode == 0, done.stderr
    assert held(course)["03-six-rates.ipynb"] == "03, second edition\n"
    assert held(course)["03-six-rates.mine"] == "my own 03\n"


def test_an_update_that_brings_the_same_file_does_not_ask(course):
    brought(course).write_text("03, second edition\n")
    assert make(course, "update").returncode == 0
    assert kept(course) == ["my answers\n"] * 2


def test_a_lesson_that_changed_its_number_is_found_by_its_name(course):
    origin = course.parent / "origin"
    git(origin, "mv", "notebooks/02-school-district.ipynb", "notebooks/03-school-district.ipynb")
    git(origin, "commit", "-m", "renamed")
    assert make(course, "update").returncode == 0
    new = course / "notebooks" / "03-school-district.ipynb"
    assert not (course / "notebooks" / "02-school-district.ipynb").exists()
    assert held(course)["02-school-district.mine"] == "my answers\n"
    new.write_text("mine again\n")
    done = make(course, "restore", "02-school-district")
    assert done.returncode == 0, done.stderr
    assert "notebooks/03-school-district.ipynb" in done.stdout
    assert new.read_text() == "02-school-district, first edition\n"
    assert held(course)["03-school-district.mine"] == "mine again\n"


def test_a_lesson_that_the_learner_renamed_comes_back(course):
    for target in "restore", "update":
        git(course, "mv", "-f", "notebooks/01-fit-a-line.ipynb", f"notebooks/mine-{target}.ipynb")
        assert make(course, target, "01").returncode == 0
        assert held(course)["01-fit-a-line.ipynb"] == "01-fit-a-line, first edition\n"
        assert (course / "notebooks" / f"mine-{target}.ipynb").exists()
