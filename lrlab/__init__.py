"""lrlab: the laboratory around lrcore, for the lessons on the learning rate.

figure   the style sheet, titles, text alternatives, tables, small PNGs
plots    a run onto axes
explore  the instrument: a picture and its controls
check    exercises and votes
ledger   claims from the literature, and verdicts by number
"""

from importlib import import_module


def __getattr__(name):
    """A part is loaded when it is first asked for: lrlab alone brings neither matplotlib nor ipywidgets."""
    if name in ("check", "explore", "figure", "ledger", "measure", "plots", "studies"):
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
