"""What this recipe shares with the text model's: how thresholds are put in order and certified, and what the gateway's
own runtime says of rows. The recipes' modules have flat names, so that folder goes to the end of the search path: a
module of the same name here comes first.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "text"))

from budget import Costs, choose_ramps, time_saved  # noqa: E402
from digests import describe, to_json, version_of  # noqa: E402
from observe import Observed, observe  # noqa: E402
from thresholds import CONFIDENCE, Certified, Outcomes, certify, leave, make_path  # noqa: E402
from traffic import traffic_of  # noqa: E402

__all__ = [
    "CONFIDENCE",
    "Certified",
    "Costs",
    "Observed",
    "Outcomes",
    "certify",
    "choose_ramps",
    "describe",
    "leave",
    "make_path",
    "observe",
    "time_saved",
    "to_json",
    "traffic_of",
    "version_of",
]
