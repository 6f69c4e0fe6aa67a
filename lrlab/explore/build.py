"""How explorers are made: from a problem, or from a training function."""

import inspect

from lrcore import descend
from lrcore.rules import sgd

from .. import plots
from ..figure import taken
from .controls import Rate, Start, control, is_control
from .explorer import Explorer


def rate_explorer(
    problem,
    epochs,
    rate=(0.001, 10),
    at=None,
    draw=None,
    *,
    marks=None,
    exact=(),
    dense=(),
    start=None,
    drag=False,
    shows=None,
    caption=None,
    ghost=True,
    **settings,
):
    """An explorer of `descend(problem, rate, epochs, start=start, **settings)`; see the top of this package."""
    __tracebackhide__ = True
    several = {name: value for name, value in settings.items() if is_control(value)}
    fixed = {name: value for name, value in settings.items() if name not in several}
    rules = settings.get("rule", sgd)
    rules = list(rules.values()) if isinstance(rules, dict) else rules if isinstance(rules, list) else [rules]
    known = {name for rule in rules for name in _settings(rule, settings)} | {*inspect.signature(descend).parameters}
    known -= {"settings", "problem", "rate", "epochs", "start"}
    unknown = settings.keys() - known
    if unknown:
        raise TypeError(f"rate_explorer: no setting {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")

    def train(rates, start=start, **moved):
        __tracebackhide__ = True
        given = {**fixed, **moved}
        rule = given.get("rule", sgd)
        takes = {*inspect.signature(descend).parameters, *_settings(rule, given)}
        return descend(problem, rates, epochs, start=start, **{n: v for n, v in given.items() if n in takes})

    shows = {"problem": problem, **(shows or {})}
    marks = plots.bowl_rates(problem) if marks is True else marks
    if drag:
        several["start"] = Start("start", problem.start if start is None else start)
    return explorer(
        train,
        draw or plots.loss_now,
        rate,
        at,
        marks=marks,
        exact=exact,
        dense=dense,
        shows=shows,
        caption=caption,
        ghost=ghost,
        **several,
    )


def explorer(
    train,
    draw,
    rate=(0.001, 10),
    at=None,
    *,
    marks=None,
    exact=(),
    dense=(),
    shows=None,
    stored=None,
    caption=None,
    ghost=True,
    **controls,
):
    """An explorer of train(rates, **controls) → Run, or a dict or tuple of Runs; each of `controls` is a control."""
    __tracebackhide__ = True
    at = at if isinstance(at, dict) else {"rate": at}
    views = draw if isinstance(draw, (tuple, list)) else (draw,)
    unused = set(shows or {}) - {"problem"} - {name for view in views for name in taken(view, shows or {})}
    if unused:
        raise TypeError(f"explorer: no view takes {', '.join(sorted(unused))}")
    kinds = [control(name, values, at.get(name)) for name, values in controls.items()]
    _takes(train, controls)
    made = Explorer(
        views, train, [Rate(rate, at.get("rate"), marks, exact, dense), *kinds], shows, stored, caption, ghost
    )
    made.frames(made.values, [made.values["rate"]])  # here, so that an error of a learner's own function ends the cell
    return made


def race(problem, epochs, rules, rate=(0.001, 10), at=None, draw=None, *, shows=None, **others):
    """An explorer of several rules, {name: rule}; a setting goes to the rules that take it."""
    __tracebackhide__ = True
    ours = {"marks", "exact", "dense", "caption", "ghost"}
    fixed = {n: v for n, v in others.items() if n not in ours and not is_control(v)}
    moving = {n: v for n, v in others.items() if n not in fixed}

    def train(rates, **moved):
        __tracebackhide__ = True
        given = {**fixed, **moved}
        takes = {name: {"batch", "schedule", "seed", "start", *_settings(rule, given)} for name, rule in rules.items()}
        return {
            name: descend(problem, rates, epochs, rule, **{n: v for n, v in given.items() if n in takes[name]})
            for name, rule in rules.items()
        }

    shows = {"problem": problem, **(shows or {})}
    return explorer(train, draw or plots.race_now, rate, at, shows=shows, **moving)


def _settings(rule, given=()):
    """The names of a rule's own settings: those behind the star, and before it those that are given.

    In my(w, g, rate, v=0, beta=0.9) both v and beta may be memory; a control named beta says what beta is.
    """
    parameters = list(inspect.signature(rule).parameters.values())
    plain = [p.name for p in parameters[3:] if p.kind is p.POSITIONAL_OR_KEYWORD and p.name in given]
    return [p.name for p in parameters if p.kind is p.KEYWORD_ONLY] + plain


def _takes(train, controls):
    """A control that the training function does not take is a mistake now, not at the first move."""
    parameters = inspect.signature(train).parameters
    if not any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        unknown = controls.keys() - parameters.keys()
        if unknown:
            raise TypeError(f"explorer: the training function takes no {', '.join(sorted(unknown))}")
