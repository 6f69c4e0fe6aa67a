"""Lesson 05: its facts, found another way, and its checks with each answer that was foreseen."""

import nbformat
import numpy as np
import pytest

import form
from lrcore import banana, descend, least_squares, line, rules, saddle
from lrlab import check, measure, plots
from test_explorer_lab import FIND, RESTART, RUN

EXACT = least_squares(*line())
LOW, HIGH = 0.2994, 16.7006  # the eigenvalues of COURSE.md


def test_momentum_arrives_as_its_eigenvalues_say():
    """The slowest root of z² − (1 + β − ηλ)z + β over both curvatures decides how many epochs a run needs."""
    betas, rates = np.array([0, 0.5, 0.58, 0.9]), np.geomspace(0.003, 0.3, 201)
    run = descend(EXACT, rates[:, None], 600, rules.momentum, beta=betas)
    fewest = measure.arrival(run, 1e-6).min(axis=0)
    for beta, found in zip(betas, fewest, strict=True):
        slowest = min(
            max(abs(np.roots([1, -(1 + beta - rate * curved), beta])).max() for curved in (LOW, HIGH)) for rate in rates
        )
        assert found == pytest.approx(np.log(67.5e6) / -2 / np.log(slowest), rel=0.35)
    assert fewest.argmin() == 2


@pytest.mark.parametrize("beta", [0, 0.5, 0.9])
def test_the_heavy_ball_holds_up_to_its_limit(beta):
    limit = 2 * (1 + beta) / HIGH
    run = descend(EXACT, limit * np.array([0.99, 1.01]), 4000, rules.momentum, beta=beta)
    assert run.diverged.tolist() == [False, True]


def test_the_saddle_is_left_as_its_curvature_says():
    """Plain descent multiplies y by 1.1 a step: ln(10⁶)/ln(1.1) = 145 steps from a millionth; from 0 nobody leaves."""
    away = np.abs(descend(saddle(), 0.1, 160).weights[:, 1])
    assert np.argmax(away > 1) == int(np.ceil(np.log(1e6) / np.log(1.1)))
    for rule in rules.RULES.values():
        assert descend(saddle(), 0.1, 50, rule, start=[1, 0]).weights[-1, 1] == 0


def test_arrival_is_the_epoch_from_which_the_loss_stays():
    run = descend(EXACT, [0.05, 0.119, 0.2], 300)
    for one, found in zip(run, measure.arrival(run, 0.1), strict=True):
        stays = [k for k in range(301) if np.all(one.losses[k:] <= 0.1)]
        assert found == (stays[0] if stays else np.inf)


def test_a_valley_is_the_widest_unbroken_row():
    rates = 10.0 ** np.arange(-4, 4)
    losses = np.array([5, 1, np.nan, 1.5, 0.1, 1.9, 2.5, 1])
    low, high, decades = measure.valley(rates, losses, goal=1)
    assert (low, high) == (0.1, 10)
    assert decades == pytest.approx(3)


def test_what_a_rule_costs():
    """Counted by hand from the formulas: w − ηg is a product and a difference."""
    assert measure.cost(rules.sgd) == (0, 2)
    assert measure.cost(rules.momentum) == (1, 4)
    assert measure.cost(rules.adam) == (2, 14)
    assert measure.cost(rules.adadelta)[0] == 2


def test_late_is_a_median():
    run = descend(banana(), [0.001, 1.0], 100)
    assert measure.late(run)[0] == np.median(run.losses[0, -25:])
    assert measure.late(run)[1] == np.inf


def said(verdict, mark, words):
    assert verdict.mark == mark, verdict
    assert words in verdict.text, verdict


def test_predictions_are_noted():
    said(check.vote_first_step("?"), "○", "Choose")
    said(check.vote_first_step("c"), "✎", "3.2 times larger")


def momentum(w, g, rate, v, beta):
    v = beta * v + g
    return w - rate * v, v


def inside(w, g, rate, v, beta):
    v = beta * v + rate * g
    return w - v, v


def average(w, g, rate, v, beta):
    v = beta * v + (1 - beta) * g
    return w - rate * v, v


MOMENTUM = [
    (momentum, "✓", "also when the rate changes"),
    (lambda w, g, rate, v, beta: (w - rate * (beta * v + g), beta * v + g), "✓", ""),
    (lambda w, g, rate, v, beta: [w - rate * (g + v * beta), g + v * beta], "✓", ""),
    (lambda w, g, rate, v, beta: (w - rate * (beta * v + g), (beta * v + g,)), "✓", ""),  # as lrcore's own
    (lambda w, g, rate, v, beta: rules.momentum(w, g, rate, v, beta=beta), "✓", ""),
    (lambda w, g, rate, v, beta: np.array([w - rate * (beta * v + g), beta * v + g]), "✓", ""),
    (lambda w, g, rate, v, beta: rules.nesterov(w, g, rate, v, beta=beta), "✗", "Nesterov"),
    (lambda w, g, rate, v, beta: (w - rate * (0.9 * v + g), 0.9 * v + g), "✗", "use the β"),
    (lambda w, g, rate, v, beta: (w - rate * (beta * v + g), v), "✗", "the new v is returned"),
    (inside, "✗", "inside v"),
    (average, "✗", "ten times smaller"),
    (lambda w, g, rate, v, beta: (w - rate * v, beta * v + g), "✗", "one step late"),
    (lambda w, g, rate, v, beta: (w + rate * (beta * v + g), beta * v + g), "✗", "climbs"),
    (lambda w, g, rate, v, beta: (w - rate * g, beta * v + g), "✗", "plain descent"),
    (lambda w, g, rate, v, beta: (w, v), "✗", "never moves"),
    (lambda w, g, rate, v, beta: (beta * v + g, w - rate * v), "✗", "Not yet"),
    (lambda w, g, rate, v, beta: w - rate * v, "✗", "Return two things"),
    (lambda w, g, rate, v, beta: None, "✗", "returns nothing yet"),
    (lambda w, g, rate, v, beta: ..., "○", "Open"),
    (lambda w, g, rate, v, beta: (..., ...), "○", "Open"),
    (..., "○", "Open"),
    (1.0, "✗", "A function is asked for"),
]


@pytest.mark.parametrize(("answer", "mark", "words"), MOMENTUM)
def test_momentum(answer, mark, words):
    said(check.momentum(answer), mark, words)


def test_a_rate_inside_v_shows_only_when_the_rate_changes():
    """With one rate the two walks are the same; that is why the check lowers it."""
    w = u = v = s = 0.0
    for g in (1.0, -2.0, 3.0):
        (w, v), (u, s) = momentum(w, g, 0.1, v, 0.9), inside(u, g, 0.1, s, 0.9)
        assert w == pytest.approx(u)


@pytest.mark.parametrize(
    ("answer", "mark", "words"),
    [
        (1.0, "✓", ""),
        (0.1 / (1 - 0.9), "✓", ""),
        (0.1, "✗", "without memory"),
        (0.19, "✗", "Two terms"),
        (10, "✗", "That is v"),
        (-1, "✗", "A length is positive"),
        (0.01, "✗", "1 − β divides"),
        (5, "✗", "keeps 0.9 of the one before"),
        (..., "○", "Open"),
        ("long", "✗", "this is a text"),
    ],
)
def test_steady_step(answer, mark, words):
    said(check.steady_step(answer), mark, words)


@pytest.mark.parametrize(
    ("answer", "mark", "words"),
    [
        (0.58, "✓", "0.58"),
        (((np.sqrt(HIGH / LOW) - 1) / (np.sqrt(HIGH / LOW) + 1)) ** 2, "✓", ""),
        ("0.6", "✓", ""),
        (0.99, "✗", "spirals"),
        (0.9, "✗", "usual setting"),
        (0.764, "✗", "Square it"),
        (0.965, "✗", "√κ"),
        (0.5, "✗", "Near"),
        (0, "✗", "plain descent"),
        (0.3, "✗", "Not the best"),
        (..., "○", "Open"),
    ],
)
def test_best_memory(answer, mark, words):
    said(check.best_memory(answer), mark, words)


def first(g, rate, m=1.0, s=1.0, root=lambda s: np.sqrt(s) + 1e-8):
    return -rate * m * g / root(s * g * g)


ADAM = [
    ((0.1, 0.1), "✓", "the size of its gradient cancels"),
    ("0.1 and 0.1", "✓", ""),
    (np.array([0.1, 0.1]), "✓", ""),
    (first, "✓", ""),
    (lambda g, rate: rules.adam(np.zeros(2), g, rate)[0], "✓", ""),
    (lambda g, rate: [-rate * each / (abs(each) + 1e-8) for each in g], "✓", ""),
    (0.1, "✗", "give two"),
    ((4.5, 1.5), "✗", "plain descent"),
    ((-4.5, -1.5), "✗", "plain descent"),
    (lambda g, rate: -rate * g, "✗", "plain descent"),
    ((3.16, 3.16), "✗", "s is left uncorrected"),
    (lambda g, rate: first(g, rate, s=0.001), "✗", "s is left uncorrected"),
    ((3.2, 3.2), "✗", "s is left uncorrected"),
    ((0.316, 0.316), "✗", "Neither"),
    ((0.32, 0.32), "✗", "Neither"),  # as the lesson's table prints it
    ((-0.316, -0.316), "✗", "Neither"),
    (lambda g, rate: rules.adam(np.zeros(2), g, rate, t=np.inf)[0], "✗", "Neither"),
    ((0.01, 0.01), "✗", "m is not"),
    ((0.1, 0.033), "✗", "One scale"),
    (lambda g, rate: -rate * g / np.linalg.norm(g), "✗", "One scale"),
    (lambda g, rate: rate, "✗", "Without a direction"),
    (lambda g, rate: [rate, rate], "✗", "Without a direction"),
    (lambda g, rate: None, "✗", "returns nothing yet"),
    ((-0.1, -0.1), "✗", "sign"),
    (lambda g, rate: first(g, rate, root=lambda s: np.sqrt(s + 1e-8)), "✗", "inside the root"),
    (lambda g, rate: -rate * np.sign(g), "✗", "ε is missing"),
    ((1, 1), "✗", "Not yet"),
    (..., "○", "Open"),
]


@pytest.mark.parametrize(("answer", "mark", "words"), ADAM)
def test_adam_first(answer, mark, words):
    said(check.adam_first(answer), mark, words)


@pytest.mark.parametrize(
    ("answer", "mark", "words"),
    [
        ("d", "✓", "noise"),
        ("only a run with noise", "✓", ""),
        ("a", "✗", "nothing to remember"),
        ("b", "✗", "divides zero"),
        ("c", "✗", "still zero"),
        ("momentum", "✗", "nothing to remember"),
        ("e", "✗", "Choose one of"),
        (..., "○", "Open"),
    ],
)
def test_saddle(answer, mark, words):
    said(check.saddle(answer), mark, words)


def test_the_bars_say_their_decades():
    bars = plots.good_rates(["sgd"], [(0.01, 0.1, 1.1)], defaults=[0.001])
    assert "sgd 1.1 decades, 0.01 to 0.1" in bars.alt


LISTED = """from lrcore import least_squares, line, rules
from lrlab import explore
explore.rate_explorer(least_squares(*line()), 20, (0.01, 0.1), 0.05, rule={"one": rules.sgd, "more": rules.momentum})"""


def test_a_list_of_rules_keeps_its_keys(lab, browser):
    """In JupyterLab an arrow key would go to the next cell, and the letter m would turn this one into text."""
    cell = nbformat.v4.new_code_cell(LISTED, id="listed")
    cells = [cell, nbformat.v4.new_markdown_cell("below")]
    book = nbformat.v4.new_notebook(metadata=form.NOTEBOOK, cells=cells)
    nbformat.write(book, lab.folder / "notebooks" / "listed.ipynb")
    page = browser.new_page()
    page.goto(lab.address("notebooks/listed.ipynb"))
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    page.evaluate(RUN)
    page.evaluate(FIND, "listed")
    page.locator(".lr-explorer select[data-lm-suppress-shortcuts]").wait_for(timeout=60_000)
    said = page.locator(".lr-explorer .lr-status")
    page.locator(".lr-explorer select").focus()
    for key, rule in (("ArrowDown", "more"), ("ArrowUp", "one"), ("m", "more")):
        page.keyboard.press(key)
        said.filter(has_text=f"rule {rule}:").wait_for(timeout=10_000)
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    assert page.locator(".jp-CodeCell").count() == 1
    page.evaluate(RESTART)
    page.close()
