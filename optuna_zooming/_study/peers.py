"""Workers that ask at the same moment: what each takes the others to choose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from optuna.trial import FrozenTrial

# Only so many other workers are thought for, each at the cost of a proposal.
MAX_PEERS = 32
# Workers may have seeds of their own. While some are choosing side by side they draw from this
# common stream, so that each can tell what the others will take.
COMMON_SEED = 0


def fixed_params(trial: FrozenTrial) -> Mapping[str, Any]:
    """The parameters that were enqueued with a trial: Optuna will not ask a sampler for them."""
    fixed = trial.system_attrs.get("fixed_params")
    return fixed if isinstance(fixed, dict) else {}
