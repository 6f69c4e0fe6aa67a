"""Would the tests notice?  .venv/bin/python tools/faults.py [a part of a fault's name]

Puts one fault at a time into a copy of the course, in the drawing code, in a check, or in a stored lesson, and runs
the part of `make test` that should notice it: nbval on a lesson, with its pictures, and some test files. Every fault
must be caught. A fault whose place is gone is an error too: it has to be written anew. Not part of `make test`: it
takes about fifteen minutes.
"""

import base64
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
KEPT = ("lrcore", "lrlab", "data", "notebooks", "teaching", "tests", "tools", "benchmarks", "pyproject.toml")
SECONDS = 900  # on a busy machine

# In code: what is wrong → file, what stands there, what stands there instead, who should notice.
CODE = {
    "another run's curve under each label": (
        "lrlab/plots/runs.py", "[one.losses for one in singles(run)]", "[one.losses for one in singles(run)][::-1]",
        ["tests/test_pictures.py"],
    ),
    "names in another order": (
        "lrlab/plots/runs.py", "names[k] if names", "names[::-1][k] if names", ["tests/test_pictures.py"],
    ),
    "the target 0.3 too high": (
        "lrlab/plots/runs.py", "ax.axhline(target,", "ax.axhline(target + 0.3,", ["tests/test_pictures.py"],
    ),
    "step for epoch on an axis": (
        "lrlab/plots/runs.py", 'x="epoch", y="loss"', 'x="step", y="loss"', ["tests/test_pictures.py"],
    ),
    "an arrow upside down": (
        "lrlab/plots/runs.py", '"^" if up else "v"', '"v" if up else "^"', ["tests/test_pictures.py"],
    ),
    "an arrow upside down under a slider": (
        "lrlab/plots/moving.py", '"^" if edge == high else "v"', '"v" if edge == high else "^"',
        ["tests/test_pictures_views.py"],
    ),
    "marks at 1.2 times the rate": (
        "lrlab/plots/lesson01.py", "ax.axvline(rate,", "ax.axvline(1.2 * rate,", ["tests/test_pictures_00.py"],
    ),
    "contours of the transposed loss": (
        "lrlab/plots/paths.py", "ax.contour(x, y, z,", "ax.contour(x, y, z.T,", ["tests/test_pictures.py"],
    ),
    "a displaced boundary": (
        "lrlab/plots/map.py", "-w[2] * across", "-1.2 * w[2] * across", ["tests/test_pictures_views.py"],
    ),
    "the line 2/η of half the rate": (
        "lrlab/plots/lesson06.py", "2 / rate if edge is None", "4 / rate if edge is None",
        ["tests/test_pictures_06.py"],
    ),
    "a frame of the next rate": (
        "lrlab/explore/explorer.py", "self.rate.stops.index(rate))", "self.rate.stops.index(rate) - 1)",
        ["tests/test_pictures_views.py"],
    ),
    "a deck's frames in another order": (
        "lrlab/explore/show.py", "{rate.said(stop): frames[rate.said(stop)] for stop in stops}",
        "{rate.said(s): frames[rate.said(t)] for s, t in zip(stops, stops[::-1])}", ["tests/test_pictures_views.py"],
    ),
    "a vote right within twice the factor": (
        "lrlab/check/lesson03.py", "within=1.25", "within=2.5", ["tests/test_thresholds.py"],
    ),
    "a check right within twice the tolerance": (
        "lrlab/check/lesson03.py", "close=0.001", "close=0.002", ["tests/test_thresholds.py"],
    ),
    "every check right within twice the tolerance": (
        "lrlab/check/base.py", "close=0.01", "close=0.02", ["tests/test_thresholds.py"],
    ),
    "holds wins over fails": (
        "lrlab/ledger.py", 'return "holds when"', 'return "holds"', ["tests/test_ledger.py"],
    ),
}  # fmt: skip


def cells(book, kind):
    """The cells of a lesson that store an output of a kind, with that output."""
    for cell in book["cells"]:
        for output in cell.get("outputs", []):
            if kind in output.get("data", output):
                yield cell, output


def replace_picture(book, picture):
    _, output = list(cells(book, "image/png"))[1]
    output["data"]["image/png"] = base64.b64encode(picture(output["data"]["image/png"])).decode() + "\n"


def black(stored):
    """A black rectangle of the picture's size."""
    size = Image.open(io.BytesIO(base64.b64decode(stored))).size
    file = io.BytesIO()
    Image.new("RGB", size).save(file, "png")
    return file.getvalue()


def of_another_lesson(_):
    other = json.loads(next((ROOT / "notebooks").glob("03-*.ipynb")).read_text(encoding="utf-8"))
    return base64.b64decode(list(cells(other, "image/png"))[1][1]["data"]["image/png"])


def shifted(stored):
    """The picture, 12 pixels further right."""
    image = Image.open(io.BytesIO(base64.b64decode(stored))).convert("RGB")
    moved, file = Image.new("RGB", image.size, "white"), io.BytesIO()
    moved.paste(image, (12, 0))
    moved.save(file, "png")
    return file.getvalue()


def cats(book):
    _, output = list(cells(book, "image/png"))[1]
    output["metadata"]["image/png"]["alt"] = "Twelve cats."


def another_digit(text):
    """The text with its last digit one off."""
    at = max(k for k, letter in enumerate(text) if letter.isdigit())
    return text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]


def number_printed(book):
    _, output = next(each for each in cells(book, "text") if any(map(str.isdigit, "".join(each[1]["text"]))))
    output["text"] = another_digit("".join(output["text"]))


def number_drawn(book):
    _, output = next(cells(book, "image/png"))
    output["data"]["text/plain"] = another_digit("".join(output["data"]["text/plain"]))


def number_in_prose(book):
    import prose

    for cell in book["cells"]:
        if cell["cell_type"] == "markdown" and prose.found(source := "".join(cell["source"]))[0]:
            cell["source"] = another_digit(source)
            return


def verdict(book):
    _, output = next(each for each in cells(book, "text/html") if "holds" in "".join(each[1]["data"]["text/html"]))
    text = "".join(output["data"]["text/html"])
    output["data"]["text/html"] = (
        text.replace("does not hold", "holds", 1) if "does not" in text else text.replace("holds", "fails", 1)
    )


def no_counts(book):
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = None


FORM = ["tests/test_form.py", "tests/test_prose.py"]
# In a stored lesson: what is wrong → lesson, what is done to it, who should notice besides nbval.
STORED = {
    "a black rectangle for a picture": ("01", lambda book: replace_picture(book, black), []),
    "another lesson's picture": ("01", lambda book: replace_picture(book, of_another_lesson), []),
    "a picture moved to the right": ("01", lambda book: replace_picture(book, shifted), []),
    "an alternative about twelve cats": ("01", cats, []),
    "another number in a printed line": ("01", number_printed, []),
    "another number in a text alternative": ("01", number_drawn, []),
    "another number in prose": ("01", number_in_prose, FORM),
    "outputs without counts": ("01", no_counts, FORM),
    "another verdict": ("08", verdict, []),
}


def copied(folder):
    """A copy of the course, to be broken."""
    for name in KEPT:
        place = ROOT / name
        if place.is_dir():
            shutil.copytree(place, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.mine-*"))
        else:
            shutil.copy(place, folder / name)
    return folder


def noticed(course, tests):
    """Whether the tests fail on a copy of the course; a two-digit name stands for that lesson under nbval."""
    files = [str(next((course / "notebooks").glob(f"{t}-*.ipynb"))) if t.isdigit() else t for t in tests]
    env = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(course), str(course / "tools")]), "PYTHONDONTWRITEBYTECODE": "1",
        "IPYTHONDIR": str(course / "ipython"), "OPENBLAS_NUM_THREADS": "1", "LESSON_VOTES": "off",
    }  # fmt: skip
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=120"]
    command = [*command, "-p", "tests.pictures", *files]
    found = subprocess.run(command, cwd=course, env=env, capture_output=True, text=True, timeout=SECONDS)
    if found.returncode not in (0, 1):
        sys.exit(f"the tests did not run:\n{found.stdout[-2000:]}{found.stderr[-2000:]}")
    return found.returncode == 1


def broken(course, name):
    """Break the copy by one fault; the tests that should notice."""
    if name in CODE:
        file, old, new, tests = CODE[name]
        text = (course / file).read_text(encoding="utf-8")
        if text.count(old) < 1:
            sys.exit(f"{name}: {file} holds no {old!r} any more; write this fault anew")
        (course / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return tests
    lesson, change, tests = STORED[name]
    path = next((course / "notebooks").glob(f"{lesson}-*.ipynb"))
    book = json.loads(path.read_text(encoding="utf-8"))
    change(book)
    path.write_text(json.dumps(book, indent=1, ensure_ascii=False), encoding="utf-8")
    return [*tests, lesson]


def main(words):
    names = [name for name in (*CODE, *STORED) if not words or any(word in name for word in words)]
    missed, whole = [], {}
    with tempfile.TemporaryDirectory() as folder:
        course = copied(Path(folder))
        for name in names:
            whole |= dict.fromkeys(CODE[name][-1] if name in CODE else [*STORED[name][-1], STORED[name][0]])
        if noticed(course, list(whole)):
            sys.exit("The tests fail before anything is broken: make test")
    for name in names:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            course = copied(Path(folder))
            seen = noticed(course, broken(course, name))
        missed += [] if seen else [name]
        print(f"{'caught' if seen else 'MISSED'}: {name} ({time.monotonic() - begun:.0f} s)", flush=True)
    print(f"{len(names) - len(missed)} of {len(names)} faults are caught")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
