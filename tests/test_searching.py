"""A search of the learner's own in lesson 07: how it is played, and what its scores look like."""

import re

import numpy as np
import pytest

from lrlab import check, game, tactics
from lrlab.check import searching


def test_what_a_search_may_return(monkeypatch):
    monkeypatch.setattr(searching, "PROBLEMS", 1)
    for mine in (
        lambda one: one.run(1, 3).rate,  # an array without an axis
        lambda one: (1,),
        lambda one: [1, "adam"],
        lambda one: (np.float64(1), "adam", "cosine"),
    ):
        assert check.my_search(mine).text.startswith("On 1 sealed problems your median ratio is")
    for mine in (
        lambda one: (),
        lambda one: (1, "adam", "cosine", 3),
        lambda one: (one.run([1, 2], 3).rate, "adam"),
        lambda one: np.array([0.1, 1]),
    ):
        assert "Return one rate, or (rate, rule)" in check.my_search(mine).text


def test_a_search_that_does_not_end(monkeypatch):
    monkeypatch.setattr(searching, "PATIENCE", 0.2)

    def mine(one):
        while True:
            pass

    assert "still running after 0.2 seconds" in check.my_search(mine).text


@pytest.mark.parametrize(
    ("seconds", "count"), [(0, 20), (0.5, 20), (6, 5), (9, 4), (19.5, 3), (20, 2), (20.5, 2), (100, 2)]
)
def test_twenty_problems_or_those_of_twenty_seconds(monkeypatch, seconds, count):
    """The clock starts after the first problem; each further one takes so many seconds. It begins at 7."""
    clock, seen = [7.0], []

    def play(search, number):
        clock[0] += seconds if seen else 0
        seen.append(number)
        return played(1.2)

    monkeypatch.setattr(searching, "play", play)
    monkeypatch.setattr(searching.time, "monotonic", lambda: clock[0])
    assert f"On {count} sealed problems" in check.my_search(abs).text
    assert seen == list(range(count))


def played(ratio=9.0, rate=1.0, *tries):
    """A Game with a score; each of its tries is (rates, losses, epochs of all or of each)."""
    one = game.Game(0)
    for rates, losses, epochs in tries:
        rates, losses, epochs = np.array(rates, float), np.array(losses, float), np.array(epochs)
        record = np.stack([losses] * (epochs.max() + 1), axis=-1)
        done = np.broadcast_to(epochs, rates.shape)
        one.spent += int(done.sum())
        one.tries.append(game.Tries(rates, record, done, "sgd", "constant"))
    one.score = game.Score(rate, "sgd", "constant", 0.5, ratio, ("adam", "constant", 0.1), 100)
    return one


@pytest.mark.parametrize(
    ("ratios", "mark", "gold", "silver"),
    [
        ([1.1, 1.1, 1.1], "✓", 3, 0),
        ([1.11, 1.5, 1.51], "✓", 0, 2),
        ([1.0, 1.5, 9.0], "✓", 1, 1),
        ([1.0, 1.51, 9.0], "✗", 1, 0),
        ([1.0, 1.2, 1.7, 1.9], "✓", 1, 1),  # a median of 1.45
        ([1.0, 1.2, 1.9, 1.9], "✗", 1, 1),  # 1.55
        ([np.inf] * 3, "✗", 0, 0),
    ],
)
def test_a_median_of_silver_is_enough(ratios, mark, gold, silver):
    verdict = searching.verdict([played(ratio) for ratio in ratios])
    assert verdict.mark == mark
    said = f"your median ratio is {np.median(ratios):.2f}; gold in {gold}, silver in {silver}."
    assert verdict.text.startswith(f"On {len(ratios)} sealed problems {said}")
    beside = "Beside it: 5 decades × 20 1.32, 13 × 3 then 3 × 20 1.32."  # stored in the solutions, and in data/
    assert verdict.text.endswith(beside) == (mark == "✓")


WIDE = [0.01, 0.1, 1, 10, 100]
NOTHING, LOSS, PLACE, DECADE, SMALLER, LOOK = (
    "It ran nothing", "returns a loss", "whole number that it never ran", "lie in one decade",
    "clearly smaller loss", "Look at one problem",
)  # fmt: skip


@pytest.mark.parametrize(
    ("rate", "tries", "words"),
    [
        (1, [], NOTHING),
        (0.5, [(WIDE, [2, 0.5, 3, 4, 5], 20)], LOSS),
        (0.5, [(WIDE, [2, 1, 3, 4, 5], 3), ([0.05, 0.1, 0.2], [0.6, 0.5, 0.7], 20)], LOSS),
        (0.1, [(WIDE, [2, 0.1, 3, 4, 5], 20)], LOOK),  # a rate that is a loss as well
        (3, [(WIDE, [2, 3, 4, 5, 6], 20)], LOSS),
        (3, [(WIDE, [2, 1, 4, 0.5, 6], 20)], PLACE),
        (2, [(WIDE, [3, 1, 4, 0.5, 6], 20)], PLACE),
        (0.3, [(WIDE, [2, 1, 4, 0.5, 6], 20)], LOOK),
        (2.5, [(WIDE, [2, 1, 4, 0.5, 6], 20)], LOOK),
        (1, [(WIDE, [2, 1, 0.5, 2, 6], 20)], LOOK),
        (30, [([10, 20, 30, 40], [4, 3, 2, 1], 20)], DECADE),
        (
            30,
            [
                (
                    [10, 20, 30],
                    [
                        4,
                        3,
                        1,
                    ],
                    20,
                )
            ],
            LOOK,
        ),  # three rates are not many
        (30, [([1, 10, 20, 30, 40], [5, 4, 3, 2, 1], 20)], DECADE),  # one in five
        (40, [([1, 20, 30, 40], [4, 3, 2, 1], 20)], LOOK),  # one in four lies more than a decade below
        (40, [([4, 20, 30, 40], [4, 3, 2, 1], 20)], DECADE),  # just a decade
        (40, [([3.9, 20, 30, 40], [4, 3, 2, 1], 20)], LOOK),
        (40, [(1, 4, 3), (20, 3, 3), ([30, 40], [2, 1], 20)], LOOK),  # four in three rounds
        (10, [(WIDE, [2, 1, 1, 1.3, 2], 20)], SMALLER),
        (10, [(WIDE, [2, 1, 1, 1.21, 2], 20)], SMALLER),
        (10, [(WIDE, [2, 1, 1, 1.2, 2], 20)], LOOK),  # no more than a fifth larger
        (10, [(WIDE, [np.nan, 1, 1, 1.3, np.inf], 20)], SMALLER),
        (10, [(WIDE, [2, 1, 1, np.nan, 2], 20)], SMALLER),
        (10, [(WIDE, [np.nan] * 5, 20)], LOOK),
        (10, [(WIDE, [2, 1, 1, 1.3, 2], 3), ([5, 10, 20], [1.1, 1, 1.2], 20)], LOOK),  # the longest runs judge
        (10, [([5, 10, 20], [1, 1.3, 1.2], 20), (WIDE, [2, 1, 1, 0.9, 2], 3)], SMALLER),
        (10, [([5, 10, 10, 20], [1, 1.3, 1, 1.2], 20), (WIDE, [2, 1, 1, 0.9, 2], 3)], LOOK),  # the better of two
        (10, [(WIDE, [2, 1, 1, 1.3, 2], [3, 20, 20, 20, 3]), ([5, 10], [1.1, 1], 10)], SMALLER),  # some were stopped
        (10, [(WIDE, [2, 1, 1, 0.9, 2], 3), (5, 1, 20)], LOOK),
        (5, [(WIDE, [2, 1, 1, 0.9, 2], 3), (5, 1, 20)], LOOK),
    ],
)
def test_what_it_looks_like(rate, tries, words):
    assert words in searching.looks_like([played(9.0, rate, *tries)] * 3)


@pytest.mark.parametrize(("count", "said"), [(3, LOOK), (4, SMALLER)])
def test_what_it_looks_like_is_what_more_than_three_of_five_look_like(count, said):
    poor, well = (played(9.0, rate, (WIDE, [2, 1, 1, 1.3, 2], 20)) for rate in (10, 0.1))
    assert said in searching.looks_like([poor] * count + [well] * (5 - count))


def test_a_search_that_runs_nothing_now_and_then():
    ran, blind = played(9.0, 10, (WIDE, [2, 1, 1, 1.3, 2], 20)), played()
    assert SMALLER in searching.looks_like([ran] * 4 + [blind])
    assert SMALLER not in searching.looks_like([ran] * 2 + [blind] * 3)
    assert NOTHING in searching.looks_like([blind] * 4 + [ran])


def test_a_range_test_is_not_nothing(monkeypatch):
    monkeypatch.setattr(searching, "PROBLEMS", 2)
    said = check.my_search(lambda one: one.range_test(1, 1000, 20).explosion).text
    assert said.startswith("On 2 sealed problems") and NOTHING not in said


def coarse(rates, of=lambda rates, loss: rates[np.argmin(loss)]):
    """A search with one round; what it returns is `of` its rates and losses."""

    def mine(one):
        tries = one.run(rates, 100 // len(rates))
        return of(tries.rate, tries.loss)

    return mine


def test_a_search_of_ones_own(monkeypatch):
    monkeypatch.setattr(searching, "PROBLEMS", 6)
    decades = np.geomspace(0.001, 1000, 9)
    right = check.my_search(tactics.coarse_to_fine_adam)
    assert right.mark == "✓" and "6 sealed problems" in right.text and "gold in" in right.text
    assert check.my_search(lambda one: one.submit(*tactics.coarse_to_fine_adam(one))).mark == "✓"
    assert check.my_search(lambda one: ...).mark == "○"
    for mine, words in (
        (lambda one: 0.01, "It ran nothing"),
        (coarse(np.linspace(0.001, 1000, 9)), "give each decade"),
        (coarse(decades, lambda rates, loss: loss.min()), "returns a loss"),
        (coarse(decades, lambda rates, loss: int(np.argmin(loss))), "place in the list|place of the best"),
        (coarse(decades, lambda rates, loss: rates[np.argmax(loss)]), "clearly smaller loss"),
        (lambda one: [0.1, 1, 10, 100], "Return one rate"),
        (lambda one: one.run([0.1, 1], 3), "what `run` gives back"),
        (lambda one: None, "returns nothing"),
        (0.1, "A function is asked for"),
    ):
        verdict = check.my_search(mine)
        assert verdict.mark == "✗" and re.search(words, verdict.text), (words, verdict)
    with pytest.raises(ValueError, match="cost 180, and 100 are left"):
        check.my_search(lambda one: one.run(decades, 20).best)
