"""How near an answer has to be: right at eight tenths of the share that a check allows, wrong at 1.4 times."""

import numpy as np
import pytest

from lrlab import check

TWICE = np.linalg.eigvalsh([[60, 10], [10, 2]])[-1]  # of the line whose x are doubled
SUM = 4 * np.linalg.eigvalsh([[15, 5], [5, 2]])[-1]  # of a sum over four points
PRINTED = np.array([0.99962179, 0.05426521, 1.03667e-30])
BEHIND = np.linalg.solve([[0.2, 0.8, 1], [0.4, 0.9, 1], [0.6, 0.5, 1]], np.log(PRINTED / (1 - PRINTED)))
SHARES = {
    "line_step": ([4.5, 1.5], 0.01),
    "line_limit": ([2 / TWICE], 0.015),
    "line_sum": ([2 / SUM], 0.01),
    "product_law": ([500.0], 0.001),
    "behind": (BEHIND, 0.01),
    "half_life": ([0.05], 0.01),
    "steady_step": ([1.0], 0.01),
    "best_memory": ([(9 / 11) ** 2], 0.01),
    "three_curves": ([0.05, 0.15, 0.02], 0.01),
}
FACTORS = {
    "vote_epochs": 1.25,
    "vote_cloud": 1.25,
    "vote_adam_step": 1.05,
    "vote_sharpness": 1.1,
    "vote_bid": 1.25,
    "vote_batch": 1.5,
    "vote_trial_5": 2,
}


@pytest.mark.parametrize("name", SHARES)
@pytest.mark.parametrize("side", [-1, 1])
def test_an_answer_is_right_within_its_share(name, side):
    right, share = SHARES[name]
    exercise = getattr(check, name)

    def mark(off):
        told = [float(value) * (1 + side * off) for value in right]
        return exercise(told[0] if len(told) == 1 else told).mark

    assert (mark(0), mark(0.8 * share), mark(1.4 * share)) == ("✓", "✓", "✗")


@pytest.mark.parametrize("name", FACTORS)
def test_a_vote_is_as_measured_within_its_factor(name):
    vote, factor = getattr(check, name), FACTORS[name]
    for measured in (0.1, 40):
        assert vote.agrees(measured * factor * 0.99, measured) and vote.agrees(measured / factor / 0.99, measured)
        assert not vote.agrees(measured * factor * 1.01, measured)
        assert not vote.agrees(measured / factor / 1.01, measured)


def test_a_count_is_exact():
    assert check.updates(1000).mark == "✓" and check.updates(1001).mark == "✗"
