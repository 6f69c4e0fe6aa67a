"""Which cell computes each number of the prose?  python tools/bind.py [LESSON …] writes tests/prose/NN.json.

A number of two digits or more that a lesson's prose states is bound to one cell: "18.9 < crossing-run" says that
the cell crossing-run prints, draws (its text alternative) or holds a number that rounds to 18.9. Nearest cells come
first: those of its section, the reveal or the solution of its question, then, from three digits on, any of the lesson.
"0.1 ~ sweep" and "0.1 ~ 03/sweep" are weaker: a short number that only a cell elsewhere in the lesson, or in a lesson
that the text links to, says. What no cell computes is written as "40 ?", and a test refuses it until a person has put
a reason in place of the question mark: one of REASONS, which is kept from then on.

    python tools/bind.py --mutate     changes the last digit of every number in turn; how many are caught?
"""

import argparse
import functools
import json
import re
import sys
from pathlib import Path

import form
import prose

FOLDER = form.ROOT / "tests" / "prose"
REASONS = {
    "given": "the question sets it",
    "minutes": "a time, held against the README by a test",
    "lesson": "a lesson's number",
    "source": "of a source: its year, its section, its number",
    "quoted": "a source's own",
    "hand": "worked by hand in the same cell",
    "row": "a row of lesson 08's table",
}


ADDRESS = re.compile(r"\]\([^)]*\)|https?://\S+|</?\w[^>]*>")  # of a link: other tests follow it


def read(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def stated(text):
    """(every number of two digits or more in a text, as matches, the text they stand in, the places of quotations)."""
    text = re.sub(r"<q\b[^>]*>(.*?)</q>", "\ue000\\1\ue001", text, flags=re.DOTALL)
    text = re.sub(r"^([ \t]*>.*)$", "\ue000\\1\ue001", text, flags=re.MULTILINE)
    text = prose.plain(ADDRESS.sub(" ", text))
    found = [one for one in prose.NUMBER.finditer(text) if len(re.sub(r"\D", "", one[0].lower().split("e")[0])) >= 2]
    return found, text, [one.span() for one in re.finditer("\ue000.*?\ue001", text, re.DOTALL)]


def evidence(cells):
    """All numbers in the sources and outputs of some code cells."""
    return prose.numbers("\n".join(form.joined(cell["source"]) + "\n" + form.said(cell) for cell in cells))


def sections(cells):
    """The cells between one heading of the first or second level and the next."""
    parts = [[]]
    for cell in cells:
        if cell["cell_type"] == "markdown" and re.match(r"#{1,2} ", form.joined(cell["source"]).lstrip()):
            parts.append([])
        parts[-1].append(cell)
    return parts


def asks(cell):
    """The check that a code cell calls last, such as "vote_limit", or None."""
    try:
        return form.called(form.joined(cell["source"]))[0]
    except SyntaxError:
        return None


def code(cells):
    return [cell for cell in cells if cell["cell_type"] == "code"]


def candidates(book, solved):
    """For each markdown cell its id, text, and the code cells that may bear out its numbers: near ones, then all."""
    parts = sections(book["cells"])
    everything = {cell["id"]: cell for cell in code(solved["cells"])} | {c["id"]: c for c in code(book["cells"])}
    for part in parts:
        mine = code(part)
        asked = {asks(cell) for cell in mine} - {None, "score"}
        answers = [cell for other in parts for cell in code(other) if other is not part and asks(cell) in asked]
        answers += [c for other in parts if any(c in answers for c in other) for c in code(other)]
        answers += [cell for cell in code(solved["cells"]) if asks(cell) in asked]
        near = list({cell["id"]: cell for cell in [*mine, *answers]})
        for cell in part:
            if cell["cell_type"] == "markdown":
                text = form.joined(cell["source"])
                yield cell["id"], text, near, everything | linked(text)


def linked(text):
    """{"03/sweep": cell} of the code cells in the lessons that a text links to."""
    found = {}
    for number in sorted(set(re.findall(r"\]\((?:\.\./)?(\d\d)-[\w-]+\.ipynb", text))):
        found |= {f"{number}/{ident}": cell for ident, cell in _lesson(number).items()}
    return found


@functools.cache
def _lesson(number):
    paths = [path for path in form.lessons() if path.stem.startswith(number)]
    return {cell["id"]: cell for path in paths for cell in code(read(path)["cells"])}


def significant(number):
    """How many digits of a number count."""
    return len(re.sub(r"\D", "", re.match(r"[\d,.]*", number)[0]).lstrip("0"))


def reason(one, text, quoted):
    """Why a number needs no cell, where its own words say so."""
    if any(low <= one.start() < high for low, high in quoted):
        return "quoted"
    if prose.is_year(one) or re.search(r"(?i)arxiv:\s?$", text[: one.start()]):
        return "source"
    if re.fullmatch(r"0\d", one[0]):
        return "lesson"
    return "minutes" if re.match(r"\s*minutes", text[one.end() :]) else None


def bind(book, solved, kept):
    """{id of a markdown cell: ["18.9 < crossing-run", …]}, each number in its order."""
    bound, known = {}, {}
    for ident, text, near, everything in candidates(book, solved):
        numbers, text, quoted = stated(text)
        old = dict(reversed([entry.split(" ", 1) for entry in kept.get(ident, [])]))
        for one in numbers:
            sure = [*near, *(name for name in everything if significant(one[0]) >= 3 and "/" not in name)]
            says = (
                name
                for name in dict.fromkeys([*sure, *everything])
                if prose.supported(one, text, known.setdefault(name, evidence([everything[name]])))
            )
            entry = reason(one, text, quoted) or (old[one[0]] if old.get(one[0]) in REASONS else None)
            if entry is None or entry in {"given", "hand"}:
                name = next(says, None)
                if name in sure or (name and entry is None):
                    entry = f"{'<' if name in sure else '~'} {name}"
            bound.setdefault(ident, []).append(f"{one[0]} {entry or '?'}")
    return bound


def complaints(book, solved, bound):
    """Every number that is not bound, or bound to what does not bear it out, a sentence each."""
    known, found = {}, []
    for ident, text, _, everything in candidates(book, solved):
        numbers, text, _ = stated(text)
        entries = [entry.split(" ", 1) for entry in bound.get(ident, [])]
        if [one[0] for one in numbers] != [number for number, _ in entries]:
            said, meant = " ".join(one[0] for one in numbers), " ".join(number for number, _ in entries)
            found.append(f"{ident}: says {said or 'no number'}, and is bound for {meant or 'none'}")
            continue
        for one, (number, what) in zip(numbers, entries, strict=True):
            if what in REASONS:
                continue
            cell = everything.get(what[2:])
            if cell is None:
                found.append(f"{ident}: {number} is bound to no cell ({what})")
            elif not prose.supported(one, text, known.setdefault(what[2:], evidence([cell]))):
                found.append(f"{ident}: {number} is not what {cell['id']} says")
    return found


def mutants(book):
    """For every number in prose, quoted or not, the book with its last digit one off: (cell's id, from, to, book)."""
    for cell in book["cells"]:
        if cell["cell_type"] != "markdown":
            continue
        source = form.joined(cell["source"])
        addresses = [found.span() for found in ADDRESS.finditer(source)]
        for one in prose.NUMBER.finditer(source):
            if (
                any(low <= one.start() < high for low, high in addresses)
                or len(re.sub(r"\D", "", one["digits"] + (one["decimals"] or ""))) < 2
            ):
                continue
            place = one.start("decimals") + len(one["decimals"]) if one["decimals"] else one.end("digits")
            last = int(source[place - 1])
            other = str(last - 1 if last == 9 else last + 1)
            cell["source"] = source[: place - 1] + other + source[place:]
            yield cell["id"], source[one.start() : place], cell["source"][one.start() : place], book
        cell["source"] = source


def mutate(books):
    """How many numbers with a last digit one off are noticed; those that are not, a line each."""
    tried = caught = 0
    for path, book, solved in books:
        bound = read(FOLDER / f"{path.stem[:2]}.json")
        for ident, was, now, changed in mutants(book):
            noticed = bool(complaints(changed, solved, bound))
            tried, caught = tried + 1, caught + noticed
            if not noticed:
                print(f"{path.stem} {ident}: {was} → {now}")
    print(f"{caught} of {tried} numbers with another last digit are caught, {100 * caught / tried:.1f} %")
    return caught < 0.95 * tried


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lesson", nargs="*", help="a lesson's number; all of them without one")
    parser.add_argument("--mutate", action="store_true")
    options = parser.parse_args()
    paths = [p for p in form.lessons() if not options.lesson or p.stem[:2] in options.lesson]
    books = [(path, read(path), read(path.parent / "solutions" / path.name)) for path in paths]
    if options.mutate:
        return mutate(books)
    FOLDER.mkdir(exist_ok=True)
    for path, book, solved in books:
        target = FOLDER / f"{path.stem[:2]}.json"
        bound = bind(book, solved, read(target) if target.exists() else {})
        target.write_text(json.dumps(bound, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        entries = [entry for each in bound.values() for entry in each]
        kinds = {reason: sum(entry.endswith(f" {reason}") for entry in entries) for reason in REASONS}
        print(
            f"{target.name}: {sum(' < ' in entry for entry in entries)} computed",
            f"{sum(' ~ ' in entry for entry in entries)} elsewhere",
            *(f"{n} {k}" for k, n in kinds.items() if n),
            sep=", ",
        )
        for ident, each in bound.items():
            for entry in each:
                if entry.endswith("?"):
                    print(f"  {ident}: {entry}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
