"""Lesson 04: its figures, found another way; its views; a sample of its pack."""

import os

import numpy as np
import pytest

from lrcore import descend, least_squares, line, rules, schedules
from lrlab import plots
from lrlab import study04 as study
from lrlab.figure import still

X, Y = line(1000, noise=1)
NOISY = least_squares(X, Y)
A = np.column_stack([X, np.ones(1000)])
BEST = np.linalg.solve(A.T @ A, A.T @ Y)  # the normal equations
EXACT = least_squares(*line())
FLAT, STEEP = np.linalg.eigvalsh([[15, 5], [5, 2]])  # by hand, in lesson 01


# The cloud


def slope(rates, heights):
    return np.polyfit(np.log(rates), np.log(heights), 1)[0]


def test_the_height_of_the_cloud_follows_the_theory():
    """For small rates and draws with replacement: rate/4 times the mean square of a point's gradient."""
    rates = np.array([0.002, 0.004, 0.008])
    run = descend(study.drawn_afresh(NOISY), rates, 30_000, start=BEST, checkpoints=1 / 10)
    height = np.mean(run.losses[:, 300:], axis=-1) - NOISY.loss(BEST)
    pulls = 2 * (A @ BEST - Y)[:, None] * A
    assert height == pytest.approx(rates / 4 * (pulls**2).sum(axis=1).mean(), rel=0.2)
    assert slope(rates, height) == pytest.approx(1.05, abs=0.1)  # SECOND-EDITION


def test_long_epochs_halve_and_short_epochs_quarter():
    rates = np.array([0.002, 0.008])
    long = descend(NOISY, rates, 30, batch=1, start=BEST, checkpoints=20).losses[:, 100:] - NOISY.loss(BEST)
    points = line(100, noise=1)
    few = least_squares(*points)
    bottom = np.linalg.lstsq(np.column_stack([points.X, np.ones(100)]), points.y, rcond=None)[0]
    short = descend(few, rates, 200, batch=10, start=bottom, checkpoints=10).losses[:, 1000:] - few.loss(bottom)
    assert slope(rates, long.mean(axis=-1)) == pytest.approx(1.11, abs=0.12)
    assert slope(rates, short.mean(axis=-1)) == pytest.approx(1.9, abs=0.15)


# The pack


def test_a_sample_of_the_bands_is_trained_again():
    kept, again = study.stored(study.AVERAGED, 0.5), study.band(study.RATES[[60]], study.AVERAGED, 0.5)
    assert kept.rate[60] == again.rate[0]
    assert kept.late[60] == pytest.approx(again.late[0], rel=0.02)  # hundredths of a decade
    assert kept.quantiles[60] == pytest.approx(again.quantiles[0], rel=0.02)


def test_a_band_holds_what_twenty_plain_runs_do():
    """Against runs of the plain problem, one at a time: the loss itself, not the quadratic form."""
    plan = schedules.cosine(5000)
    runs = [descend(NOISY, 0.008, 5, batch=1, seed=seed, schedule=plan, checkpoints=10) for seed in range(20)]
    over = np.array([run.losses for run in runs]) - NOISY.loss(BEST)
    band = study.stored("cosine", 1.0)[int(np.flatnonzero(study.RATES == 0.008)[0])]
    assert band.quantiles[:, 1] == pytest.approx(np.median(over, axis=0), rel=0.02)
    assert band.late == pytest.approx(np.median(over[:, -5:].mean(axis=1)), rel=0.02)


def test_a_seed_of_the_contest_is_trained_again():
    names, rates, losses = study.contest()
    assert losses.shape == (500, len(rates), len(names))
    assert study.contest_of(50) == pytest.approx(losses[50], rel=1e-3)


def test_the_mean_of_the_weights_is_taken_over_every_step():
    run = descend(NOISY, 0.008, 5, batch=1, seed=3, checkpoints=1000)
    by_hand = NOISY.loss(sum(run.weights[2500:]) / 2501) - NOISY.loss(BEST)
    ours = study.losses_of(np.array([0.008]), 3, schedules.constant(), 0.5)[0, -1]
    assert ours == pytest.approx(by_hand, rel=1e-6)


def test_averaging_ends_below_every_decay():
    """SECOND-EDITION: 5.8e-5, the median of 60 seeds, where the best decay ends at 4e-4."""
    names, rates, losses = study.contest()
    medians = np.median(losses, axis=0)
    averaged = medians[np.argmin(abs(rates - 0.008)), names.index(study.AVERAGED)]
    decays = [medians[:, names.index(n)].min() for n in ("step", "exponential", "linear to zero", "cosine", "WSD")]
    assert averaged == pytest.approx(5.8e-5, rel=0.15)
    assert 1.5e-4 < min(decays) < 8e-4


def test_the_contest_in_pairs():
    """Measured by the referee on 30 seeds: step loses to both in 26; cosine is below exponential in 22 or in half."""
    k = study.counted(("exponential", "step"), ("cosine", "step"), ("cosine", "exponential"), ("step", "constant"))
    assert min(k["step below constant"]) >= 21
    assert np.median(k["exponential below step"]) >= 21 and np.median(k["cosine below step"]) >= 21
    cosine = np.array(k["cosine below exponential"])
    assert 3 <= (cosine >= 21).sum() <= 7 and cosine.min() >= 10  # the vote's answer, d


def test_no_seed_chooses_and_judges():
    seeds = [seed for k in range(study.CONTESTS) for part in study.seeds_of(k) for seed in part]
    assert len(seeds) == len(set(seeds)) == 500


def test_paired_chooses_on_some_seeds_and_judges_on_others():
    losses = np.ones((4, 3, 2))
    losses[:2, 1, 0] = 0.5  # chosen
    losses[2:, 1, 0] = [7, 9]  # judged
    losses[:2, 0, 1] = 0.1
    best, judged = study.paired(losses, np.array([1.0, 2.0, 3.0]), range(2), range(2, 4))
    assert (best.tolist(), judged.tolist()) == ([2.0, 1.0], [[7, 1], [9, 1]])


def test_a_coin_leaves_the_grey_band_in_four_of_a_hundred():
    tosses = np.random.RandomState(0).binomial(30, 0.5, size=100_000)
    low, high = plots.lesson04.TOSS
    assert np.mean((tosses < low) | (tosses > high)) == pytest.approx(0.043, abs=0.003)


# Two steps, and Barzilai–Borwein


@pytest.mark.parametrize("order", [(1 / STEEP, 1 / FLAT), (1 / FLAT, 1 / STEEP)])
def test_two_steps_end_at_the_bottom(order):
    run = study.two_steps(EXACT, np.array([order[0]]), order[1])[0]
    assert run.final < 1e-20
    between = {True: 0.1347, False: 202_153}[order[0] < order[1]]  # SECOND-EDITION
    assert run.losses[:2] == pytest.approx([67.5, between], rel=1e-3)


def test_only_the_exact_rates_do():
    assert study.two_steps(EXACT, np.array([0.05]), 1 / FLAT).final[0] == pytest.approx(5501.6, abs=0.1)
    assert study.two_steps(EXACT, np.array([0.0599]), 3.34).final[0] == pytest.approx(0.0272, abs=1e-4)
    assert descend(EXACT, np.linspace(0.1, 0.1197, 99), 200).final.min() == pytest.approx(1e-7, rel=0.1)


def test_barzilai_borwein_needs_three_steps_after_one_over_the_largest_curvature():
    """A theorem for two weights; from another first rate it is a few more."""
    starts = np.random.RandomState(7).normal(0, 3, size=(100, 2))
    assert study.steps_to(descend(EXACT, 1 / STEEP, 20, rules.barzilai_borwein, start=starts), 1e-12).max() == 3
    others = [study.steps_to(descend(EXACT, r, 40, rules.barzilai_borwein, start=starts)) for r in (0.001, 0.1)]
    assert 3 < np.max(others) <= 16


@pytest.mark.parametrize("batch, rule", [(100, rules.sgd), (1, rules.sgd), (100, rules.barzilai_borwein)])
def test_seeds_trained_in_one_call_are_the_runs_of_each_seed(batch, rule):
    rates = np.array([0.004, 0.01])
    alone = [descend(NOISY, rates, 2, rule, batch=batch, seed=seed).weights[..., -1, :] for seed in (3, 8)]
    np.testing.assert_allclose(
        study.ends(rates, 2, batch, rule, seeds=(3, 8)), NOISY.loss(np.array(alone)) - NOISY.loss(BEST), rtol=1e-6
    )


def test_without_batches_there_is_one_run():
    alone = descend(NOISY, 0.01, 8).final - NOISY.loss(BEST)
    assert study.ends(0.01, 8, None) == pytest.approx([alone], rel=1e-6)


def test_a_schedule_for_seeds_trained_in_one_call():
    rates, plan = np.array([0.004, 0.01]), schedules.cosine(study.STEPS)
    losses = study.losses_of_seeds(rates, plan)
    assert losses.shape == (20, 2, 51)
    np.testing.assert_allclose(losses[7], study.losses_of(rates, 7, plan), rtol=1e-6)


@pytest.mark.skipif(not os.environ.get("EVERY_LESSON"), reason="make test-slides does this")
def test_barzilai_borwein_with_batches_beside_plain_descent():
    """Plain runs of the plain problem, rates chosen on other seeds; the issue's figures: 0.033 and 0.077 at 100."""
    found = {}
    for batch in (None, 100, 10, 1):
        rate = study.best_rate(np.geomspace(0.001, 0.1, 21), 8, batch)
        both = (rules.barzilai_borwein, 0.01), (rules.sgd, 0.01), (rules.sgd, rate)
        runs = [[descend(NOISY, r, 8, rule, batch=batch, seed=s).final for s in range(20)] for rule, r in both]
        found[batch] = np.array(runs) - NOISY.loss(BEST)
    below = {batch: ((ends[0] < ends[1]).sum(), (ends[0] < ends[2]).sum()) for batch, ends in found.items()}
    assert below[None] == (20, 20) and found[None][0].max() < 1e-12
    assert np.median(found[100], axis=1)[:2] == pytest.approx([0.033, 0.077], rel=0.03)
    assert below[100] == (18, 6) and below[10] == (1, 1) and below[1][1] == 0
    assert np.median(study.ends(0.01, 8, 100, rules.barzilai_borwein)) == pytest.approx(
        np.median(found[100][0]), rel=1e-6
    )


def test_steps_to_counts_until_it_stays():
    class Fake:
        losses = np.array([[9.0, 0.1, 3.0, 0.1, 0.1], [0.1, 0.1, 0.1, 0.1, 0.1], [9.0, 9.0, 9.0, 9.0, 0.1]])

    assert study.steps_to(Fake, 1).tolist() == [3, 0, 4]


def test_a_decay_buys_nothing_without_noise():
    rates = np.linspace(0.01, 0.1195, 111)
    ends = {n: descend(EXACT, rates, 200, schedule=study.sized(n, 200)).final.min() for n in study.ENTRIES}
    assert all(ends[n] > 2 * ends["constant"] for n in ("step", "exponential", "1/t", "cosine", "WSD"))


# Views


def test_the_rate_is_drawn_with_its_true_stairs():
    band = study.stored("step", 0.2)
    ax = still(plots.rate_now, band[40], runs=band)
    x, y = ax.lines[0].get_data()
    assert x.tolist() == [0, 1000, 2000, 3000, 4000, 5000]
    assert y == pytest.approx(band.rate[40] * 0.5 ** np.array([0, 1, 2, 3, 4, 4]))


def test_a_schedule_is_drawn_step_by_step():
    """A learner's schedule may be any function of one step."""
    x, y, style = plots.lesson04.stairs(lambda t: 1 if t < 700 else 0.1, 1000)
    assert (x.tolist(), y.tolist(), style) == ([0, 700, 1000], [1, 0.1, 0.1], "steps-post")


def test_a_smooth_schedule_keeps_its_corners():
    x, y, style = plots.lesson04.stairs(schedules.warmup(333), 5000)
    t = np.arange(5000)
    assert np.interp(t, x, y) == pytest.approx(schedules.warmup(333)(t), abs=1e-9)
    assert style == "default"


def test_the_band_draws_the_median_of_the_run_that_its_label_names():
    bands = study.stored("cosine", 1.0)
    ax = still(plots.band_now, bands[30], runs=bands, goal=0.015)
    assert ax.lines[-1].get_ydata() == pytest.approx(bands.quantiles[30, :, 1])
    assert plots.number(bands.late[30], 2) in ax.alt
    assert plots.band_caption(bands[30]).startswith(f"over the last tenth {plots.number(bands.late[30], 2)}")


def test_the_cloud_shows_the_late_weights():
    run = descend(NOISY, [0.002, 0.016], 2, batch=1, start=BEST, checkpoints=50)
    ax = still(plots.cloud_now, run[1], runs=run, problem=NOISY, best=BEST)
    assert np.column_stack(ax.lines[0].get_data()) == pytest.approx(run.weights[1, 50:])


def test_two_steps_are_drawn_with_their_losses():
    run = study.two_steps(EXACT, np.array([1 / STEEP]), 1 / FLAT)[0]
    panels = plots.two_steps({"small first": run, "the same": run}, EXACT)
    assert np.column_stack(panels[0].lines[0].get_data()) == pytest.approx(run.weights)
    assert "four points. small first: losses 67.5, 0.135, under 1e-12;" in panels[0].alt
    steps = still(plots.steps_now, run)
    assert steps.lines[0].get_ydata()[:2] == pytest.approx(run.losses[:2])


def test_still_pictures_say_their_numbers():
    assert "a: slope 2.00" in plots.heights(np.array([1, 2, 4]), {"a": np.array([1, 4, 16])}).alt
    assert "a below b 3, 27" in plots.pairs({"a below b": [3, 27]}).alt
    drawn = plots.rows({"a": {"rule": np.array([1.0, 2.0, 3.0]), "other": np.array([4.0, 5.0, 9.0])}})
    assert "a, rule: median 2; a, other: median 5" in drawn.alt
    assert "cosine: 0.5" in plots.small_shapes({"cosine": schedules.cosine(1000)})[0].alt
    weights = descend(NOISY, 0.008, 1, batch=1, checkpoints=1000).weights
    drawn = plots.averaging(weights, study.running_mean(weights[500:]), NOISY, BEST)
    assert "their mean" in drawn[0].alt
