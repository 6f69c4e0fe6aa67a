"""What an explorer shows, and how it lets go of what its cell showed before."""

import base64
import os

VIEW = "application/vnd.jupyter.widget-view+json"
_shown = {}


def bundle(explorer):
    """(data, metadata) for a notebook: the live widgets, and besides them the stored face, picture and text.

    With LRCORE_FACE=static in the environment it is the static face and the text.
    """
    text = explorer.text
    if os.environ.get("LRCORE_FACE") == "static":
        return {"text/html": explorer.static(), "text/plain": text}, {}
    picture, alt = explorer.png, explorer.canvas.text
    height, width = explorer.canvas.pixels.shape[:2]
    data = {"image/png": base64.b64encode(picture).decode("ascii"), "text/plain": text}
    if hold(explorer):
        data[VIEW] = {"version_major": 2, "version_minor": 0, "model_id": explorer.live.box.model_id}
    return data, {"image/png": {"width": width, "height": height, "alt": alt}}


def hold(explorer):
    """Keep the explorer alive for the cell that shows it, and close what earlier runs of the cell showed.

    False where no kernel is.
    """
    try:
        from IPython import get_ipython

        message = get_ipython().kernel.get_parent("shell")
    except (ImportError, AttributeError):
        return False
    for cell in message.get("metadata", {}).get("deletedCells", []):
        drop(cell)
    # JupyterLab names the cell; for others the code stands for it.
    cell = message.get("metadata", {}).get("cellId") or message.get("content", {}).get("code", "")
    request = message.get("header", {}).get("msg_id")
    before = _shown.get(cell, (request, []))
    if before[0] != request:
        drop(cell, but=explorer)
        before = (request, [])
    _shown[cell] = (request, [*before[1], explorer])
    return True


def drop(cell, but=None):
    """Close what a cell shows, unless another cell shows it too."""
    _, old = _shown.pop(cell, (None, []))
    kept = [one for _, others in _shown.values() for one in others] + [but]
    for one in old:
        if not any(one is other for other in kept):
            one.close()
