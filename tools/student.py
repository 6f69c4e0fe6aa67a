"""The student edition: the lessons without solutions, speaker notes and outputs, as a folder and a zip.

It lands in build/student. notebooks/ is only read.
"""

import hashlib
import json
import os
import shutil
import sys
import zipfile
from pathlib import Path

import nbformat

import form
import notebooks

ROOT = form.ROOT
TARGET = ROOT / "build" / "student"
NAME = "learning-rate-course"
TAKEN = ["lrcore", "data", "LICENSE", "pyproject.toml", "environment.yml", "tools/setup", "tools/lab"]
TAKEN += ["tools/jupyter_config.py", "tools/locks/uv.txt", "tools/locks/lab.txt"]
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
MADE = ".made.json"  # in the folder: its lessons as they were made, to know a student's work by
EPOCH = (1980, 1, 1, 0, 0, 0)  # the zip's dates: the same lessons give the same bytes


def for_students(book):
    """The notebook without solutions, speaker notes, outputs and slide marks, in place; returns it."""
    book.cells = [
        cell
        for cell in book.cells
        if "solution" not in cell.metadata.get("tags", [])
        and cell.metadata.get("slideshow", {}).get("slide_type") != "notes"
    ]
    for cell in book.cells:
        cell.metadata.pop("slideshow", None)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return book


def make(folder):
    """Write the edition into an empty folder."""
    for name in TAKEN:
        source, place = ROOT / name, folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, place, ignore=LEFT_OUT)
        else:
            shutil.copy2(source, place)
    for path in sorted((ROOT / "tools" / "student_edition").iterdir()):
        shutil.copy(path, folder / path.name)
    (folder / "notebooks").mkdir()
    for path in form.lessons(ROOT / "notebooks"):
        book = for_students(nbformat.read(path, as_version=4))
        (folder / "notebooks" / path.name).write_text(notebooks.as_text(book), encoding="utf-8")


def digests(folder):
    """What the lessons in a folder are, by their digests."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.glob("notebooks/*.ipynb"))}


def pack(folder, target):
    """The folder as a zip with fixed dates, written beside and renamed; without the mark that `main` leaves."""
    part = target.with_name(f".{target.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as pack:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != MADE:
                entry = zipfile.ZipInfo(str(Path(NAME) / path.relative_to(folder)), EPOCH)
                entry.external_attr = (path.stat().st_mode & 0o777) << 16
                pack.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    part.replace(target)


def main():
    """What `make student` calls."""
    folder, part, old = TARGET / NAME, TARGET / f".{NAME}.part", TARGET / f".{NAME}.old.part"
    made = folder / MADE
    if folder.exists() and (not made.exists() or digests(folder) != json.loads(made.read_text())):
        sys.exit(
            f"Nothing was written: somebody has worked on the lessons in {os.path.relpath(folder, ROOT)}. "
            "Move that folder away and type the same again."
        )
    for left in part, old:
        shutil.rmtree(left, ignore_errors=True)
    part.mkdir(parents=True)
    make(part)
    (part / MADE).write_text(json.dumps(digests(part)))
    if folder.exists():
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    pack(folder, TARGET / f"{NAME}.zip")
    size = (TARGET / f"{NAME}.zip").stat().st_size / 1e6
    print(f"build/student/{NAME}: {len(digests(folder))} lessons without solutions; {NAME}.zip: {size:.1f} MB")


if __name__ == "__main__":
    main()
