"""The game of lesson 07: its ledger by hand, problems whose best is known, and nothing sealed that shows."""

import asyncio
import concurrent.futures
import functools

import numpy as np
import pytest

from lrcore import digits
from lrlab import game, study07, tactics
from lrlab.panel import Panel


def test_a_number_draws_three_parts_that_do_not_overlap():
    """Each row of the digits is in one part at most: rows are compared with the whole table, in their own unit."""
    pixels, digit = digits()
    keys = {row.tobytes(): k for k, row in enumerate(np.round(16 * pixels).astype(int))}
    for number in (3, 7, 10):
        one = game.drawn(number)
        rows = []
        for X in (one.problem.X[:, :-1], one.judging[0], one.sealed[0]):
            rows.append([keys[row.tobytes()] for row in np.round(16 * X / one.unit).astype(int)])
        assert one.problem.n in (100, 200, 400) and one.batch in (5, 20, 50)
        assert [len(part) for part in rows[1:]] == [500, 500]
        every = np.concatenate(rows)
        assert len(set(every)) == len(every)
        assert (one.sealed[1] == digit[rows[2]]).all() and (one.judging[1] == digit[rows[1]]).all()
        assert np.mean(one.problem.y != digit[rows[0]]) == pytest.approx(one.wrong)


def test_what_numbers_draw_has_the_shares_that_the_rules_say():
    every = [game.drawn(number) for number in range(60)]
    assert {one.wrong for one in every} == {0, 0.1, 0.2}
    units = np.log10([one.unit for one in every])
    assert -1.5 <= units.min() < -1.2 and 0.7 < units.max() <= 1
    game.drawn.cache_clear()


def test_the_ledger_by_hand():
    one = game.sealed(4)
    one.run(1, 3)  # 3
    one.run([0.1, 1, 10], 5, "adam")  # 3 · 5 = 15
    one.run(1, 20, "momentum", "cosine")  # 20
    assert (one.spent, one.left, len(one.tries)) == (38, 62, 3)
    one.range_test(epochs=12)
    assert one.left == 50
    with pytest.raises(ValueError, match="cost 51, and 50 are left"):
        one.run(np.ones(17), 3)
    assert one.left == 50
    one.run(np.ones(10), 5)
    assert one.left == 0
    one.submit(1)
    assert one.spent == 100
    for again in (lambda: one.run(1, 1), lambda: one.submit(2)):
        with pytest.raises(ValueError, match="is submitted"):
            again()


def test_a_stop_refunds_the_rest_and_hides_what_came_after():
    one, whole = game.sealed(4), game.sealed(4).run(1, 10)
    tries = one.run([1, 10], 10, stop=lambda losses: len(losses) == 4)  # after the start and three epochs
    assert one.spent == 6 and tries.epochs.tolist() == [3, 3]
    assert tries.loss[0] == whole.losses[3] and np.isnan(tries.losses[:, 4:]).all()
    seen = []
    one.run(1, 5, stop=lambda losses: seen.append(len(losses)))
    assert seen == [2, 3, 4, 5, 6] and one.spent == 11


@pytest.mark.parametrize(
    "wrong",
    [(0, 1), (-1, 1), (np.nan, 1), ([], 1), (1, 0), (1, 21), (1, 2.5), (1, 1, "sdg"), (1, 1, "sgd", "step")],
)
def test_what_cannot_be_run_costs_nothing(wrong):
    one = game.sealed(4)
    with pytest.raises(ValueError):
        one.run(*wrong)
    assert (one.spent, one.tries) == (0, [])


@pytest.mark.parametrize("number", [-1, 1.5, "Ada", True])
def test_a_problem_has_a_whole_number(number):
    with pytest.raises((ValueError, TypeError)):
        game.sealed(number)


def test_a_run_is_descent_as_one_writes_it():
    """Plain NumPy: softmax, shuffles of the number's own seed, a step a batch; the loss on the judging rows."""
    number, rate, epochs = 4, 2.0, 3
    one, found = game.drawn(number), game.sealed(number).run(rate, epochs)
    X, y = one.problem.X, np.eye(10)[one.problem.y]
    W, shuffle = np.zeros((65, 10)), np.random.RandomState(number)

    def p(W, X):
        z = np.exp(X @ W)
        return z / z.sum(axis=1, keepdims=True)

    for _ in range(epochs):
        order = shuffle.permutation(len(X))
        for k in range(0, len(X), one.batch):
            rows = order[k : k + one.batch]
            W = W - rate * X[rows].T @ (p(W, X[rows]) - y[rows]) / len(rows)
    judging = np.column_stack([one.judging[0], np.ones(500)])
    loss = -np.log(p(W, judging)[np.arange(500), one.judging[1]]).mean()
    assert found.loss == pytest.approx(loss, rel=1e-9)
    assert found.losses[0] == pytest.approx(np.log(10))


def test_the_score_where_the_best_is_known(monkeypatch):
    """A sweep made by hand: its least judging loss stands at Adam, cosine, the seventh rate, sealed at 0.25."""
    judging, sealed = np.full((3, 2, 49), 2.0), np.full((3, 2, 49), 0.1)  # smaller sealed losses elsewhere do not count
    judging[2, 1, 6], sealed[2, 1, 6] = 0.3, 0.25
    monkeypatch.setattr(game, "sweep", lambda number: game.Sweep(judging, sealed))
    score = game.sealed(4).submit(2.0)
    assert score.best == ("adam", "cosine", pytest.approx(1e-4 * 1e7 ** (6 / 48)))
    assert score.ratio == pytest.approx(score.loss / 0.25)


def test_whoever_submits_the_sealed_best_has_the_ratio_one():
    (rule, shape, rate), _ = game.sweep(7).best
    assert game.sealed(7).submit(rate, rule, shape).ratio == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    "ratio, word",
    [(0.9, "gold"), (1.1, "gold"), (1.11, "silver"), (1.5, "silver"), (1.51, "no medal"), (4.01, "blind")],
)
def test_medals(ratio, word):
    assert word in game.medal(ratio)


def test_everybody_has_the_same_problem_and_the_same_luck():
    one, other = game.sealed(9), game.sealed(9)
    other.run(5, 4)
    assert one.run(0.1, 2).loss == other.run([0.01, 0.1], 2).loss[1]
    assert game.sealed(9).submit(0.1) == game.sealed(9).submit(0.1)
    assert game.sealed(8).run(0.1, 2).loss != one.tries[0].loss


def test_nothing_sealed_is_printed():
    one = game.sealed(7)
    tries = one.run([0.1, 1], 2)
    said = " ".join(map(repr, (one, tries, one.panel(), vars(one))))
    of = game.drawn(7)
    for secret in (f"{of.unit:.3g}", "9.1", "0.298", "wrong", "batch", "[["):
        assert secret not in said


def test_the_stored_sweeps_are_those_that_would_be_trained():
    """A sample, at rates where rounding is not amplified: two problems, rates 12 to 20 of 49."""
    for number in (0, 16):
        fresh = game.swept(number, game.RATES[12:20])
        np.testing.assert_allclose(game.stored()[number][..., 12:20], fresh, rtol=1e-3)


def test_the_stored_ratios_are_those_of_the_tactics():
    kept = study07.tactics()
    assert list(kept) == list(tactics.TACTICS) and all(len(ratios) == 20 for ratios in kept.values())
    for name in ("fine", "halving", "blind"):
        name = tactics.NAMED[name]
        assert game.played(tactics.TACTICS[name], 16).score.ratio == pytest.approx(kept[name][16], rel=0.01)


def test_no_tactic_overspends_and_halving_does_not_win():
    for tactic in tactics.TACTICS.values():
        assert game.played(tactic, 2).spent <= 100
    kept = study07.tactics()
    fine, halved = kept[tactics.NAMED["fine"]], kept[tactics.NAMED["halving"]]
    assert np.sum(halved < fine) == 4
    assert np.median(kept[tactics.NAMED["sgd"]]) > 4 > 1.5 > np.median(fine)


def test_a_search_is_scored_by_what_it_returns():
    assert game.score(lambda one: 0.01, [7]) == pytest.approx(game.judged(7, 0.01)[1])
    assert game.score(lambda one: (0.5, "adam", "cosine"), [7]) == pytest.approx(
        game.judged(7, 0.5, "adam", "cosine")[1]
    )


def apart(test):
    """The test in a thread of its own: Playwright leaves the main one an event loop that runs."""

    @functools.wraps(test)
    def alone():
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            pool.submit(test).result()

    return alone


@apart
def test_the_panel_does_what_code_does():
    one = game.sealed(4)
    panel = Panel(one)
    panel.do("run", rate=1, epochs=3)  # no event loop here: the run is there at once
    assert one.left == 97 and one.tries[0].loss == game.sealed(4).run(1, 3).loss
    panel.do("run", rate=2, epochs=20, rule="adam", shape="cosine")
    assert one.left == 77 and (one.tries[1].rule, one.tries[1].shape) == ("adam", "cosine")
    assert "77 of 100 epochs left" in panel.text and "2 runs" in panel.text
    panel.do("submit", rate=2)
    assert one.score.rate == 2 and "Ratio" in panel.status
    panel.close()


@apart
def test_a_run_on_the_panel_can_be_stopped():
    one = game.sealed(4)
    panel = Panel(one)

    async def hand():
        panel.do("run", rate=1, epochs=20)
        while panel.live is None or int(panel.live.epochs) < 2:
            await asyncio.sleep(0.02)
        assert one.spent == 0 and "2 epochs" in panel.status
        panel.do("stop")
        await panel._task

    asyncio.run(hand())
    assert panel.live is None and 2 <= one.spent <= 4
    assert one.tries[0].loss == game.sealed(4).run(1, 20).losses[one.spent]


def test_the_panel_stores_a_picture_and_its_words():
    data, metadata = Panel(game.sealed(4))._repr_mimebundle_()
    assert data["text/plain"].startswith("Problem 4: 100 of 100 epochs left.")
    assert metadata["image/png"]["alt"] and "image/png" in data
    assert 'alt="Problem 4' in Panel(game.sealed(4)).static()
