"""Explorers in a real kernel: a comm message as a browser sends it, and what 200 re-runs of a cell leave."""

import json

import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel

from lrcore import least_squares, line
from lrlab import explore
from test_explorers import pixels

SETUP = """
import gc, json, os, resource
from ipywidgets.widgets import widget
from matplotlib.figure import Figure
from lrcore import least_squares, line
from lrlab import explore, plots
problem = least_squares(*line())

@plots.drawing(scenery=lambda runs, ax: ax.set(xlim=(0, 10)), size=(120, 90))
def small(run, ax=None):
    ax.plot(run.epochs, run.losses)
    plots.tell(ax, "Small", "Small.")

def count():
    gc.collect()
    with open("/proc/self/statm") as file:
        pages = int(file.read().split()[1])
    figures = sum(isinstance(one, Figure) for one in gc.get_objects())
    print(json.dumps([len(widget._instances), figures, pages * resource.getpagesize() / 2**20]))
"""
CELL = "explore.rate_explorer(problem, 10, rate=(0.001, 0.1), at=0.01, draw=small, steps=8)"


@pytest.fixture
def kernel():
    manager, client = start_new_kernel(kernel_name="python3")
    run(client, SETUP)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def listen(client, request):
    """Everything the kernel says in answer to a request, until it is idle; an error fails the test."""
    said = []
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") != request:
            continue
        said.append(message)
        kind, content = message["msg_type"], message["content"]
        assert kind != "error", "\n".join(content["traceback"])
        assert not (kind == "stream" and content["name"] == "stderr"), content["text"]
        if kind == "status" and content["execution_state"] == "idle":
            return said


def run(client, code, cell=None, deleted=()):
    """Run code as JupyterLab does, with the cell's id and those of cells deleted since."""
    content = {
        "code": code,
        "silent": False,
        "store_history": True,
        "allow_stdin": False,
        "stop_on_error": True,
    }
    message = client.session.msg(
        "execute_request", content, metadata={"cellId": cell, "deletedCells": [*deleted]} if cell else {}
    )
    client.shell_channel.send(message)
    return listen(client, message["header"]["msg_id"])


def opened(said):
    """{model id: state} of the widgets that were made."""
    return {m["content"]["comm_id"]: m["content"]["data"]["state"] for m in said if m["msg_type"] == "comm_open"}


def move(client, model, state):
    """Send what a browser sends when a control is moved; {model id: state} of what came back, bytes included."""
    content = {"comm_id": model, "data": {"method": "update", "state": state, "buffer_paths": []}}
    message = client.session.msg("comm_msg", content)
    client.shell_channel.send(message)
    back = {}
    for m in listen(client, message["header"]["msg_id"]):
        if m["msg_type"] == "comm_msg" and m["content"]["data"]["method"] == "update":
            state = dict(m["content"]["data"]["state"])
            for path, buffer in zip(m["content"]["data"].get("buffer_paths", []), m["buffers"], strict=True):
                state[path[0]] = bytes(buffer)
            back.setdefault(m["content"]["comm_id"], {}).update(state)
    return back


def test_a_comm_message_moves_picture_text_and_status(kernel):
    said = run(kernel, "explore.rate_explorer(problem, 50, rate=(0.001, 1), at=0.1)", "one")
    models = opened(said)
    named = {state["_model_name"]: model for model, state in models.items()}
    shown = next(m["content"]["data"] for m in said if m["msg_type"] == "execute_result")
    view = shown["application/vnd.jupyter.widget-view+json"]
    assert models[view["model_id"]]["_model_name"] == "VBoxModel" and {"image/png", "text/plain"} < set(shown)
    slider, picture, typed = (named[name] for name in ("FloatLogSliderModel", "ImageModel", "TextModel"))
    same = explore.rate_explorer(least_squares(*line()), 50, rate=(0.001, 1), at=0.1)
    same.live  # noqa: B018
    for change, rate in (({"value": 0.5}, 0.5), ({"value": 0.001}, 0.001)):
        back = move(kernel, slider, change)
        same.controls["rate"].value = rate
        assert np.abs(pixels(back[picture]["value"]) - pixels(same.live.picture.value)).max() <= 8
        assert back[picture]["tooltip"] == same.live.picture.tooltip
        assert back[typed]["value"] == f"{rate:g}"
        assert same.live.status.value in [state.get("value") for state in back.values()]
    back = move(kernel, typed, {"value": "fast"})
    assert picture not in back and "got fast" in json.dumps(back, default=str, ensure_ascii=False)
    assert move(kernel, typed, {"value": "0.25"})[slider]["value"] == 0.25


def counted(client):
    """(live widgets, live figures, megabytes) in the kernel."""
    said = run(client, "count()", "count")
    return json.loads("".join(m["content"]["text"] for m in said if m["msg_type"] == "stream"))


@pytest.mark.parametrize(("cell", "runs"), [("as JupyterLab names it", 200), (None, 30)])
def test_two_hundred_runs_of_a_cell_leave_nothing_behind(kernel, cell, runs):
    counts = {}
    for k in range(1, runs + 1):
        run(kernel, CELL, cell)
        if k in (10, runs):
            counts[k] = counted(kernel)
    (widgets, figures, before), (later, figures_later, after) = counts.values()
    assert (widgets, figures) == (later, figures_later)
    assert figures == 1
    assert after - before < 12, f"{before:.0f} MB after 10 runs, {after:.0f} MB after {runs}"


def test_two_explorers_of_one_cell_live_together_and_end_with_it(kernel):
    both = "display(explore.rate_explorer(problem, 10, at=0.1, draw=small, steps=4))\n" * 2
    run(kernel, both, "one")
    run(kernel, CELL, "two")
    assert counted(kernel)[1] == 3
    run(kernel, both, "one")
    assert counted(kernel)[1] == 3
    run(kernel, CELL, "two", deleted=["one"])
    assert counted(kernel)[1] == 1


def test_one_explorer_shown_by_two_cells_lives_as_long_as_either(kernel):
    run(kernel, "kept = " + CELL, "make")
    run(kernel, "kept", "one")
    run(kernel, "kept", "two")
    run(kernel, "2 + 2", "two", deleted=["one"])
    said = opened(run(kernel, "kept", "two"))
    assert not said, "it was closed and made anew"
    run(kernel, CELL, "two", deleted=["one"])
    assert counted(kernel)[1] == 1
