"""Lesson 08: each claim with chance in it, on twenty seeds; data/claims-seeds.csv. A quarter of an hour on one core.

python tools/packs.py 08 [row]          computes them, or one row, and writes data/
python tools/packs08.py others [row]    computes them on twenty other seeds, compares the verdicts, writes nothing
"""

import csv
import sys
from functools import partial

from lrcore.data import FOLDER
from lrlab import claims
from lrlab.ledger import Ledger

FILE = FOLDER / "claims-seeds.csv"
ROWS, LONG = claims.with_chance(), "23"  # six thousand epochs: the last of all


def found(row, seeds):
    """The lines of a row: row, case, seed, value."""
    return [(row, case, seed, f"{v:.5g}") for seed in seeds for case, v in claims.drawn(row, seed).items()]


def store(row):
    """Compute one row and put it in the place of what the file has of it."""
    kept = []
    if FILE.exists():
        with FILE.open(encoding="utf-8") as file:
            kept = [tuple(line.values()) for line in csv.DictReader(file) if line["row"] != row]
    lines = sorted(kept + found(row, claims.STORED), key=lambda line: (ROWS.index(line[0]), int(line[2])))
    with FILE.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([("row", "case", "seed", "value"), *lines])


def others(*rows):
    """The verdicts on other seeds beside the stored ones; ends in an error where a decided one comes out otherwise."""
    stored, fresh, broken = Ledger(), Ledger(), []
    for row in rows or sorted(ROWS, key=LONG.__eq__):
        values = {}
        for _, case, _, value in found(row, claims.OTHERS):
            values.setdefault(case, []).append(float(value))
        fresh.replace(row, values)
        same = fresh[row].verdict in (stored[row].verdict, "undecided") or stored[row].verdict == "undecided"
        broken += [] if same else [row]
        print(f"{row:>3}  {stored[row].verdict} → {fresh[row].verdict}: {fresh[row].measured}", flush=True)
    sys.exit(f"other seeds, another verdict: rows {', '.join(broken)}" if broken else 0)


PARTS = {row: partial(store, row) for row in ROWS}

if __name__ == "__main__":
    others(*sys.argv[2:])
