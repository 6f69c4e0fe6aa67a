"""Lesson 06: its figures against theorems and the course's measured ones, what is stored, its votes and views."""

import numpy as np
import pytest

from lrcore import descend, digits, logistic, network, school_district, surface
from lrlab import check, edge, plots
from lrlab.check import votes


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(votes, "REVEALED", {})


ROW = surface(
    lambda w: 7.5 * (w[..., 0] * w[..., 1] - 3) ** 2,
    lambda w: 15 * (w[..., :1] * w[..., 1:] - 3) * w[..., ::-1],
    start=[5, 0.5],
)


def test_on_the_valley_the_sharpness_is_15_times_the_squares():
    u = np.array([0.5, 1, 3**0.5, 4, -2])
    places = np.stack([u, 3 / u], axis=-1)
    np.testing.assert_allclose(ROW.sharpness(places), 15 * (places**2).sum(axis=-1), rtol=1e-5)
    assert ROW.sharpness(places).min() == pytest.approx(90, rel=1e-5)


def test_the_catapult_lands_where_the_course_measured():
    """By a loop of two lines, for each rate of the course."""
    for rate, end in {0.005: 379, 0.006: 275, 0.007: 151, 0.008: 92, 0.0097: 151, 0.01: 90}.items():
        u, v = 5.0, 0.5
        for _ in range(1000):
            slope = 15 * (u * v - 3)
            u, v = u - rate * slope * v, v - rate * slope * u
        found = descend(ROW, rate, 1000).weights[-1]
        assert ROW.sharpness(found) == pytest.approx(end, abs=0.6)
        assert 15 * (u * u + v * v) == pytest.approx(end, abs=0.6)
        assert end < 2 / rate
    assert descend(ROW, 0.012, 1000).diverged
    assert ROW.limit == pytest.approx(0.0053, abs=5e-5)


def test_ten_draws_end_where_the_course_measured():
    for rate, line in ((0.05, 40), (0.1, 20)):
        ten = edge.draws(rate)
        assert plots.at_the_line(ten, line) == 10
        assert (np.abs(ten.sharpness[:, -1] / line - 1) < 0.05).sum() == 10
    assert ((edge.draws(0.05).sharpness[:, 0] > 22) & (edge.draws(0.05).sharpness[:, 0] < 31)).all()
    assert edge.draws(0.2).diverged.sum() >= 9
    centred = edge.draws(0.2, "centred")
    assert ((centred.sharpness[:, -1] > 9.5) & (centred.sharpness[:, -1] < 10.5)).all()
    assert ((centred.sharpness[:, 0] > 3.4) & (centred.sharpness[:, 0] < 5)).all()


def test_momentum_has_the_edge_that_its_theory_has():
    heavy = edge.draws(0.1, rule="momentum")
    assert plots.at_the_line(heavy, 2 * 1.9 / 0.1, within=0.1) >= 9


@pytest.mark.parametrize("pixels", ["raw", "centred"])
def test_what_is_stored_is_what_training_gives(pixels):
    kept = edge.stored(pixels)
    assert len(kept.rate) >= 200 and len(kept.epochs) == 60
    for rate in (0.02, 0.05, 0.1, 0.2):
        assert rate in kept.rate.tolist()
    here = [int(np.argmin(abs(kept.rate - rate))) for rate in (0.03, 0.11)]
    again = edge.trace(edge.draw(0, pixels)[0], kept.rate[here], steps=60)
    np.testing.assert_allclose(again.sharpness, kept.sharpness[here, :7], rtol=0.01)
    np.testing.assert_allclose(again.losses, kept.losses[here, :7], rtol=0.01)


def test_a_trace_is_a_run_and_its_sharpness():
    problem, unseen = edge.draw(3)
    run = descend(problem, 0.04, 40)
    traced = edge.trace(problem, 0.04, 40)
    assert traced.epochs.tolist() == [0, 10, 20, 30, 40]
    np.testing.assert_allclose(traced.losses[0], run.losses[::10], rtol=1e-9)
    np.testing.assert_allclose(traced.sharpness[0, 2], problem.sharpness(run.weights[20]), rtol=1e-6)
    assert problem.n == 300 and len(unseen.y) == 1497
    centred, _ = edge.draw(3, "centred")
    assert np.abs(centred.X.mean(axis=0)).max() < 1e-12
    np.testing.assert_allclose(centred.X + problem.X.mean(axis=0), problem.X)


def test_a_width_and_a_split_computed_again():
    sizes = edge.table("network-widths")
    here = (sizes["width"] == 8) & (sizes["seed"] == 2) & (sizes["rule"] == "sgd") & (sizes["rate"] < 0.05)
    X, y = digits()
    rows = np.random.RandomState(2).permutation(len(y))[:300]
    again = descend(network(X[rows], y[rows], 8, 2), sizes["rate"][here], 300).final
    np.testing.assert_allclose(again, sizes["loss"][here], rtol=0.01)
    splits = edge.table("network-splits")
    here = (splits["split"] == 4) & (splits["pixels"] == "centred") & (splits["rate"] == 0.05) & (splits["at"] == "750")
    problem, unseen = edge.draw(4, "centred")
    w = descend(problem, 0.05, 750, checkpoints=1 / 750).weights[-1]
    assert problem.accuracy(w, *unseen) == pytest.approx(splits["accuracy"][here][0], abs=0.002)


def test_warm_up_and_clipping_save_what_is_lost():
    lost = edge.draw(5)[0]
    assert descend(lost, 0.2, 300).diverged
    assert not descend(lost, 0.2, 300, check_clip).diverged


def check_clip(w, g, rate):
    return w - rate * g / max(np.sqrt((g * g).sum()), 1), ()


def test_the_votes_come_back():
    check.vote_sharpness(25)
    assert repr(check.vote_sharpness.reveal(40.2)) == "you: 25 · measured: 40, a factor 1.6 away"
    check.vote_lost("a")
    assert repr(check.vote_lost.reveal()) == "you: a · measured: c"


def test_the_instruments_line_and_curve_are_its_runs():
    kept = edge.stored()
    k = int(np.argmin(abs(kept.rate - 0.1)))
    ax = plots.still(plots.sharpness_now, kept[k], runs=kept)
    curve = next(line for line in ax.lines if len(line.get_xdata()) == len(kept.epochs))
    np.testing.assert_allclose(curve.get_ydata(), kept.sharpness[k])
    assert any(list(line.get_ydata()) == [20, 20] for line in ax.lines)
    assert "rate 0.1" in ax.alt and "2/η is 20" in ax.alt
    lost = plots.still(plots.sharpness_now, kept[-1], runs=kept)
    assert "lost" in lost.alt


def test_the_valleys_views_show_the_run():
    run = descend(ROW, [0.003, 0.008, 0.012], 60)
    path, sharp = plots.still((plots.valley_now, plots.valley_sharpness_now), run[1], runs=run, problem=ROW)
    assert any(np.array_equal(line.get_xydata(), run[1].weights) for line in path.lines)
    assert "ends at 92" in sharp.alt and "2/η is 250" in sharp.alt
    assert "lost" in plots.still(plots.valley_sharpness_now, run[2], runs=run, problem=ROW).alt


def test_before_a_vote_its_picture_shows_what_is_known_and_no_more():
    ten, above = edge.draws(0.05), edge.draws(0.1)
    ax = plots.four_ways(ten[0])
    curve = next(line for line in ax.lines if line.get_linestyle() == "-")
    assert max(curve.get_xdata()) <= 200
    np.testing.assert_allclose(curve.get_ydata(), ten.sharpness[0][ten.epochs <= 200])
    ends = {text.get_text(): text.xy[1] for text in ax.texts}
    assert list(ends) == ["a", "b", "c", "d"] and ends["a"] > ends["b"] > ends["c"] > ends["d"]
    assert all(abs(end / 40 - 1) > 0.2 for end in ends.values()), "no sketch ends where the run does"
    ax = plots.starting_above(above, ten)
    drawn = np.concatenate([line.get_ydata() for line in ax.lines])
    assert not np.isin(above.sharpness[:, 1:], drawn).any()
    assert (above.sharpness[:, 0] > 20).all() and "start from 23 to 29" in ax.alt and "lost" not in ax.alt


def test_a_best_rate_is_where_its_line_is_lowest():
    """A table of two widths by hand: the medians of three draws are 3, 1, 2 at width 8, and 1, 2, 4 at width 16."""
    losses = {8: [[3, 1, 2], [9, 1, 2], [3, 0.5, 0.4]], 16: [[1, 2, 4], [1, 3, np.nan], [5, 2, 4]]}
    rows = [
        ("sgd", width, seed, rate, loss)
        for width, draws in losses.items()
        for seed, draw in enumerate(draws)
        for rate, loss in zip([0.1, 0.2, 0.4], draw, strict=True)
    ]
    named = zip(["rule", "width", "seed", "rate", "loss"], zip(*rows, strict=True), strict=True)
    table = {name: np.array(column) for name, column in named}
    assert plots.best_rates(table, "sgd") == {8: 0.2, 16: 0.1}
    assert plots.best_rates(table, "sgd", seed=2) == {8: 0.4, 16: 0.2}
    assert plots.smaller_when_wide(table, "sgd") == (3, 3)
    between = {name: np.append(column, column[:3]) for name, column in table.items()}  # a middle width, as width 8
    between["width"][-3:], between["loss"][-3:] = 12, [1, 2, 3]  # of the first draw alone, best at 0.1
    for seed in (1, 2):
        more = {name: column[-3:].copy() for name, column in between.items()}
        more["seed"][:], more["loss"][:] = seed, [9, 9, 1]
        between = {name: np.append(column, more[name]) for name, column in between.items()}
    order = np.argsort(between["width"], kind="stable")
    assert plots.smaller_when_wide({name: column[order] for name, column in between.items()}, "sgd") == (3, 3)
    stored = edge.table("network-widths")
    for side, rule in zip(plots.widths(stored), ("sgd", "adam"), strict=True):
        dots = [float(line.get_xdata()[0]) for line in side.lines if line.get_marker() == "o"]
        assert dots == list(plots.best_rates(stored, rule).values())


def test_the_jumps_are_the_losses_of_the_last_steps():
    run = descend(edge.draw(0)[0], [0.05, 0.1], 60)
    for side, one in zip(plots.jumps(run, last=20), run, strict=True):
        np.testing.assert_array_equal(side.lines[0].get_xydata()[:, 1], one.losses[-21:])
        assert side.get_title(loc="left") == f"rate {one.rate:g}"


def test_beside_the_network_the_houses_fall_below_their_line():
    train, _ = school_district()
    houses, kept = logistic(*train), edge.stored()
    sure = descend(houses, 10, 300, checkpoints=1 / 10)
    ax = plots.beside_logistic(kept[int(np.argmin(abs(kept.rate - 0.1)))], sure, houses)
    network_line, houses_line = (
        line.get_ydata() for line in ax.lines if len(line.get_xdata()) > 2 and line.get_lw() > 2
    )
    assert network_line[0] > 1 and abs(network_line[-1] - 1) < 0.05
    np.testing.assert_allclose(houses_line, 5 * houses.sharpness(sure.weights), rtol=1e-9)
    ones = np.column_stack([train.X, np.ones(len(train.y))])  # at weights 0 every p(1 − p) is 1/4
    assert houses_line[0] == pytest.approx(5 * np.linalg.eigvalsh(ones.T @ ones / len(ones) / 4)[-1], rel=1e-4)


def test_the_network_leaves_its_picture_at_a_step():
    kept = edge.stored()
    lost = kept[int(np.flatnonzero(kept.diverged)[0])]
    ax = plots.still(plots.training_loss_now, lost, runs=kept)
    assert any(text.get_text().startswith("step ") for text in ax.texts)
    assert not any("epoch" in text.get_text() for text in ax.texts)
