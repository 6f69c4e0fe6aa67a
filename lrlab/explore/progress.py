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
        display(bar)
    for item in items:
        yield item
        if bar is not None:
            bar.value += 1
