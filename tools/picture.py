"""Draw the picture of README.md: python tools/picture.py writes benchmarks/four-rates.png."""

from pathlib import Path

from lrcore import descend, least_squares, line
from lrlab import plots
from lrlab.figure import png

PICTURE = Path(__file__).resolve().parent.parent / "benchmarks" / "four-rates.png"


def draw():
    """Four real runs on the four points, as PNG bytes and as the text alternative."""
    run = descend(least_squares(*line(), bias=False), [0.001, 0.02, 0.13, 0.14], 30)
    ax = plots.fates(run, ["too small", "good", "large", "too large"])
    return png(ax.figure), ax.alt


if __name__ == "__main__":
    picture, said = draw()
    PICTURE.write_bytes(picture)
    print(said)
