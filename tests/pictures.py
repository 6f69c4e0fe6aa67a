"""Is the picture that a lesson stores the one that its cell draws?  A plugin of pytest, beside nbval.

A conftest's hooks reach only what stands in its own folder, so tools/test names this with `-p`.
"""

import base64
import io
import re
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image

# Another Matplotlib lays the same picture out a little differently: pictures are compared under the locked one.
LOCKS = Path(__file__).resolve().parent.parent / "tools" / "locks" / "lab.txt"
LOCKED = re.search(r"^matplotlib==(\S+)", LOCKS.read_text(), re.MULTILINE)[1]
BLOCK = 8  # pixels of a stored picture, which has two for one of CSS
SHADE = 0.12  # of black to white, by which a block differs that one would notice
SHARE = 0.0003  # of the blocks may: machines round a curve, and the edge of a letter, in their own way
# Lessons' cells with runs far beyond the edge, where a last bit decides how a run ends: another processor draws their
# ends elsewhere, measured up to 0.03 (tools/everywhere.py --here).
UNSTEADY = {"06 warm", "07 six-reveal-picture", "07 choose", "07 coarse-to-fine", "08 trial-2-picture"}
THEIRS = 0.05


def pictures(outputs):
    """(PNG as bytes, its text alternative) of each picture among a cell's outputs."""
    shown = [output for output in outputs if "image/png" in output.get("data", {})]
    about = (output.get("metadata", {}).get("image/png", {}) for output in shown)
    return [
        (base64.b64decode(output["data"]["image/png"]), size.get("alt", ""))
        for output, size in zip(shown, about, strict=True)
    ]


def blocks(png):
    """The picture in squares of one colour each, (rows, columns, 3), from 0 to 1."""
    drawn = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=float) / 255
    rows, columns = (side // BLOCK for side in drawn.shape[:2])
    return drawn[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK, 3).mean(axis=(1, 3))


def apart(one, two):
    """The share of a picture's blocks that differ by more than SHADE; 1 for pictures of two sizes."""
    one, two = blocks(one), blocks(two)
    if one.shape != two.shape:
        return 1.0
    return float((np.abs(one - two).max(axis=-1) > SHADE).mean())


def complaints(stored, drawn, most=SHARE):
    """How the pictures among a cell's stored outputs differ from those it draws now, a sentence each."""
    old, new = pictures(stored), pictures(drawn)
    if len(old) != len(new):
        return [f"{len(old)} pictures are stored, and {len(new)} drawn"]
    found = []
    for (was, said), (now, says) in zip(old, new, strict=True):
        if said != says:
            found.append(f"the text alternative is stored as {said!r}, and drawn it is {says!r}")
        if (share := apart(was, now)) > most:
            found.append(f"{100 * share:.2g} % of the stored picture is not what is drawn now: {says}")
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """nbval compares texts; each picture is compared here with the one that is stored, and so is its alternative."""
    result = yield
    if hasattr(item, "test_outputs") and matplotlib.__version__ == LOCKED:
        most = THEIRS if f"{item.path.name[:2]} {item.cell.get('id')}" in UNSTEADY else SHARE
        if found := complaints(item.cell.outputs, item.test_outputs or [], most):
            item.raise_cell_error("The picture has changed.", "\n".join(found))
    return result
