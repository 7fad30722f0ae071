"""What rows look like without labels under given thresholds, for the manifest: what traffic is later compared with.

Counts by bin of the confidence at the first active ramp, the bins of about equal share, and counts by exit.
"""

import numpy as np

from thresholds import OFF, Outcomes, leave

BINS = 8


def traffic_of(seen: Outcomes, thresholds: list[float]) -> dict | None:
    """None where every ramp is off. A confidence lies in bin i if it reaches i of the edges, which rise."""
    active = [ramp for ramp, threshold in enumerate(thresholds) if threshold < OFF]
    if not active:
        return None
    confidence = seen.confidence[active[0]]
    quantiles = np.quantile(confidence, np.arange(1, BINS) / BINS, method="lower")
    edges = [float(edge) for edge in np.unique(quantiles) if edge > confidence.min()]
    exits, _ = leave(seen, thresholds)
    return {
        "sentinel": active[0],
        "edges": edges,
        "bins": np.bincount(np.digitize(confidence, edges), minlength=len(edges) + 1).tolist(),
        "exits": np.bincount(exits, minlength=len(thresholds) + 1).tolist(),
    }
