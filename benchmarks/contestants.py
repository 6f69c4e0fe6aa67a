"""The same sweep, five ways. Each takes (X, y, rates, orders, batch), orders (epochs, n) being the shuffles of the
epochs, and gives losses (rates, epochs + 1): so that all five can be held against one another before they are timed."""

import numpy as np


def lrcore(X, y, rates, orders, batch):
    """One call of descend. It draws the same shuffles itself, from seed 0."""
    from lrcore import descend, logistic

    return descend(logistic(X, y), rates, len(orders), batch=batch, seed=0).losses


def textbook(X, y, rates, orders, batch):
    """The loop that textbooks print: NumPy, one rate after another."""
    X = np.column_stack([X, np.ones(len(X))])

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    def loss(w):
        z = X @ w
        return np.mean(np.logaddexp(0, z) - y * z)

    table = []
    for rate in rates:
        w = np.zeros(X.shape[1])
        losses = [loss(w)]
        for order in orders:
            for i in range(0, len(X), batch):
                rows = order[i : i + batch]
                error = sigmoid(X[rows] @ w) - y[rows]
                w = w - rate * X[rows].T @ error / len(rows)
            losses.append(loss(w))
        table.append(losses)
    return np.array(table)


def pytorch(X, y, rates, orders, batch):
    """Modules, a data loader and an optimiser, one rate after another."""
    import torch

    torch.set_num_threads(1)
    X, y = torch.tensor(X), torch.tensor(y)[:, None]
    data = torch.utils.data.TensorDataset(X, y)
    criterion = torch.nn.BCEWithLogitsLoss()
    table = []
    for rate in rates:
        model = torch.nn.Linear(X.shape[1], 1, dtype=X.dtype)
        torch.nn.init.zeros_(model.weight)
        torch.nn.init.zeros_(model.bias)
        optimizer = torch.optim.SGD(model.parameters(), lr=float(rate))
        with torch.no_grad():
            losses = [criterion(model(X), y).item()]
        for order in orders:
            for xb, yb in torch.utils.data.DataLoader(data, batch_size=batch, sampler=order.tolist()):
                optimizer.zero_grad()
                criterion(model(xb), yb).backward()
                optimizer.step()
            with torch.no_grad():
                losses.append(criterion(model(X), y).item())
        table.append(losses)
    return np.array(table)


def jax(X, y, rates, orders, batch, compiled={}):  # noqa: B006, keeps the compiled function for the warm runs
    """jit and vmap over the rates, scan over the steps. The first call compiles."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def sweep(X, y, rates, orders):
        X = jnp.column_stack([X, jnp.ones(len(X))])

        def loss(w, X, y):
            z = X @ w
            return jnp.mean(jnp.logaddexp(0, z) - y * z)

        def train(rate):
            def step(w, rows):
                return w - rate * jax.grad(loss)(w, X[rows], y[rows]), None

            def epoch(w, order):
                w, _ = jax.lax.scan(step, w, order.reshape(-1, batch))
                return w, loss(w, X, y)

            start = jnp.zeros(X.shape[1])
            _, losses = jax.lax.scan(epoch, start, orders)
            return jnp.concatenate([loss(start, X, y)[None], losses])

        return jax.vmap(train)(rates)

    if batch not in compiled:
        compiled[batch] = jax.jit(sweep)
    return np.asarray(compiled[batch](X, y, jnp.asarray(rates), orders))


def numba(X, y, rates, orders, batch, compiled={}):  # noqa: B006, as above
    """Plain loops over numbers, compiled. The first call compiles."""
    import numba

    if "sweep" not in compiled:
        compiled["sweep"] = numba.njit(_scalar_loops)
    return compiled["sweep"](X, y, np.asarray(rates, float), orders, batch)


def _scalar_loops(X, y, rates, orders, batch):
    n, k = X.shape
    table = np.empty((len(rates), len(orders) + 1))
    for r in range(len(rates)):
        w = np.zeros(k + 1)
        g = np.empty(k + 1)
        for e in range(len(orders) + 1):
            if e > 0:
                for i in range(0, n, batch):
                    end = min(i + batch, n)
                    g[:] = 0
                    for row in orders[e - 1, i:end]:
                        z = w[k]
                        for j in range(k):
                            z += w[j] * X[row, j]
                        error = 1 / (1 + np.exp(-z)) - y[row]
                        for j in range(k):
                            g[j] += error * X[row, j]
                        g[k] += error
                    for j in range(k + 1):
                        w[j] -= rates[r] * g[j] / (end - i)
            total = 0.0
            for row in range(n):
                z = w[k]
                for j in range(k):
                    z += w[j] * X[row, j]
                total += max(z, 0.0) - y[row] * z + np.log1p(np.exp(-abs(z)))
            table[r, e] = total / n
    return table
