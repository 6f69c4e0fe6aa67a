"""Problems: a loss with its exact gradient, written for many runs at once, from easy to hard.

Fitted to data: least_squares, logistic, softmax, network. Surfaces to walk on: bowl, saddle, banana, and surface,
which is your own. Made from another problem: forward_difference, noisy. Weights are (*runs, d) everywhere; a flat
w (d,) is a single run. Where there are rows (examples), `gradient` takes some of them: that is a batch.
"""

import copy

import numpy as np

PIECE, ONE = 16_000, np.array(1.0)  # numbers that stay in a core's cache; an array, since small arrays like it best


class Problem:
    """A loss over d weights, from .start (d,), with .n rows or None: a kind of it writes _loss and _gradient."""

    n, at_once = None, np.inf  # at_once: how many runs at most are worked on together

    def __init__(self, start):
        self.start = np.array(start, dtype=float)
        self.d = len(self.start)

    def __repr__(self):
        rows = f"{self.n} rows, " if self.n else ""
        return f"{type(self).__name__}({rows}{self.d} weight{'s' * (self.d > 1)})"

    def loss(self, w):
        """The loss (*runs,)."""
        __tracebackhide__ = True
        return self._each(self._loss, w)

    def gradient(self, w, rows=None):
        """The gradient (*runs, d), over all rows or those that an index or a slice names."""
        __tracebackhide__ = True
        if getattr(w, "shape", ())[1:] == (self.d,) and 1 < len(w) <= self.at_once:  # in training: no detour
            with np.errstate(all="ignore"):
                return self._gradient(even(w), rows)[: len(w)]
        return self._each(lambda w: self._gradient(w, rows), w)

    def _each(self, formula, w, n=None):
        """formula(w) for w (*runs, d), in pieces that stay in cache, n rows being at work."""
        __tracebackhide__ = True
        w = np.asarray(w) if np.asarray(w).dtype.kind == "f" else np.array(w, dtype=float)
        if w.shape[-1:] != (self.d,):
            raise ValueError(f"{self!r} takes weights of shape (*runs, {self.d}), got {w.shape}")
        flat, size = even(w.reshape(-1, self.d)), min(self.at_once, max(2, PIECE // (n or self.n or 1) // 2 * 2))
        with np.errstate(all="ignore"):  # a run on its way to infinity is a result
            found = np.concatenate([formula(flat[i : i + size]) for i in range(0, len(flat), size)])
        return found[: w.size // self.d].reshape(w.shape[:-1] + found.shape[1:])[()]

    def _hessian_vector(self, w, v):
        """The Hessian at w times v (runs, d) or (d,), v of length 1: a central difference of the gradient."""
        h = 1 if isinstance(self, least_squares) else 1e-5  # of a linear gradient any difference is exact
        h = h * np.maximum(np.linalg.norm(w, axis=-1, keepdims=True), 1)
        return (self._gradient(w + h * v, None) - self._gradient(w - h * v, None)) / (2 * h)

    def sharpness(self, w):
        """The largest eigenvalue of the Hessian at w (*runs,), the largest curvature; nan where w is not finite."""
        return self._each(lambda w: lanczos(self._hessian_vector, w), w)

    @property
    def curvature(self):
        """The eigenvalues of the Hessian at the start (d,), ascending."""
        if self.d > 1000:
            raise ValueError(f"{self!r}: {self.d} eigenvalues are not computed; .sharpness(w) gives the largest")
        w = np.tile(self.start, (2, 1))
        return eigenvalues(np.stack([self._hessian_vector(w, e) for e in np.eye(self.d)], axis=-1))[0]

    @property
    def limit(self):
        """2 / the largest curvature at the start: on a bowl, plain descent diverges at rates above it."""
        largest = self.sharpness(self.start)
        return 2 / largest if largest > 0 else np.inf


def even(w):
    """w, its last row twice if their number is odd: alone, or without a partner, BLAS rounds a row differently."""
    return np.concatenate([w, w[-1:]]) if len(w) % 2 else w


def lanczos(product, w, most=60):
    """The largest eigenvalue of the Hessian at w: q, Hq, H²q, … soon span its direction (Lanczos 1950)."""
    count = min(most, w.shape[-1])
    q, small = np.zeros((len(w), count + 1, w.shape[-1])), np.zeros((len(w), count, count))
    q[:, 0] = np.random.RandomState(0).normal(size=w.shape[-1])
    for k in range(count):
        length = np.linalg.norm(q[:, k], axis=-1)
        over = length <= 1e-7 * np.abs(small).max(axis=(1, 2))  # rounding: the Hessian knows no further direction
        q[:, k] /= np.where(over, np.inf, length)[:, None]
        rest, before = product(w, q[:, k])[:, None], q[:, : k + 1]
        for _ in range(2):  # the second time takes away what rounding left
            along = rest @ np.swapaxes(before, 1, 2)
            small[:, k, : k + 1] += along[:, 0]
            rest = rest - along @ before
        small[:, k, k] += np.where(over, small[:, 0, 0], 0)
        q[:, k + 1] = rest[:, 0]
    return eigenvalues(small)[:, -1]


def eigenvalues(square):
    """Those of symmetric matrices (runs, k, k), ascending; nan where a matrix is not finite."""
    lost = ~np.isfinite(square).all(axis=(1, 2))[:, None]
    return np.where(lost, np.nan, np.linalg.eigvalsh(np.where(lost[..., None], 0, square)))


class Fitted(Problem):
    """A model on data X (n, k), y (n,): X gets a column of ones, whose weight, the last one, is the bias."""

    classes = None  # or how many there are: then y counts them from 0

    def __init__(self, X, y, bias=True):
        __tracebackhide__ = True
        self.bias = bias
        (self.X, self.y), self.n = self._checked(X, y), len(y)
        super().__init__(np.zeros(self.X.shape[1]))

    def _checked(self, X, y):
        """X with its column of ones, and y, as numbers."""
        X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        X = X[:, None] if X.ndim == 1 else X
        if X.ndim != 2 or y.shape != X.shape[:1]:
            raise ValueError(f"X takes a row, and y a number, for each example: got {X.shape} and {y.shape}")
        if not (np.isfinite(X).all() and np.isfinite(y).all()):
            raise ValueError("X and y take finite numbers; some are nan or infinite")
        if self.classes is not None and not np.isin(y, np.arange(self.classes)).all():
            raise ValueError(f"y takes the class of each row, a whole number from 0 to {self.classes - 1}")
        X = np.column_stack([X, np.ones(len(X))]) if self.bias else X
        return X, y.astype(int) if self.classes else y

    def take(self, rows):
        """The same problem on some of its rows, named by an index or a slice."""
        twin = copy.copy(self)
        (twin.X, twin.y), twin.n = self._rows(rows), len(self.y[rows])
        return twin

    def _rows(self, rows):
        return (self.X, self.y) if rows is None else (self.X[rows], self.y[rows])

    def _z(self, w, X):  # (runs, n); with one row BLAS would round by how many runs there are
        return w.dot(X.T) if len(X) > 1 else np.vecdot(w, X)[:, None]

    def _on(self, formula, w, X, y):
        """formula(w, X, y) on other data, or where X is None on its own."""
        __tracebackhide__ = True
        X, y = (self.X, self.y) if X is None else self._checked(X, y)
        return self._each(lambda w: formula(w, X, y), w, len(y))

    def loss(self, w, X=None, y=None):
        """The mean loss (*runs,), on its own data or on other, such as validation data."""
        __tracebackhide__ = True
        return self._on(self._loss, w, X, y)


class least_squares(Fitted):
    """The mean of (w·[x, 1] − y)², without a ½; its gradient is mean 2 (w·[x, 1] − y) [x, 1]. bias=False: w·x."""

    def _loss(self, w, X, y):
        return np.mean((self._z(w, X) - y) ** 2, axis=-1)

    def _gradient(self, w, rows):
        X, y = self._rows(rows)
        return 2 * (self._z(w, X) - y).dot(X) / len(y)


class Classifier(Fitted):
    """A model that answers with a class, by _said(w, X) (runs, n); nan where w is not finite."""

    def accuracy(self, w, X=None, y=None):
        """The fraction of rows classified rightly (*runs,), on its own data or on other."""
        __tracebackhide__ = True
        return self._judge(lambda said, y: np.mean(said == y, axis=-1), w, X, y)

    def _judge(self, measure, w, X, y):
        __tracebackhide__ = True
        found = self._on(lambda w, X, y: measure(self._said(w, X), y), w, X, y)
        return np.where(np.isfinite(w).all(axis=-1), found, np.nan)[()]


class Probabilistic(Classifier):
    """A classifier whose answers are probabilities, by _p(w, X)."""

    def probability(self, w, X=None):
        """The probability of class 1 for each row (*runs, n); softmax: of each class (*runs, n, classes)."""
        __tracebackhide__ = True
        return self._on(lambda w, X, y: self._p(w, X), w, X, None if X is None else np.zeros(len(X)))

    def recall(self, w, X=None, y=None):
        """Of the rows in class 1, the fraction said to be in it (*runs,); softmax: of each class (*runs, classes)."""
        return self._by_class(lambda said, y, c: y == c, w, X, y)

    def precision(self, w, X=None, y=None):
        """Of the rows said to be in class 1, the fraction that is (*runs,); softmax: of each class (*runs, classes)."""
        return self._by_class(lambda said, y, c: said == c, w, X, y)

    def _by_class(self, of, w, X, y):
        def one(c):
            return self._judge(lambda said, y: ((said == c) & (y == c)).sum(-1) / of(said, y, c).sum(-1), w, X, y)

        return one(1) if isinstance(self, logistic) else np.stack([one(c) for c in range(self.classes)], axis=-1)


class logistic(Probabilistic):
    """p = 1 / (1 + e^−z), z = w·[x, 1]; y is 1 for a row in the class, 0 for another. The loss, mean log(1 + e^z) − yz,
    is the cross-entropy, finite for every finite z; its gradient is mean (p − y)[x, 1]."""

    classes = 2

    def _p(self, w, X):
        return ONE / (ONE + np.exp(-self._z(w, X)))

    def _loss(self, w, X, y):
        z = self._z(w, X)
        return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))), axis=-1)

    def _gradient(self, w, rows):
        X, y = self._rows(rows)
        return (self._p(w, X) - y).dot(X) / len(y)

    def _said(self, w, X):
        return self._z(w, X) > 0


class softmax(Probabilistic):
    """Softmax regression: weights and a bias for each class, laid flat, d = classes · (k + 1); p = e^z / Σ e^z.
    The loss is the cross-entropy, mean −log p[y], its gradient for the weights of a class mean (p − [y = class])[x, 1].
    """

    def __init__(self, X, y, classes=None):
        __tracebackhide__ = True
        self.classes = classes or int(np.max(y)) + 1
        super().__init__(X, y)
        Problem.__init__(self, np.zeros(self.classes * self.X.shape[1]))

    def _z(self, w, X):
        return w.reshape(len(w), self.classes, -1) @ X.T  # (runs, classes, n)

    def _p(self, w, X):
        return np.swapaxes(self._share(self._z(w, X)), 1, 2)

    def _share(self, z):
        grown = np.exp(z - z.max(axis=1, keepdims=True))
        return grown / grown.sum(axis=1, keepdims=True)

    def _loss(self, w, X, y):
        z = self._z(w, X)
        top, right = z.max(axis=1), z[:, y, np.arange(len(y))]
        return np.mean(np.log(np.exp(z - top[:, None]).sum(axis=1)) + top - right, axis=-1)

    def _gradient(self, w, rows):
        X, y = self._rows(rows)
        back = self._share(self._z(w, X)) - np.equal.outer(np.arange(self.classes), y)
        return (back @ X).reshape(len(w), -1) / len(y)

    def _said(self, w, X):
        return self._z(w, X).argmax(axis=1)


class network(Classifier):
    """One hidden layer: out = tanh(X W₁ + b₁) W₂ + b₂, for classes y = 0, 1, 2, …; w is W₁, b₁, W₂, b₂ laid flat.
    The loss is the mean over rows of Σ (out − [y = class])². The start is drawn: biases 0, weights normal, 0.7 over the
    root of the number of inputs that they add up."""

    def __init__(self, X, y, hidden=32, seed=0):
        __tracebackhide__ = True
        self.classes, self.at_once = int(np.max(y)) + 1, max(2, 256 // hidden)
        super().__init__(X, y, bias=False)
        self.shapes = (self.X.shape[1], hidden), (1, hidden), (hidden, self.classes), (1, self.classes)
        draw, spread = np.random.RandomState(seed), [0.7 / self.X.shape[1] ** 0.5, 0, 0.7 / hidden**0.5, 0]
        drawn = [draw.normal(size=shape) * size for shape, size in zip(self.shapes, spread, strict=True)]
        Problem.__init__(self, np.concatenate([part.ravel() for part in drawn]))

    def _forward(self, w, X):
        """tanh (runs, n, hidden), out (runs, n, classes), and W₂ (runs, hidden, classes)."""
        parts = np.split(w, np.cumsum([a * b for a, b in self.shapes[:-1]]), axis=-1)
        W1, b1, W2, b2 = (part.reshape(-1, *shape) for part, shape in zip(parts, self.shapes, strict=True))
        a = np.tanh(X @ W1 + b1)
        return a, a @ W2 + b2, W2

    def _loss(self, w, X, y):
        return ((self._forward(w, X)[1] - np.eye(self.classes)[y]) ** 2).sum(axis=-1).mean(axis=-1)

    def _gradient(self, w, rows):
        X, y = self._rows(rows)
        a, out, W2 = self._forward(w, X)
        back = 2 * (out - np.eye(self.classes)[y]) / len(y)  # the derivative by each output (Rumelhart 1986)
        hidden = back @ np.swapaxes(W2, 1, 2) * (1 - a * a)  # and by what goes into each tanh
        parts = X.T @ hidden, hidden.sum(axis=1), np.swapaxes(a, 1, 2) @ back, back.sum(axis=1)
        return np.concatenate([part.reshape(len(w), -1) for part in parts], axis=-1)

    def _said(self, w, X):
        return self._forward(w, X)[1].argmax(axis=-1)


class surface(Problem):
    """Your own loss (*runs, d) → (*runs,) and gradient (*runs, d) → (*runs, d): w[..., 0] is each run's first."""

    def __init__(self, loss, gradient, start):
        super().__init__(start)
        self._loss, self._gradient = lambda w: loss(w.astype(float)), lambda w, rows: gradient(w.astype(float))
        several = np.tile(self.start, (self.d + 1, 1))
        if np.shape(loss(several)) != several.shape[:1] or np.shape(gradient(several)) != several.shape:
            raise ValueError("surface: write w[..., 0], not w[0], for the first weight: w holds a row for each run")


def bowl(curvature):
    """½ Σ λw², a weight for each curvature λ, from (1, …, 1). Plain descent multiplies a weight by 1 − ηλ."""
    curved = np.atleast_1d(np.asarray(curvature, dtype=float))
    return surface(lambda w: (curved * w * w).sum(axis=-1) / 2, lambda w: curved * w, np.ones(len(curved)))


def saddle():
    """½ (x² − y²), from (1, 10⁻⁶): a valley along x, a ridge along y, curvatures −1 and 1."""
    return surface(lambda w: (w[..., 0] ** 2 - w[..., 1] ** 2) / 2, lambda w: w * [1, -1], [1.0, 1e-6])


def banana():
    """(1 − x)² + 100 (y − x²)², from (−1.2, 1): a bent, narrow valley to (1, 1) (Rosenbrock 1960)."""

    def gradient(w):
        x, y = w[..., 0], w[..., 1]
        return np.stack([2 * (x - 1) - 400 * x * (y - x**2), 200 * (y - x**2)], axis=-1)

    return surface(lambda w: (1 - w[..., 0]) ** 2 + 100 * (w[..., 1] - w[..., 0] ** 2) ** 2, gradient, [-1.2, 1.0])


class forward_difference(Problem):
    """The same problem, its gradient by differences, (loss(w + h) − loss(w)) / h, with w + h in the dtype of w."""

    def __init__(self, problem, h=1e-4):
        super().__init__(problem.start)
        self.problem, self.h, self.n, self.loss = problem, float(h), getattr(problem, "n", None), problem.loss

    def _gradient(self, w, rows):
        loss = self.loss if rows is None else self.problem.take(rows).loss
        moves = self.h * np.eye(self.d, dtype=w.dtype)
        return np.stack([(loss(w + move) - loss(w)) / self.h for move in moves], axis=-1)


class noisy(Problem):
    """The same problem with n rows whose gradients are drawn around the exact one with standard deviation `spread`."""

    def __init__(self, problem, spread, n=100, seed=0):
        super().__init__(problem.start)
        self.problem, self.n, self.loss = problem, n, problem.loss
        pulls = np.random.RandomState(seed).normal(size=(n, self.d))
        self.pulls = spread * (pulls - pulls.mean(axis=0))

    def _gradient(self, w, rows):
        return self.problem.gradient(w) + (0 if rows is None else self.pulls[rows].mean(axis=0))
