"""Ways to play the game of lesson 07, each in a few lines: tactic(game) → what it submits."""

import numpy as np

DECADES = np.geomspace(0.01, 100, 5)
HALF_DECADES = np.geomspace(0.001, 1000, 13)


def blind_sgd(game):
    return 0.01


def blind_adam(game):
    return 0.001, "adam"


def random_search(game):
    """Five rates drawn in decades, 20 epochs each."""
    rates = 10 ** np.random.RandomState(1000 + game.number).uniform(-3, 3, 5)
    return game.run(rates, 20).best


def five_decades(game):
    """0.01, 0.1, 1, 10 and 100, 20 epochs each."""
    return game.run(DECADES, 20).best


def range_test(game):
    """A range test of 20 epochs, then four runs of 20 from its suggestion to the right."""
    found = game.range_test(0.001, 1000, 20).suggestion
    return game.run(found * np.array([0.5, 1, 2, 4]), 20).best


def coarse_to_fine(game, rule="sgd", rates=HALF_DECADES):
    """13 rates for 3 epochs, then three around the best for 20."""
    coarse = game.run(rates, 3, rule).best
    return game.run(coarse * np.array([0.5, 1, 2]), 20, rule).best, rule


def coarse_to_fine_adam(game):
    return coarse_to_fine(game, "adam", HALF_DECADES / 10)


def halving(game):
    """25 rates for one epoch, the best 9 for 3, the best 3 of those for 16."""
    rates = np.geomspace(0.001, 1000, 25)
    for keep, epochs in (25, 1), (9, 3), (3, 16):
        rates = rates[:keep]
        tries = game.run(rates, epochs)
        rates = tries.rate[np.argsort(np.fmin(tries.loss, np.inf))]
    return rates[0]


TACTICS = {
    "blind: sgd at 0.01": blind_sgd,
    "blind: Adam at 0.001": blind_adam,
    "5 random rates × 20": random_search,
    "5 decades × 20": five_decades,
    "range test then 4 × 20": range_test,
    "13 × 3 then 3 × 20": coarse_to_fine,
    "the same with Adam": coarse_to_fine_adam,
    "halving: 25 × 1; 9 × 3; 3 × 16": halving,
}
NAMED = dict(zip(("sgd", "blind", "random", "decades", "range", "fine", "adam", "halving"), TACTICS, strict=True))
