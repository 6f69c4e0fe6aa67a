"""Lesson 07: a search of the learner's own plays sealed problems, and what its score looks like."""

import time

import numpy as np

from .. import game, study07
from ..explore import progress
from ..tactics import NAMED
from .base import Verdict, answered, asked, called, shown
from .calling import Unreadable

PROBLEMS, PATIENCE = 20, 20  # seconds: after them fewer problems are played, and a loop has no end


@answered
def my_search(search):
    """The verdict on search(game), which returns a rate, or (rate, rule), or (rate, rule, shape)."""
    __tracebackhide__ = True
    if not callable(search):
        raise Unreadable(f"A function is asked for, and this is {shown(search)}.")
    first, began = play(search, 0), time.monotonic()  # before the bar: an open stub shows none
    played = [first]
    for number in progress(range(1, PROBLEMS)):
        if time.monotonic() - began < PATIENCE:
            played.append(play(search, number))
    return verdict(played)


def play(search, number):
    """The Game on a problem after the search has submitted; what the search raises is the learner's own."""
    __tracebackhide__ = True
    one = game.Game(number)
    found = called(asked(search), one, seconds=PATIENCE)
    if one.score is None:
        if isinstance(found, game.Tries):
            raise Unreadable("That is what `run` gives back. Return one of its rates, such as tries.best.")
        parts = found if isinstance(found, (tuple, list)) else [found]
        if not 1 <= len(parts) <= 3 or np.ndim(parts[0]):
            raise Unreadable(f"Return one rate, or (rate, rule), or (rate, rule, shape), not {shown(found)}.")
        one.submit(*parts)
    return one


def verdict(played):
    """What the scores say: ✓ for a median of silver or better."""
    ratios = np.array([one.score.ratio for one in played])
    middle = np.median(ratios)
    gold, silver = np.sum(ratios <= game.GOLD), np.sum((ratios > game.GOLD) & (ratios <= game.SILVER))
    told = f"On {len(played)} sealed problems your median ratio is {middle:.2f}; gold in {gold}, silver in {silver}."
    if middle <= game.SILVER:
        others = study07.tactics()
        beside = ", ".join(f"{name} {np.median(others[name]):.2f}" for name in (NAMED["decades"], NAMED["fine"]))
        return Verdict("✓", f"{told} Beside it: {beside}.")
    return Verdict("✗", f"{told} {looks_like(played)}")


def looks_like(played):
    """A sentence on what went wrong most likely."""
    if most(played, lambda one: not one.spent):
        return "It ran nothing: one rate cannot suit problems with other units. Spend the budget first."
    if most(played, lambda one: given(one, rates(one)) == 0 and given(one, losses(one)) > 0):
        return "It returns a loss. The rate of that loss is asked for."
    if most(played, lambda one: given(one, rates(one)) == 0 and one.score.rate % 1 == 0):
        return (
            "It returns a whole number that it never ran: is that the place of the best? Then rates[place] is the rate."
        )
    if most(played, lambda one: rates(one).size >= 4 and np.mean(rates(one) < rates(one).max() / 10) < 0.25):
        return (
            "Most of its rates lie in one decade. What the unit is, you do not know: give each decade the same number."
        )
    if most(played, worse_than_known):
        return "In its own runs another rate had a clearly smaller loss than the one that it returns."
    return "Look at one problem with `print(one.tries)`: does the best rate lie at an end of what you tried?"


def most(played, says):
    return np.mean([bool(says(one)) for one in played]) > 0.6


def rates(one):
    return np.array([rate for tries in one.tries for rate in np.ravel(tries.rate)])


def losses(one):
    return np.array([loss for tries in one.tries for loss in np.ravel(tries.loss)])


def given(one, values):
    """How many of some values the submitted one is."""
    return int(np.isclose(values, one.score.rate, rtol=1e-9).sum())


def worse_than_known(one):
    """Whether a loss of the longest runs is clearly smaller than that of the rate that was submitted."""
    if not one.tries:
        return False
    longest = max(one.tries, key=lambda tries: np.max(tries.epochs))
    found = np.fmin(np.ravel(longest.loss), np.inf)  # what was lost counts as infinite
    own = found[np.isclose(np.ravel(longest.rate), one.score.rate, rtol=1e-9)]
    return own.size and own.min() > 1.2 * found.min()
