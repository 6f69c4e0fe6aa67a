"""How explorers are made: from a problem, or from a training function."""

import inspect

from lrcore.descent import descend
from lrcore.rules import sgd

from .. import plots
from ..plots.runs import bowl_rates
from .controls import Choice, Number, Rate
from .explorer import Explorer

LABELS = {
    "rate": "learning rate η",
    "beta": "momentum β",
    "batch": "batch size",
    "rule": "rule",
    "schedule": "schedule",
    "seed": "seed",
}


def rate_explorer(
    problem,
    epochs,
    rate=(0.001, 10),
    at=0.1,
    draw=None,
    *,
    marks=None,
    shows=None,
    start=None,
    steps=60,
    **settings,
):
    """An explorer of `descend(problem, rate, epochs, **settings)`; see the top of this package.

    A setting given as a list, a (low, high) pair or a dict becomes a control.
    """
    several = {name: value for name, value in settings.items() if isinstance(value, (list, tuple, dict))}
    fixed = {name: value for name, value in settings.items() if name not in several}

    def train(rates, **others):
        return descend(problem, rates, epochs, **accepted({**fixed, **others}))

    draw, shows = draw or plots.loss_now, dict(shows or {})
    if "problem" in inspect.signature(draw).parameters:
        shows.setdefault("problem", problem)
    marks = bowl_rates(problem) if marks is True else marks
    return explorer(train, draw, rate, at, marks=marks, shows=shows, start=start, steps=steps, **several)


def explorer(
    train, draw, rate=(0.001, 10), at=0.1, *, marks=None, shows=None, start=None, steps=60, **others
):
    """An explorer of train(rates, **others) → Run or {name: Run}; each of `others` is a control."""
    start = dict(start or {})
    kinds = [control(name, values, start.get(name)) for name, values in others.items()]
    return Explorer(draw, train, Rate("rate", *rate, at, LABELS["rate"], steps, marks), kinds, shows)


def race(
    problem, epochs, rules, rate=(0.001, 10), at=0.1, draw=None, *, shows=None, start=None, steps=60, **others
):
    """An explorer of several rules, {name: rule}; a setting goes to the rules that take it."""
    several = {name: value for name, value in others.items() if isinstance(value, (list, tuple, dict))}
    fixed = {name: value for name, value in others.items() if name not in several}

    def train(rates, **moved):
        settings = {**fixed, **moved}
        return {
            name: descend(problem, rates, epochs, **accepted({**settings, "rule": rule}))
            for name, rule in rules.items()
        }

    shows = {"problem": problem, **(shows or {})}
    return explorer(train, draw or plots.race_now, rate, at, shows=shows, start=start, steps=steps, **several)


def control(name, values, at=None):
    """The control for the values of a setting: a list or dict of some, or a (low, high) pair."""
    label = LABELS.get(name, name)
    if isinstance(values, tuple):
        return Number(name, *values[:2], values[0] if at is None else at, label)
    if not isinstance(values, dict):
        values = {named(value): value for value in values}
    return Choice(name, values, next(iter(values)) if at is None else at, label)


def named(value):
    """A number or text as it is; "all" for no batch size; the name of a function."""
    if value is None:
        return "all"
    return getattr(value, "__name__", str(value)) if callable(value) else value


def accepted(settings):
    """The settings that descend or the chosen rule takes: a rule without memory has no use for beta."""
    rule = inspect.unwrap(settings.get("rule", sgd))
    known = {**inspect.signature(descend).parameters, **inspect.signature(rule).parameters}
    return {name: value for name, value in settings.items() if name in known}
