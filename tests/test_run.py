"""The record that a run leaves: what it says, how it is indexed, and that nobody can write to it."""

import numpy as np
import pytest

from lrcore import (
    Run,
    descend,
    least_squares,
    line,
    schedules,
)

LINE = least_squares(*line())


def test_a_run_is_indexed_as_numpy_indexes():
    run = descend(LINE, np.array([[0.01, 0.02, 0.03], [0.1, 0.5, 1]]), 4)
    assert run[1, 2].rate == 1 and run[1].rate.tolist() == [0.1, 0.5, 1] and run[..., 0].rate.tolist() == [0.01, 0.1]
    assert run[:, 1:].losses.shape == (2, 2, 5) and run[run.rate > 0.05].rate.tolist() == [0.1, 0.5, 1]
    assert run[-1, -1].weights.shape == (5, 2) and run[[0, 0]].rates.shape == (2, 3, 5)
    np.testing.assert_array_equal(run[1, 0].weights, run.weights[1, 0])
    np.testing.assert_array_equal(run[0].losses, run.losses[0])
    assert [float(part.rate) for part in run[0]] == [0.01, 0.02, 0.03]
    assert run[1, 0].epochs.tolist() == [0, 1, 2, 3, 4]
    for index in (2, (0, 3), "rate"):
        with pytest.raises(IndexError):
            run[index]
    with pytest.raises(AttributeError):
        run.rate = 3
    assert run == run and run != run[:] and hash(run)  # a run equals itself alone


def test_a_run_has_diverged_if_it_ends_above_its_first_loss():
    losses = np.array([[1, 5, 3], [1, 0.1, 0.5], [1, 3, 1], [1, 1, np.nan], [1, 1, np.inf]])
    rates = np.ones(5)
    run = Run(rates, np.arange(3), np.zeros((5, 3, 1)), losses, np.ones((5, 3)))
    assert run.diverged.tolist() == [True, False, False, True, True]


def test_best_is_the_least_last_loss_and_never_a_lost_one():
    run = descend(LINE, np.array([[1, 0.01], [0.05, 50]]), 300)
    assert run.best.rate == 0.05 and run.best.final == np.nanmin(run.final)
    assert descend(LINE, [1, 2], 500).best.rate == 1


def test_a_run_says_what_it_is_in_one_line_that_is_the_same_everywhere():
    said = {
        repr(descend(LINE, 0.01, 1)): "Run at rate 0.01, 1 epoch: loss 67.5 → 46.9",
        repr(descend(LINE, 0.1, 1000)): "Run at rate 0.1, 1000 epochs: loss 67.5 → under 1e-12",
        repr(descend(LINE, 1, 20)): "Run at rate 1, 20 epochs: diverged",
        repr(descend(LINE, [0.01, 0.1, 1], 10)): (
            "3 runs, rates from 0.01 to 1, 10 epochs: least loss 0.0985 at 0.1, 1 diverged"
        ),
        repr(descend(LINE, [1], 10)): "1 run, rates from 1 to 1, 10 epochs: all diverged",
        repr(descend(LINE, [[1], [2]], 10)): "2 × 1 runs, rates from 1 to 2, 10 epochs: all diverged",
        repr(descend(LINE, [0.1, 0.11, 1], 900)): (
            "3 runs, rates from 0.1 to 1, 900 epochs: least loss under 1e-12, 1 diverged"
        ),
        repr(descend(LINE, 0.01, 1600, schedule=schedules.cosine(10))): (
            "Run at rate 0.01, 1600 epochs, at rate 0 from epoch 10 on: loss 67.5 → 9.55"
        ),
    }
    assert list(said) == list(said.values())


def test_what_a_run_holds_cannot_be_written_to():
    rate = np.array([0.01, 0.1])
    run = descend(LINE, rate, 3)
    for part in (run, run[0], run.best):
        for name in ("rate", "epochs", "weights", "losses", "rates"):
            with pytest.raises(ValueError, match="read-only"):
                getattr(part, name)[...] = 0
    rate[0] = 5  # the learner's own array stays his own
    assert run.rate[0] == 0.01
