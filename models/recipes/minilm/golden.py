"""Writes the golden data: token ids and embeddings by transformers and sentence-transformers, the independent implementation.

    python models/recipes/minilm/golden.py [--out test/golden/minilm.jsonl]

A line a text: `text`, `ids` (with CLS and SEP, not cut) and, for every second text of at most 256 tokens, `embedding`
(base64 of little-endian float16 [384], unit length). Fails if the numpy reference, which evaluate.py uses, strays.
"""

import argparse
import base64
import json
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers import AutoTokenizer

import reference
from golden_texts import make_texts
from weights import MAX_TOKENS, model_directory, read_tokenizer, read_weights, to_ids

ROOT = Path(__file__).resolve().parents[3]
CLOSE = 1e-4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "test" / "golden" / "minilm.jsonl")
    out: Path = parser.parse_args().out
    texts = make_texts()
    tokenizer = AutoTokenizer.from_pretrained(str(model_directory()))
    ids = [tokenizer(text, truncation=False, padding=False)["input_ids"] for text in texts]
    embeddings = embed(texts)
    check_reference(texts, embeddings)
    with_embedding = [i for i in range(0, len(texts), 2) if len(ids[i]) <= MAX_TOKENS]
    lines = [to_line(texts[i], ids[i], embeddings[i] if i in with_embedding else None) for i in range(len(texts))]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(lines), encoding="utf-8")
    print(f"{len(texts)} texts, {len(with_embedding)} with an embedding, {out.stat().st_size} bytes")


def embed(texts: list[str]) -> np.ndarray:
    """fp32 [texts, 384] by sentence-transformers, one text at a time, so that padding plays no part."""
    torch.manual_seed(0)
    torch.set_num_threads(2)
    model = SentenceTransformer(str(model_directory()), device="cpu")
    return model.encode(texts, batch_size=1, normalize_embeddings=True, convert_to_numpy=True)


def check_reference(texts: list[str], expected: np.ndarray) -> None:
    found = reference.embed(read_weights(), to_ids(read_tokenizer(), texts))
    furthest = float(np.abs(found - expected).max())
    print(f"numpy reference and sentence-transformers differ by at most {furthest:.2e}")
    if not furthest < CLOSE:
        raise SystemExit(f"the numpy reference: expected to be within {CLOSE} of sentence-transformers, differs by {furthest}")


def to_line(text: str, ids: list[int], embedding: np.ndarray | None) -> str:
    row: dict[str, object] = {"text": text, "ids": ids}
    if embedding is not None:
        row["embedding"] = base64.b64encode(embedding.astype("<f2").tobytes()).decode("ascii")
    return json.dumps(row, ensure_ascii=True, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    main()
