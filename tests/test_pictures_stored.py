"""`make test` compares each picture that a lesson stores, and its alternative, with those that its cell draws."""

import base64
import io
import subprocess

import nbformat
import pytest
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
    """A lesson of one cell that draws a white square, and stores another picture."""
    file = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(file, "png")
    picture = {"image/png": base64.b64encode(file.getvalue()).decode()}
    out = nbformat.v4.new_output("display_data", picture, metadata={"image/png": {"alt": alt}})
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL, outputs=[out], execution_count=1)])


@pytest.mark.parametrize(
    ("colour", "alt", "said"),
    [
        ("white", ALT, ""),
        ("black", ALT, "of the stored picture is not what is drawn now"),
        ("white", "Twelve cats.", "the text alternative is stored as 'Twelve cats.'"),
    ],
)
def test_a_stored_picture_is_the_one_that_is_drawn(colour, alt, said, tmp_path):
    nbformat.write(stored(colour, alt), tmp_path / "lesson.ipynb")
    command = ["sh", "tools/test", "-q", "-n", "0", "-p", "no:cacheprovider", tmp_path / "lesson.ipynb"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == bool(said) and said in done.stdout, done.stdout + done.stderr
