"""The JupyterLite site in a browser without a network: `make test-lite` builds it and runs this."""

import ast
import functools
import http.server
import os
import sys
import threading
from urllib.parse import quote

import pytest

from conftest import ROOT
from lrlab.check import calling

SITE = ROOT / "build" / "lite" / "site"
built = pytest.mark.skipif(not os.environ.get("LITE"), reason="make test-lite builds the site and runs this")
# What Pyodide alone publishes, and a reader's browser fetches from there.
COMPILED = {"numpy", "matplotlib", "contourpy", "kiwisolver", "pillow"}
CELL = """import sys, psygnal, comm, ipywidgets, anywidget
print(sys.platform, anywidget.__version__.split('.')[0])
import lrcore"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A web server that knows nothing of Jupyter."""

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    """The address of the site."""
    handler = functools.partial(Quiet, directory=SITE)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@built
def test_a_lesson_opens_with_its_pictures(site, page):
    page.goto(f"{site}/lab/index.html?path=01-fit-a-line.ipynb")
    page.wait_for_selector(".jp-OutputArea img", timeout=60_000)
    assert page.locator(".jp-OutputArea img").first.evaluate("picture => picture.naturalWidth") > 300
    assert page.locator(".jp-Dialog").count() == 0
    assert page.refused == []


@built
def test_the_kernel_starts_and_only_what_is_compiled_comes_from_elsewhere(site, page):
    page.goto(f"{site}/repl/index.html?kernel=python&code={quote(CELL)}")
    page.wait_for_function("document.body.innerText.includes('emscripten 0')", timeout=120_000)
    asked = {address.rsplit("/", 1)[1].split("-")[0] for address in page.refused}
    assert "numpy" in asked and asked <= COMPILED


@pytest.mark.parametrize("package", ["lrcore", "lrlab"])
def test_no_module_needs_what_a_browser_lacks(package):
    lacking = {"subprocess", "multiprocessing", "concurrent", "signal", "socket", "resource"}
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.split(".")[0] for name in names} & lacking == set(), path


def test_an_answer_is_checked_where_no_thread_can_start(monkeypatch):
    def refused(_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert calling.called(lambda w: 2 * w, 3) == 6
