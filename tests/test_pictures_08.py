"""What lesson 08 draws, read from the artists: its ledger, its trials, the clinic and the learner's own votes."""

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.colors import to_hex

import drawn
from lrcore import descend, least_squares, line, logistic, school_district
from lrlab import plots, studies, trials
from lrlab.ledger import Row
from lrlab.plots import number

PROBLEM = least_squares(*line())
DATA = school_district()[0]
MODEL = logistic(*DATA)
HIGH = drawn.CURVATURE[1]


def moving(ax):
    return [each for each in ax.lines if each.get_animated() and len(each.get_xdata())]


def shaded(ax):
    """(left, right) of the one strip from the bottom to the top."""
    (strip,) = [patch for patch in ax.patches if (patch.get_y(), patch.get_height()) == (0, 1)]
    return strip.get_x(), strip.get_x() + strip.get_width()


# The ledger


CASES = {  # the scale: bound, {case: (values, whether it speaks for the claim, what is said)}
    "linear": (2, {
        "one": ([1.5], True, "1.5"),
        "most": ([0.5, 1, 2, 3], True, "in 3 of 4"),
        "half": ([0.5, 1, 3, 3.5], None, "in 2 of 4"),
        "few": ([1, 3, 3, np.inf], False, "in 1 of 4"),
    }),
    "log": (0.5, {"low": ([0.01, 0.02], True, "in 2 of 2"), "high": ([40, 900], False, "in 0 of 2")}),
    "symlog": (1, {"none": ([0.0], True, "0"), "far": ([200, 0.0, 300], None, "in 1 of 3")}),
}  # fmt: skip


@pytest.mark.parametrize("scale", CASES)
def test_tried(scale):
    """A case speaks for its claim where three quarters of its values are at most the bound."""
    bound, cases = CASES[scale]
    given = {name: values for name, (values, *_) in cases.items()}
    row = Row("0", "So it is", "", "", "08", "the size,", bound, "the size is {bound}", tuple(cases), given)
    ax = plots.tried(row)
    low, high = ax.get_xlim()
    assert ax.get_xscale() == scale and drawn.upright(ax) == [bound] and shaded(ax) == pytest.approx((low, bound))
    assert [text.get_text() for text in ax.get_yticklabels()] == list(cases)
    clouds = [each for each in ax.lines if each.get_ls() == "None"]
    for k, (cloud, (values, state, said)) in enumerate(zip(clouds, cases.values(), strict=True)):
        assert cloud.get_xdata() == pytest.approx(np.minimum(values, high)) and low <= min(values)
        assert np.all(np.abs(cloud.get_ydata() - k) < 0.3) and len(set(cloud.get_ydata())) == len(values)
        assert cloud.get_marker() == {True: "o", False: "X", None: "D"}[state]
        (told,) = [text for text in ax.texts if text.get_position()[1] == k]
        assert told.get_text() == said and drawn.colour(told) == drawn.colour(cloud)
    assert len({drawn.colour(cloud) for cloud in clouds}) == len({state for _, state, _ in cases.values()})
    verdict = "? undecided" if scale == "symlog" else f"◐ holds when: {'one; most' if scale == 'linear' else 'low'}"
    assert ax.get_title(loc="left") == verdict and ax.get_xlabel() == "the size\nin the green: as the claim says"
    told = "; ".join(f"{case}: {said}" for case, (_, _, said) in cases.items())
    assert ax.alt == f"So it is. {told}. {verdict}."


@pytest.mark.parametrize(("values", "limits"), [([0.0, 1, 1], (-0.5, 1.5)), ([-0.5, 0, 0.5], (-0.566, 0.566))])
def test_counts_of_0_and_1_stand_away_from_the_edges(values, limits):
    row = Row("0", "So it is", "", "", "08", "the size,", 0, "the size is {bound}", ("one",), {"one": values})
    assert plots.tried(row).get_xlim() == pytest.approx(limits)


def test_stamps():
    kinds = {"holds": 15, "holds when": 2, "does not hold": 0, "undecided": 1}
    names = [kind for kind, many in kinds.items() for _ in range(many)]
    rows = {f"{k}": SimpleNamespace(row=f"{k}", verdict=kind) for k, kind in enumerate(names, 1)}
    ax = plots.stamps(SimpleNamespace(rows=rows, count=lambda: kinds))
    levels = [text.get_text() for text in ax.get_yticklabels()]
    assert levels == list(kinds) and len(ax.texts) == len(names)
    assert len({text.get_position() for text in ax.texts}) == len(names), "no tile hides another"
    shades = {kind: set() for kind in kinds}
    for tile in ax.texts:
        (x, y), kind = tile.get_position(), rows[tile.get_text()].verdict
        assert levels[round(y)] == kind and ax.get_xlim()[0] < x < ax.get_xlim()[1]
        shades[kind].add(to_hex(tile.get_bbox_patch().get_facecolor()))
    assert [len(some) for some in shades.values()] == [1, 1, 0, 1] and len(set.union(*shades.values())) == 3
    assert ax.alt.endswith("holds: 15, holds when: 2, does not hold: 0, undecided: 1.")


# Curves by name


def test_sweep():
    """The last losses of the line at each rate, by hand; one that is far above the others is left out."""
    rates = np.array([0.001, 0.01, 0.05, 0.1, 0.12])
    ends = np.array([drawn.line_run(rate, 20)[1][-1] for rate in rates])
    named = {"line": (rates, ends), "other": (rates, np.array([30.0, 20, 1, 1e9, np.nan]))}
    ax = plots.sweep(named, title="Two", mark=(0.02, "default"), span=(0.005, 0.02), name="last loss")
    drawn.axes_say(ax, "rate", "last loss")
    assert shaded(ax) == pytest.approx((0.005, 0.02)) and drawn.upright(ax) == [0.02]
    assert drawn.label(ax, " default").get_position()[0] == 0.02
    assert drawn.label(ax, "as quoted").get_position()[0] == pytest.approx(0.01), "in the middle of its decades"
    whole = drawn.line_of(ax, "line 0.1")
    np.testing.assert_allclose(whole.get_xydata(), np.c_[rates, ends])
    assert drawn.colour(drawn.dot(ax, 0.1, ends[3])) == drawn.colour(whole)
    cut = drawn.line_of(ax, "other 0.05")
    np.testing.assert_array_equal(cut.get_ydata(), [30, 20, 1, np.nan, np.nan])
    assert drawn.colour(drawn.dot(ax, 0.05, 1)) == drawn.colour(cut)
    low, high = ax.get_ylim()
    assert all(low < drawn.label(ax, name).get_position()[1] < high for name in (" default", "as quoted"))
    assert low < ends.min() and 30 < high and ax.alt.endswith("Best rates: line 0.1; other 0.05.")


def test_the_lines_own_curve_of_five():
    rates, over = trials.sweeps()["the line"]
    ends = np.array([drawn.line_run(rate, 100)[1][-1] for rate in rates])
    near = ends < 1e3  # far above the limit both are beyond any picture
    np.testing.assert_allclose(over[near], ends[near] / np.nanmin(ends), rtol=1e-5)


def test_over_steps():
    named = {f"rate {rate:g}": (np.arange(21), drawn.line_run(rate, 20)[1]) for rate in (0.01, 0.05)}
    ax = plots.over_steps(named, title="Two", goal=(1.5, "the goal"), name="loss", x="epoch")
    drawn.axes_say(ax, "epoch", "loss")
    for name, points in named.items():
        np.testing.assert_allclose(drawn.line_of(ax, name).get_xydata(), np.transpose(points))
        assert f"{name}: {number(points[1][-1], 2)}" in ax.alt
    assert drawn.level(ax) == [1.5] and drawn.label(ax, "the goal").get_position()[1] == 1.5
    assert not drawn.level(plots.over_steps(named))


def test_long_training():
    """The median of three seeds, and the first epoch at which it has reached the goal."""
    one = np.array([[8.0, 6, 5, 4], [8, 3, 2, 1], [8, 2, 0.5, 0.25]])
    losses = np.stack([one * 2, one, one / 8])  # their median is `one`
    long = studies.LongRuns(np.array([0.01, 0.1, 1]), np.array([0, 1, 10, 100]), losses, losses)
    ax = plots.long_training(long, goal=2)
    drawn.axes_say(ax, "epoch", "loss")
    assert drawn.level(ax) == [2] and drawn.label(ax, "2").get_position()[1] == 2
    for rate, middle in ((0.1, [3, 2, 1]), (1, [2, 0.5, 0.25])):
        curve = drawn.line_of(ax, f"{rate:g}")
        assert drawn.colour(curve) == plots.colour(rate)
        assert curve.get_xydata().tolist() == np.c_[[1, 10, 100], middle].tolist()
    assert ax.alt.endswith("It reaches 2 at epoch: rate 0.1: 10; rate 1: 1.")


def test_noise_floor():
    """Lines laid through 100 points of noise by least squares have the same spread of losses."""
    ax = plots.noise_floor([0.0008, 0.9], draws=4000)
    drawn.axes_say(ax, "loss of the best line", "draws")
    left = np.array([bar.get_x() for bar in ax.patches])
    height = np.array([bar.get_height() for bar in ax.patches])
    assert height.sum() == 4000 and drawn.upright(ax) == [0.0008, 0.9]
    draw = np.random.default_rng(1)
    X = np.column_stack([draw.normal(size=100), np.ones(100)])
    noise = draw.normal(size=(100, 4000))
    losses = np.mean((noise - X @ np.linalg.lstsq(X, noise, rcond=None)[0]) ** 2, axis=0)
    for share in (0.1, 0.5, 0.9):
        seen = left[np.searchsorted(height.cumsum(), share * 4000)]
        assert seen == pytest.approx(np.quantile(losses, share), rel=0.06)
    for value in (0.0008, 0.9):
        (told,) = [text for text in ax.texts if text.get_text() == f"printed\n{value:g}"]
        marks = [each for each in ax.lines if each.get_xdata()[0] == value]
        assert value < told.get_position()[0] < 1.2 * value and drawn.colour(told) == drawn.colour(marks[0])
    assert ax.alt.startswith("The least loss in 4000 draws: 0.") and "[0.0008, 0.9]" in ax.alt


# What moves


def test_settling_now():
    """The epoch after the last at which w is not within 0.1 of 3, by hand; above 2/λmax there is none."""
    rates = np.array([0.01, 0.05, 0.1, 0.13])
    runs = descend(PROBLEM, rates, 400)
    by_hand = [1 + np.flatnonzero(abs(drawn.line_run(rate, 400)[0][:, 0] - 3) > 0.1)[-1] for rate in rates]
    assert by_hand[-1] == 401
    for k, rate in enumerate(rates):
        ax = plots.still(plots.settling_now, runs[k], runs=runs)
        drawn.axes_say(ax, "rate", "epochs to stay within 0.1")
        np.testing.assert_array_equal(ax.lines[0].get_xydata(), np.c_[rates, [*by_hand[:-1], np.nan]])
        (dot,) = moving(ax)
        here = by_hand[k] if k < 3 else np.nan
        np.testing.assert_array_equal(dot.get_xydata(), [[rate, here]])
        assert drawn.colour(dot) == plots.colour(rate)
        assert ax.alt.endswith(f"rate {rate:g}: {f'after {here} epochs' if k < 3 else 'not in 400 epochs'}.")


def test_formulas_now():
    """The naive loss is lost where p is exactly 1: there its rings end, and the line goes on."""
    weights, losses = drawn.house_run(10, 12, DATA)
    weights[-3:] *= 100
    y, z = DATA.y, weights @ np.column_stack([DATA.X[:, :2], np.ones(len(DATA.y))]).T
    losses = np.mean(np.logaddexp(0, z) - y * z, axis=1)
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-z))
        naive = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p), axis=1)
    assert np.isnan(naive[-3:]).all() and np.isfinite(naive[:-3]).all()
    run = trials.Named(np.array(10.0), np.arange(13), weights, losses, np.array(10.0), more=naive)
    ax = plots.still(plots.formulas_now, run)
    drawn.axes_say(ax, "epoch", "loss")
    stable, rings = moving(ax)
    np.testing.assert_allclose(stable.get_xydata(), np.c_[np.arange(13), losses], rtol=1e-9)
    np.testing.assert_allclose(rings.get_xydata(), np.c_[np.arange(10), losses[:10]], rtol=1e-6)
    assert drawn.colour(stable) == plots.colour(10) and (rings.get_ls(), rings.get_marker()) == ("None", "o")
    assert ax.texts[0].get_text() == "line: stable formula\nrings: naive formula"
    assert f"Rate 10: stable loss {number(losses[-1], 2)}" in ax.alt and "a number at 10 of 13 checkpoints" in ax.alt
    assert plots.formulas_said(run).startswith("naive loss nan at 3 of 13 checkpoints; all weights finite")


def test_shaking_now():
    """The last 21 losses over the straight line through their logarithms, by least squares."""
    runs = trials.shaken(np.array([1.0, 20]))
    for k, rate in enumerate((1, 20)):
        ax = plots.still(plots.shaking_now, runs[k], runs=runs)
        drawn.axes_say(ax, "epoch", "loss over its trend, %")
        (curve,) = moving(ax)
        logs, X = np.log(runs.losses[k, 30:]), np.column_stack([np.arange(30, 51), np.ones(21)])
        over = 100 * (np.exp(logs - X @ np.linalg.lstsq(X, logs, rcond=None)[0]) - 1)
        np.testing.assert_allclose(curve.get_xydata(), np.c_[np.arange(30, 51), np.clip(over, -45, 45)], atol=1e-7)
        assert drawn.colour(curve) == plots.colour(rate) and drawn.level(ax) == [0]
        spread = np.sqrt(np.mean((over - over.mean()) ** 2))
        assert f"at rate {rate}: it shakes by {number(spread, 2)} %" in ax.alt


def test_limits_now():
    """Both problems at the same share of 2/λmax, each over its own first loss; the houses' λ is that of XᵀX/4n."""
    X = np.column_stack([DATA.X[:, :2], np.ones(len(DATA.y))])
    bends = np.linalg.eigvalsh(X.T @ X / (4 * len(X)))[-1]
    shares = np.array([0.5, 1.01, 20])
    runs = trials.beside_limits(shares)
    for k, share in enumerate(shares):
        ax = plots.still(plots.limits_now, runs[k], runs=runs)
        drawn.axes_say(ax, "epoch", "loss over the first")
        expected = drawn.line_run(share * 2 / HIGH, 60)[1], drawn.house_run(share * 2 / bends, 60, DATA)[1]
        low, high = drawn.room(ax.get_ylim())
        for curve, losses in zip(moving(ax), expected, strict=True):
            over = np.clip(np.nan_to_num(losses / losses[0], nan=high, posinf=high), low, high)
            np.testing.assert_allclose(curve.get_xydata(), np.c_[np.arange(61), over], rtol=2e-3)
            assert drawn.colour(curve) == plots.colour(share)
        thick, thin = moving(ax)
        assert thick.get_lw() > thin.get_lw() and drawn.level(ax) == [1]
        assert ax.texts[0].get_text() == "thick: the line · thin: the houses"
        ends = [number(losses[-1] / losses[0], 2) for losses in expected]
        assert f"the line's loss ends {ends[0]} times the first, the houses' {ends[1]} times" in ax.alt


# The clinic, and the learner's own votes


def test_clinic():
    epochs, losses = np.arange(11), drawn.line_run(0.05, 10)[1]
    lost = np.where(epochs < 4, losses, np.nan)
    patients = {
        letter: ("four points", f"how {letter}", epochs, lost if letter == "C" else losses * k, f"fact {letter}")
        for k, letter in enumerate("ABCDEFGH", 1)
    }
    panels = plots.clinic(patients)
    for k, (ax, letter) in enumerate(zip(panels, patients, strict=True)):
        drawn.axes_say(ax, "epoch" if k > 3 else "", "loss" if k in (0, 4) else "")
        (curve,) = ax.lines
        np.testing.assert_array_equal(curve.get_xydata(), np.c_[epochs, patients[letter][3]])
        assert ax.get_yscale() == "log" and ax.get_title(loc="left") == f"{letter}: four points"
        assert (curve.get_marker() == ".") == (letter == "C"), "a run of few numbers shows each"
        end = "not a number" if letter == "C" else number(losses[-1] * (k + 1))
        assert f"how {letter}. Loss {number(patients[letter][3][0])} → {end}. At the end: fact {letter}." in ax.alt
        low, high = ax.get_ylim()
        assert low < np.nanmin(patients[letter][3]) and np.nanmax(patients[letter][3]) < high


def test_calibration():
    votes = {
        "a": {"lesson": "01", "you": 4, "measured": 2, "agrees": False},
        "b": {"lesson": "01", "you": "0.1", "measured": 0.1, "agrees": True},
        "c": {"lesson": "01", "you": "w", "measured": "w", "agrees": True},
        "d": {"lesson": "08", "you": 1e9, "measured": 1, "agrees": False},
        "e": {"lesson": "08", "you": 1, "measured": 0, "agrees": False},
        "f": {"lesson": "08", "you": 1, "measured": 4, "agrees": False},
    }
    left, right = plots.calibration(votes)
    drawn.axes_say(left, "lesson", "votes")
    assert right.get_xlabel() == "ratio" and right.get_title(loc="left") == "your number over the measured one"
    assert [text.get_text() for text in left.get_xticklabels()] == [f"{k:02d}" for k in range(9)]
    plain = {bar.get_x() + 0.4: bar.get_height() for bar in left.patches if not bar.get_hatch()}
    striped = {bar.get_x() + 0.4: (bar.get_y(), bar.get_height()) for bar in left.patches if bar.get_hatch()}
    assert [plain[k] for k in range(9)] == [0, 2, 0, 0, 0, 0, 0, 0, 0]
    assert striped[1] == (2, 1) and striped[8] == (0, 3) and not sum(striped[k][1] for k in (0, *range(2, 8)))
    assert left.get_title(loc="left") == "as measured (plain), otherwise (striped)"
    assert left.alt == "Votes by lesson: 2 of 6 as measured." and not left.texts
    dots = right.lines[-1]
    assert dots.get_xdata().tolist() == [2, 1, 1000, 0.25] and len(set(dots.get_ydata())) == 4
    assert drawn.upright(right) == [1] and right.alt == "Numbers: 2 of 4 within a factor of 2."
    left, right = plots.calibration({})
    assert left.texts[0].get_text() == "No votes are kept yet." and right.alt == "Numbers: 0 of 0 within a factor of 2."
    assert left.get_ylim() == (0, 4) and right.get_ylim() == (-1, 4), "few votes do not fill the height"
