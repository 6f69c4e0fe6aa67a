"""`make test` compares each picture that a lesson stores, and its alternative, with those that its cell draws."""

import base64
import io
import subprocess

import nbformat
from PIL import Image

from conftest import ROOT

ALT = "A white square."
CELL = """import base64, io
from IPython.display import display
from PIL import Image
file = io.BytesIO()
Image.new("RGB", (64, 64), "white").save(file, "png")
shown = {"image/png": base64.b64encode(file.getvalue()).decode()}
display(shown, raw=True, metadata={"image/png": {"alt": "A white square."}})"""


def stored(colour, alt):
    """A cell that draws a white square, and stores another picture."""
    file = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(file, "png")
    picture = {"image/png": base64.b64encode(file.getvalue()).decode()}
    out = nbformat.v4.new_output("display_data", picture, metadata={"image/png": {"alt": alt}})
    return nbformat.v4.new_code_cell(CELL, outputs=[out], execution_count=1)


def test_a_stored_picture_is_the_one_that_is_drawn(tmp_path):
    cells = [stored("white", ALT), stored("black", ALT), stored("white", "Twelve cats.")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "lesson.ipynb")
    command = ["sh", "tools/test", "-q", "-n", "0", "-p", "no:cacheprovider", tmp_path / "lesson.ipynb"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    assert "2 failed, 1 passed" in said, said
    assert "1e+02 % of the stored picture is not what is drawn now: A white square." in said
    assert "the text alternative is stored as 'Twelve cats.', and drawn it is 'A white square.'" in said
