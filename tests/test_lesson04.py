"""Lesson 04: its facts, found another way, and its checks with each answer that was foreseen."""

from types import SimpleNamespace

import numpy as np
import pytest

from lrcore import descend, least_squares, line, schedules, search
from lrlab import check, plots
from lrlab.check import lesson04
from lrlab.explore.explorer import outcome

NOISY = least_squares(*line(1000, noise=1))
BEST = np.linalg.solve(NOISY.X.T @ NOISY.X, NOISY.X.T @ NOISY.y)  # the normal equations


def test_the_floor_is_proportional_to_the_rate():
    """Theory for small rates: the loss above the least is rate/4 times the mean square of a point's gradient."""
    rates = np.array([0.002, 0.004, 0.008])
    run = descend(NOISY, rates, 40, batch=1, start=BEST, checkpoints=20)
    floor = np.mean(run.losses[:, 200:], axis=-1) - NOISY.loss(BEST)
    slope = np.polyfit(np.log(rates), np.log(floor), 1)[0]
    assert 0.95 < slope < 1.3
    pulls = 2 * (NOISY.X @ BEST - NOISY.y)[:, None] * NOISY.X
    expected = rates / 4 * (pulls**2).sum(axis=1).mean()
    assert floor == pytest.approx(expected, rel=0.5)


def test_without_noise_constant_ends_below_every_decay():
    exact = least_squares(*line())
    rates, shapes = np.linspace(0.01, 0.1197, 111), schedules.gallery(200)
    ends = {name: descend(exact, rates, 200, schedule=shape).final.min() for name, shape in shapes.items()}
    # the flat direction's factor at the best rate, from the eigenvalues of COURSE.md
    assert ends["constant"] == pytest.approx(1.1e-7, rel=0.2)
    assert all(ends[name] > 500 * ends["constant"] for name in ("step", "exponential", "1/t", "cosine"))


def test_steps_side_by_side_are_the_same_runs():
    shapes = schedules.gallery(300)
    together = descend(NOISY, [[0.01], [0.02]], 1, batch=4, schedule=schedules.abreast(*shapes.values()))
    assert together.rate.shape == (2, len(shapes))
    for k, shape in enumerate(shapes.values()):
        alone = descend(NOISY, 0.02, 1, batch=4, schedule=shape)
        assert together[1, k].weights == pytest.approx(alone.weights, rel=1e-10)


def test_each_at_its_own_best_rate_is_judged_by_other_seeds():
    rates = np.array([1.0, 2.0, 3.0])
    losses = np.ones((4, 3, 2))
    losses[:2, 1, 0] = 0.5  # chosen by the first half
    losses[2:, 1, 0] = [7, 9]  # judged by the second
    losses[:, 2, 1] = np.nan  # never chosen
    losses[:2, 0, 1] = 0.1
    best, judged = search.own_best(rates, losses)
    assert best.tolist() == [2.0, 1.0]
    assert judged.tolist() == [[7, 1], [9, 1]]
    with pytest.raises(ValueError, match="own_best: losses takes"):
        search.own_best(rates, losses[0])


@pytest.mark.parametrize("vote", [check.vote_floor, check.vote_decay])
def test_predictions_are_noted(vote):
    assert vote("?").mark == "○"
    assert all(vote(letter).mark == "✎" for letter in "abcd")


INVERSE = [
    (lambda t, delay: 1 / (1 + t / delay), "✓", "Half at t = delay"),
    (lambda t, delay: delay / (delay + t), "✓", ""),
    (lambda t, d: schedules.inverse(d)(t), "✓", ""),
    (lambda t, delay: round(float(1 / (1 + t / delay)), 3), "✓", ""),
    (lambda t, delay: delay / t, "✗", "add 1"),
    (lambda t, delay: 1 / (t / delay), "✗", "add 1"),
    (lambda t, delay: 1 / (1 + delay * t), "✗", "upside down"),
    (lambda t, delay: 0.4 / (1 + t / delay), "✗", "A shape has no size"),
    (lambda t, delay: 1 / (1 + t), "✗", "delay is not used"),
    (lambda t, delay: 0.5 ** (t / delay), "✗", "the exponential"),
    (lambda t, delay: 1 / (1 + t // delay), "✗", "in steps"),  # 1, a half and a third in the right places
    (lambda delay, t: 1 / (1 + t / delay), "✗", "changed places"),
    (lambda t, delay: 1 - t / delay, "✗", "Not yet"),
    (lambda t, delay: 1 / (1 + (t + 1) / delay), "✗", "Not yet"),
    (lambda t, delay: ..., "○", "Open"),
    (lambda t, delay: "half", "✗", "numbers are asked for"),
    (..., "○", "Open"),
    (0.5, "✗", "A function is asked for"),
]


@pytest.mark.parametrize(("answer", "mark", "said"), INVERSE)
def test_inverse(answer, mark, said):
    verdict = check.inverse(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict


COSINE = [
    (lambda t, steps: (1 + np.cos(np.pi * t / steps)) / 2, "✓", "flat at both ends"),
    (lambda t, steps: np.cos(np.pi * t / steps / 2) ** 2, "✓", ""),
    (lambda t, n: schedules.cosine(n)(t), "✓", ""),
    (lambda t, steps: (1 - np.cos(np.pi * t / steps)) / 2, "✗", "It rises"),
    (lambda t, steps: (1 + np.cos(2 * np.pi * t / steps)) / 2, "✗", "half a wave, not a whole one"),
    (lambda t, steps: np.cos(np.pi * t / steps), "✗", "lift it by 1, then halve it"),
    (lambda t, steps: 1 + np.cos(np.pi * t / steps), "✗", "begins at 2"),
    (lambda t, steps: 1 + np.cos(np.pi * t / steps) / 2, "✗", "brackets"),
    (lambda t, steps: 0.1 * (1 + np.cos(np.pi * t / steps)) / 2, "✗", "A shape has no size"),
    (lambda t, steps: -np.cos(np.pi * t / steps), "✗", "It rises"),
    (lambda t, steps: np.sin(np.pi * t / steps), "✗", "begins at 0"),
    (lambda t, steps: np.cos(2 * np.pi * t / steps), "✗", "A whole wave"),
    (lambda t, steps: (1 + np.cos(t / steps)) / 2, "✗", "π is missing"),
    (lambda t, steps: np.cos(t / steps), "✗", "π is missing"),
    (lambda t, steps: np.cos(np.pi * t / steps / 2), "✗", "quarter"),
    (lambda t, steps: 1 - t / steps, "✗", "Not yet"),
    (lambda t, steps: None, "✗", "returns nothing yet"),
    (lambda t, steps: ..., "○", "Open"),
]


@pytest.mark.parametrize(("answer", "mark", "said"), COSINE)
def test_cosine(answer, mark, said):
    verdict = check.cosine(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict


@pytest.mark.parametrize(
    ("answer", "mark", "said"),
    [
        (0.05, "✓", "0.05"),
        ("0.05", "✓", ""),
        (0.4 / 8, "✓", ""),
        (0.1, "✗", "two halvings"),
        (0.133, "✗", "a third"),
        (0.13, "✗", "a third"),
        (0, "✗", "never ends at 0"),
        (0.125, "✗", "the factor"),
        (0.3, "✗", "How often in 300?"),
        (..., "○", "Open"),
        ("a lot", "✗", "this is a text"),
    ],
)
def test_half_life(answer, mark, said):
    verdict = check.half_life(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict


@pytest.mark.parametrize(
    ("answer", "mark", "said"),
    [
        ("c", "✓", "0.985"),
        ("C)", "✓", ""),
        ("they shrink by a constant factor", "✓", ""),
        ("a", "✗", "the gradient shrinks"),
        ("b", "✗", "finitely many"),
        ("d", "✗", "limit"),
        ("e", "✗", "Choose one of"),
        (..., "○", "Open"),
    ],
)
def test_step_lengths(answer, mark, said):
    verdict = check.step_lengths(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict


def test_the_factor_of_the_step_lengths():
    """1 − ηλ for the flat direction, λ = 0.2994 (COURSE.md)."""
    weights = descend(least_squares(*line()), 0.05, 300).weights
    lengths = np.linalg.norm(np.diff(weights, axis=0), axis=-1)
    assert lengths[200:] / lengths[199:-1] == pytest.approx(1 - 0.05 * 0.2994, abs=1e-4)


@pytest.mark.parametrize(
    ("answer", "mark", "said"),
    [
        ((600, 1200), "✓", "times that of the best pair"),
        ([1200, 600], "✓", ""),
        ("700, 1300", "✓", ""),
        ((100, 300), "✗", "Too early"),
        ((1400, 1900), "✗", "Too late"),
        ((600,), "✗", "Two drop points"),
        ((-1, 900), "✗", "between 0 and 2000"),
        ((0.3, 0.6), "✗", "counted in steps"),
        (..., "○", "Open"),
        ("late", "✗", "this is a text"),
    ],
)
def test_drops(answer, mark, said, monkeypatch):
    few = lesson04.regret
    monkeypatch.setattr(lesson04, "regret", lambda *pair: few(*pair, seeds=8))
    verdict = check.drops(answer)
    assert (verdict.mark, said in verdict.text) == (mark, True), verdict


def test_the_drawings_say_their_numbers():
    run = descend(NOISY, [0.002, 0.016], 2, batch=1, start=BEST, checkpoints=50)
    assert "rate 0.016" in plots.cloud(run, NOISY).alt
    assert "Slope 2.00" in plots.power_law([1, 2, 4], [1, 4, 16]).alt
    assert "b: 3" in plots.curves([0, 1], {"a": [1, 2], "b": [2, 3]}, names=("x", "y")).alt
    assert "a 2 (1.5 to 2.5), rate 0.1" in plots.contest(["a"], [0.1], np.array([[1.0], [2.0], [3.0]])).alt
    early = plots.stopping(np.arange(4), [1.0], np.array([[2.0, 1.0, 0.5, 0.7]]))
    assert "rate 1: 0.5 at epoch 2, 0.7 at the end" in early.alt
    above, below = plots.schedule_now(run[1])
    assert "0.016" in above.alt and below.alt.startswith("Loss against epoch")
    assert "one: rate 0.016" in plots.rate_and_loss({"one": [run[1], run[1]]})[0].alt


def test_the_rate_is_drawn_as_long_as_steps_are_taken():
    """A drop after the last step is no drop of the run; the rate of the last epoch reaches the edge."""
    run = descend(NOISY, 0.01, 2, batch=1, schedule=schedules.step(1000, 0.1))
    assert run.rates == pytest.approx([0.01, 0.001, 0.0001])
    for ax in (plots.schedule_now(run)[0], plots.rate_and_loss({"one": run})[0]):
        x, y = ax.lines[0].get_data()
        assert (x.tolist(), y.tolist()) == ([0, 1, 2], pytest.approx([0.01, 0.001, 0.001]))


def test_a_curve_that_leaves_is_named_where_it_leaves():
    far = {"late": [1, 1, 1, 9], "low": [1, 1, 1, 0.5], "early": [1, 9, 9, 9], "gone": [1, 1, np.inf, np.nan]}
    ax = plots.curves([0, 1, 2, 3], far, ylim=(0, 2))
    heights = {text.get_text(): text.get_position()[1] for text in ax.texts}
    assert sorted(heights, key=heights.get) == ["low", "late", "gone", "early"]
    assert heights["early"] == pytest.approx(1) and heights["low"] == pytest.approx(0.25)


def test_what_an_explorer_says_of_the_end():
    """Told from the last tenth: 100 checkpoints, drawn by hand."""
    late = {
        "settled": np.linspace(1.001, 1, 11),
        "still falling": np.linspace(1.5, 1, 11),
        "rising": np.linspace(1, 1.5, 11),
        "swinging": 1 + 0.2 * np.sin(np.arange(11)),
    }
    for words, end in late.items():
        run = SimpleNamespace(losses=np.append(np.linspace(9, 2, 90), end), epochs=np.arange(101))
        run.final, run.diverged = run.losses[-1], False
        assert outcome(run).endswith(words)
