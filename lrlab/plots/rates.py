"""A rate keeps its looks through the whole course."""

import numpy as np
from matplotlib.colors import to_hex, to_rgb

# The course's rates, far apart also for colour-blind eyes; any other lies between its neighbours.
COLOURS = {
    1e-4: "#b0b0b6",
    1e-3: "#8f8f96",
    0.01: "#2746c8",
    0.1: "#1d9fd0",
    0.12: "#cc3fb0",
    0.5: "#0b8457",
    1: "#c08a00",
    10: "#cf2f20",
    50: "#561038",
    1000: "#000000",
}
_STYLES = ["-", "--", "-", "--", "-", ":", "-.", "-", "--", ":"]
_MARKERS = ["x", "+", "o", "s", "X", "^", "D", "v", "P", "*"]
_PLACES = np.log10(list(COLOURS))
_COLOURS = np.array([to_rgb(c) for c in COLOURS.values()])


def colour(rate):
    """The colour of a rate, as "#rrggbb"; a negative rate has that of its size."""
    place = np.log10(max(abs(float(rate)), 1e-300))
    return to_hex([np.interp(place, _PLACES, channel) for channel in _COLOURS.T])


def look(rate, marker=False):
    """Colour and line style of a rate, as arguments for `ax.plot`; with marker=True its marker too."""
    place = np.log10(max(abs(float(rate)), 1e-300))
    nearest = int(np.argmin(np.abs(_PLACES - place)))
    found = {"color": colour(rate), "linestyle": _STYLES[nearest]}
    return found | {"marker": _MARKERS[nearest]} if marker else found
