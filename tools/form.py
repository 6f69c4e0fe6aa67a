"""The form that a lesson keeps; complaints(book) says where it does not. It reads; it never runs a cell."""

import ast
import base64
import re
from pathlib import Path

import prose

ROOT = Path(__file__).resolve().parent.parent
TAGS = {"predict", "exercise", "solution", "claim", "closer", "explorer"}
SLIDES = {"slide", "subslide", "fragment", "skip", "notes", "-"}
KINDS = {"text/plain", "text/html", "text/markdown", "image/png"}
NOTEBOOK = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
FOLDED = {"source_hidden": True, "outputs_hidden": True}  # a solution: its output would tell it too
LINES, FIGURE = 15, 100_000  # lines of a code cell, bytes of a figure
READABLE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
RANDOM = re.compile(r"(?=.*\d)[0-9a-f]{8}(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?")
# What differs from machine to machine and so has no place in a stored output.
MACHINE = {
    "a path": r"(?<![\w.])/(?:home|root|tmp|usr|opt|var|work|Users|mnt)/|\b[A-Z]:\\|site-packages|\.venv",
    "an address in memory": r"\b0x[0-9a-fA-F]{6,}",
    "a version": r"(?i)\b(?:python|numpy|matplotlib|ipywidgets|jupyterlab|ipython)[ =v]*\d+\.\d+",
    "a time taken": r"\b\d+(?:[.,]\d+)*\s?(?:ns|[µμu]s|ms|s|sec|seconds?|minutes?)\b",
}
STYLING = re.compile(
    r"\bplt\.|\bpyplot\b|\bimport matplotlib|\brcParams\b|\.set_(?:[xy]label|title|xlim|ylim)\("
)


def lessons(folder=ROOT / "notebooks"):
    """The lessons' files, in order: NN-name.ipynb, without anyone's copies of them."""
    names = (path for path in folder.glob("[0-9][0-9]-*.ipynb") if READABLE.fullmatch(path.stem[3:]))
    return sorted(names)


def joined(text):
    """A notebook's string, which may be stored as a list of lines."""
    return "".join(text)


def said(cell):
    """All text that a code cell put out, as one string."""
    parts = []
    for output in cell.get("outputs", []):
        parts.append(joined(output.get("text", "")))
        parts += [joined(value) for kind, value in output.get("data", {}).items() if kind.startswith("text/")]
    return "\n".join(parts)


def last_call(source):
    """The call that a cell ends in, as text, or None: 'check.limit(answer)'."""
    body = ast.parse(source).body
    ends = body and isinstance(body[-1], ast.Expr) and isinstance(body[-1].value, ast.Call)
    return ast.unparse(body[-1].value) if ends else None


def of_output(output):
    """Complaints about one output of a code cell."""
    kind = output["output_type"]
    if kind == "error":
        yield f"stores an error ({output.get('ename')})"
    if output.get("name") == "stderr":
        yield f"stores a warning ({joined(output['text']).strip().splitlines()[0][:60]})"
    if kind not in {"execute_result", "display_data"}:
        return
    data = output["data"]
    for odd in sorted(set(data) - KINDS):
        yield f"stores {odd}"
    if "image/png" in data:
        alternative = joined(data.get("text/plain", ""))
        size = len(base64.b64decode(joined(data["image/png"])))
        if size > FIGURE:
            yield f"stores a figure of {size // 1000} kB (at most {FIGURE // 1000})"
        if len(alternative) < 20 or re.match(r"<\w|Axes\(", alternative) or not re.search(r"\d", alternative):
            yield "has a figure whose text alternative carries no finding with its number"


def of_code(cell):
    """Complaints about one code cell."""
    source, tags = joined(cell["source"]), set(cell["metadata"].get("tags", ()))
    for output in cell["outputs"]:
        yield from of_output(output)
    for what, pattern in MACHINE.items():
        if found := re.search(pattern, said(cell)):
            yield f"stores {what} ({found[0]})"
    if len(source.splitlines()) > LINES:
        yield f"has {len(source.splitlines())} lines (at most {LINES})"
    if found := STYLING.search(source):
        yield f"styles a figure ({found[0]}); drawing lives in lrlab.plots"
    try:
        tree = ast.parse(source)
    except SyntaxError:
        yield "is not plain Python"
        return
    defines = any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in ast.walk(tree))
    if defines and not tags & {"exercise", "solution"}:
        yield "defines a helper; helpers live in lrcore"
    if tags & {"exercise", "predict"} and "○" not in said(cell):
        yield "is a stub whose check does not say that it is open (○)"
    if "solution" in tags and "✓" not in said(cell):
        yield "is a solution whose check does not say that it is right (✓)"
    if tags & {"exercise", "predict", "solution"} and not (last_call(source) or "").startswith("check."):
        yield "does not end in its check"


def of_text(cell):
    """Complaints about one markdown cell."""
    source = joined(cell["source"])
    if cell.get("attachments"):
        yield "has an attachment"
    for alternative, target in re.findall(r"!\[([^\]]*)\]\(([^)]*)\)", source):
        if not alternative.strip():
            yield f"has a picture without a text alternative ({target})"
        if re.match(r"\w+:", target):
            yield f"has a picture that is not in the repository ({target[:40]})"
    for tag in re.findall(r"<img\b[^>]*>", source):
        if not re.search(r"""\balt=["'][^"']+""", tag):
            yield f"has a picture without a text alternative ({tag[:40]})"


def of_metadata(cell):
    """Complaints about the id and the metadata of one cell."""
    metadata, ident = cell["metadata"], cell.get("id", "")
    if not READABLE.fullmatch(ident) or RANDOM.fullmatch(ident):
        yield "has an id that no one can read; name it, like limit-slider"
    for odd in sorted(set(metadata) - {"tags", "slideshow", "jupyter"}):
        yield f"has metadata {odd!r}"
    for odd in sorted(set(metadata.get("tags", ())) - TAGS):
        yield f"has the tag {odd!r} (there are {', '.join(sorted(TAGS))})"
    slideshow, jupyter = metadata.get("slideshow"), metadata.get("jupyter")
    if slideshow is not None and (set(slideshow) != {"slide_type"} or slideshow["slide_type"] not in SLIDES):
        yield f"has slideshow metadata {slideshow}"
    if jupyter is not None and {**jupyter, "outputs_hidden": True} != FOLDED:
        yield f"has jupyter metadata {jupyter}"
    if ("solution" in metadata.get("tags", ())) != (jupyter is not None):
        yield "is a solution that is not folded, or folded and no solution"


def of_exercises(code):
    """Each exercise's stub is followed by its solution, and both end in the same check."""
    kinds = [set(cell["metadata"].get("tags", ())) & {"exercise", "solution"} for cell in code]
    for i, (cell, kind) in enumerate(zip(code, kinds, strict=True)):
        if kind == {"exercise"}:
            if kinds[i + 1 : i + 2] != [{"solution"}]:
                yield f"{cell['id']}: no solution follows it"
            elif last_call(joined(cell["source"])) != last_call(joined(code[i + 1]["source"])):
                yield f"{cell['id']}: its solution does not end in the same check"
        elif kind == {"solution"} and kinds[max(i - 1, 0)] != {"exercise"}:
            yield f"{cell['id']}: a solution with no exercise before it"


def complaints(book):
    """Every way in which a notebook (its JSON as a dict) leaves the form, a sentence each."""
    cells, found = book["cells"], []
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    text = [cell for cell in cells if cell["cell_type"] == "markdown"]
    if dict(book["metadata"]) != NOTEBOOK:
        odd = sorted(set(book["metadata"]) - set(NOTEBOOK)) or "kernelspec or language_info"
        found.append(f"the notebook's metadata is not the agreed one ({odd})")
    if [cell["execution_count"] for cell in code] != list(range(1, len(code) + 1)):
        found.append("execution counts are not 1..n; make notebooks runs it")
    idents = [cell.get("id") for cell in cells]
    found += [
        f"{ident}: an id used twice" for ident in sorted({i for i in idents if idents.count(i) > 1}, key=str)
    ]
    for cell in cells:
        about = [*of_metadata(cell), *(of_code(cell) if cell["cell_type"] == "code" else of_text(cell))]
        found += [f"{cell.get('id')}: {complaint}" for complaint in about]
    try:
        found += of_exercises(code)
    except SyntaxError:
        pass  # named above
    evidence = "\n".join(joined(cell["source"]) + "\n" + said(cell) for cell in code)
    for cell in text:
        for number in prose.unsupported(joined(cell["source"]), evidence):
            found.append(f"{cell.get('id')}: {number} stands in no output or source here, and is not quoted")
    return found
