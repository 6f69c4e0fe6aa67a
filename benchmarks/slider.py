"""How long from the key to the picture? In a lesson, in a deck, and with ipywidgets.interact, measured in one run.

    .venv/bin/python benchmarks/slider.py [moves]

live      rate_explorer in JupyterLab
deck      the same explorer in a file, without a kernel
interact  ipywidgets.interact drawing a fresh inline figure of the same content in JupyterLab
From the time stamp of a real key press in headless Chromium to the animation frame that shows another picture.
"""

import os
import platform
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tools")]

import nbformat  # noqa: E402
from nbformat.v4 import new_code_cell, new_notebook  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

import chromium  # noqa: E402
import conftest  # noqa: E402

SETUP = f"""import sys
sys.path.insert(0, {str(ROOT)!r})
from lrcore import least_squares, line
from lrlab import explore, plots
problem = least_squares(*line())
made = explore.rate_explorer(problem, 50, rate=(0.001, 0.2), at=0.05, draw=(plots.weight_now, plots.loss_now))"""

NAIVE = """%matplotlib inline
import ipywidgets
import matplotlib.pyplot as plt

def draw(rate):
    figure, axes = plt.subplots(1, 2, figsize=(8.75, 3.5), dpi=96)
    run = made.move(rate=rate).run
    for view, ax in zip(made.views, axes):
        view(ax, made.runs)(run)
        for artist in ax.get_children():
            artist.set_animated(False)
    plt.show()

ipywidgets.interact(draw, rate=ipywidgets.FloatLogSlider(0.05, min=-3, max=-0.7, step=0.0115))"""

# Looks at the picture in every animation frame, and notes when it is another: SVG by its text, an image by its pixels.
WATCH = """picture => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 180, height: 100});
  const ink = canvas.getContext('2d', {willReadFrequently: true});
  const look = () => {
    const found = [...document.querySelectorAll(picture)];
    if (found[0]?.tagName !== 'IMG') return found.map(one => one.innerHTML).join();
    const image = found.pop();
    if (!image.complete || !image.naturalWidth) return null;
    ink.clearRect(0, 0, 180, 100);
    ink.drawImage(image, 0, 0, 180, 100);
    return ink.getImageData(0, 0, 180, 100).data.join();
  };
  window.seen = {key: null, changed: [], last: look()};
  addEventListener('keydown', event => { seen.key ??= event.timeStamp; }, true);
  const frame = now => {
    const picture = look();
    if (picture && picture !== seen.last) { seen.last = picture; seen.changed.push(performance.now()); }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


def moves(page, slider, picture, count):
    """Milliseconds from key to another picture, one for each of so many moves."""
    page.locator(slider).first.focus()
    page.evaluate(WATCH, picture)
    times, keys = [], ["ArrowRight"] * 4 + ["ArrowLeft"] * 4
    for k in range(count + 3):
        page.evaluate("seen.key = null; seen.changed = []")
        page.keyboard.press(keys[k % 8])
        page.wait_for_function("seen.changed.length", timeout=10_000)
        page.wait_for_timeout(250 + 7 * (k % 10))
        times.append(page.evaluate("seen.changed[0] - seen.key"))
    return times[3:]


def in_lab(browser, lab, name, cells, slider, picture, count):
    """The same for a notebook of these cells in JupyterLab."""
    book = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, lab.folder / f"{name}.ipynb")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(lab.address(f"{name}.ipynb"))
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    page.evaluate(RUN_ALL)
    page.locator(slider).first.wait_for(timeout=60_000)
    page.locator(picture).first.wait_for(timeout=60_000, state="attached")
    page.wait_for_timeout(4000)
    found = moves(page, slider, picture, count)
    page.close()
    return found


RUN_ALL = """async () => {
  const { shell, commands, restored } = window.jupyterapp;
  await restored;
  const panel = shell.currentWidget;
  await panel.context.ready;
  await panel.revealed;
  await panel.context.sessionContext.ready;
  await panel.context.sessionContext.session.kernel.info;
  await commands.execute('notebook:run-all-cells');
}"""


def main(count=40):
    from lrcore import least_squares, line
    from lrlab import explore, plots

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        folder = Path(folder)
        (folder / "home").mkdir()
        problem, draw = least_squares(*line()), (plots.weight_now, plots.loss_now)
        made = explore.rate_explorer(problem, 50, rate=(0.001, 0.2), at=0.05, draw=draw)
        file = folder / "deck.html"
        file.write_text(f"<!doctype html><meta charset=utf-8>{made.static()}", encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=conftest.FLAGS)
        process, lab = conftest.start_lab(folder, folder / "home", "--LabApp.expose_app_in_browser=True")
        slider, picture = ".lr-explorer input[type=range]", ".lr-explorer .lr-ghost + g"
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(file.as_uri())
            page.locator(slider).wait_for()
            page.wait_for_timeout(500)
            found = {"deck": moves(page, slider, picture, count)}
            page.close()
            found["live"] = in_lab(browser, lab, "live", [SETUP, "made"], slider, picture, count)
            output = ".jp-OutputArea-output img"
            found["interact"] = in_lab(browser, lab, "naive", [SETUP, NAIVE], ".noUi-handle", output, count)
        finally:
            conftest.stop(process)
            browser.close()
    report(found, count)


def report(found, count):
    print(f"{platform.machine()}, {os.cpu_count()} cores, {count} moves each; milliseconds from key to picture")
    print("          median    p95")
    for name, times in found.items():
        print(f"{name:8} {statistics.median(times):7.0f} {statistics.quantiles(times, n=20)[-1]:6.0f}")
    naive = statistics.median(found["interact"])
    for name in ("live", "deck"):
        print(f"{name} is {naive / statistics.median(found[name]):.1f} times faster than interact")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
