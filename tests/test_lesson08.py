"""Lesson 08: the ledger's rules, its figures, the questions, the clinic, the glossary and every link."""

import ast
import csv
import json
import re
from functools import cache

import numpy as np
import pytest

import form
from lrlab import check
from lrlab.ledger import Ledger

NOTEBOOKS = form.ROOT / "notebooks"
H, W, N = "holds", "holds when", "does not hold"


@cache
def lesson(number="08"):
    """The cells of a lesson, by id."""
    (path,) = NOTEBOOKS.glob(f"{number}-*.ipynb")
    book = json.loads(path.read_text(encoding="utf-8"))
    return {cell["id"]: {**cell, "source": "".join(cell["source"])} for cell in book["cells"]}


def claims():
    with open(form.ROOT / "data" / "claims.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def row_cell(row):
    return lesson()[f"row-{row}"]


# The ledger


def test_a_verdict_follows_from_the_tests():
    ledger = Ledger()
    cases = [
        ({"holds": True}, H), ({"holds": False}, N), ({"fails": True}, N), ({"fails": False}, H),
        ({"holds": True, "fails": False}, H), ({"holds": False, "fails": True}, N),
        ({"holds": False, "fails": False, "when": "it rains"}, W), ({"holds": np.False_, "fails": np.True_}, N),
    ]  # fmt: skip
    for tests, verdict in cases:
        assert ledger.enter(1, "a number", **tests).verdict == verdict
    assert ledger.enter(1, "n", holds=False, fails=False, when="it rains").words == "◐ holds when it rains"


def test_a_new_ledger_is_open_and_an_entry_can_be_replaced():
    ledger = Ledger()
    assert ledger.count() == {"not measured yet": 36}
    ledger.enter("7a", "one", holds=True)
    ledger.enter("7a", "two", holds=False)
    assert ledger["7a"].measured == "two"
    assert ledger.count() == {N: 1, "not measured yet": 35}
    assert "two" not in repr(ledger.claims("7a", 1)), "claims are shown without their numbers"
    assert "rule:" in repr(ledger.claims(1)) and "<strong>" in ledger._repr_html_() + ledger[1]._repr_html_()


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda ledger: ledger.enter(1, "n"), "enter takes a test of the number"),
        (lambda ledger: ledger.enter(1, "n", holds=False, fails=False), "enter takes `when`, the condition"),
    ],
)
def test_a_mistake_is_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call(Ledger())


def test_every_claim_is_entered_by_a_cell_of_its_own():
    rows = [claim["row"] for claim in claims()]
    assert {row.rstrip("ab") for row in rows} == {str(k) for k in range(1, 36)}
    assert len(rows) == 36 == len(set(rows))
    for claim in claims():
        assert all(claim.values()), claim
        key = claim["row"] if claim["row"].isdigit() else f'"{claim["row"]}"'
        assert f"ledger.enter({key}, " in re.sub(r"\(\s+", "(", row_cell(claim["row"])["source"]), claim["row"]


def verdict_with(row, **values):
    """The verdict of a row's cell when these of its variables had other values: its statements after them."""
    body = ast.parse(row_cell(row)["source"]).body
    sets = [k for k, statement in enumerate(body) if set(values) & names_set(statement)]
    assert sets, f"row {row} has no {', '.join(values)}"
    ledger = Ledger()
    space = {"np": np, "ledger": ledger, "shown": "", "case": "so", **values}
    rest = [s for s in body[max(sets) + 1 :] if "shown" not in names_set(s)]
    rest = [MEASURED.visit(s) for s in rest]
    exec(compile(ast.fix_missing_locations(ast.Module(rest, [])), f"row {row}", "exec"), space)
    return ledger[row].verdict


def names_set(statement):
    """The names that a statement sets or appends to."""
    nodes = list(ast.walk(statement))
    grown = {n.value.id for n in nodes if isinstance(n, ast.Attribute) and n.attr == "append"}
    return grown | {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


class _Measured(ast.NodeTransformer):
    """The words for the number replaced, which may speak of values that are not there."""

    def visit_JoinedStr(self, node):
        return ast.Constant("a number")


MEASURED = _Measured()
A = np.array
CHANGED = {
    "1": [({"small": 379, "large": 38}, N), ({"small": 38, "large": 379}, H)],
    "2": [({"best": A([0.1, 10, 3])}, N), ({"best": A([0.1, 10, 0.003])}, W), ({"best": A([1e-3] * 3)}, H)],
    "3": [({"wrong": 2}, N), ({"wrong": 0}, H)],
    "4": [({"slope": 210112.0}, N), ({"slope": 0.0}, H)],
    "5": [({"swings": A([0, 6, 19]), "epochs": A([379, 38, np.inf])}, W),
          ({"swings": A([0, 6, 19]), "epochs": A([379, 38, 20])}, H),
          ({"swings": A([0, 0, 0]), "epochs": A([379, 38, 20])}, N)],
    "6": [({"ratio": 21.9}, H), ({"ratio": 0.9}, N)],
    "7a": [({"inside": A([True, False, False])}, W), ({"inside": A([True] * 3)}, H), ({"inside": A([False])}, N)],
    "7b": [({"inside": A([True, False, False])}, W), ({"inside": A([True] * 3)}, H), ({"inside": A([False])}, N)],
    "8": [({"passes": A([True, True, False, False])}, W), ({"passes": A([True] * 4)}, H)],
    "9": [({"small": 0.2, "large": 0.01}, N), ({"small": 0.01, "large": 0.2}, H)],
    "10": [({"growth": A([0.01, np.nan])}, W), ({"growth": A([np.inf, np.nan])}, H), ({"growth": A([0.1, 1])}, N)],
    "11": [({"found": [0.7, -0.7]}, W), ({"found": [-0.6, -0.7]}, H), ({"found": [0.7, -0.4]}, N)],
    "12": [({"ratio": 1.02}, H), ({"ratio": 1.06}, N)],
    "13": [({"epochs": A([168, 48, 167, 1783])}, W), ({"epochs": A([168, 48, 90, 100])}, H),
           ({"epochs": A([40, 48, 167, 1783])}, N)],
    "14": [({"total": 10.0}, W), ({"total": 1.0}, H), ({"total": 5.0}, N)],
    "15": [({"ratio": A([53, 36, 12])}, N), ({"ratio": A([1.1, 36, 12])}, W), ({"ratio": A([1, 1.5, 2])}, H)],
    "16": [({"mistuned": 0.23, "tuned": 0.016, "adaptive": 0.2}, W),
           ({"mistuned": 0.23, "tuned": 0.016, "adaptive": 0.01}, H),
           ({"mistuned": 0.23, "tuned": 0.016, "adaptive": 0.3}, N)],
    "17": [({"gain": [126, 0.35]}, W), ({"gain": [126, 1.35]}, H), ({"gain": [0.9, 0.35]}, N)],
    "18": [({"moved": [1.76, 1.75, 1.76]}, N), ({"moved": [3.0, 1.75, 1.76]}, H)],
    "19": [({"apart": 0.0}, N), ({"apart": 0.2}, H)],
    "20": [({"one": 0.41, "own": 0.0}, H), ({"one": 0.41, "own": 0.3}, N)],
    "21": [({"left": False, "leaves": A([False, True])}, W), ({"left": False, "leaves": A([False])}, H),
           ({"left": True, "leaves": A([True])}, N)],
    "22": [({"first": A([50, 1, 0.5])}, W), ({"first": A([0.5] * 3)}, H), ({"first": A([50, 1, 1])}, N)],
    "23": [({"right": 0.97, "low": 1.0}, H), ({"right": 0.9, "low": 1.0}, N)],
    "24": [({"calm": 0.008, "hot": 0.09}, N), ({"calm": 0.008, "hot": 0.012}, H)],
    "25": [({"finite": True, "naive": np.nan}, H), ({"finite": False, "naive": np.nan}, N)],
    "26": [({"ratios": A([[1.4, 0.9], [1.0, 1.01]])}, W), ({"ratios": A([[1.0, 1.01]])}, H),
           ({"ratios": A([[1.4, 0.9]])}, N)],
    "27": [({"p": 0.542, "distance": 0}, N), ({"p": 0.052, "distance": 0}, H)],
    "29": [({"tenfold": type("T", (), {"limit": 0.01}), "four": type("F", (), {"limit": 0.1})}, N),
           ({"tenfold": type("T", (), {"limit": 0.2}), "four": type("F", (), {"limit": 0.1})}, H)],
    "30": [({"raw": [0.12, 0, 0.001], "even": [1, 0, 0.3]}, W), ({"raw": [0.12, 0, 0.001], "even": [1, 0, 0.03]}, H),
           ({"raw": [0.12, 0, 0.1], "even": [1, 0, 0.3]}, N)],
    "31": [({"small": 0.02, "large": 0.03, "error": 0.04}, N), ({"small": 0.02, "large": 0.2, "error": 0.04}, H)],
    "32": [({"small": 4.1, "large": 1.4}, N), ({"small": 1.05, "large": 1.4}, H)],
    "33": [({"high": 0.1, "low": 16000}, W), ({"high": 0.1, "low": 1}, H), ({"high": 3, "low": 16000}, N)],
    "34": [({"below": 0.0, "above": 1.0}, W), ({"below": 0.2, "above": 1.0}, H), ({"below": 0.0, "above": 0.0}, N)],
    "35": [({"log10": -131.3}, N), ({"log10": -3.0}, H)],
}  # fmt: skip


@pytest.mark.parametrize("row", [claim["row"] for claim in claims() if claim["row"] != "28"])
def test_a_changed_number_changes_the_verdict(row):
    assert len({verdict for _, verdict in CHANGED[row]}) > 1
    for values, verdict in CHANGED[row]:
        assert verdict_with(row, **values) == verdict, values


def run_cells(*idents, **changed):
    """The lesson's own cells, with pieces of their source replaced; their ledger."""
    space = {}
    for ident in idents:
        source = lesson()[ident]["source"]
        for old, new in changed.get(ident.replace("-", "_"), []):
            assert old in source
            source = source.replace(old, new)
        exec(compile(source, ident, "exec"), space)
    return space["ledger"]


def test_a_changed_cell_changes_the_verdict():
    cells = "imports", "problems", "row-1", "row-6", "row-28", "row-34"
    assert [run_cells(*cells)[row].verdict for row in (1, 6, 28, 34)] == [N, H, N, W]
    other = run_cells(
        *cells,
        row_1=[("[0.01, 0.1]", "[0.1, 0.01]")],
        row_6=[("-0.01", "0.01")],
        row_28=[("inputs + 0 * w", "four.gradient(w)")],
    )
    assert [other[row].verdict for row in (1, 6, 28)] == [H, N, H]


# The figures, as COURSE.md and theory give them (not as this code does)


@pytest.mark.parametrize(
    "row, figures",
    [
        ("1", ["379", "38 "]),
        ("3", ["2 of"]),
        ("4", ["12755.16", "210112"]),
        ("5", ["0 swings at 0.01", "379 and 38"]),
        ("13", ["171 with β = 0", "167 with β = 0.9"]),
        ("14", ["10.0"]),
        ("15", ["digits 12"]),
        ("22", ["0.5 by the second house"]),
        ("23", ["97 %"]),
        ("25", ["nan"]),
        ("27", ["0.542"]),
        ("28", ["67.5 → 255"]),
        ("29", ["0.1198", "0.0120"]),
        ("34", ["0 % of the runs below", "100 % of those above"]),
        ("35", ["-131."]),
    ],
)
def test_the_ledger_has_the_figures_of_the_course(row, figures):
    said = form.said(row_cell(row))
    assert all(figure in said for figure in figures), said


def test_the_whole_ledger_is_measured():
    said = form.said(lesson()["ledger-table"])
    assert "not measured yet" not in said
    counted = ast.literal_eval(form.said(lesson()["ledger-count"]))
    assert sum(counted.values()) == 36
    for verdict, count in counted.items():
        assert len(re.findall(rf"[●◐✗] {verdict}", said)) == 2 * count + 2 * counted[W] * (verdict == H)


# Questions


def test_twenty_two_questions_short_answers_one_cell_each():
    cells = list(lesson().values())
    heads = [k for k, cell in enumerate(cells) if cell["source"].startswith("### ") and "q-" in cell["id"]]
    assert len(heads) == 22
    for k in heads:
        title, _, answer = cells[k]["source"].partition("\n")
        assert title.endswith("?")
        prose = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", answer)
        sentences = re.split(r"(?<=[.?])\s+(?=[A-Z0-9])", prose.strip())
        counted = [s for s in sentences if not re.match(r"(Lesson \d|Rows? \d)", s.strip())]
        assert len(counted) <= 5, (title, counted)
        assert cells[k + 1]["cell_type"] == "code" and cells[k + 1]["outputs"], title
        assert cells[k + 2]["cell_type"] == "markdown"


# The clinic, the votes, the six questions

RIGHT = {
    "A": (50, "e", 4), "B": (0.119, "b", 2), "C": (0.05, "d", 3), "D": (0.001, "a", 1),
    "E": (0.125, "c", 2), "F": (0.1, "f", 5), "G": (0.001, "a", 1), "H": (0.1, "g", 6),
}  # fmt: skip


@pytest.mark.parametrize("patient", RIGHT)
def test_a_patient(patient):
    rate, cause, remedy = RIGHT[patient]
    assert check.clinic(patient, rate, cause, remedy).mark == "✓"
    assert check.clinic(patient.lower(), str(rate), cause.upper(), str(remedy)).mark == "✓"
    for other in "abcdefg".replace(cause, ""):
        said = check.clinic(patient, rate, other, remedy)
        assert said.mark == "✗" and "2 of 3 right" in said.text and "would show so" in said.text
    for other in {1, 2, 3, 4, 5, 6} - {remedy}:
        assert "is for" in check.clinic(patient, rate, cause, other).text
    wrong = check.clinic(patient, 0.0001, cause, remedy)
    assert wrong.mark == "✗" and ("w1 = −110" if patient == "A" else "ended with a loss of") in wrong.text
    remedy = np.float64(remedy) if patient in "AB" else float(remedy)
    assert check.clinic(patient, np.float64(rate), f"({cause})", remedy).mark == "✓"


def test_two_runs_that_leave_are_told_apart():
    assert "1.6e+06" in check.clinic("E", 0.13, "c", 2).text and "1.14e+10" in check.clinic("E", 0.13, "c", 2).text
    assert "no number" in check.clinic("E", 50, "c", 2).text


@pytest.mark.parametrize(
    "answer, mark",
    [
        (("A", ..., ..., ...), "○"), (("A", 50, "?", 4), "○"), (("Z", 50, "e", 4), "○"), ((None, 1, "a", 1), "○"),
        (("A", "fast", "e", 4), "✗"), (("A", [50, 1], "e", 4), "✗"), (("A", 50, "the rate", 4), "✗"),
        (("A", np.array([50, 1]), "e", 4), "✗"), (("A", 50, "e", 4.5), "✗"), (("A", 50, " ? ", 4), "○"),
        (("A", 50, "e", 7), "✗"), (("A", abs, "e", 4), "✗"), (("A", float("nan"), "e", 4), "✗"),
    ],
)  # fmt: skip
def test_odd_answers_get_a_sentence(answer, mark):
    verdict = check.clinic(*answer)
    assert verdict.mark == mark and verdict.text.endswith(".")


def test_the_patients_keep_their_rates_to_themselves():
    assert list(check.patients()) == list("ABCDEFGH")
    for data, how, epochs, losses, fact in check.patients().values():
        assert len(epochs) == len(losses)
        assert "rate" not in data + how + fact
    shown = lesson()["clinic-choices"]["source"].split("no order: ")[1].split("\n")[0]
    assert sorted(map(float, re.findall(r"[\d.]*\d", shown))) == sorted(rate for rate, *_ in RIGHT.values())


def test_votes_are_noted_and_never_judged():
    assert check.vote({1: "?", 2: "h"}).mark == "○"
    for vote in ({1: "h", 2: "N"}, {1: "holds", 2: "holds when"}):
        assert check.vote(vote).mark == "✎"
    assert check.vote({1: "holds when …"}).text.startswith("row 1 holds when")
    for odd in ("h", None, ..., {1: 3}, {}):
        assert check.vote(odd).mark == "○"


def test_the_six_questions_have_their_answers():
    text = lesson()["six-after-heading"]["source"]
    assert len(re.findall(r"^\d\. ", text, re.MULTILINE)) == 6
    assert text.count("a) ") == text.count("d) ") == 6
    for same in ("bacdbc", np.array(list("bacdbc")), {k + 1: letter for k, letter in enumerate("bacdbc")}):
        assert check.six_after(same).mark == "✓"
    assert check.six_after(" ").mark == "○"
    right = ["an error is a tenth|each error is a tenth", "no better than calling no mail spam", "four times as many",
             "a fifth of that", "0.4", "0.001, 0.01, 0.1, 1, 10"]  # fmt: skip
    for letter, words, block in zip("bacdbc", right, re.split(r"^\d\. ", text, flags=re.MULTILINE)[1:], strict=True):
        choice = re.search(rf"{letter}\) (.*?)(?: · |$)", block, re.MULTILINE)[1]
        assert re.search(words, choice), (letter, choice)
