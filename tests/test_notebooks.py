"""Storing a lesson: the same bytes twice, nothing written that failed, nothing lost."""

import base64
import io
import json
import os
import signal
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image

import form
import lint
import notebooks
from conftest import ROOT


def lesson(folder, *sources, name="01-toy.ipynb"):
    """Write a notebook, not run, with a cell for each source; returns its path."""
    cells = [new_markdown_cell("# Toy", id="title")]
    cells += [new_code_cell(source, id=f"cell-{'abcdef'[i]}") for i, source in enumerate(sources)]
    for cell in cells:
        cell.metadata.update(editable=True, tags=[], slideshow={"slide_type": ""}, trusted=True)
    folder.mkdir(exist_ok=True)
    path = folder / name
    language = {"name": "python", "version": "3"}
    nbformat.write(new_notebook(cells=cells, metadata={"language_info": language}), path)
    return path


def make(path, *arguments, **env):
    """Call tools/notebooks.py on the folder of a notebook, as make does; returns the completed process."""
    command = [sys.executable, ROOT / "tools" / "notebooks.py", "--folder", path.parent, *arguments]
    env = {**os.environ, "LESSON": "", "FORCE": "", "MPLBACKEND": "pdf", **env}
    return subprocess.run(command, capture_output=True, text=True, env=env)


def test_storing_twice_changes_no_byte(tmp_path):
    slider = "import ipywidgets\nipywidgets.IntSlider()"
    prints = "print(1)\nprint(2)\nimport sys; sys.stdout.flush(); print(3)"
    figure = "import matplotlib.pyplot as plt\n_ = plt.plot([0, 3])"
    path = lesson(tmp_path, prints, slider, figure)
    assert make(path).returncode == 0
    once = path.read_bytes()
    book = json.loads(once)
    assert book["metadata"] == form.NOTEBOOK
    assert [cell["metadata"] for cell in book["cells"]] == [{}] * 4
    assert [cell["execution_count"] for cell in book["cells"][1:]] == [1, 2, 3]
    stream, widget, picture = (cell["outputs"] for cell in book["cells"][1:])
    assert [output["text"] for output in stream] == [["1\n", "2\n", "3\n"]]
    assert [set(output["data"]) for output in widget] == [{"text/plain"}]
    assert [set(output["data"]) for output in picture] == [{"image/png", "text/plain"}]
    assert b"Matplotlib" not in base64.b64decode(picture[0]["data"]["image/png"])
    assert once.endswith(b"}\n")
    assert make(path).returncode == 0
    assert path.read_bytes() == once
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "source, sentence",
    [("1 / 0", "ZeroDivisionError"), ("import warnings\nwarnings.warn('careful')", "stores a warning")],
)
def test_what_fails_is_not_stored(tmp_path, source, sentence):
    path = lesson(tmp_path, "print(1)", source)
    before = path.read_bytes()
    said = make(path)
    assert said.returncode == 1
    assert f"cell-b: {sentence}" in said.stdout
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = lesson(tmp_path, "print(1)")
    before = path.read_bytes()

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        notebooks.write(path, "half")
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_killed_write_leaves_the_old_file_and_nothing_that_counts(tmp_path):
    path = lesson(tmp_path, "print(1)")
    before = path.read_bytes()
    code = (
        "import os, pathlib, signal, notebooks\n"
        "os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"notebooks.write(pathlib.Path({str(path)!r}), 'half')"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT / "tools").returncode == -signal.SIGKILL
    assert path.read_bytes() == before
    assert form.lessons(tmp_path) == [path]
    (left,) = (entry for entry in tmp_path.iterdir() if entry != path)
    ignored = subprocess.run(["git", "check-ignore", "-q", "--no-index", f"notebooks/{left.name}"], cwd=ROOT)
    assert ignored.returncode in (0, 128)  # 128: this course is no clone


def commit(folder):
    """Make a folder a repository and commit what it holds."""
    for words in ["init"], ["add", "."], ["commit", "-m", "as it was"]:
        who = ["-c", "user.name=t", "-c", "user.email=t@t"]
        subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def test_uncommitted_changes_are_left_alone(tmp_path):
    path = lesson(tmp_path / "notebooks", "print(1)")
    other = lesson(tmp_path / "notebooks", "print(2)", name="02-other.ipynb")
    commit(tmp_path)
    path.write_text(path.read_text().replace("print(1)", "print('mine')"))
    mine, theirs = path.read_bytes(), other.read_bytes()
    for arguments in (), ("01",):
        said = make(path, *arguments)
        assert said.returncode == 1
        assert "01-toy.ipynb" in said.stderr and "make notebooks FORCE=1" in said.stderr
        assert (path.read_bytes(), other.read_bytes()) == (mine, theirs)
    assert make(path, LESSON="02").returncode == 0
    assert path.read_bytes() == mine
    assert other.read_bytes() != theirs
    assert make(path, LESSON="01", FORCE="1").returncode == 0
    assert "print('mine')" in path.read_text()


def test_nothing_is_run_where_git_does_not_say_what_changed(tmp_path):
    path = lesson(tmp_path / "notebooks", "print(1)")
    (tmp_path / ".git").mkdir()  # stands for a clone that belongs to somebody else: git refuses both
    before = path.read_bytes()
    said = make(path)
    assert said.returncode == 1
    assert said.stderr.startswith("Nothing was run, to lose nothing: git does not say")
    assert path.read_bytes() == before


def test_lint_writes_committed_lessons_only(tmp_path, monkeypatch, capsys):
    path = lesson(tmp_path / "notebooks", "print( 1 )")
    other = lesson(tmp_path / "notebooks", "print( 2 )", name="02-other.ipynb")
    commit(tmp_path)
    path.write_text(path.read_text().replace("print( 1 )", "print( 'mine' )"))
    mine = path.read_bytes()
    monkeypatch.setattr(lint, "CODE", [*lint.CODE[:-1], str(tmp_path)])
    monkeypatch.setattr(form, "lessons", lambda *_: [path, other])
    monkeypatch.setattr(form, "solutions", lambda *_: [])
    monkeypatch.delenv("FORCE", raising=False)
    with pytest.raises(SystemExit) as ended:
        lint.main()
    assert ended.value.code
    assert path.name in (said := capsys.readouterr().out) and "make lint FORCE=1" in said
    assert path.read_bytes() == mine
    assert "print(2)" in other.read_text()
    monkeypatch.setenv("FORCE", "1")
    with pytest.raises(SystemExit) as ended:
        lint.main()
    assert not ended.value.code
    assert 'print(\\"mine\\")' in path.read_text()


def test_an_unknown_lesson_gets_a_sentence(tmp_path):
    path = lesson(tmp_path, "print(1)")
    said = make(path, "09")
    assert said.returncode == 1
    assert said.stderr.startswith("There is no lesson '09'")


def test_copies_of_lessons_are_not_lessons(tmp_path):
    for name in "01-a.ipynb", "01-a-Copy1.ipynb", "01-a.mine-20260101-120000.ipynb", "notes.ipynb":
        lesson(tmp_path, name=name)
    assert [path.name for path in form.lessons(tmp_path)] == ["01-a.ipynb"]


def picture(value):
    """A PNG, base64, of four pixels of one grey."""
    file = io.BytesIO()
    Image.new("L", (2, 2), value).save(file, "png")
    return base64.b64encode(file.getvalue()).decode()


def test_a_picture_that_shows_the_same_is_kept():
    assert notebooks.same_picture(picture(100), picture(110))
    assert not notebooks.same_picture(picture(100), picture(150))
    books = []
    for grey in 100, 110:
        book = new_notebook(cells=[new_code_cell("x", id="x", execution_count=1)])
        data = {"image/png": picture(grey), "text/plain": "grey"}
        book.cells[0].outputs = [nbformat.v4.new_output("display_data", data)]
        books.append(book)
    before, book = books
    notebooks.keep_pictures(book, before)
    assert book.cells[0].outputs[0].data["image/png"] == notebooks.without_text(picture(100))
