"""Notebook 7: the instrument, moved by its keys and by a typed rate, and the game, whose run goes on by itself."""

import contextlib
import re

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import TimeoutError

from conftest import ROOT
from lrcore import descend, least_squares, line
from lrlab import game

SETUP = f"""import sys
sys.path.insert(0, {str(ROOT)!r})
from lrcore import least_squares, line
from lrlab import explore, plots
explore.rate_explorer(least_squares(*line()), 50, rate=(0.01, 0.2), at=0.03, draw=plots.loss_now)"""


GAME = "from lrlab import game\none = game.sealed(7)\none.panel()"
SAYS = "([board, text]) => board.querySelector('[role=status]').textContent.includes(text)"


def board_of(page, cell):
    """Run a cell by its key; the instrument that it shows."""
    board = cell.locator(".lr-explorer")
    for _ in range(10):  # on a busy machine the page says idle before it takes keys
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        with contextlib.suppress(TimeoutError):
            board.locator("[role=status]").wait_for(timeout=6_000)
            break
    return board


def test_it_moves(lab, page):
    book = new_notebook(cells=[new_code_cell(source) for source in (SETUP, GAME)])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, lab.folder / "seven.ipynb")
    page.goto(f"{lab.url}/notebooks/seven.ipynb?token={lab.token}")
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    cells.first.wait_for(timeout=60_000)
    page.locator("[data-status=idle]").first.wait_for(timeout=60_000)
    board = board_of(page, cells.first)
    status = board.locator("[role=status]")
    said = status.inner_text()
    board.locator("input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "said => document.querySelector('.lr-explorer [role=status]').textContent !== said", arg=said, timeout=5000
    )
    field = board.locator("input[type=text]").first
    field.fill("0.0731")
    field.press("Enter")
    page.wait_for_function(
        "document.querySelector('.lr-explorer [role=status]').textContent.includes('0.0731')", timeout=20_000
    )
    loss = descend(least_squares(*line()), 0.0731, 50).final
    assert f"{loss:.3g}" in status.inner_text()

    board = board_of(page, cells.nth(1))
    board.locator("input[type=text]").fill("10")
    board.locator("select").nth(2).select_option("20")
    board.locator("button").first.click()
    says = [board.element_handle(), " 2 epochs"]
    page.wait_for_function(SAYS, arg=says, timeout=20_000)
    board.locator("button").first.click()  # stopped: paid for what was done, and no more
    page.wait_for_function("board => board.querySelector('button').textContent.startsWith('Run')", arg=says[0])
    left = re.search(r"(\d+) of \d+ epochs left", board.locator("[role=status]").inner_text())[1]
    assert game.BUDGET - 20 < int(left) <= game.BUDGET - 2
    assert page.refused == []
