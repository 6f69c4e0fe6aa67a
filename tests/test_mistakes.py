"""Mistakes that students make, and what they see: Python's own words, or one plain sentence, and a short traceback."""

import re
import time

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell

from lrcore import descend, least_squares, line, rules

BEFORE = """
import numpy as np
from lrcore import *
X, y = line()
problem = least_squares(X, y)
houses = logistic(*school_district()[0])
"""
# What is typed: the end of what is seen.
TABLE = {
    'descend(problem, "0.1", 50)': "ValueError: rate takes a finite number or an array of them, got '0.1'",
    "descend(problem, np.nan, 50)": "ValueError: rate takes a finite number or an array of them, got nan",
    "descend(problem, [], 50)": "ValueError: rate takes a finite number or an array of them, got []",
    "descend(problem, None, 50)": "ValueError: rate takes a finite number or an array of them, got None",
    "descend(problem, [0.1, np.inf], 50)": "ValueError: rate takes a finite number or an array of them, got [0.1, inf]",
    "descend(problem, 1j, 50)": "ValueError: rate takes a finite number or an array of them, got 1j",
    "descend(problem, 0.1, 0)": "ValueError: epochs takes a whole number, 1 or more, got 0; the rate stands before it",
    "descend(problem, 0.1, 2.5)": "got 2.5; the rate stands before it",
    "descend(problem, 50, 0.1)": "got 0.1; the rate stands before it",
    "descend(problem, 0.1, [50])": "got [50]; the rate stands before it",
    "descend(problem, 0.1, np.nan)": "got nan; the rate stands before it",
    'descend(problem, 0.1, "50")': "got '50'; the rate stands before it",
    "descend(problem, 0.1)": "TypeError: descend() missing 1 required positional argument: 'epochs'",
    "descend(problem, 0.1, 50, batch=0)": "got 0",
    "descend(problem, 0.1, 50, batch=5)": "a whole number of the rows of least_squares(4 rows, 2 weights), got 5",
    "descend(problem, 0.1, 50, batch=1.5)": "got 1.5",
    "descend(bowl([1]), 0.1, 50, batch=1)": "a whole number of the rows of surface(1 weight), got 1",
    "descend(problem, 0.1, 50, bata=0.9)": "ValueError: sgd takes no setting bata",
    "descend(problem, 0.1, 50, rules.momentum, bata=0.9)": "ValueError: momentum takes no setting bata",
    "descend(problem, 0.1, 50, schedule=schedules.cosine)": "ValueError: a schedule is called first, as in schedule=schedules.cosine(1000)",
    "descend(problem, 0.1, 50, schedule=schedules.constant)": "ValueError: a schedule is called first, as in schedule=schedules.cosine(1000)",
    "descend(problem, 0.1, 50, rules.adamw, decay=0.1, bata=0.9)": "TypeError: adam() got an unexpected keyword argument",
    "descend(problem, 0.1, 50, schedule=0.5)": "TypeError: 'float' object is not callable",
    "descend(problem, 0.1, 50, start=[1, 2, 3])": "ValueError: start takes 2 weights, got an array of (3,)",
    "descend(problem, [0.1, 0.2], 50, start=np.zeros((3, 2)))": "ValueError: shape mismatch",
    "descend(problem, 0.1, 10**9)": "GB; checkpoints=1/100 keeps less",
    "descend(problem, 0.1, 50, lambda w, g, rate: w - rate * g)": "weights of shape (2,) and a tuple such as () or (v,)",
    "descend(problem, [0.1, 0.2], 50, lambda w, g, rate: w - rate * g)": "weights of shape (2, 2) and a tuple such as () or (v,)",
    "descend(problem, 0.1, 50, lambda w, g, rate, v=0: (w - rate * g, g))": "weights of shape (2,) and a tuple such as () or (v,)",
    "descend(problem, 0.1, 50, lambda w, g, rate: None)": "weights of shape (2,) and a tuple such as () or (v,)",
    "descend(problem, 0.1, 50, lambda w, g: (w - 0.1 * g, ()))": "takes 2 positional arguments but 3 were given",
    "descend(problem, 0.1, 50, rules.RULES)": "TypeError: 'dict' object is not callable",
    "descend(0.1, problem, 50)": "got least_squares(4 rows, 2 weights)",
    "least_squares(X, y[:3])": "ValueError: X takes a row, and y a number, for each example: got (4, 1) and (3,)",
    "least_squares(X, y[:, None])": "ValueError: X takes a row, and y a number, for each example: got (4, 1) and (4, 1)",
    "least_squares(X, np.append(y[:3], np.nan))": "ValueError: X and y take finite numbers; some are nan or infinite",
    'least_squares(X, ["a"] * 4)': "ValueError: could not convert string to float: 'a'",
    "logistic(X, y)": "ValueError: y takes the class of each row, a whole number from 0 to 1",
    "logistic(X, [-1, 1, -1, 1])": "ValueError: y takes the class of each row, a whole number from 0 to 1",
    "softmax(X, [0.5, 1, 2, 3])": "ValueError: y takes the class of each row, a whole number from 0 to 3",
    "problem.loss([1, 2, 3])": "takes weights of shape (*runs, 2), got (3,)",
    "problem.gradient([[1], [2]])": "takes weights of shape (*runs, 2), got (2, 1)",
    "bowl([7]).gradient(np.zeros((2, 2)))": "takes weights of shape (*runs, 1), got (2, 2)",
    "houses.accuracy(0)": "takes weights of shape (*runs, 3), got ()",
    "surface(lambda w: w[0] ** 2, lambda w: 2 * w, [1.0])": "write w[..., 0], not w[0], for the first weight: w holds a row for each run",
    "network(*digits()).curvature": "2410 eigenvalues are not computed; .sharpness(w) gives the largest",
    "descend(problem, [0.1, 0.2], 50)[5]": "IndexError: index 5 is out of bounds for axis 0 with size 2",
    "descend(problem, 0.1, 50).final = 3": "cannot assign to field 'final'",
    "descend(problem, 0.1, 50).weights[0] = 3": "ValueError: assignment destination is read-only",
}
SHELL = InteractiveShell.instance()
SHELL.run_cell(BEFORE)


def seen(code, capsys):
    """What a notebook shows, line by line, when this cell is run."""
    SHELL.run_cell(code)
    return re.sub("\x1b\\[[0-9;]*m", "", capsys.readouterr().out).rstrip().splitlines()


@pytest.mark.parametrize("code", TABLE)
def test_what_a_student_sees(code, capsys):
    lines = seen(code, capsys)
    assert lines[-1].endswith(TABLE[code]) or TABLE[code] in lines[-1]
    mine = max(k for k, text in enumerate(lines) if "----> 1" in text)
    assert len(lines) - 1 - mine <= 12, "\n".join(lines)


def test_the_learners_own_error_is_his_own_with_his_own_line(capsys):
    """A typing error in a rule, a schedule or a problem is what Python says, and the last frame is the learner's."""
    rule = "def mine(w, g, rate):\n    return w - rate * g / np.srqt(g * g), ()\n"
    for call in ("descend(problem, 0.1, 5, mine)", "descend(problem, [0.1, 0.2], 5, mine)"):
        lines = seen(rule + call, capsys)
        assert "AttributeError: module 'numpy' has no attribute 'srqt'" in lines[-1]
        assert any("----> 2     return w - rate * g / np.srqt(g * g), ()" in text for text in lines)
        assert not any("descent.py" in text for text in lines), "\n".join(lines)
    lines = seen("def shape(t):\n    return 1 / (t - 3)\ndescend(problem, 0.1, 5, schedule=shape)", capsys)
    assert lines[-1].startswith("ZeroDivisionError") and any("----> 2" in text for text in lines)


def test_a_whole_number_written_as_a_float_is_taken():
    assert descend(least_squares(*line()), 0.1, 1e3).epochs[-1] == 1000


JUNK = st.one_of(
    st.none(), st.text(max_size=4), st.booleans(), st.floats(), st.integers(-3, 40), st.complex_numbers(),
    st.lists(st.floats(), max_size=3), st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
)  # fmt: skip


@settings(max_examples=120, deadline=3000)
@given(st.sampled_from(["rate", "epochs", "rule", "batch", "schedule", "start", "seed", "checkpoints", "beta"]), JUNK)
def test_junk_ends_soon_in_an_error_or_in_a_right_answer(name, junk):
    """A right answer is a run whose every kept step is the loop by hand with the arguments that were taken."""
    given = {"rate": 0.05, "epochs": 6, "rule": rules.momentum, name: junk}
    # A million epochs are no junk: they take their time.
    assume(name not in ("epochs", "checkpoints") or not isinstance(junk, float) or not 1e4 < junk < np.inf)
    problem, begun = least_squares(*line()), time.monotonic()
    try:
        run = descend(problem, **given)
    except Exception:
        assert time.monotonic() - begun < 2
        return
    if name == "schedule":
        assert not junk  # None, and what is as empty, is no schedule
    rate, epochs, beta = (np.asarray(given.get(k, v)) for k, v in (("rate", 0.05), ("epochs", 6), ("beta", 0.9)))
    if name in ("batch", "checkpoints"):
        assert np.isfinite(run.final)
        return
    start = np.zeros(2) if name != "start" or junk is None else np.asarray(junk, float)
    for index in np.ndindex(run.rate.shape):
        w, v = np.broadcast_to(start, (*run.rate.shape, 2))[index], 0
        with np.errstate(all="ignore"):
            for _ in range(int(epochs)):
                v = np.broadcast_to(beta, run.rate.shape)[index] * v + problem.gradient(w)
                w = w - np.broadcast_to(rate, run.rate.shape)[index] * v
        np.testing.assert_allclose(run.weights[index][-1], w, rtol=1e-9, atol=1e-12)
