"""Tables of a run."""

from ..figure import table


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
