"""Everything that the page on stopping shows, as it stands in its compact file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.reports.compact import read_record
from benchmarks.reports.intervals import Floats
from benchmarks.reports.provenance import Origin

FILE = "stopping.json"
REMEDY = "python -m benchmarks stopping"

# After so many trials the recommendation is shown, with or without a rule.
BUDGETS = (5, 8, 10, 15, 20, 30, 50, 100)
# Trials saved are those of a study of so many, too, beside those of the whole one.
SHORT = 50
# A study stopped too early if the whole one is better by more than this share of the span.
TOO_EARLY = (0.01, 0.05)
# Shares of the span within which a recommendation is as good as the best.
GOOD = (0.01, 0.02)
# Ends of the bins of foretold numbers of trials.
FORETOLD = (5, 10, 20, 50)
# Quantiles of a rule's number of trials.
QUANTILES = (0.1, 0.9)


@dataclass(frozen=True, eq=False)
class Group:
    """A group of problems: (n_rules,) in the order of the rules; regrets and shares as fractions.

    Attributes:
        name: The group's.
        one_parameter: Whether its problems have a single parameter.
        n_problems, n_tables, n_seeds: What was run; tables as intervals draw them anew.
        problems: Changes when one of them does.
        seeds: Of each problem on which a rule was asked; 0 for one that was not, whose other
            figures are NaN.
        trials: (3, n_rules), mean and QUANTILES of the number of trials.
        of_short: Mean number of trials of a study that has SHORT at most.
        regret: (2, n_rules), mean of what is recommended at the stop, and after all trials.
        paid: (3, n_rules), the former less the latter, with its interval.
        to_fixed: (3, n_rules), the former less that of as many trials in every study, with its
            interval: below 0 the rule knows when.
        early: (2, n_rules), share of the studies that stopped too early by TOO_EARLY.
        budgets: (n_budgets,), those of BUDGETS that were run.
        curve: (3, n_budgets), mean regret of what is recommended, with its interval.
        good: (2, n_budgets), share of the studies within GOOD of the best.
    """

    name: str
    one_parameter: bool
    n_problems: int
    n_tables: int
    n_seeds: int
    problems: str
    seeds: Floats
    trials: Floats
    of_short: Floats
    regret: Floats
    paid: Floats
    to_fixed: Floats
    early: Floats
    budgets: Floats
    curve: Floats
    good: Floats


@dataclass(frozen=True, eq=False)
class Foretold:
    """What became of "about so many more trials", by bins of FORETOLD.

    Attributes:
        one_parameter: Of which studies.
        times: (n_bins,), how often it was told.
        quartiles: (3, n_bins), of the number of trials until the study was settled; infinite where
            it never was.
    """

    one_parameter: bool
    times: Floats
    quartiles: Floats


@dataclass(frozen=True)
class Ends:
    """What became of "the value lies at an end of its range", of one parameter.

    Attributes:
        after: Trials after which it was asked.
        n_at_end: Studies of problems whose best value lies there.
        told: In how many of them it was said.
        n_elsewhere: The other studies.
        false_alarms: In how many of them it was said.
    """

    after: int
    n_at_end: int
    told: int
    n_elsewhere: int
    false_alarms: int


@dataclass(frozen=True, eq=False)
class Stopping:
    """Everything that the page shows.

    Attributes:
        n_trials: Of every study.
        n_seeds, slow_seeds: As the command was told; the latter for rules that are slow.
        rules: Their names.
        rules_source: Hash of the code that says when to stop.
        groups, foretold, ends, origin: The figures, and where they are from.
    """

    n_trials: int
    n_seeds: int
    slow_seeds: int
    rules: tuple[str, ...]
    rules_source: str
    groups: tuple[Group, ...]
    foretold: tuple[Foretold, ...]
    ends: tuple[Ends, ...]
    origin: Origin


def read_summary(folder: Path) -> Stopping:
    """The saved summary.

    Raises:
        UserError: If there is none, or it is damaged or of an earlier kind.
    """
    return read_record(Stopping, folder / FILE, remedy=REMEDY)
