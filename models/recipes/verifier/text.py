"""What this recipe shares with the text model's: the trunk, its training loop, the builder of stages, the fit of ramps,
thresholds and certificates. The recipes' modules have flat names, so those folders go to the end of the search path: a
module of the same name here comes first, and would come first for them too, so none here has a name of theirs that they
import.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "text"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "minilm"))

from budget import Costs, choose_ramps  # noqa: E402
from classifiers import read_classifiers  # noqa: E402
from data import DATA, ROOT, Batch, Part, Task, make_batches  # noqa: E402
from digests import describe, to_json, version_of  # noqa: E402
from export import read_table, write_stages  # noqa: E402
from fit_ramps import QUERIES, final_logits, fit_ramp  # noqa: E402
from loop import batch_weight, log, make_optimizer, rate_at, restore, save, set_rates  # noqa: E402
from manifest import BORROWED, VOCABULARY, same_table, write_classifiers  # noqa: E402
from minilm import BLOCKS, HIDDEN, MAX_TOKENS, Weights, read_tokenizer, read_weights  # noqa: E402
from model import Ramp, TextModel, Trunk, to_numpy  # noqa: E402
from observe import Observed, observe  # noqa: E402
from results import with_exits  # noqa: E402
from splits import read_splits, to_key  # noqa: E402
from states import QuantisedTrunk, drop_states, read_states  # noqa: E402
from supervision import supervised_loss  # noqa: E402
from thresholds import CONFIDENCE, certify, leave, make_path  # noqa: E402
from traffic import traffic_of  # noqa: E402

__all__ = [
    "BLOCKS",
    "BORROWED",
    "CONFIDENCE",
    "DATA",
    "HIDDEN",
    "MAX_TOKENS",
    "QUERIES",
    "ROOT",
    "VOCABULARY",
    "Batch",
    "Costs",
    "Observed",
    "Part",
    "QuantisedTrunk",
    "Ramp",
    "Task",
    "TextModel",
    "Trunk",
    "Weights",
    "batch_weight",
    "certify",
    "choose_ramps",
    "describe",
    "drop_states",
    "final_logits",
    "fit_ramp",
    "leave",
    "log",
    "make_batches",
    "make_optimizer",
    "make_path",
    "observe",
    "rate_at",
    "read_classifiers",
    "read_splits",
    "read_states",
    "read_table",
    "read_tokenizer",
    "read_weights",
    "restore",
    "same_table",
    "save",
    "set_rates",
    "supervised_loss",
    "to_json",
    "to_key",
    "to_numpy",
    "traffic_of",
    "version_of",
    "with_exits",
    "write_classifiers",
    "write_stages",
]
