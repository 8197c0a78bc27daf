"""Watched studies -> what rules save and cost, with intervals, and whether what is told is so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from benchmarks.problems.groups import make_problem
from benchmarks.reports.compact import rounded
from benchmarks.reports.intervals import Floats, estimate
from benchmarks.reports.made_by import MadeBy
from benchmarks.reports.provenance import Code, Origin
from benchmarks.stopping.rows import RULES_SOURCE, Watched, code_of_rows
from benchmarks.stopping.rules import OURS, RULES
from benchmarks.stopping.settings import ENDS_TOLD_AFTER
from benchmarks.stopping.studies import Studies
from benchmarks.stopping.summary import (
    BUDGETS,
    FORETOLD,
    GOOD,
    QUANTILES,
    SHORT,
    TOO_EARLY,
    Ends,
    Foretold,
    Group,
    Stopping,
)

# Of a fraction: a thousandth of a percent.
DECIMALS = 5


def summarise(
    groups: Mapping[str, Sequence[Watched]],
    *,
    n_trials: int,
    n_seeds: int,
    slow_seeds: int,
    made_by: Sequence[MadeBy] = (),
) -> Stopping:
    """The summary of some studies, its figures rounded as in a file.

    Args:
        groups: The studies by the name of their group, one at least in each.
        n_trials: Of every study.
        n_seeds, slow_seeds: As the command was told.
        made_by: The commands that made the rows, as far as they are known.
    """
    studies = [each for own in groups.values() for each in own]
    asked = {name for each in studies for name in each.asked}
    rules = tuple(name for name in RULES if name in asked)
    code = code_of_rows()
    found = Stopping(
        n_trials=n_trials,
        n_seeds=n_seeds,
        slow_seeds=slow_seeds,
        rules=rules,
        rules_source=code.pop(RULES_SOURCE),
        groups=tuple(
            _group(name, Studies.of(own, n_trials), rules) for name, own in groups.items()
        ),
        foretold=tuple(_foretold(studies, one_parameter=one) for one in (True, False)),
        ends=tuple(_ends(studies, at) for at in range(len(ENDS_TOLD_AFTER))),
        # Hundreds of problems: each group has one figure for all of its own.
        origin=Origin((Code("zooming", "none", (code,)),), {}, tuple(made_by)),
    )
    return rounded(found)


def fingerprint_of_problems(names: Iterable[str]) -> str:
    """Changes when one of the problems does."""
    text = "\n".join(f"{name} {make_problem(name).fingerprint}" for name in sorted(names))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _group(name: str, studies: Studies, rules: Sequence[str]) -> Group:
    of_rules = [_of_rule(studies.asked(rule), rule) for rule in rules]
    columns = _short(np.stack(of_rules, axis=1))
    budgets = [budget for budget in BUDGETS if budget <= studies.n_trials]
    curve = np.stack([studies.regret_after(budget) for budget in budgets], axis=-1)
    good = np.stack([(curve <= most).mean(axis=(0, 1)) for most in GOOD])
    return Group(
        name=name,
        one_parameter=_has_one_parameter(studies.problems[0]),
        n_problems=len(studies.problems),
        n_tables=len(set(studies.tables)),
        n_seeds=studies.n_seeds,
        problems=fingerprint_of_problems(studies.problems),
        seeds=columns[0],
        trials=columns[1:4],
        of_short=columns[4],
        regret=columns[5:7],
        paid=columns[7:10],
        to_fixed=columns[10:13],
        early=columns[13:],
        budgets=np.array(budgets, dtype=np.float64),
        curve=_short(np.stack(estimate(curve, studies.tables))),
        good=_short(good),
    )


def _short(figures: Floats) -> Floats:
    return np.asarray(np.round(figures, DECIMALS), dtype=np.float64)


def _has_one_parameter(problem: str) -> bool:
    return make_problem(problem).n_parameters == 1


def _of_rule(studies: Studies, rule: str) -> Floats:
    """(15,), a rule's figures in the order of the fields of a group."""
    n_figures = 13 + len(TOO_EARLY)
    if not studies.n_seeds:
        return np.array([0.0, *np.full(n_figures - 1, np.nan)])
    stops, regret = studies.stops(rule), studies.stop_regret(rule)
    whole = studies.regret_after(studies.n_trials)
    as_many = studies.regret_after(float(stops.mean()))
    return np.array(
        [
            studies.n_seeds,
            stops.mean(),
            *np.quantile(stops, QUANTILES),
            np.minimum(stops, SHORT).mean(),
            regret.mean(),
            whole.mean(),
            *_estimated(regret - whole, studies.tables),
            *_estimated(regret - as_many, studies.tables),
            *(float((regret - whole > least).mean()) for least in TOO_EARLY),
        ]
    )


def _estimated(values: Floats, tables: Sequence[str]) -> list[float]:
    """A mean over (n_problems, n_seeds) and the ends of its interval."""
    return [float(each[0]) for each in estimate(values[..., None], tables)]


def _foretold(studies: Sequence[Watched], *, one_parameter: bool) -> Foretold:
    """Of all numbers that were told in studies of one parameter, or of several."""
    told = [
        (further, study.stops.get(OURS, np.inf) - after)
        for study in studies
        if np.isnan(study.best_at_end) != one_parameter
        for after, further in study.further
    ]
    numbers, came = np.array(told, dtype=np.float64).reshape(-1, 2).T
    bins = np.searchsorted(FORETOLD, numbers)
    own = [came[bins == each] for each in range(len(FORETOLD) + 1)]
    return Foretold(
        one_parameter,
        np.array([float(len(each)) for each in own]),
        np.array([_quartiles(each) for each in own]).T,
    )


def _quartiles(values: Floats) -> Floats:
    """Three of the values themselves: between one and infinity there is nothing."""
    if not values.size:
        return np.full(3, np.nan)
    return np.quantile(values, (0.25, 0.5, 0.75), method="inverted_cdf")


def _ends(studies: Sequence[Watched], at: int) -> Ends:
    """At one of ENDS_TOLD_AFTER."""
    told = [
        (each.best_at_end, each.widen[at])
        for each in studies
        if not np.isnan([each.best_at_end, each.widen[at]]).any()
    ]
    there, said = np.array(told, dtype=np.float64).reshape(-1, 2).T.astype(bool)
    return Ends(
        after=ENDS_TOLD_AFTER[at],
        n_at_end=int(there.sum()),
        told=int((there & said).sum()),
        n_elsewhere=int((~there).sum()),
        false_alarms=int((~there & said).sum()),
    )
