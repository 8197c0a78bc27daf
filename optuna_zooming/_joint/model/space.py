"""Trials as points of the unit cube, and those at one point pooled (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..._arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class JointTrials:
    """Finished trials over the union of their parameters.

    Attributes:
        points: (n, n_parameters), each parameter on its unit axis, or the number of its choice;
            NaN where a trial has no such parameter.
        categorical: (n_parameters,), whose columns hold choice numbers.
        values: (n,), oriented objective values; ``-inf`` marks a diverged trial, NaN one whose
            value is not known.
        errors: (n,), standard deviations of values that are estimates themselves; 0 for those that
            were measured. In the objective's units.
    """

    points: FloatArray
    categorical: BoolArray
    values: FloatArray
    errors: FloatArray

    def __getitem__(self, rows: IntArray) -> JointTrials:
        """Some of the trials."""
        return JointTrials(
            self.points[rows], self.categorical, self.values[rows], self.errors[rows]
        )

    @property
    def sites(self) -> IntArray:
        """(n,): the number of each trial's point among the distinct ones, in their own order."""
        if self.points.shape[1] == 0:
            return np.zeros(len(self.points), dtype=np.int64)
        # NaN differs from itself, and no place is negative.
        known = np.nan_to_num(self.points, nan=-1.0)
        inverse = np.unique(known, axis=0, return_inverse=True)[1]
        return np.asarray(inverse, dtype=np.int64).ravel()


@dataclass(frozen=True, eq=False)
class Pools:
    """Trials at one point whose values are equally sure, pooled.

    Attributes:
        points: (n, n_parameters), as in :class:`JointTrials`.
        means: (n,), of their values.
        counts: (n,), of trials.
        scatter: (n,), sum of the squared deviations from the mean.
        variances: (n,), of each single value, beside the noise.
    """

    points: FloatArray
    means: FloatArray
    counts: FloatArray
    scatter: FloatArray
    variances: FloatArray

    def with_single(self, points: FloatArray, values: FloatArray) -> Pools:
        """These and single trials at points, (m, n_parameters), with values, (m,)."""
        return Pools(
            np.concatenate((self.points, points)),
            np.append(self.means, values),
            np.append(self.counts, np.ones(len(values))),
            np.append(self.scatter, np.zeros(len(values))),
            np.append(self.variances, np.zeros(len(values))),
        )

    def __getitem__(self, rows: IntArray) -> Pools:
        """Some of the pools."""
        return Pools(
            self.points[rows],
            self.means[rows],
            self.counts[rows],
            self.scatter[rows],
            self.variances[rows],
        )


def pooled(points: FloatArray, values: FloatArray, variances: FloatArray) -> Pools:
    """Pool the trials at each point that have equal variances; their order does not matter.

    Args:
        points: (n, n_parameters), as in :class:`JointTrials`.
        values: (n,), finite and of moderate size.
        variances: (n,), of each value, beside the noise.
    """
    keys = np.column_stack((np.nan_to_num(points, nan=-1.0), variances))
    # Sorted by value as well: sums do not depend on the order in which trials came.
    order = np.lexsort((values, *keys.T[::-1]))
    keys, values = keys[order], values[order]
    first = np.append(True, (keys[1:] != keys[:-1]).any(axis=1))
    group = np.cumsum(first) - 1
    counts = np.bincount(group).astype(np.float64)
    means = np.bincount(group, weights=values) / counts
    scatter = np.bincount(group, weights=(values - means[group]) ** 2)
    return Pools(
        points=points[order][first],
        means=means,
        counts=counts,
        scatter=scatter.astype(np.float64),
        variances=variances[order][first],
    )
