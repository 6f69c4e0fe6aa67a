"""What the tests share: a JupyterLab as `make lab` starts it, and a browser without a network."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
import pytest

import chromium

ROOT = Path(__file__).resolve().parent.parent
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


# A busy machine may take longer over one example than Hypothesis allows.
hypothesis.settings.register_profile("busy", deadline=None)
hypothesis.settings.load_profile("busy")

# Files that take long come first, so that no worker is left alone with one in the end (xdist shares out whole files).
# test_site and test_publish come later: they take the runs that test_decks makes, and would wait for them.
LONG = (
    "test_explorer_lab test_decks test_open_save test_setup 06- test_explorer_page 08- test_site 04- 05- 07- 03- "
    "test_publish test_machine test_notebooks test_server test_student test_wheel test_explorers test_lesson "
    "test_restore"
).split()


def pytest_collection_modifyitems(items):
    """Mark the tests that use a browser, or a JupyterLab (for -m "not browser and not lab"); long files first."""
    for item in items:
        for name in {"browser", "lab"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(name)
    items.sort(key=lambda item: next((k for k, name in enumerate(LONG) if item.path.name.startswith(name)), len(LONG)))


def pytest_xdist_auto_num_workers():
    """One worker more than there are cores: tests with a browser or a kernel wait much of their time."""
    return len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)) + 1


@dataclass
class Lab:
    """A running JupyterLab: url "http://127.0.0.1:PORT", its token, the folder that it shows, what it says."""

    url: str
    token: str
    folder: Path
    log: Path

    def address(self, path="notebooks"):
        """The address of a file or folder in JupyterLab, with the token and a fresh layout."""
        return f"{self.url}/lab/tree/{path}?token={self.token}&reset"


def free_port():
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_lab(folder, home, *arguments, root=ROOT):
    """Start JupyterLab on `folder` with settings under `home`; (process, Lab) once it answers."""
    names = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime"}
    env = {**os.environ, "IPYTHONDIR": str(home / "ipython")}
    env.update({name: str(home / place) for name, place in names.items()})
    log = home / "log.txt"
    command = ["sh", root / "tools" / "lab", "--no-browser", f"--port={free_port()}", *arguments]
    with open(log, "w") as file:
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=file, stderr=file, start_new_session=True)
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        for record in home.glob("runtime/jpserver-*.json"):
            try:
                said = json.loads(record.read_text())
                socket.create_connection(("127.0.0.1", said["port"]), timeout=1).close()
            except (ValueError, OSError):
                continue
            return process, Lab(said["url"].rstrip("/"), said["token"], folder, log)
        time.sleep(0.1)
    stop(process)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


def stop(process):
    """End a process that start_lab started, and its kernels."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(autouse=True)
def _views_are_watched(request, monkeypatch):
    """In tests of pictures a view fails where it moves what is not animated."""
    drawn = getattr(request.module, "drawn", None)
    if hasattr(drawn, "watched"):
        monkeypatch.setattr(drawn.plots, "still", drawn.still)


@pytest.fixture
def votes_alone(tmp_path, monkeypatch):
    """A kernel that has just started, in a folder of its own, where votes are kept."""
    from lrlab.check import votes

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(votes, "REVEALED", {})
    monkeypatch.delenv("LESSON_VOTES", raising=False)


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """JupyterLab on its own port, with fresh settings, on a copy of notebooks/: see Lab."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    process, lab = start_lab(folder, tmp_path_factory.mktemp("home"), "--LabApp.expose_app_in_browser=True")
    yield lab
    stop(process)


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium (Playwright). Tests of pages use `page`, which has no network."""
    from playwright.sync_api import sync_playwright

    path = chromium.find() or pytest.fail(chromium.ADVICE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


def is_local(url):
    """Whether an address asks this machine, a file, or the page itself."""
    parts = urlsplit(url)
    return parts.scheme in {"file", "data", "blob", "about"} or parts.hostname in {"127.0.0.1", "localhost"}


@pytest.fixture
def page(browser):
    """A fresh page, 1280 by 800, with no network; what it asked for elsewhere is in `page.refused`."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.refused = []

    def guard(route):
        if is_local(route.request.url):
            return route.continue_()
        page.refused.append(route.request.url)
        return route.abort()

    context.route("**/*", guard)
    yield page
    context.close()


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """built(lesson): the path of its deck, made once."""
    import decks

    folder = tmp_path_factory.mktemp("decks")

    def build(lesson):
        path = folder / f"{lesson.stem}.html"
        if not path.exists():
            path.write_text(decks.deck(lesson), encoding="utf-8")
        return path

    return build
