"""Lesson 05: its figures, found another way; its views and studies."""

import numpy as np
import pytest

from lrcore import descend, least_squares, line, rules, saddle
from lrlab import measure, plots, study05
from lrlab.figure import still

EXACT = least_squares(*line())
LOW, HIGH = 0.2994, 16.7006  # the eigenvalues of COURSE.md


def slowest(rate, beta):
    """The size by which a step of momentum shrinks the slowest direction, from z² − (1 + β − ηλ)z + β."""
    return max(abs(np.roots([1, -(1 + beta - rate * curved), beta])).max() for curved in (LOW, HIGH))


def test_epochs_at_003_are_as_their_roots_say():
    """Without memory: 0.1274 is left along the ravine, and each epoch leaves (1 − 0.03 · 0.2994)² of it."""
    run = descend(EXACT, 0.03, 700, rules.momentum, beta=[0, 0.9])
    along = np.linalg.eigh(np.array([[15, 5], [5, 2]]))[1][:, 0]
    left = LOW / 2 * (along @ [3, 0]) ** 2
    needed = np.ceil(np.log(1e-6 / left) / (2 * np.log(1 - 0.03 * LOW)))
    found = measure.arrival(run, 1e-6)
    assert found[0] == needed == 657
    assert found == pytest.approx([668, 171], rel=0.02)  # SCENES.md


def test_epochs_of_the_tuned_rules():
    rates, betas = np.geomspace(0.002, 0.25, 601), np.array([0, 0.58, 0.9])
    fewest = measure.arrival(descend(EXACT, rates[:, None], 600, rules.momentum, beta=betas), 1e-6).min(axis=0)
    assert fewest == pytest.approx([172, 36, 167], rel=0.02)
    for beta, found in zip(betas, fewest, strict=True):
        law = np.log(67.5e6) / -2 / np.log(min(slowest(rate, beta) for rate in rates))
        assert found == pytest.approx(law, rel=0.35)


def test_the_laws_beta_shrinks_both_directions_alike():
    root = np.sqrt(HIGH / LOW)
    beta, rate = ((root - 1) / (root + 1)) ** 2, 4 / (np.sqrt(HIGH) + np.sqrt(LOW)) ** 2
    for curved in (LOW, HIGH):  # the roots fall together there, which costs half of their digits
        assert np.abs(np.roots([1, -(1 + beta - rate * curved), beta])) == pytest.approx(np.sqrt(beta), rel=1e-6)
    assert slowest(rate, beta) < min(slowest(r, b) for r in (0.15, 0.17, 0.2) for b in (0.4, 0.5, 0.7))


@pytest.mark.parametrize("beta", [0, 0.5, 0.9])
def test_the_heavy_ball_holds_up_to_its_limit(beta):
    limit = 2 * (1 + beta) / HIGH
    assert descend(EXACT, limit * np.array([0.99, 1.01]), 4000, rules.momentum, beta=beta).diverged.tolist() == [0, 1]


def test_the_saddle_is_left_as_its_curvature_says():
    """Plain descent multiplies y by 1.1 a step: ln(10⁶)/ln(1.1) = 145 steps from a millionth; from 0 nobody leaves."""
    away = np.abs(descend(saddle(), 0.1, 160).weights[:, 1])
    assert np.argmax(away > 1) == int(np.ceil(np.log(1e6) / np.log(1.1))) == 145
    for rule in rules.RULES.values():
        assert descend(saddle(), 0.1, 50, rule, start=[1, 0]).weights[-1, 1] == 0


def test_adams_first_step_is_the_rate():
    w, _ = rules.adam(EXACT.start, EXACT.gradient(EXACT.start), 0.1)
    assert w == pytest.approx([0.1, 0.1])
    bars = plots.first_steps({"plain": (4.5, 1.5), "Adam": (0.1, 0.1)})
    assert [bar.get_height() for bar in bars.patches] == [4.5, 0.1, 1.5, 0.1]


# What was stored


def test_a_sample_of_the_good_rates_is_recomputed():
    table = np.loadtxt(study05.FOLDER / "good-rates.csv", delimiter=",", skiprows=1, usecols=range(3, 234))
    table = table.reshape(3, 8, 10, 231)
    names, places = list(rules.RULES), np.array([20, 45, 55])
    for problem, rule, seed in (("line", "sgd", 0), ("houses", "sgd", 3), ("banana", "momentum", 9)):
        stored = table[list(study05.EPOCHS).index(problem), names.index(rule), seed, places]
        found = study05.late_loss(problem, rule, seed, study05.RATES[places])
        assert np.allclose(found, stored, rtol=0.01, atol=1e-9)


def test_ranges_that_a_theorem_gives():
    """On the line plain descent ends at 2/λmax; AdaGrad's and Adam's ranges go on far beyond the grid of the first
    edition, which ended at 7.9; on separable houses plain descent has no right side."""
    good = study05.good_rates()
    names = list(rules.RULES)
    held = {name: study05.RATES[good["line"][k] == 10] for k, name in enumerate(names)}
    assert held["sgd"].max() <= 2 / HIGH < 1.26 * held["sgd"].max()
    assert held["momentum"].max() <= 2 * 1.9 / HIGH < 1.26 * held["momentum"].max()
    assert held["nesterov"].max() <= 2 * 1.9 / 2.8 / HIGH < 1.26 * held["nesterov"].max()
    assert held["adagrad"].max() > 1e12 and held["adam"].max() > 1e4
    assert (good["houses"][names.index("sgd")][-100:] >= 9).all()


def test_a_range_is_the_first_unbroken_row():
    counts = np.zeros((2, len(study05.RATES)), int)
    counts[0, 10:20], counts[0, 30:90], counts[1, 5] = 9, 10, 8
    low, high, decades = study05.ranges(counts)
    assert (low[0], high[0], decades[0]) == pytest.approx((study05.RATES[10], study05.RATES[19], 1.0))
    assert decades[1] == 0


def test_adams_first_step_away_from_the_best_is_due_to_empty_averages():
    """By a loop by hand: m and s are filled by a hundred batches while w stands still; then the step is small."""
    X, y = line(1000, noise=1, seed=0)
    A = np.column_stack([X, np.ones(1000)])
    best = np.linalg.solve(A.T @ A, A.T @ y)
    draw, m, s = np.random.RandomState(0), np.zeros(2), np.zeros(2)
    orders = [draw.permutation(1000), draw.permutation(1000)]
    for t in range(1, 102):
        rows = orders[(t - 1) // 100][(t - 1) % 100 * 10 :][:10]
        g = 2 * A[rows].T @ (A[rows] @ best - y[rows]) / 10
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g
    step = 0.1 * m / (1 - 0.9**101) / (np.sqrt(s / (1 - 0.999**101)) + 1e-8)
    filled = study05.from_the_best(rules.adam, 0.1, still=100)
    away = A @ step
    assert filled[0, 1] == pytest.approx(np.mean(away**2), rel=1e-6)
    empty = study05.from_the_best(rules.adam, 0.1)
    assert (empty[:, 1] > filled[:, 1]).sum() == 20
    assert np.median(empty[:, 1]) > 4 * np.median(empty[:, 50:])
    plain = study05.from_the_best(rules.sgd, 0.04)
    assert np.median(plain[:, 1]) < 2.5 * np.median(plain[:, 50:])


# What is drawn


def test_the_limit_is_not_said_larger_than_it_is():
    """At 0.1198, four digits of 0.119756, a run without memory is lost."""
    run = study05.remembering(EXACT, 700)(np.array([0.03, 0.2]), 0)
    plane = plots.memory_plane(np.array([0, 0.5]), run.rate, np.full((2, 2), 50.0), EXACT)[0]
    assert "is below the limit 0.119756 of" in still(plots.where_now, run[0], runs=run, problem=EXACT).alt
    assert "limit runs from 0.119756 to 0.239512" in plane.alt


def test_the_goal_is_marked_where_the_run_arrives():
    run = study05.remembering(EXACT, 700)(np.array([0.03, 0.2]), 0.9)
    ax = still(plots.goal_now, run[0], runs=run)
    assert "from epoch 170 on" in ax.alt
    arrivals = [one for one in ax.lines if one.get_marker() == "D"]
    assert arrivals[0].get_xdata()[0] == 170
    assert "170 epochs" in study05.to_the_goal(run[0])
    assert np.all(run[0].losses[170:] <= 1e-6) and run[0].losses[169] > 1e-6


def test_the_dot_stands_at_rate_and_beta():
    run = study05.remembering(EXACT, 20)(np.array([0.03, 0.23]), 0.5)
    ax = still(plots.where_now, run[1], runs=run, problem=EXACT)
    assert "above the limit 0.1796" in ax.alt
    assert [float(v) for v in ax.lines[-1].get_xydata()[0]] == [0.23, 0.5]
    assert ax.lines[0].get_xdata()[0] == pytest.approx(2 / HIGH, rel=1e-4)


def test_the_microscope_shows_what_the_rule_remembers():
    """By hand: after one step of Adam m̂ = g and √ŝ = |g|; AdaGrad's s adds up the squares."""
    seen = study05.microscope(np.array([0.1, 1.0]), "ravine", rules.adam, 0.999, 1e-8)
    assert seen.m[0, 0] == pytest.approx([-45, -15])
    assert seen.root[0, 0] == pytest.approx([45, 15])
    assert seen.effective[1, 0] == pytest.approx([1 / 45, 1 / 15])
    ada = study05.microscope(np.array([0.1]), "rare feature", rules.adagrad, 0.999, 1e-10)[0]
    assert ada.root == pytest.approx(np.sqrt(np.cumsum(ada.m**2, axis=0)))
    ax = still(plots.effective_now, seen[1], runs=seen)
    assert ax.lines[0].get_ydata() == pytest.approx(seen.effective[1, ::2, 0])


def test_the_race_is_run_at_the_rates_it_names():
    train, rates = study05.racing(), np.array([0.05, 0.1])
    same, own = train(rates, own_best=False), train(rates, own_best=True)
    assert len(same) == 6
    for name, rule in study05.RACERS.items():
        best = study05.own_best()[name]
        assert (same[name].rate == rates).all() and (own[name].rate == best).all()
        alone = descend(EXACT, [best * 0.8, best, best * 1.25], 100, rules.RULES[rule]).losses[:, -5:].max(axis=1)
        assert alone[1] <= 1.05 * min(alone[0], alone[2])


def test_a_learners_rule_races_beside_the_librarys():
    race = study05.beside(rules.momentum, rules.momentum, EXACT, 30, (0.01, 0.2), 0.03, beta=(0, 0.99))
    assert study05.together(race.run) == "yours and lrcore's are one line"
    other = study05.beside(rules.nesterov, rules.momentum, EXACT, 30, (0.01, 0.2), 0.03, beta=(0, 0.99))
    other.move(beta=0.9)
    assert "different ways" in study05.together(other.run)
    stub = study05.beside(lambda w, g, rate: (..., ()), rules.momentum, EXACT, 30, (0.01, 0.2), 0.03)
    assert stub.mark == "○" and "Not written yet" in stub.text


def test_strips_are_as_dark_as_their_counts():
    counts = np.zeros((1, 5), int)
    counts[0, 1:3] = 10
    panels = plots.good_strips(10.0 ** np.arange(5), {"a": counts, "b": counts, "c": counts}, {"sgd": 0.001})
    assert "sgd 10 to 100" in panels[0].alt
    assert panels[0].collections[0].get_array().ravel().tolist() == [0, 10, 10, 0, 0]


def test_each_rule_has_its_formula_code_picture_and_slider():
    """In the lesson's source: TeX for each, its source printed, and an explorer that holds all eight."""
    path = study05.FOLDER.parent / "notebooks" / "05-momentum-and-adam.ipynb"
    text = path.read_text(encoding="utf-8")
    for rule in list(rules.RULES)[1:]:
        assert f"inspect.getsource(rules.{rule})" in text, rule
    for tex in (
        r"\\beta\\, v + g",
        r"g + \\beta v",
        r"s + g^2",
        r"(1 - \\beta)\\, g^2",
        r"\\hat m \\,/\\, (",
        r"\\Delta",
    ):
        assert tex in text, tex
    assert "rule=rules.RULES" in text
