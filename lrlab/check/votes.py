"""Votes: a guess before the run, kept until its reveal, which says how near it came.

    vote_limit = letters("c", a="slower still", b="stuck", c="each swing is larger", d="nan at once")
    vote_epochs = number(10, within=1.25)        right within a factor of 1.25
    vote_wins = number(off=3, of=20)             a count of 20, right within a difference of 3
    vote_six = order(0.01, 1, 50)                several, put in order

In a lesson `check.vote_limit("?")` takes the vote, and after the picture `check.vote_limit.reveal()` says
"you: b · measured: c". A reveal may be given what the lesson has just measured: `.reveal(run.final)`.
A vote counts as it stood at its first reveal. `score()` ends a lesson. What was voted is kept in the file
.votes.json beside the lessons, which the learner may delete; LESSON_VOTES=off neither reads nor writes it.
"""

import json
import os
from itertools import combinations
from pathlib import Path

import numpy as np

from .base import Unreadable, Verdict, numbers, one_of, unfinished

FILE = Path(".votes.json")
REVEALED = {}  # vote → (you, measured, whether they agree); of this kernel
COLUMNS = {"lesson", "you", "measured", "agrees"}  # of a row in the file


class Vote:
    """A question that is answered before the run. `read` turns what is typed into a vote, or raises Unreadable."""

    name = lesson = None  # lrlab.check says them
    ask = "Give a guess."

    def __init__(self, right=None):
        self.right, self.value = right, None

    def __call__(self, answer=...):
        if unfinished(answer):
            return Verdict("○", self.ask)
        try:
            self.value = self.read(answer)
        except Unreadable as reason:
            return Verdict("○", str(reason))
        return Verdict("✎", f"{self.said(self.value)}. Run on, and compare.")

    def reveal(self, measured=None):
        """The vote beside what was measured, on one line."""
        measured = self.right if measured is None else measured
        if measured is None:
            raise ValueError(
                f"{self.name or 'this vote'}.reveal() has nothing to compare with: give it what was measured"
            )
        if self.name in REVEALED and REVEALED[self.name][0] is not None:
            you = REVEALED[self.name][0]  # the first guess counts
        else:
            you = self.value
            agrees = you is not None and self.agrees(you, measured)
            REVEALED[self.name] = (you, measured, agrees)
            if you is not None:
                _keep(self)
        line = f"you: {'no vote' if you is None else self.said(you)} · measured: {self.said(measured)}"
        return Verdict("", line + (self.distance(you, measured) if you is not None else ""))

    def said(self, value):
        """The vote in words."""
        return str(value)

    def agrees(self, you, measured):
        """Whether a vote counts as measured."""
        return you == measured

    def distance(self, you, measured):
        """How far a vote is from what was measured, to stand behind both."""
        return ""


class letters(Vote):
    """One of several choices, by its letter."""

    def __init__(self, right, **choices):
        super().__init__(right)
        self.choices, self.read = choices, one_of(**choices)
        *most, last = choices
        self.ask = f"Choose {', '.join(most)} or {last}."

    def __call__(self, answer=...):
        verdict = super().__call__(answer)
        if verdict.mark == "✎":
            verdict.text = f"{self.value}: {self.choices[self.value]}. Run on, and compare."
        return verdict


class number(Vote):
    """A number. It counts as measured within a factor, or, where `off` is given, within a difference."""

    ask = "Give a number in place of the question mark."

    def __init__(self, right=None, *, within=1.25, off=None, digits=3, of=None):
        super().__init__(right)
        self.within, self.off, self.digits, self.of = within, off, digits, of

    def read(self, answer):
        found = numbers(answer)
        if found.size != 1:
            raise Unreadable(f"One number is asked for, and these are {found.size}.")
        if self.of and not 0 <= found[0] <= self.of:
            raise Unreadable(f"A number from 0 to {self.of} is asked for.")
        return float(found[0])

    def said(self, value):
        return f"{float(value):.{self.digits}g}"

    def agrees(self, you, measured):
        if self.off is not None:
            return abs(you - measured) <= self.off
        return you * measured > 0 and max(you / measured, measured / you) <= self.within

    def distance(self, you, measured):
        if self.off is not None or you * measured <= 0:
            return f", {self.said(abs(you - measured))} away"
        factor = max(you / measured, measured / you)
        return "" if factor < 1.05 else f", a factor {factor:.2g} away"

    def slider(self, low, high, step=None, label="your guess"):
        """A slider to vote with; one that is not moved is no vote."""
        from .guess import Guess

        return Guess(self, low, high, step, label)


class order(Vote):
    """Several named things, to be put in order; as measured where every pair is."""

    def __init__(self, *right):
        super().__init__(right)
        self.ask = f"Give the {len(right)} in order, between quotation marks."

    def read(self, answer):
        parts = answer.replace(",", " ").replace("<", " ").split() if isinstance(answer, str) else list(answer)
        try:
            found = [next(one for one in self.right if _same(one, part)) for part in parts]
        except StopIteration:
            found = []
        if sorted(map(str, found)) != sorted(map(str, self.right)):
            names = ", ".join(map(str, sorted(self.right, key=str)))
            raise Unreadable(f"Each of these is asked for once: {names}.")
        return tuple(found)

    def said(self, value):
        return " ".join(f"{one:g}" if isinstance(one, (int, float, np.number)) else str(one) for one in value)

    def agrees(self, you, measured):
        return tuple(you) == tuple(measured)

    def distance(self, you, measured):
        place = {str(one): at for at, one in enumerate(measured)}
        pairs = [place[str(a)] < place[str(b)] for a, b in combinations(you, 2)]
        return f", {sum(pairs)} of {len(pairs)} pairs in this order"


def _same(one, part):
    try:
        return float(one) == float(part)
    except (TypeError, ValueError):
        return str(one).lower() == str(part).strip().lower()


def score():
    """The lesson's votes in one line: how many were as measured."""
    voted = [agrees for you, _, agrees in REVEALED.values() if you is not None]
    if not voted:
        return Verdict("", f"No vote yet, of {len(REVEALED)}.")
    line = f"{sum(voted)} of {len(voted)} votes as measured"
    left = len(REVEALED) - len(voted)
    return Verdict("", f"{line}; {left} without a vote." if left else f"{line}.")


def kept():
    """What the file holds: {name of a vote: {lesson, you, measured, agrees}}; {} without one."""
    if os.environ.get("LESSON_VOTES") == "off":
        return {}
    try:
        found = json.loads(FILE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {n: row for n, row in found.items() if isinstance(row, dict) and COLUMNS <= set(row)}


def _keep(vote):
    """Write a revealed vote to the file, beside the others."""
    if os.environ.get("LESSON_VOTES") == "off" or vote.name is None:
        return
    you, measured, agrees = REVEALED[vote.name]
    row = {
        "lesson": vote.lesson,
        "you": vote.said(you),
        "measured": vote.said(measured),
        "agrees": bool(agrees),
    }
    part = FILE.with_name(FILE.name + ".part")
    try:
        part.write_text(json.dumps({**kept(), vote.name: row}, indent=1), encoding="utf-8")
        part.replace(FILE)
    except OSError:
        pass  # a folder that nobody may write to: the vote counts in this lesson all the same


def all_votes():
    """Every vote of the course, lesson by lesson, as the file .votes.json has it."""
    rows = sorted(kept().items(), key=lambda item: str(item[1].get("lesson")))
    if not rows:
        return Verdict("", "No votes are kept here yet. They would stand in .votes.json, beside the lessons.")
    lines = [f"{sum(row['agrees'] for _, row in rows)} of {len(rows)} votes as measured."]
    for name, row in rows:
        what = name.removeprefix("vote_").replace("_", " ")
        lines.append(f"  {row['lesson']}  {what}: you: {row['you']} · measured: {row['measured']}")
    return Verdict("", "\n".join([*lines, "They stand in .votes.json, beside the lessons; delete it to forget them."]))
