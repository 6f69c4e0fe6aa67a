"""Draw the picture of README.md: python tools/picture.py writes benchmarks/four-rates.png."""

from pathlib import Path

from lrcore import descend, least_squares, line
from lrlab import plots
from lrlab.figure import png

PICTURE = Path(__file__).resolve().parent.parent / "benchmarks" / "four-rates.png"


def draw():
    """Four real runs on the four points, as PNG bytes and as the text alternative."""
    problem = least_squares(*line())
    run = descend(problem, [0.001, 0.01, 0.1, 0.125], 100)
    ax = plots.losses(run)
    plots.tell(ax, "One setting, four fates", ax.alt)
    return png(ax.figure), ax.alt


if __name__ == "__main__":
    picture, said = draw()
    PICTURE.write_bytes(picture)
    print(said)
