"""The form that a lesson keeps; complaints(book) says where it does not. It reads; it never runs a cell."""

import ast
import base64
import re
from pathlib import Path

import prose

ROOT = Path(__file__).resolve().parent.parent
KINDS_OF_SLIDE = {"title", "vote", "figure", "formula", "instrument", "claim", "task", "recall", "exit"}
TAGS = KINDS_OF_SLIDE | {"reveal", "exercise", "demo", "solution", "closer", "explorer"}
STARTS = {"slide", "subslide"}
SLIDES = STARTS | {"fragment", "skip", "-"}
KINDS = {"text/plain", "text/html", "text/markdown", "image/png"}
NOTEBOOK = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
FOLDED = {"collapsed": True, "jupyter": {"outputs_hidden": True}}  # a reveal, as JupyterLab writes it
NOTE = re.compile(r"(?i)\b(?:notes? for|to) the instructor\b")
LINES, FIGURE = 15, 100_000  # lines of a code cell, bytes of a figure
READABLE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
RANDOM = re.compile(r"(?=.*\d)[0-9a-f]{8}(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?")
# What differs from machine to machine and so has no place in a stored output.
MACHINE = {
    "a path": r"(?<![\w.])/(?:home|root|tmp|usr|opt|var|work|Users|mnt)/|\b[A-Z]:\\|site-packages|\.venv",
    "an address in memory": r"\b0x[0-9a-fA-F]{6,}",
    "a version": r"(?i)\b(?:python|numpy|matplotlib|ipywidgets|jupyterlab|ipython)[ =v]*\d+\.\d+",
    "a progress bar": r"\bIntProgress\(",
    "a time taken": r"\b\d+(?:[.,]\d+)*\s?(?:ns|[µμu]s|ms|s|sec|seconds?|minutes?)\b",
}
STYLING = re.compile(r"\bplt\.|\bpyplot\b|\bimport matplotlib|\brcParams\b|\.set_(?:[xy]label|title|xlim|ylim)\(")


def lessons(folder=ROOT / "notebooks"):
    """The lessons' files, in order: NN-name.ipynb, without anyone's copies of them."""
    names = (path for path in folder.glob("[0-9][0-9]-*.ipynb") if READABLE.fullmatch(path.stem[3:]))
    return sorted(names)


def solutions(folder=ROOT / "notebooks"):
    """The notebooks of solutions, in order."""
    return lessons(folder / "solutions")


def guide(path):
    """The instructor's page of a lesson as {cell id of a slide: its text}; without any, {}."""
    page = path.resolve().parent.parent / "teaching" / f"{path.stem}.md"
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    parts = re.split(r"^## +(\S+)[ \t]*$", text, flags=re.MULTILINE)
    return {ident: part.strip() for ident, part in zip(parts[1::2], parts[2::2], strict=True)}


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


def called(source):
    """The check that a cell's last call asks, and how: ("vote_limit", "reveal") for check.vote_limit.reveal()."""
    found = re.match(r"check\.(\w+)(?:\.(\w+))?\(", last_call(source) or "")
    return found.groups() if found else (None, None)


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
    if defines and not tags & {"exercise", "demo", "solution"}:
        yield "defines a function; tag it demo where it is the lesson's subject, or put it into lrlab"
    if tags & {"exercise", "vote"} and "○" not in said(cell):
        yield "is a stub whose check does not say that it is open (○)"
    if "solution" in tags and "✓" not in said(cell):
        yield "is a solution whose check does not say that it is right (✓)"
    if "solution" not in tags and "✓" in said(cell):
        yield "stores a ✓ that nobody earned"
    check, how = called(source)
    if tags & {"exercise", "vote", "solution"} and not check:
        yield "does not end in its check"
    if how == "reveal" and "reveal" not in tags:
        yield "reveals a vote without the tag reveal"


def of_text(cell):
    """Complaints about one markdown cell."""
    source = joined(cell["source"])
    if NOTE.search(source):
        yield "speaks to the instructor; that stands in teaching/"
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
    for odd in sorted(set(metadata) - {"tags", "slideshow", *FOLDED}):
        yield f"has metadata {odd!r}"
    for odd in sorted(set(metadata.get("tags", ())) - TAGS):
        yield f"has the tag {odd!r} (there are {', '.join(sorted(TAGS))})"
    tags, slideshow = set(metadata.get("tags", ())), metadata.get("slideshow")
    if slideshow is not None and (set(slideshow) != {"slide_type"} or slideshow["slide_type"] not in SLIDES):
        yield f"has slideshow metadata {slideshow}"
    kinds = sorted(tags & KINDS_OF_SLIDE)
    if (slideshow or {}).get("slide_type") in STARTS and len(kinds) != 1:
        yield f"begins a slide, which has one kind as a tag ({', '.join(sorted(KINDS_OF_SLIDE))}), not {kinds}"
    if {name: metadata[name] for name in FOLDED if name in metadata} != (("reveal" in tags and FOLDED) or {}):
        yield "is a reveal that is not folded, or folded and no reveal; make notebooks sees to it"


def asked(code, tag):
    """The last calls of the code cells with a tag, each once, in order."""
    tagged = [cell for cell in code if tag in cell["metadata"].get("tags", ())]
    return list(dict.fromkeys(last_call(joined(cell["source"])) for cell in tagged))


def of_votes(code):
    """Each vote has its reveal, one cell further down."""
    order = [called(joined(cell["source"])) for cell in code]
    for place, (name, how) in enumerate(order):
        if not (name or "").startswith("vote_") or how == "reveal":
            continue
        reveals = [at for at, found in enumerate(order) if found == (name, "reveal")]
        if len(reveals) != 1 or reveals[0] < place:
            yield f"{code[place]['id']}: its vote is not revealed once, further down, by check.{name}.reveal()"


def of_solutions(code, lesson):
    """Complaints about the solutions' code beside the lesson's: every exercise, in its order, and no other."""
    theirs = [cell for cell in lesson["cells"] if cell["cell_type"] == "code"]
    exercises, solved = asked(theirs, "exercise"), asked(code, "solution")
    yield from (f"no solution ends in {call}" for call in exercises if call not in solved)
    yield from (f"{call} is no exercise of the lesson" for call in solved if call not in exercises)


def of_guide(path, book):
    """Complaints about the instructor's page of a lesson: a section for each slide, and no other."""
    slides = [c["id"] for c in book["cells"] if c["metadata"].get("slideshow", {}).get("slide_type") in STARTS]
    sections = guide(path)
    yield from (f"teaching/{path.stem}.md has no section ## {one}" for one in slides if one not in sections)
    yield from (f"teaching/{path.stem}.md: ## {one} is no slide" for one in sections if one not in slides)
    yield from (f"teaching/{path.stem}.md: ## {one} is empty" for one in sections if len(sections[one]) < 20)


def complaints(book, lesson=None):
    """Every way in which a notebook (its JSON as a dict) leaves the form, a sentence each.

    With `lesson` given, the notebook is that of its solutions.
    """
    cells, found = book["cells"], []
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    text = [cell for cell in cells if cell["cell_type"] == "markdown"]
    if dict(book["metadata"]) != NOTEBOOK:
        odd = sorted(set(book["metadata"]) - set(NOTEBOOK)) or "kernelspec or language_info"
        found.append(f"the notebook's metadata is not the agreed one ({odd})")
    if [cell["execution_count"] for cell in code] != list(range(1, len(code) + 1)):
        found.append("execution counts are not 1..n; make notebooks runs it")
    idents = [cell.get("id") for cell in cells]
    found += [f"{ident}: an id used twice" for ident in sorted({i for i in idents if idents.count(i) > 1}, key=str)]
    for cell in cells:
        about = [*of_metadata(cell), *(of_code(cell) if cell["cell_type"] == "code" else of_text(cell))]
        if lesson is None and "solution" in cell["metadata"].get("tags", ()):
            about.append("is a solution; it stands in notebooks/solutions/")
        found += [f"{cell.get('id')}: {complaint}" for complaint in about]
    try:
        found += of_votes(code) if lesson is None else of_solutions(code, lesson)
    except SyntaxError:
        pass  # named above
    known = [*code, *(lesson["cells"] if lesson else ())]
    evidence = "\n".join(joined(cell["source"]) + "\n" + said(cell) for cell in known)
    for cell in text:
        for number in prose.unsupported(joined(cell["source"]), evidence):
            found.append(f"{cell.get('id')}: {number} stands in no output or source here, and is not quoted")
    return found
