"""A table of numbers, as text and as HTML."""

from html import escape

import numpy as np

from .base import number


class Table:
    """Rows of cells under column names: `str` is aligned text, a notebook shows an HTML table."""

    def __init__(self, columns, rows, title=""):
        self.columns, self.rows, self.title = columns, rows, title

    def __repr__(self):
        grid = [self.columns, *self.rows]
        widths = [max(len(row[k]) for row in grid) for k in range(len(self.columns))]
        lines = [
            "  ".join(cell.rjust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in grid
        ]
        lines.insert(1, "  ".join("-" * w for w in widths))
        return "\n".join([self.title] * bool(self.title) + lines)

    def _repr_html_(self):
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.columns)
        body = "".join(
            f'<tr><th scope="row">{escape(row[0])}</th>'
            + "".join(f"<td>{escape(c)}</td>" for c in row[1:])
            + "</tr>\n"
            for row in self.rows
        )
        title = f"<caption>{escape(self.title)}</caption>" if self.title else ""
        return f"<table>{title}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>"


def table(columns, digits=3, title=""):
    """A table from {column name: values}; numbers with `digits` significant digits, text as it is."""
    names = list(map(str, columns))
    cells = [
        [_cell(value, digits) for value in np.atleast_1d(np.asarray(c, dtype=object))]
        for c in columns.values()
    ]
    lengths = sorted({len(c) for c in cells})
    if len(lengths) > 1:
        raise ValueError(f"table: columns takes columns of one length, got lengths {lengths}")
    return Table(names, [list(row) for row in zip(*cells, strict=True)], title)


def _cell(value, digits):
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    return value if isinstance(value, str) else number(value, digits)


def ten_epochs(run, problem):
    """What the vision book prints of a run: w, the loss, the loss after w + h, the gradient, the new w."""
    w = run.weights
    after = problem.loss(w + w.dtype.type([problem.h] + [0] * (problem.d - 1)))
    columns = {
        "epoch": run.epochs[:-1],
        "w": w[:-1, 0],
        "loss": run.losses[:-1],
        "loss at w + h": after[:-1],
        "gradient": problem.gradient(w)[:-1, 0],
        "new w": w[1:, 0],
    }
    shown = {n: [f"{v:.{2 * (n != 'epoch')}f}".replace("-", "−") for v in c] for n, c in columns.items()}
    return table(shown, title=f"Rate {run.rate:g}")
