"""A progress bar for work that takes seconds."""

import sys


def progress(items):
    """Each of `items`, as `for` takes them; in a notebook a bar shows how far it is."""
    items = list(items)
    bar = None
    if "ipykernel" in sys.modules:
        from IPython.display import display
        from ipywidgets import IntProgress

        bar = IntProgress(0, 0, len(items))
        bar.layout.width = "480px"
        # Shown without its text, "IntProgress(…)", which is all that would be left of it in the file.
        view = {"version_major": 2, "version_minor": 0, "model_id": bar.model_id}
        display({"application/vnd.jupyter.widget-view+json": view}, raw=True)
    for item in items:
        yield item
        if bar is not None:
            bar.value += 1
