"""Opening a lesson changes nothing, in JupyterLab and Notebook; running it earns no ✓.

One lesson; all of them, and the solutions, with EVERY_LESSON=1: make test-slides.
"""

import copy
import json
import os
import shutil
import subprocess

import pytest

import form
from conftest import ROOT, start_lab, stop

EVERY = bool(os.environ.get("EVERY_LESSON"))
LESSONS = [path for path in form.lessons() if EVERY or path.stem[:2] in ("00",)]
PLACES = {"JupyterLab": "lab/tree", "Notebook": "notebooks"}
TO_SAVE = [*LESSONS, *form.solutions()] if EVERY else LESSONS
SAVED = [(place, path) for place in PLACES for path in TO_SAVE]
OPEN = """async () => {
  const { shell, restored } = window.jupyterapp;
  await restored;
  while (!shell.currentWidget?.context) await new Promise(done => setTimeout(done, 50));
  await shell.currentWidget.context.ready;
  await shell.currentWidget.revealed;
}"""
SAVE = """async () => {
  const { context } = window.jupyterapp.shell.currentWidget;
  await context.sessionContext.ready;
  await context.sessionContext.session.kernel.info; // the page writes what the kernel says of itself into the notebook
  await new Promise(done => setTimeout(done, 500));
  context.model.dirty = true;
  await context.save();
}"""
RUN = """async () => {
  const { shell, commands } = window.jupyterapp;
  await shell.currentWidget.context.sessionContext.ready;
  await commands.execute("notebook:run-all-cells");
}"""
SHUT = "() => window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """JupyterLab and Notebook on a fresh profile, on a clone of the lessons as they stand here."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*", "*.mine-*"))
    who = ["-c", "user.name=t", "-c", "user.email=t@t"]
    for words in ["init"], ["add", "."], ["commit", "-m", "as it was"]:
        subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)
    exposed = [f"--{app}.expose_app_in_browser=True" for app in ("LabApp", "JupyterNotebookApp")]
    process, lab = start_lab(folder, tmp_path_factory.mktemp("home"), *exposed)
    yield lab
    stop(process)


@pytest.fixture
def opened(fresh, page):
    """opened(place, path): the notebook, open in the browser and not run."""
    places = []

    def open_it(place, path):
        at = path.relative_to(ROOT)
        page.set_default_timeout(90_000)
        page.goto(f"{fresh.url}/{PLACES[place]}/{at}?token={fresh.token}&reset", wait_until="domcontentloaded")
        page.wait_for_function("() => window.jupyterapp")
        page.evaluate(OPEN)
        places.append(at)
        return page

    yield open_it
    if places:
        page.evaluate(SHUT)
        subprocess.run(["git", "checkout", "--quiet", "."], cwd=fresh.folder, check=True)


def difference(folder):
    return subprocess.run(["git", "diff"], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize(("place", "path"), SAVED, ids=[f"{place}-{p.parent.name}-{p.stem[:2]}" for place, p in SAVED])
def test_open_and_save_changes_nothing(fresh, opened, place, path):
    file = fresh.folder / path.relative_to(ROOT)
    before = file.stat().st_mtime_ns
    opened(place, path).evaluate(SAVE)
    assert file.stat().st_mtime_ns > before, "it was not saved"
    assert difference(fresh.folder) == ""


def written(book):
    """What a person wrote in a notebook: all but outputs, counts and the folding of reveals."""
    book = copy.deepcopy(book)
    for cell in book["cells"]:
        cell.pop("outputs", None), cell.pop("execution_count", None)
        if "reveal" in cell["metadata"].get("tags", ()):
            for name in form.FOLDED:
                cell["metadata"].pop(name, None)
    return book


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem[:2])
def test_run_all_earns_nothing_and_opens_the_reveals(fresh, opened, path):
    page = opened("JupyterLab", path)
    page.evaluate(RUN)
    page.evaluate(SAVE)
    before = json.loads(path.read_text(encoding="utf-8"))
    after = json.loads((fresh.folder / path.relative_to(ROOT)).read_text(encoding="utf-8"))
    assert written(after) == written(before)
    for cell in after["cells"]:
        assert "Notes for the instructor" not in form.joined(cell["source"])
        if cell["cell_type"] == "code":
            assert cell["execution_count"], f"{cell['id']} was not run"
            assert not {o["output_type"] for o in cell["outputs"]} & {"error"}, form.said(cell)
            assert not any(sign in form.said(cell) for sign in ("✓", "IntProgress(")), cell["id"]
            assert not set(form.FOLDED) & set(cell["metadata"]), f"{cell['id']} is folded still"
