"""The ledger of claims: what the literature says, what was measured for it, and the verdict by one rule for all.

ledger = Ledger()            every row of data/claims.csv
ledger.claims(1, 2)          rows as they stand before any number: the source's words and the rule
ledger[1]                    the number, and the stamp that follows from it
ledger                       the whole table, to be filtered and sorted

A row names a quantity, a bound and some cases; a small quantity speaks for the claim. A case without chance passes or
not. A case with chance passes where three quarters of its seeds do, fails where at most a quarter do, and is open
between. All cases pass: the claim holds. Some: it holds when those are meant. None: it does not hold. Where an open
case could turn the verdict, it is undecided.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache, cached_property
from html import escape

import numpy as np

from lrcore.data import FOLDER

from . import claims
from .figure import number

LESSONS = {path.stem[:2]: path.name for path in (FOLDER.parent / "notebooks").glob("0?-*.ipynb")}
STAMPS = {"holds": "●", "holds when": "◐", "does not hold": "✗", "undecided": "?"}
LETTERS = dict(zip("hwnu", STAMPS, strict=True))
RULE = "holds if in every case {passes}; holds when … if in some; does not hold if in none"
WAYS = {  # how a claim may say its bound in words, by the name in braces in claims.csv
    "bound": lambda b: f"at most {b:g}".replace("-", "−"),
    "no": lambda b: f"at most {b:g}" if b else "no",  # of things counted
    "outside": lambda b: f"at most {b:g} decades outside" if b else "in",
    "times": lambda b: {0.5: "at most half", 1: "at most", 2: "at most twice"}.get(b, f"at most {b:g} times"),
    "share": lambda b: f"at most {100 * b:g} %",
    "rest": lambda b: "at least half" if b == 0.5 else f"at least {100 * (1 - b):g} %",  # of a share, the other part
    "steps": lambda b: f"at least {1000 / b:g}",  # of a thousand over the steps
    "odds": lambda b: "at least one in 10" + f"{b:g}".translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")),
}


def stands(values, bound):
    """Whether a case passes, True or False; None where its seeds do not agree."""
    share = np.mean(np.asarray(values) <= bound)
    return True if share >= 0.75 else False if share <= 0.25 else None


def verdict(cases):
    """The verdict from what `stands` says of each case."""
    if any(case is True for case in cases) and any(case is False for case in cases):
        return "holds when"
    if any(case is None for case in cases):
        return "undecided"
    return "holds" if all(cases) else "does not hold"


@dataclass(frozen=True)
class Row:
    """One claim; `values` are {case: [a number for each seed]}."""

    row: str
    claim: str
    words: str  # as printed, in the source's own language; "" where the course has them in English only
    source: str
    lesson: str
    measure: str
    bound: float
    passes: str  # what a case has to do, in plain words, the bound as one of WAYS
    cases: tuple
    given: dict = None

    @cached_property
    def values(self):
        found = {case: [value] for case, value in claims.once(self.row).items()} | _stored().get(self.row, {})
        found = found if self.given is None else {**found, **self.given}
        if set(found) != set(self.cases):
            raise ValueError(f"row {self.row}: measured {sorted(found)}, and claims.csv names {sorted(self.cases)}")
        return {case: found[case] for case in self.cases}

    @cached_property
    def states(self):
        """{case: True, False or None}."""
        return {case: stands(values, self.bound) for case, values in self.values.items()}

    @property
    def verdict(self):
        return verdict(self.states.values())

    @property
    def letter(self):
        """The verdict as a vote: h, w, n or u."""
        return next(letter for letter, name in LETTERS.items() if name == self.verdict)

    @property
    def rule(self):
        return RULE.format(passes=re.sub(r"\{(\w+)\}", lambda way: WAYS[way[1]](self.bound), self.passes))

    @property
    def stamp(self):
        """The verdict in words: "◐ holds when: 0.1 in place of 1"."""
        passing = "; ".join(case for case, state in self.states.items() if state)
        return f"{STAMPS[self.verdict]} {self.verdict}" + (f": {passing}" if self.verdict == "holds when" else "")

    @property
    def measured(self):
        """Each case with its number, or with how many seeds passed."""
        return "; ".join(f"{case}: {self.said(values)}" for case, values in self.values.items())

    def said(self, values):
        if len(values) == 1:
            return number(values[0])
        return f"in {np.sum(np.asarray(values) <= self.bound)} of {len(values)}"

    def passed(self, case):
        """How many seeds of a case speak for the claim."""
        return int(np.sum(np.asarray(self.values[case]) <= self.bound))

    def median(self, case):
        """The number of a case, over its seeds."""
        return float(np.median(self.values[case]))

    def before(self):
        """What stands before any number: the rule and the cases."""
        return [self.claim, f"The claim {self.rule}.", f"Cases: {'; '.join(self.cases)}."]

    def __repr__(self):
        head = [f"{self.measure[0].upper()}{self.measure[1:].rstrip(',')}, at most {self.bound:g} if the claim is so:"]
        lines = [f"  {case}: {self.said(values)}" for case, values in self.values.items()]
        return "\n".join([f"{self.row}. {self.claim}", *head, *lines, self.stamp])


@cache
def _stored():
    """{row: {case: [a value for each seed]}} of data/claims-seeds.csv."""
    path, found = FOLDER / "claims-seeds.csv", {}
    if path.exists():
        with path.open(encoding="utf-8") as file:
            for line in csv.DictReader(file):
                found.setdefault(line["row"], {}).setdefault(line["case"], []).append(float(line["value"]))
    return found


class Before(tuple):
    """Claims as they stand before any number."""

    def __repr__(self):
        return "\n".join("\n   ".join(row.before()) for row in self)

    def _repr_html_(self):
        return "".join(f"<p><strong>{escape(h)}</strong><br>" + "<br>".join(map(escape, rest)) + "</p>"
                       for h, *rest in (row.before() for row in self))  # fmt: skip


class Ledger:
    """All claims, by row: "1" … "40"."""

    def __init__(self):
        with (FOLDER / "claims.csv").open(encoding="utf-8") as file:
            rows = [row | {"bound": float(row["bound"]), "cases": tuple(row["cases"].split("; "))}
                    for row in csv.DictReader(file)]  # fmt: skip
        self.rows = {row["row"]: Row(**row) for row in rows}

    def __getitem__(self, row):
        return self.rows[str(row)]

    def replace(self, row, values):
        """Put other numbers in the place of some that were measured: {case: [numbers]}."""
        old = self[row]
        fields = {name: getattr(old, name) for name in Row.__dataclass_fields__}
        self.rows[old.row] = Row(**fields | {"given": {**(old.given or {}), **values}})
        return self[row]

    def claims(self, *rows):
        return Before(self[row] for row in rows)

    def count(self):
        """{verdict: how many claims have it}."""
        found = [row.verdict for row in self.rows.values()]
        return {name: found.count(name) for name in STAMPS}

    columns = ("row", "claim", "source", "measured", "verdict", "lesson")

    def table(self):
        """The cells of the table, row by row."""
        return [[c.row, c.claim, c.source, c.measured, c.stamp, c.lesson] for c in self.rows.values()]

    def __repr__(self):
        return "\n".join(
            f"{row:>3}  {claim} ({source}): {verdict}" for row, claim, source, _, verdict, _ in self.table()
        )

    def _repr_mimebundle_(self, **given):
        from .filtered import Filtered

        shown = Filtered(names=list(self.columns), rows=self.table(), verdicts=list(STAMPS))
        data, metadata = shown._repr_mimebundle_(**given)
        return {**data, "text/plain": repr(self), "text/html": self._html()}, metadata

    def _html(self):
        left = 'style="text-align: left"'  # JupyterLab aligns tables to the right
        head = "".join(f'<th scope="col" {left}>{name}</th>' for name in self.columns)
        rows = "\n".join(
            f'<tr><th scope="row">{row[0]}</th>'
            + "".join(f"<td {left}>{escape(text)}</td>" for text in row[1:-1])
            + f'<td><a href="{LESSONS.get(row[-1], "")}">{row[-1]}</a></td></tr>'
            for row in self.table()
        )
        return f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"
