"""How long from the key to the picture? Live, static and naive, measured in one run.

    .venv/bin/python benchmarks/slider.py [moves]

live    rate_explorer in JupyterLab
static  its static face, from a file
naive   ipywidgets.interact drawing a fresh inline figure of the same content in JupyterLab
From the time stamp of a real key press in headless Chromium to the first animation frame in which the pixels of the
picture differ; one frame more until they are seen. Also how long the last picture takes after a key was held for 2 s.
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
from lrcore import *
from lrlab import explore, plots
problem = least_squares(*line())
made = explore.rate_explorer(problem, 50, rate=(0.001, 1), at=0.1)"""

NAIVE = """%matplotlib inline
import ipywidgets
import matplotlib.pyplot as plt

def draw(rate):
    figure, ax = plt.subplots(figsize=(7.5, 400 / 96), dpi=96)
    made.move(rate=rate)
    plots.loss_now.set_scene(made.runs, ax=ax)
    plots.loss_now(made.run, ax=ax)
    plt.show()

ipywidgets.interact(draw, rate=ipywidgets.FloatLogSlider(0.1, min=-3, max=0, step=0.05))"""

# Watches the pixels of the picture in every animation frame, small, and notes when they differ.
WATCH = """picture => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 180, height: 100});
  const ink = canvas.getContext('2d', {willReadFrequently: true});
  const look = () => {
    const image = [...document.querySelectorAll(picture)].pop();
    if (!image || !image.complete || !image.naturalWidth) return null;
    ink.clearRect(0, 0, 180, 100);
    ink.drawImage(image, 0, 0, 180, 100);
    return ink.getImageData(0, 0, 180, 100).data.join();
  };
  window.seen = {key: null, changed: [], last: look(), released: null, ends: null};
  addEventListener('keydown', event => { seen.key ??= event.timeStamp; }, true);
  addEventListener('keyup', event => { seen.released = event.timeStamp; }, true);
  const frame = now => {
    const pixels = look();
    if (pixels && pixels !== seen.last) { seen.last = pixels; seen.changed.push(performance.now()); }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


def moves(page, slider, picture, count):
    """(milliseconds from key to changed pixels, one for each of so many moves; those after a key was held)."""
    page.locator(slider).first.focus()
    page.evaluate(WATCH, picture)
    times, keys = [], ["ArrowRight"] * 4 + ["ArrowLeft"] * 4
    for k in range(count + 3):
        page.evaluate("seen.key = null; seen.changed = []")
        page.keyboard.press(keys[k % 8])
        page.wait_for_function("seen.changed.length", timeout=10_000)
        page.wait_for_timeout(350)
        times.append(page.evaluate("seen.changed[0] - seen.key"))
    page.keyboard.press("End")
    page.wait_for_timeout(1500)
    page.evaluate("seen.changed = []")
    for _ in range(50):  # held for two seconds
        page.keyboard.down("ArrowLeft")
        page.wait_for_timeout(33)
    page.keyboard.up("ArrowLeft")
    page.wait_for_timeout(4000)
    return times[3:], max(0, page.evaluate("seen.changed.at(-1) - seen.released"))


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
    page.locator(picture).first.wait_for(timeout=60_000)
    page.wait_for_timeout(2000)
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
    from lrlab import explore

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        folder = Path(folder)
        (folder / "home").mkdir()
        made = explore.rate_explorer(least_squares(*line()), 50, rate=(0.001, 1), at=0.1)
        file = folder / "static.html"
        file.write_text(f"<!doctype html><meta charset=utf-8>{made.static()}", encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=conftest.FLAGS)
        process, lab = conftest.start_lab(folder, folder / "home", "--LabApp.expose_app_in_browser=True")
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(file.as_uri())
            page.wait_for_timeout(500)
            found = {"static": moves(page, "input", "img + img", count)}
            page.close()
            handle, output = ".lr-slider .noUi-handle", ".jp-OutputArea-output img"
            found["live"] = in_lab(
                browser, lab, "live", [SETUP, "made"], handle, ".lr-explorer img.widget-image", count
            )
            found["naive"] = in_lab(browser, lab, "naive", [SETUP, NAIVE], ".noUi-handle", output, count)
        finally:
            conftest.stop(process)
            browser.close()
    report(found, count)


def report(found, count):
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, {count} moves each; milliseconds from key to pixels"
    )
    print("         median     p95   after a held key")
    for name, (times, after) in found.items():
        print(
            f"{name:8} {statistics.median(times):6.0f} {statistics.quantiles(times, n=20)[-1]:7.0f} {after:10.0f}"
        )
    naive = statistics.median(found["naive"][0])
    for name in ("live", "static"):
        print(f"{name} is {naive / statistics.median(found[name][0]):.1f} times faster than naive")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
