"""Run lessons on a fresh kernel and store them in canonical form.

A lesson is written only when it ran without an error and without a warning, to a temporary file that then
takes its name. Storing twice changes no byte. Lessons with uncommitted changes are left alone.
"""

import argparse
import base64
import io
import os
import re
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

import form

WIDGET = "application/vnd.jupyter.widget-view+json"
DROPPED_CHUNKS = {b"tEXt", b"zTXt", b"iTXt", b"tIME", b"eXIf"}


def without_text(png):
    """The PNG (base64) without its text chunks: Matplotlib writes its version there."""
    data = base64.b64decode(form.joined(png))
    kept, at = [data[:8]], 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        chunk = data[at : at + length + 12]
        if chunk[4:8] not in DROPPED_CHUNKS:
            kept.append(chunk)
        at += len(chunk)
    return base64.b64encode(b"".join(kept)).decode()


def same_picture(one, two):
    """Whether two PNGs (base64) differ by a machine's rounding only: 16 of 255 levels at most."""
    import numpy as np
    from PIL import Image

    a, b = (Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA") for png in (one, two))
    return a.size == b.size and int(np.abs(np.asarray(a, int) - np.asarray(b, int)).max()) <= 16


def outputs(cell):
    """A code cell's outputs in canonical form: streams joined, no widgets, a picture's size and text kept."""
    kept = []
    for output in cell.outputs:
        output = dict(output)
        if output["output_type"] == "stream":
            text = form.joined(output["text"])
            if kept and kept[-1].get("name") == output["name"]:
                kept[-1]["text"] += text
            else:
                kept.append({**output, "text": text})
            continue
        if "data" in output:
            data = {kind: value for kind, value in output["data"].items() if kind != WIDGET}
            if "image/png" in data:
                data["image/png"] = without_text(data["image/png"])
            size = dict(output["metadata"].get("image/png", {}))
            size = {name: size[name] for name in ("alt", "height", "width") if name in size}
            output.update(data=data, metadata={"image/png": size} if size else {})
            if not data:
                continue
        if "execution_count" in output:
            output["execution_count"] = cell.execution_count
        kept.append(output)
    return [nbformat.from_dict(output) for output in kept]


def metadata(cell):
    """A cell's metadata in canonical form: its tags, its place among the slides, a reveal's output folded."""
    had, kept = cell.metadata, {}
    if had.get("tags"):
        kept["tags"] = sorted(set(had["tags"]))
    if had.get("slideshow", {}).get("slide_type"):
        kept["slideshow"] = {"slide_type": had["slideshow"]["slide_type"]}
    if cell.cell_type == "code" and "reveal" in kept.get("tags", ()):
        kept.update(form.FOLDED)
    return nbformat.from_dict(kept)


def normalise(book):
    """Bring a notebook into canonical form, in place, without running it; returns it."""
    book.metadata = nbformat.from_dict(form.NOTEBOOK)
    book.nbformat, book.nbformat_minor = 4, 5
    count = 0
    for cell in book.cells:
        cell.metadata = metadata(cell)
        cell.source = cell.source.replace("\r\n", "\n").strip("\n")
        if cell.cell_type == "code":
            count += cell.execution_count is not None
            cell.execution_count = count if cell.execution_count is not None else None
            cell.outputs = outputs(cell)
    return book


def keep_pictures(book, before):
    """Keep the stored picture where the new one shows the same: another machine's rounding is no change."""
    stored = {cell.get("id"): cell for cell in before.cells if cell.cell_type == "code"}
    for cell in book.cells:
        old = stored.get(cell.get("id"))
        if cell.cell_type != "code" or old is None or len(old.outputs) != len(cell.outputs):
            continue
        for new, was in zip(cell.outputs, old.outputs, strict=True):
            pictures = [output.get("data", {}).get("image/png") for output in (new, was)]
            if all(pictures) and same_picture(*map(form.joined, pictures)):
                new.data["image/png"] = without_text(pictures[1])


def as_text(book):
    """The file's text: JSON as Jupyter writes it, keys sorted, one space, one final newline."""
    return nbformat.writes(book).rstrip("\n") + "\n"


def run(book, folder):
    """Run every cell on a fresh kernel in `folder`, in place; an error of a cell is raised."""
    from nbclient import NotebookClient

    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    NotebookClient(
        book,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        store_widget_state=False,
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],
    ).execute()


def write(path, text):
    """Write to a temporary file, then rename: whoever reads `path` sees the old file or the new one."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=".part", dir=path.parent)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, path.stat().st_mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def store(path):
    """Run and store one lesson; returns the sentences that say why not, or what its form still lacks."""
    from nbclient.exceptions import CellExecutionError

    text = path.read_text(encoding="utf-8")
    before, book = (nbformat.reads(text, as_version=4) for _ in range(2))
    try:
        run(book, path.parent)
    except CellExecutionError as error:
        failed = next(cell for cell in book.cells if any(o.output_type == "error" for o in cell.get("outputs", [])))
        trace = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
        return False, [f"{failed.get('id')}: {error.ename}: {error.evalue}; nothing is stored\n{trace}"]
    normalise(book)
    noise = [
        f"{cell.id}: {complaint}; nothing is stored"
        for cell in book.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        for complaint in form.of_output(output)
        if complaint.startswith(("stores a warning", "stores an error"))
    ]
    if noise:
        return False, noise
    keep_pictures(book, before)
    if path.read_text(encoding="utf-8") != text:
        return False, ["the file was changed while it ran; nothing is stored"]
    new = as_text(book)
    if new != text:
        write(path, new)
    return True, complaints(path, book)


def complaints(path, book):
    """What the form of a lesson, or of a notebook of solutions beside its lesson, still lacks."""
    if path.parent.name != "solutions":
        return [*form.complaints(book), *form.of_guide(path, book)]
    return form.complaints(book, lesson=nbformat.read(path.parents[1] / path.name, as_version=4))


def chosen(names, folder):
    """The lessons that are meant by names or numbers ("01"), all without any; each with its solutions."""
    every, picked = sorted([*form.lessons(folder), *form.solutions(folder)], key=lambda path: path.name), []
    for name in names:
        meant = [path for path in every if path.stem.startswith(Path(name).stem)]
        if not meant:
            sys.exit(
                f"There is no lesson {name!r} in {folder.name}/, only {', '.join(sorted({p.stem[:2] for p in every}))}."
            )
        picked += meant
    return picked if names else every


def uncommitted(paths):
    """The names of those files that git knows to differ from the last commit; none outside a clone."""
    if not any((parent / ".git").exists() for parent in paths[0].resolve().parents):
        return []
    command = ["git", "status", "--porcelain", "--untracked-files=all", "--"]
    changed = []
    try:
        for path in paths:
            at = {"cwd": path.resolve().parent, "capture_output": True, "text": True, "check": True}
            if subprocess.run([*command, path.name], **at).stdout:
                changed.append(name(path))
    except OSError:
        sys.exit("Nothing was run, to lose nothing: git, which knows what is not committed, was not found.")
    except subprocess.CalledProcessError as error:
        sys.exit(f"Nothing was run, to lose nothing: git does not say what is not committed.\n{error.stderr}")
    return changed


def name(path):
    """What a notebook is called: 01-fit-a-line.ipynb, or solutions/01-fit-a-line.ipynb."""
    return f"solutions/{path.name}" if path.parent.name == "solutions" else path.name


def main():
    """What `make notebooks` calls."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lesson", nargs="*", help="a lesson's number or name; all of them without one")
    parser.add_argument("--force", action="store_true", help="also lessons with uncommitted changes")
    parser.add_argument("--folder", type=Path, default=form.ROOT / "notebooks", help=argparse.SUPPRESS)
    options = parser.parse_args()
    paths = chosen(options.lesson or os.environ.get("LESSON", "").split(), options.folder)
    changed = uncommitted(paths) if paths else []
    if changed and not (options.force or os.environ.get("FORCE")):
        sys.exit(
            f"Nothing was run, to lose nothing: changes that are not committed are in {', '.join(changed)}. "
            "Commit first, name another lesson (make notebooks LESSON=02), or type make notebooks FORCE=1."
        )
    os.environ.pop("MPLBACKEND", None)
    os.environ.update(JUPYTER_PREFER_ENV_PATH="1", LESSON_VOTES="off")
    good = True
    with tempfile.TemporaryDirectory() as fresh:
        os.environ["IPYTHONDIR"] = fresh
        for path in paths:
            print(f"{name(path).removesuffix('.ipynb')} ...", end=" ", flush=True)
            started = time.monotonic()
            stored, sentences = store(path)
            good = good and stored
            print(f"{'stored' if stored else 'FAILED'} ({time.monotonic() - started:.1f} s)", flush=True)
            for sentence in sentences:
                print(f"  {sentence}", flush=True)
    sys.exit(not good)


if __name__ == "__main__":
    main()
