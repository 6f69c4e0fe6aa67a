"""Explorers in a real kernel: a comm message as a browser sends it, and what 200 re-runs of a cell leave."""

import json
import zlib

import pytest
from jupyter_client.manager import start_new_kernel

from lrcore import descend, least_squares, line
from lrlab import plots

SETUP = """
import gc, json, os, resource
from ipywidgets.widgets import widget
from matplotlib.figure import Figure
from lrcore import least_squares, line
from lrlab import explore, plots
problem = least_squares(*line())

def small(ax, runs):
    ax.set(xlim=(0, 10))
    (line,) = ax.plot([], [], animated=True)

    def show(run):
        line.set_data(run.epochs, run.losses)
        return "Small 1."

    return show
small.size = (120, 90)

def count():
    gc.collect()
    with open("/proc/self/statm") as file:
        pages = int(file.read().split()[1])
    figures = sum(isinstance(one, Figure) for one in gc.get_objects())
    widgets = widget._instances if hasattr(widget, "_instances") else widget.Widget.widgets  # ipywidgets 8, 7
    print(json.dumps([len(widgets), figures, pages * resource.getpagesize() / 2**20]))
"""
CELL = "explore.rate_explorer(problem, 10, rate=(0.001, 0.1), at=0.01, draw=small)"


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


def ask(client, model, content):
    """Send what the page sends; the custom messages that come back."""
    data = {"method": "custom", "content": content}
    message = client.session.msg("comm_msg", {"comm_id": model, "data": data})
    client.shell_channel.send(message)
    said = [m["content"]["data"] for m in listen(client, message["header"]["msg_id"]) if m["msg_type"] == "comm_msg"]
    return [data["content"] for data in said if data["method"] == "custom"]


def test_a_comm_message_is_answered_with_a_frame(kernel):
    said = run(kernel, "explore.rate_explorer(problem, 50, rate=(0.001, 1), at=0.1)", "one")
    models = opened(said)
    shown = next(m["content"]["data"] for m in said if m["msg_type"] == "execute_result")
    model = shown["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert models[model]["_model_name"] == "AnyModel" and {"image/png", "text/plain"} < set(shown)
    first = json.loads(models[model]["spec"])
    assert first["controls"][0]["at"] == "0.1" and len(first["controls"][0]["stops"]) >= 200
    working, answer = ask(kernel, model, {"ask": "q1", "values": {"rate": "0.0314159"}})
    assert working == {"working": "q1"}
    assert plots.number(descend(least_squares(*line()), 0.0314159, 50).final) in answer["frame"][2]
    _, refused = ask(kernel, model, {"ask": "q2", "values": {"rate": "0.5"}})
    assert "diverges" in refused["frame"][2]


def test_all_frames_follow_while_nothing_else_is_done(kernel):
    """What is not drawn while the cell runs comes afterwards, by itself, as the widget's pack."""
    request = kernel.execute("one = explore.rate_explorer(problem, 50, rate=(0.001, 1), at=0.1)\none")
    packs = []
    while not packs or len(packs[-1]["frames"]) < 200:
        message = kernel.get_iopub_msg(timeout=30)
        assert message["msg_type"] != "error"
        data = message["content"].get("data", {})
        if message["msg_type"] in ("comm_open", "comm_msg") and message["buffers"]:
            packs.append(json.loads(zlib.decompress(message["buffers"][0])))
    assert 1 <= len(packs[0]["frames"]) < 200 and request and data


def counted(client):
    """(live widgets, live figures, megabytes) in the kernel."""
    said = run(client, "count()", "count")
    return json.loads("".join(m["content"]["text"] for m in said if m["msg_type"] == "stream"))


@pytest.mark.parametrize(("cell", "runs"), [("as JupyterLab names it", 20), (None, 12)])
def test_many_runs_of_a_cell_leave_nothing_behind(kernel, cell, runs):
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
    both = "display(explore.rate_explorer(problem, 10, at=0.1, draw=small))\n" * 2
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
