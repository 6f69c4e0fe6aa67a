"""The instrument in Notebook 7: run from the menu's command, moved by its keys and by a typed rate."""

import contextlib

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import TimeoutError

from conftest import ROOT
from lrcore import descend, least_squares, line

SETUP = f"""import sys
sys.path.insert(0, {str(ROOT)!r})
from lrcore import least_squares, line
from lrlab import explore, plots
explore.rate_explorer(least_squares(*line()), 50, rate=(0.01, 0.2), at=0.03, draw=plots.loss_now)"""


def test_it_moves(lab, page):
    book = new_notebook(cells=[new_code_cell(SETUP)])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, lab.folder / "seven.ipynb")
    page.goto(f"{lab.url}/notebooks/seven.ipynb?token={lab.token}")
    cell = page.locator(".jp-Notebook .jp-CodeCell").first
    cell.wait_for(timeout=60_000)
    page.locator("[data-status=idle]").first.wait_for(timeout=60_000)
    status = page.locator(".lr-explorer [role=status]")
    for _ in range(4):  # on a busy machine the page says idle before it takes keys
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        with contextlib.suppress(TimeoutError):
            status.wait_for(timeout=15_000)
            break
    said = status.inner_text()
    page.locator(".lr-explorer input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "said => document.querySelector('.lr-explorer [role=status]').textContent !== said", arg=said, timeout=5000
    )
    field = page.locator(".lr-explorer input[type=text]").first
    field.fill("0.0731")
    field.press("Enter")
    page.wait_for_function(
        "document.querySelector('.lr-explorer [role=status]').textContent.includes('0.0731')", timeout=20_000
    )
    loss = descend(least_squares(*line()), 0.0731, 50).final
    assert f"{loss:.3g}" in status.inner_text()
    assert page.refused == []
