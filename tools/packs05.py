"""Lesson 05: how wide each rule's range of good rates is, data/good-rates.csv. Half a minute on one core.

Eight rules, three problems, ten seeds: a row of losses for each, at rates from 1e-5 to 1e18, ten a decade.
"""

from lrcore import rules
from lrcore.data import FOLDER
from lrlab import study05 as study


def good_rates():
    lines = ["problem,rule,seed," + ",".join(f"{rate:.4g}" for rate in study.RATES) + "\n"]
    for where in study.EPOCHS:
        for rule in rules.RULES:
            for seed in range(study.SEEDS):
                losses = ",".join(f"{loss:.3g}" for loss in study.late_loss(where, rule, seed))
                lines.append(f"{where},{rule},{seed},{losses}\n")
    (FOLDER / "good-rates.csv").write_text("".join(lines), encoding="utf-8", newline="")


PARTS = {"good-rates": good_rates}
