"""A model for MLServer: what it is given, twice."""

from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse


class Doubler(MLModel):
    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        doubled = NumpyCodec.decode_input(payload.inputs[0]) * 2
        outputs = [NumpyCodec.encode_output("doubled", doubled)]
        return InferenceResponse(id=payload.id, model_name=self.name, model_version=self.version, outputs=outputs)
