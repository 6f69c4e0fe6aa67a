"""The ledger of claims: what the literature says, the number measured for it, and the verdict by a stated rule.

ledger = Ledger()                                      the claims of data/claims.csv, none measured yet
ledger.claims(1, 5)                                    two of them with their rules, before any number
ledger.enter(1, f"{a} epochs and {b}", fails=a > b)    the number, and the verdict that follows from it
ledger                                                 the whole table
"""

import csv
from dataclasses import dataclass, replace
from html import escape

import numpy as np

from lrcore.data import FOLDER

LESSONS = {path.stem[:2]: path.name for path in (FOLDER.parent / "notebooks").glob("0?-*.ipynb")}
_LEFT = 'style="text-align: left"'  # JupyterLab aligns tables to the right
MARKS = {"holds": "●", "holds when": "◐", "does not hold": "✗", "not measured yet": "○"}


@dataclass(frozen=True)
class Claim:
    """One row: the claim, whose it is, its lesson and its rule; once entered, the number and the verdict."""

    row: str
    claim: str
    source: str
    lesson: str
    rule: str
    measured: str = ""
    verdict: str = "not measured yet"
    when: str = ""

    @property
    def words(self):
        """The verdict in words: "◐ holds when the rate is below 2/λ"."""
        said = f"holds when {self.when}" if self.when else self.verdict
        return f"{MARKS[self.verdict]} {said}"

    def lines(self):
        """The claim, whose it is and its rule; or, once measured, the claim, the number and the verdict."""
        claim = f"{self.row}. {self.claim}"
        return [claim, self.measured, self.words] if self.measured else [claim, self.source, f"rule: {self.rule}"]

    def __repr__(self):
        head, second, third = self.lines()
        if self.measured:
            return f"{head}\n   {second}\n   {third}"
        return f"{head} ({second})\n   {third}"

    def _repr_html_(self):
        head, second, third = map(escape, self.lines())
        if self.measured:
            return f"<p>{head}<br>{second}<br><strong>{third}</strong></p>"
        return f"<p><strong>{head}</strong> ({second})<br>{third}</p>"


class Claims(tuple):
    """Claims one below the other."""

    def __repr__(self):
        return "\n".join(map(repr, self))

    def _repr_html_(self):
        return "".join(claim._repr_html_() for claim in self)


class Ledger:
    """All claims, by row: "1" … "35"; 7 is two rows, "7a" and "7b"."""

    def __init__(self):
        rows = csv.DictReader((FOLDER / "claims.csv").read_text(encoding="utf-8").splitlines())
        self.rows = {row["row"]: Claim(**row) for row in rows}

    def __getitem__(self, row):
        return self.rows[str(row)]

    def claims(self, *rows):
        """Some claims and their rules, as they stand before any number."""
        return Claims(replace(self[row], measured="", verdict="not measured yet", when="") for row in rows)

    def enter(self, row, measured, *, holds=None, fails=None, when=""):
        """Note what was measured, and what follows: the Claim with its verdict.

        holds, fails   tests of the number, by the claim's rule. With one of them the other is its opposite
        when           the condition under which the claim holds, said where it neither holds nor fails
        """
        if holds is None and fails is None:
            raise ValueError("enter takes a test of the number, holds or fails")
        holds, fails = _test("holds", holds), _test("fails", fails)
        verdict = "does not hold" if fails else "holds" if holds else "holds when"
        if None in (holds, fails) and verdict == "holds when":
            verdict = "holds" if holds is None else "does not hold"
        if verdict == "holds when" and not when:
            raise ValueError("enter takes `when`, the condition under which the claim holds")
        said = {"verdict": verdict, "when": when if verdict == "holds when" else ""}
        row = self[row].row
        self.rows[row] = replace(self[row], measured=measured, **said)
        return self[row]

    def count(self):
        """{verdict: how many claims have it}, the open ones included where there are any."""
        found = [claim.verdict for claim in self.rows.values()]
        return {verdict: found.count(verdict) for verdict in MARKS if verdict in found}

    def __repr__(self):
        return "\n".join(
            f"{c.row:>3}  {c.claim} ({c.source}): {c.measured + ': ' * bool(c.measured)}{c.words}"
            for c in self.rows.values()
        )

    def _repr_html_(self):
        names = ("row", "claim", "source", "measured", "verdict", "lesson")
        head = "".join(f'<th scope="col" {_LEFT}>{name}</th>' for name in names)
        rows = "\n".join(
            f'<tr><th scope="row">{c.row}</th>'
            + "".join(f"<td {_LEFT}>{escape(text)}</td>" for text in (c.claim, c.source, c.measured, c.words))
            + f"<td>{_link(c.lesson)}</td></tr>"
            for c in self.rows.values()
        )
        return f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"


def _test(name, value):
    """A test's outcome as True or False, None where there is none; a number is none: `holds=nan` would hold."""
    if value is None or np.asarray(value).dtype == bool:
        return None if value is None else bool(value)
    raise ValueError(f"{name} takes True or False, such as what small > large says, got {value!r}")


def _link(lesson):
    return f'<a href="{LESSONS[lesson]}">{lesson}</a>' if lesson in LESSONS else lesson
