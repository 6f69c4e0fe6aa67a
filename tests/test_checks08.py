"""The checks of lesson 08: eight patients trained again, and what a wrong rate, cause or remedy is told."""

import json
import re

import numpy as np
import pytest

import form
from lrcore import descend, least_squares, line, logistic, school_district
from lrlab import check

RIGHT = {
    "A": (50, "e", 4), "B": (0.119, "b", 2), "C": (0.05, "d", 3), "D": (0.001, "a", 1),
    "E": (0.125, "c", 2), "F": (0.1, "f", 5), "G": (0.001, "a", 1), "H": (0.1, "g", 6),
}  # fmt: skip
RATES = 0.001, 0.05, 0.1, 0.119, 0.125, 50
HOUSES, FOUR = school_district()[0], line()
PURE = np.random.RandomState(2).normal(size=(2, 100))
TOLD = {  # patient: its data, how it was trained, what is said of its end
    "A": ("houses", "50 epochs, batches of 10", r"w1, w2 and b are −110, 112, −57"),
    "B": ("four points", "200 epochs, full batch", r"the last three w are 2\.\d+, 3\.\d+, 2\.\d+"),
    "C": ("100 points", "30 epochs, batches of 1", r"the last three w are \d\.\d+, \d\.\d+, \d\.\d+"),
    "D": ("houses", "50 epochs, batches of 10", r"86\.6 % right, recall 0\.00"),
    "E": ("four points", "60 epochs, full batch", r"the last three w are −\d{3}, \d{3}, −\d{3}"),
    "F": ("100 points", "200 epochs, full batch", r"the labels' mean alone has loss 1\.23"),
    "G": ("four points", "200 epochs, full batch", r"the last three w are 2\.61, 2\.61, 2\.61"),
    "H": ("four points", "100 epochs, full batch", r"the last three w are 1\.25, 3\.89, 5\.03"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_a_patient_says_of_itself(name):
    data, how, epochs, losses, fact = check.patients()[name]
    assert (data, how) == TOLD[name][:2] and re.fullmatch(TOLD[name][2], fact), fact
    assert epochs.tolist() == list(range(int(how.split()[0]) + 1)) and losses.shape == epochs.shape


def by_hand(x, y, rate, epochs, beta=0.0, w=0.0, b=0.0):
    """The losses, and the last three w, of a line w·x + b that a loop of three lines fits."""
    v, losses, seen = np.zeros(2), [np.mean((w * x + b - y) ** 2)], [w]
    for _ in range(epochs):
        miss = w * x + b - y
        v = beta * v + np.array([2 * np.mean(miss * x), 2 * np.mean(miss)])
        w, b = np.array([w, b]) - rate * v
        losses.append(np.mean((w * x + b - y) ** 2))
        seen.append(w)
    return losses, seen[-3:]


@pytest.mark.parametrize(
    ("name", "epochs", "more"),
    [("B", 200, {}), ("E", 60, {}), ("F", 200, {"w": 2, "b": -1}), ("G", 200, {}), ("H", 100, {"beta": 0.99})],
)
def test_a_full_batch_by_hand(name, epochs, more):
    x, y = PURE if name == "F" else (np.ravel(FOUR.X), FOUR.y)
    losses, last = by_hand(x, y, RIGHT[name][0], epochs, **more)
    _, _, _, found, fact = check.patients()[name]
    np.testing.assert_allclose(found, losses, rtol=1e-6)
    if name == "F":
        assert f"{np.mean((y - y.mean()) ** 2):.2f}" in fact and losses[-1] == pytest.approx(np.var(y), rel=0.01)
    else:
        assert fact.replace("−", "-").endswith(", ".join(f"{w:.3g}" for w in last))


def test_the_batches_once_more():
    cloud = least_squares(*line(100, noise=1))
    run = descend(cloud, 0.05, 30, batch=1)
    told = check.patients()["C"]
    np.testing.assert_array_equal(told[3], run.losses)
    assert told[4].endswith(", ".join(f"{w:.3g}" for w in run.weights[-3:, 0]))
    houses = logistic(*HOUSES)
    np.testing.assert_array_equal(check.patients()["D"][3], descend(houses, 0.001, 50, batch=10).losses)


def test_the_first_patient_is_shown_by_the_textbook_formula():
    """nan where a p is 0 or 1 and its logarithm is needed, and the cross-entropy where none is."""
    houses = logistic(*HOUSES)
    run = descend(houses, 50, 50, batch=10)
    shown = check.patients()["A"][3]
    z = np.column_stack([HOUSES.X, np.ones(len(HOUSES.y))]) @ run.weights.T  # (rows, checkpoints)
    certain = (1 / (1 + np.exp(-z)) == 1).any(axis=0)
    assert 0 < certain.sum() < len(shown)
    np.testing.assert_array_equal(np.isfinite(shown), ~certain)
    np.testing.assert_allclose(shown[~certain], run.losses[~certain], rtol=1e-6)


@pytest.mark.parametrize("name", RIGHT)
def test_of_the_rates_on_the_slide_only_those_that_end_alike_are_right(name):
    _, cause, remedy = RIGHT[name]
    right = [rate for rate in RATES if check.clinic(name, rate, cause, remedy).mark == "✓"]
    assert right == ([0.05, 0.1, 0.119, 0.125] if name == "F" else [RIGHT[name][0]])


@pytest.mark.parametrize(
    ("name", "rate", "words"),
    [
        ("A", 40, r"Rate: 40 leads to w1 = −\d\d\.\d here, and A ended with w1 = −110\."),
        ("B", 0.05, r"Rate: 0\.05 leads to a loss of 0\.000\d+ here, and B ended with a loss of 0\.418\."),
        ("B", 1e6, r"Rate: 1e\+06 leads to a loss that is no number any more here"),
        ("E", 0.13, r"Rate: 0\.13 leads to a loss of 1\.14e\+10 here, and E ended with a loss of 1\.6e\+06\."),
        ("F", 0.001, r"leads to a loss of \d\.\d+ here, and F ended with a loss of 1\.23\."),
        ("F", 50, r"a loss that is no number any more here, and F ended with a loss of 1\.23\."),
    ],
)
def test_a_wrong_rate_is_told_where_it_leads(name, rate, words):
    verdict = check.clinic(name, rate, *RIGHT[name][1:])
    assert verdict.mark == "✗" and "2 of 3 right" in verdict.text and re.search(words, verdict.text), verdict


@pytest.mark.parametrize("rate", [0.008, 0.02, 0.3, 0.5, 0.6])
def test_where_there_is_nothing_to_learn_many_rates_end_alike(rate):
    assert check.clinic("F", rate, "f", 5).mark == "✓"


# What a wrong cause or remedy is told: the words of the slide, and how it would show

CAUSES = {
    "a": "the loss glides", "b": "each swing is a little smaller", "c": "each swing is larger",
    "d": "then shakes about a floor", "e": "every weight is finite", "f": "where the mean of the labels",
    "g": "waves that hardly die",
}  # fmt: skip
REMEDIES = {
    1: "a run that creeps", 2: "jumps from side to side without batches", 3: "a cloud that noise makes",
    4: "a formula that fails", 5: "nothing to do with the inputs", 6: "waves that momentum keeps going",
}  # fmt: skip


@pytest.fixture(scope="module")
def clinic():
    """What stands on the slide of the choices."""
    (path,) = (form.ROOT / "notebooks").glob("08-*.ipynb")
    (cell,) = (c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["id"] == "clinic-choices")
    return "".join(cell["source"])


@pytest.fixture(scope="module")
def slide(clinic):
    """{letter or number: its words} of its two tables."""
    return dict(re.findall(r"^\| (\w) \| (.*?)(?:: .*)? \|$", clinic, re.MULTILINE))


def test_the_rates_of_the_slide_are_the_patients(clinic):
    shown = clinic.split("no order: ")[1].split("\n")[0]
    assert sorted(map(float, re.findall(r"[\d.]*\d", shown))) == sorted(rate for rate, *_ in RIGHT.values())
    assert list(check.patients()) == list(RIGHT)


@pytest.mark.parametrize("name", "AH")
def test_a_wrong_cause_or_remedy_is_told_how_it_would_show(name, slide):
    rate, cause, remedy = RIGHT[name]
    assert set(slide) == {*"abcdefg", *"123456"}
    for other in set(CAUSES) - {cause}:
        first, *said = check.clinic(name, rate, other, remedy).text.splitlines()
        assert (first, len(said)) == ("2 of 3 right.", 1)
        assert said[0].strip().startswith(f"Cause: “{slide[other]}” would show so: ") and CAUSES[other] in said[0]
    for other in set(REMEDIES) - {remedy}:
        first, *said = check.clinic(name, rate, cause, other).text.splitlines()
        assert (first, len(said)) == ("2 of 3 right.", 1)
        assert said[0].strip() == f"Remedy: “{slide[str(other)]}” is for {said[0].split(' is for ')[1]}"
        assert REMEDIES[other] in said[0]
    assert check.clinic(name, rate, slide[cause], slide[str(remedy)]).mark == "✓"


def test_how_many_of_three_are_right():
    assert check.clinic("B", 0.05, "a", 1).text.startswith("0 of 3 right.\n  Rate: 0.05")
    assert check.clinic("B", 0.119, "a", 1).text.startswith("1 of 3 right.\n  Cause: “the rate is too small”")
    assert check.clinic(" b ", 0.119, "b", 2).text == "B: rate, cause and remedy are right."


@pytest.mark.parametrize(
    ("answer", "mark", "words"),
    [
        (("B", ..., ..., ...), "○", "rate, cause (a to g) and remedy (1 to 6) of patient B"),
        (("B", 0.119, "b", ...), "○", "of patient B"),
        (("B", 0.119, "b", None), "○", "of patient B"),
        (("B", 0.119, "", 2), "○", "of patient B"),
        (("B", "…", "b", 2), "○", "of patient B"),
        (("B", 0.119, " ? ", 2), "○", "of patient B"),
        ((None, 0.119, "b", 2), "○", "called A to H"),
        (("B", np.array([0.119, 1]), "b", 2), "✗", "these are 2 numbers"),
        (("B", float("nan"), "b", 2), "✗", "finite"),
        (("B", abs, "b", 2), "✗", "a function"),
        (("B", 0.119, "the rate", 2), "✗", "Choose one of a, b"),
        (("B", 0.119, "(B)", np.float64(2)), "✓", ""),
        (("B", "0.119", "b", "2"), "✓", ""),
        (("I", 0.119, "b", 2), "○", "called A to H"),
        (("B", [0.119, 1], "b", 2), "✗", "these are 2 numbers"),
        (("B", "half", "b", 2), "✗", "this is a text"),
        (("B", 0.119, "h", 2), "✗", "Choose one of a, b, c, d, e, f, g"),
        (("B", 0.119, "b", 0), "✗", "Choose one of 1, 2, 3, 4, 5, 6"),
        (("B", 0.119, "b", 2.5), "✗", "Choose one of 1, 2"),
        (("B", 0.119, "b", 2.0), "✓", ""),
        (("B", [0.119], "b", "2"), "✓", ""),
    ],
)
def test_an_answer_as_people_type_it(answer, mark, words):
    verdict = check.clinic(*answer)
    assert verdict.mark == mark and words in verdict.text, verdict


def test_the_votes_with_numbers():
    assert check.vote_trial_5.said(2.345) == "2.3"
    assert [k for k in range(21) if check.vote_trial_12.agrees(k, 9)] == [6, 7, 8, 9, 10, 11, 12]
    assert check.vote_trial_12("21").mark == "○" and check.vote_trial_12("20").mark == "✎"
