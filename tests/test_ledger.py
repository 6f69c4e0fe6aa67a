"""The ledger and the measures, against verdicts and numbers worked out by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from lrcore import rules
from lrlab.ledger import Ledger
from lrlab.measure import arrival, cost, late, settled


def test_what_fails_fails_whatever_else_holds():
    ledger = Ledger()
    assert ledger.enter(1, "n", holds=True, fails=True).verdict == "does not hold"
    assert ledger.enter(2, "n", holds=True, fails=False).verdict == "holds"
    assert ledger.enter(3, "n", holds=False, fails=False, when="it rains").verdict == "holds when"
    assert ledger.enter(4, "n", holds=True, when="it rains").words == "● holds", "a condition only where it decides"
    assert ledger.count() == {"holds": 2, "holds when": 1, "does not hold": 1, "not measured yet": 32}
    assert list(ledger.count()) == ["holds", "holds when", "does not hold", "not measured yet"]


@pytest.mark.parametrize("odd", [1, 0.5, np.nan, "yes"])
def test_a_number_is_no_test(odd):
    for tests in ({"holds": odd}, {"fails": odd}):
        with pytest.raises(ValueError, match=f"{next(iter(tests))} takes True or False"):
            Ledger().enter(1, "n", **tests)


def test_a_row_shows_what_was_entered():
    ledger = Ledger()
    open_row = ledger[5]
    assert open_row.lines()[2] == f"rule: {open_row.rule}" and open_row.words == "○ not measured yet"
    ledger.enter(5, "3 < 4", holds=True)
    assert ledger["5"].lines() == [f"5. {open_row.claim}", "3 < 4", "● holds"]
    assert repr(ledger[5]) == f"5. {open_row.claim}\n   3 < 4\n   ● holds"
    shown = ledger.claims(5, "7a")
    assert len(shown) == 2 and "3 < 4" not in repr(shown) + shown._repr_html_() and ledger[5].measured == "3 < 4"
    table, text = ledger._repr_html_(), repr(ledger)
    assert table.count("<tr>") == 37 and "<td style" in table and "3 &lt; 4" in table and "5  " in text
    assert f"({open_row.source}): 3 < 4: ● holds" in text and text.count("\n") == 35
    assert table.count(f">{open_row.lesson}</a>") >= 1 and ".ipynb" in table


RUN = SimpleNamespace(
    epochs=np.array([0.0, 2, 4, 6]),
    losses=np.array([[9.0, 1, 3, 1], [9, 5, 1, 0.5], [9, 9, 9, 9], [1, 1, 1, 1]]),
    weights=np.array([[[0.0, 9], [3.1, 3], [2.9, 9], [3, 3]], [[3, 0], [3, 3], [3, 3], [3, 3]]]),
)


def test_arrival_is_the_epoch_after_the_last_that_is_above():
    assert arrival(RUN, 1).tolist() == [6, 4, np.inf, 0]
    assert arrival(RUN, 3).tolist() == [2, 4, np.inf, 0]


def test_settled_counts_the_distance_from_the_target():
    assert settled(RUN, 3, 0.11).tolist() == [2, 0] and settled(RUN, 3, 0.05).tolist() == [6, 0]
    assert settled(RUN, 3, 0.5, index=1).tolist() == [6, 2] and settled(RUN, 5, 0.5).tolist() == [np.inf, np.inf]


def test_late_is_the_median_of_the_last_part():
    losses = np.array([[8.0, 7, 6, 5, 4, 3, 2, 1], [8, 7, 6, 5, 4, 3, np.nan, np.nan]])
    run = SimpleNamespace(losses=losses)
    assert late(run).tolist() == [1.5, np.inf] and late(run, 0.5).tolist() == [2.5, np.inf]
    assert late(run, 0.01).tolist() == [1, np.inf]


def test_runs_of_two_settings_keep_their_shape():
    """(2, 1) runs of four checkpoints: the row alone says the same."""
    run = SimpleNamespace(epochs=RUN.epochs, losses=RUN.losses[:2, None], weights=RUN.weights[:, None])
    assert arrival(run, 1).tolist() == [[6], [4]] and settled(run, 3, 0.11).tolist() == [[2], [0]]
    assert late(run, 0.5).tolist() == [[2], [0.75]]


def test_what_a_step_costs():
    """By the formulas: w − ηg is two operations; v = βv + g adds two and an array."""
    assert cost(rules.sgd) == (0, 2) and cost(rules.momentum) == (1, 4)
    assert cost(rules.adagrad)[0] == 1 and cost(rules.adam)[0] == 2
