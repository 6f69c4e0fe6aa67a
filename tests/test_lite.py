"""The JupyterLite site in a browser without a network: `make test-lite` builds it and runs this."""

import ast
import functools
import http.server
import inspect
import json
import os
import sys
import threading
from urllib.parse import quote

import pytest

from conftest import ROOT
from lrlab import game, panel
from lrlab.check import calling

SITE = ROOT / "build" / "lite" / "site"
built = pytest.mark.skipif(not os.environ.get("LITE"), reason="make test-lite builds the site and runs this")
# What Pyodide alone publishes, and a reader's browser fetches from there.
COMPILED = {"numpy", "matplotlib", "contourpy", "kiwisolver", "pillow"}
CELL = """import sys, psygnal, comm, ipywidgets, anywidget
print(sys.platform, anywidget.__version__.split('.')[0])
import lrcore"""
# NumPy is not there: the game's mathematics stays at home, its page and what goes on in the kernel are the real ones.
PANEL = """import asyncio, json, anywidget, traitlets
EACH, _until = {each}, lambda whole, done: done
class Widget(anywidget.AnyWidget):
    _esm = {script!r}
    spec = traitlets.Unicode({spec!r}).tag(sync=True)
    state = traitlets.Unicode({state!r}).tag(sync=True)
class Game:
    left = paid = 0
    def preview(self, rate, epochs, rule, shape):
        return None
    def run(self, rate, epochs, rule, shape, stop):
        self.paid = next((k for k in range(1, epochs) if stop([0] * (k + 1))), epochs)
        board.tell()
class Board:
    def __init__(self):
        self.game, self.at, self.live, self._task, self._stopped = Game(), {at!r}, None, None, False
        self.widget = Widget()
        self.widget.on_msg(lambda _, message, buffers: self.do(message.pop("do"), **message))
    def tell(self, **more):
        status = f"{{self.live}} under way" if self.live is not None else f"{{self.game.paid}} paid"
        self.widget.send({{"status": status, "running": self.live is not None, "over": False, **more}})
{methods}
board = Board()
board.widget"""
OPEN = """async code => {
  const { commands, serviceManager, shell } = window.jupyterapp;
  const cell = { cell_type: "code", source: code, metadata: {}, outputs: [], execution_count: null };
  const metadata = { kernelspec: { name: "python", display_name: "Python (Pyodide)" } };
  const content = { cells: [cell], metadata, nbformat: 4, nbformat_minor: 4 };
  await serviceManager.contents.save("game.ipynb", { type: "notebook", format: "json", content });
  const opened = await commands.execute("docmanager:open", { path: "game.ipynb", factory: "Notebook" });
  await opened.context.sessionContext.ready;
  await commands.execute("notebook:run-all-cells");
}"""
SAYS = "text => document.querySelector('.lr-explorer [role=status]').textContent.includes(text)"


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


@built
def test_a_run_of_the_game_goes_on_by_itself_and_stops(site, page):
    def exposed(route):
        settings = route.fetch().json()
        settings["jupyter-config-data"]["exposeAppInBrowser"] = True
        route.fulfill(json=settings)

    page.route("**/jupyter-lite.json*", exposed)
    real = game.sealed(7).panel()
    methods = [inspect.getsource(getattr(panel.Panel, name)) for name in ("do", "_read", "_run", "_shown")]
    code = PANEL.format(
        each=panel.EACH,
        script=real.widget._esm,
        spec=real.widget.spec,
        state=json.dumps({**real.state(), "pieces": None}),
        at=real.at,
        methods="\n".join(methods),
    )
    page.goto(f"{site}/lab/index.html")
    page.wait_for_function("window.jupyterapp !== undefined", timeout=60_000)
    page.evaluate("window.jupyterapp.restored.then(() => null)")
    page.evaluate(OPEN, code)
    run, epochs = page.locator(".lr-explorer button").first, page.locator(".lr-explorer select").nth(2)
    epochs.select_option("20", timeout=60_000)
    run.click()
    page.wait_for_function(SAYS, arg="3 under way", timeout=20_000)
    run.click()
    page.wait_for_function(SAYS, arg=" paid", timeout=20_000)
    assert 3 <= int(page.locator(".lr-explorer [role=status]").inner_text().split()[0]) < 20
    epochs.select_option("2")
    run.click()
    page.wait_for_function(SAYS, arg="2 paid", timeout=20_000)


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
