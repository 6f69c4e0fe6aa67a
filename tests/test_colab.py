"""Colab loads a widget's module only where the output's metadata say with what: all that moves says so there."""

import sys
import types

import pytest
from anywidget import _util

from lrcore import least_squares, line
from lrlab import check, explore, game, plots
from lrlab.ledger import Ledger

VIEW = "application/vnd.jupyter.widget-view+json"
MANAGER = "https://colab.invalid/manager.min.js"
SHOWN = {
    "explorer": lambda: explore.rate_explorer(least_squares(*line()), 9, (0.01, 0.2), 0.03, draw=plots.loss_now),
    "game": lambda: game.sealed(7).panel(),
    "table of claims": Ledger,
    "vote": lambda: check.vote_sharpness.slider(0, 100),
}


@pytest.fixture
def colab(monkeypatch):
    """What Colab's own package says, of which anywidget makes the metadata (colabtools, google/colab/output)."""
    output = types.ModuleType("google.colab.output")
    output.enable_custom_widget_manager = lambda: None
    output._widgets = types.SimpleNamespace(_installed_url=MANAGER)
    monkeypatch.setitem(sys.modules, "google.colab.output", output)
    yield
    _util.enable_custom_widget_manager_once.cache_clear()


@pytest.mark.parametrize("name", SHOWN)
def test_what_moves_tells_colab_what_loads_it(colab, name):
    data, metadata = SHOWN[name]()._repr_mimebundle_()
    assert "model_id" in data[VIEW]
    assert metadata[VIEW] == {"colab": {"custom_widget_manager": {"url": MANAGER}}}


@pytest.mark.parametrize("name", SHOWN)
def test_elsewhere_nothing_is_said_of_it(name):
    assert VIEW not in SHOWN[name]()._repr_mimebundle_()[1]
