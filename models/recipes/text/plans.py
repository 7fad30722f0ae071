"""The models that this recipe makes: which tasks share a trunk, and how it is trained.

Two trunks, not one for all four: intents want a rate at which the smaller sets of the other two forget what the pre-trained trunk
knew (README.md, "One trunk or two").
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """`tasks`: trained on. `serves`: those of them that the model has in the end. `rate`: of the trunk. `descent`: the last
    epochs, over which the rates fall to zero. `masked`: the share of tokens that training shows as [MASK].
    """

    tasks: tuple[str, ...]
    serves: tuple[str, ...]
    rate: float
    epochs: float
    descent: float
    masked: float = 0.0


PLANS = {
    "text": Plan(("sst2", "trec"), ("sst2", "trec"), rate=5e-5, epochs=6, descent=5),
    "intents": Plan(
        ("sst2", "banking77", "clinc150", "trec"), ("banking77", "clinc150"), rate=1.2e-4, epochs=9, descent=6, masked=0.1
    ),
}
