"""What is measured for each row of lesson 08's ledger: functions that return {case: number}.

`once(row)` measures what has no chance in it, whenever a ledger asks. `drawn(row, seed)` measures the rest for one
seed; `tools/packs.py 08` stores that for twenty seeds in data/claims-seeds.csv. A row may have both. In every case a
small number speaks for the claim: data/claims.csv says how small. The modules: line, houses, rules, choosing.
"""

from importlib import import_module

ONCE, DRAWN = {}, {}  # row: function
STORED, OTHERS = range(20), range(1000, 1020)  # the seeds of the study, and those that check it
MODULES = "line", "houses", "rules", "choosing"


def fixed(row):
    """Decorate the function () → {case: number} of a row."""
    return lambda measure: ONCE.setdefault(row, measure)


def seeded(row):
    """Decorate the function seed → {case: number} of a row."""
    return lambda measure: DRAWN.setdefault(row, measure)


def once(row):
    """The cases of a row that have no chance in them, {case: number}."""
    _load()
    return ONCE[row]() if row in ONCE else {}


def drawn(row, seed):
    """The cases of a row that have, for one seed, {case: number}."""
    _load()
    return DRAWN[row](seed) if row in DRAWN else {}


def with_chance():
    """The rows that have chance in them."""
    _load()
    return list(DRAWN)


def _load():
    for module in MODULES:
        import_module(f".{module}", __name__)
