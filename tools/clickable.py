"""Votes that one can click on a page: what lrlab.check knows about a vote, as HTML for site.js."""

import ast
import json
import re
from html import escape

import form
from lrlab import check
from lrlab.check import lesson07, votes
from lrlab.check.lesson00 import SIX

MEASURED = re.compile(r"· measured: (.*)")
KINDS = {votes.letters: "letters", votes.number: "number", votes.order: "order", lesson07.places: "places"}


def measured(book):
    """{name of a vote: what its reveal says was measured} in a lesson that ran."""
    found = {}
    for cell in book.cells:
        name, how = form.called(cell.source) if cell.cell_type == "code" else (None, None)
        if how == "reveal" and (said := MEASURED.search(form.said(cell))):
            found[name] = said[1].strip()
    return found


def vote(cell, known):
    """The controls of a stub's vote as HTML, or None where it is not one that a page can take."""
    name, how = form.called(cell.source)
    if name in {"six_before", "six_after"}:
        return ballot(six(name))
    about = getattr(check, name, None) if (name or "").startswith("vote_") else None
    kind = next((kind for one, kind in KINDS.items() if isinstance(about, one)), None)
    if kind is None or name not in known:
        return None
    spec = {"kind": kind, "name": name, "lesson": about.lesson, "measured": known[name], "ask": about.ask}
    if kind == "letters":
        spec["choices"] = about.choices
    elif kind == "number":
        spec |= {"within": about.within, "off": about.off, "of": about.of, "ask": "Type a number, then vote."}
        if how == "slider":
            spec |= slider(cell.source) | {"ask": "Move it, then vote."}
    elif kind == "places":
        spec |= {"ask": f"Type {about.count} rates, then vote."}
        spec |= {key: getattr(about, key) for key in ("count", "low", "high", "bound")}
    else:
        spec["ask"] = f"Click the {len(about.right)} in order."
        spec["choices"] = sorted((about.said([one]) for one in about.right), key=lambda one: (len(one), one))
    return ballot(spec)


def ballot(spec):
    """The place where site.js puts a vote's controls."""
    return f'<div class="vote" role="group" aria-label="your vote" data-vote="{escape(json.dumps(spec))}"></div>'


def six(name):
    """The six questions: their answers; behind them one sentence for all, or what is said of each wrong one."""
    before = name == "six_before"
    right = "".join(row[1 if before else 2] for row in SIX)
    why = [f"{row[2]}, {row[3]} (lesson {row[0]})." for row in SIX]
    said = {"last": check.six_before(right).text.split("right. ")[1]} if before else {"why": why}
    return {"kind": "six", "name": name, "right": right, **said}


def slider(source):
    """{low, high, step} of a vote that is taken by a slider."""
    call = ast.parse(source).body[-1].value
    low, high = (ast.literal_eval(each) for each in call.args[:2])
    step = ast.literal_eval(call.args[2]) if len(call.args) > 2 else (high - low) / 200
    return {"low": low, "high": high, "step": step}
