"""Each rule and each schedule of lrcore has, in a lesson, its formula, its code, a picture and a slider."""

import inspect

import nbformat
import numpy as np
import pytest

import found
from conftest import ROOT
from lrcore import rules, schedules
from lrlab import study04

# name: (lesson, its formula in TeX, its name in a picture)
RULES = {
    "sgd": ("01", r"w \;\leftarrow\; w - \eta\, g", "plain"),
    "momentum": ("05", r"v \;\leftarrow\; \beta\, v + g \qquad\qquad w \;\leftarrow\; w - \eta\, v", "momentum"),
    "nesterov": ("05", r"v \leftarrow \beta v + g \qquad\qquad w \leftarrow w - \eta\,(g + \beta v)", "Nesterov"),
    "adagrad": ("05", r"s &\leftarrow s + g^2", "AdaGrad"),
    "rmsprop": ("05", r"s &\leftarrow \beta s + (1 - \beta)\, g^2", "RMSProp"),
    "adadelta": ("05", r"\Delta = \frac{\sqrt{u + \varepsilon}}{\sqrt{s + \varepsilon}}\, g", "adadelta"),
    "adam": ("05", r"{w - \eta\; \hat m \,/\, (\sqrt{\hat s} + \varepsilon)}", "Adam"),
    "adamw": ("05", r"w \leftarrow (1 - \eta\, c)\, w - \eta\, \hat m / (\sqrt{\hat s} + \varepsilon)", "adamw"),
    "barzilai_borwein": ("04", r"\eta_t &= \frac{s \cdot s}{s \cdot y}", "Barzilai–Borwein"),
}
SCHEDULES = {  # name: (its formula, its name in picture and slider)
    "constant": ("| constant | $1$ |", "constant"),
    "step": (r"$f^{\lfloor t/k \rfloor}$", "step"),
    "exponential": ("$2^{-t/h}$", "exponential"),
    "inverse": (r"$\dfrac{1}{1 + t/d}$", "1/t"),
    "polynomial": ("$(1 - t/T)^p$", "linear to zero"),
    "cosine": (r"$\tfrac12\,(1 + \cos(\pi t/T))$", "cosine"),
    "wsd": (r"$\min\!\left(1, \dfrac{1 - t/T}{s}\right)$", "WSD"),
    "warmup": (r"$\min\!\left(1, \dfrac{t + 1}{n}\right)$", "warm-up"),
    "triangle": (r"$1 - \left\lvert 2\,(t/P \bmod 1) - 1 \right\rvert$", "triangle"),
    "one_cycle": (r"$\tfrac12 - \tfrac12\cos(\pi t / rT)$ up to $t = rT$", "one-cycle"),
    "plateau": (r"\eta \;\leftarrow\; s\,\eta", "plateau"),
}
JOINS = {"then", "times", "half_wave"}  # they join schedules, and are none


@pytest.fixture(scope="module")
def lessons():
    """{"04": (words, what its cells printed, what its pictures say, path)}."""
    found_ = {}
    for path in sorted((ROOT / "notebooks").glob("0[145]-*.ipynb")):
        cells = nbformat.read(path, 4).cells
        outputs = [output for cell in cells for output in cell.get("outputs", [])]
        pictures = [output.data for output in outputs if "data" in output and "image/png" in output.data]
        found_[path.name[:2]] = (
            "\n".join(cell.source for cell in cells if cell.cell_type == "markdown"),
            "".join(output.text for output in outputs if output.output_type == "stream"),
            "\n".join(data.get("text/plain", "") for data in pictures),
            path,
        )
    return found_


def public(module):
    made = inspect.getmembers(module, inspect.isfunction)
    return {name for name, function in made if function.__module__ == module.__name__ and name[0] != "_"}


def test_none_is_missing():
    assert set(RULES) == public(rules) >= set(rules.RULES)
    assert set(SCHEDULES) == public(schedules) - JOINS


@pytest.mark.parametrize("name", RULES)
def test_a_rule_has_formula_code_and_picture(name, lessons):
    lesson, formula, called = RULES[name]
    words, printed, pictures, _ = lessons[lesson]
    assert formula in words
    assert inspect.getsource(getattr(rules, name)) in printed
    assert called in (lessons["05"][2] if name == "sgd" else pictures)


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_has_formula_code_and_picture(name, lessons):
    formula, called = SCHEDULES[name]
    words, printed, pictures, _ = lessons["04"]
    assert formula in words
    assert inspect.getsource(getattr(schedules, name)) in printed
    assert called in pictures


def test_every_rule_is_under_a_slider(lessons):
    (explorer,) = found.make(lessons["05"][3], "eight-slider")
    assert set(explorer.kinds["rule"].options.values()) == set(rules.RULES.values())
    rate = explorer.rate.stops[100]
    ends = {name: tuple(explorer.move(rule=name, rate=rate).run.weights[-1]) for name in explorer.kinds["rule"].options}
    assert len(set(ends.values())) == len(rules.RULES), "each goes its own way"
    (explorer,) = found.make(lessons["04"][3], "bb-slider")
    before, moved = explorer.run.losses, explorer.move(rate=0.1).run.losses
    assert moved[:3] != pytest.approx(before[:3]) and moved[-1] < 1e-12


def test_every_schedule_is_under_a_slider(lessons):
    (explorer,) = found.make(lessons["04"][3], "shape-slider")
    drawn = {}
    for name, (_, called) in SCHEDULES.items():
        if name != "plateau":
            band = explorer.move(shape=called, share="20 %").run
            drawn[name] = tuple(float(band.schedule(t)) for t in range(0, study04.STEPS, 50))
    assert len(set(drawn.values())) == len(SCHEDULES) - 1, "each has its own shape"
    assert drawn["cosine"][:20] == pytest.approx((1 + np.cos(np.pi * np.arange(0, 1000, 50) / 1000)) / 2)
    (explorer,) = found.make(lessons["04"][3], "plateau-slider")
    falls = explorer.move(schedule="patience 1").run.rates
    assert falls[-1] < falls[0] and set(np.round(np.log2(falls[0] / falls), 9) % 1) == {0.0}
