"""The 500 texts of the golden data: written by hand or made from templates here, none taken from a data set."""

import random
import unicodedata

from golden_seeds import SCRIPTS, SEEDS

COUNT = 500


def make_texts() -> list[str]:
    """500 different texts, the same at every call."""
    random_source = random.Random(20220101)
    texts = [*SEEDS, *templates(), *forms(), *code_point_probes(), *long_texts(random_source)]
    texts = list(dict.fromkeys(texts))
    known = set(texts)
    while len(texts) < COUNT:
        text = mixture(random_source)
        if text not in known:
            known.add(text)
            texts.append(text)
    assert len(texts) == COUNT, f"expected at most {COUNT} texts, made {len(texts)}"
    return texts


def templates() -> list[str]:
    """Sentences of everyday requests that differ in one place: number, unit, name, direction, negation."""
    cities = ["Oslo", "São Paulo", "Zürich", "Kraków", "Nairobi", "Xi'an"]
    units = ["5 km", "5 miles", "3.5 kg", "1,000,000 USD", "−40 °C", "12½ ″", "£9.99", "0x1F", "6.02e23", "25 µg/m³"]
    verbs = ["cancel", "don't cancel", "renew", "never renew"]
    return [
        *(f"What is the weather in {city} today?" for city in cities),
        *(f"How do I get from {a} to {b}?" for a, b in zip(cities, reversed(cities))),
        *(f"Convert {unit} for me, please." for unit in units),
        *(f"Please {verb} my subscription #{number}." for number, verb in enumerate(verbs, 48210)),
        *(f"Is {n} a prime number?" for n in (7, 91, 1_000_003, "1'000'003", "1 000 003", "١٢٣", "一百")),
    ]


def forms() -> list[str]:
    """Accented and joined text in all four Unicode normal forms, where they differ, and full-width forms."""
    sources = ["Ångström crème brûlée naïve façade", "Việt Nam đẹp lắm", "ﬁnancial ﬂow ﬀ ﬃ ﬄ ﬆ", "①② Ⅻ ㎏ ℃ ½ ™", "각 한국어 텍스트"]
    names = ("NFC", "NFD", "NFKC", "NFKD")
    wide = ["Hello, world!", "ABC abc 1,000.50", "http://x/?a=b", "\u3000full\u3000width\u3000"]
    return [
        *(unicodedata.normalize(name, source) for source in sources for name in names),
        *(to_full_width(text) for text in wide),
    ]


def to_full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def code_point_probes() -> list[str]:
    """One odd code point between letters, before a blank and alone in a word: where tokenisers disagree."""
    points = [
        0x00, 0x01, 0x07, 0x08, 0x0B, 0x0C, 0x0D, 0x1B, 0x1C, 0x1F, 0x7F, 0x80, 0x85, 0x9F, 0xA0, 0xAD,
        0x0130, 0x0131, 0x0149, 0x01C5, 0x0300, 0x034F, 0x03A3, 0x03C2, 0x0483, 0x0591, 0x05BE, 0x0600, 0x061C, 0x0640,
        0x06DD, 0x0700, 0x070F, 0x0903, 0x093F, 0x0E33, 0x0F0B, 0x104A, 0x115F, 0x1680, 0x180E, 0x1E9E, 0x1FB3, 0x2000,
        0x200B, 0x200C, 0x200D, 0x200E, 0x2028, 0x2029, 0x202E, 0x202F, 0x2044, 0x205F, 0x2060, 0x2066, 0x20AC, 0x20DD,
        0x2126, 0x212A, 0x2163, 0x2217, 0x2800, 0x2E80, 0x2F00, 0x3000, 0x3002, 0x3007, 0x303F, 0x3041, 0x30FB, 0x3164,
        0x31A0, 0x33FF, 0x3400, 0x4DC0, 0x4DFF, 0x9FFF, 0xA015, 0xA66F, 0xAC00, 0xE000, 0xF8FF, 0xF900, 0xFA2E, 0xFB1D,
        0xFDD0, 0xFE0F, 0xFE30, 0xFEFF, 0xFF0C, 0xFF21, 0xFF76, 0xFFF9, 0xFFFC, 0xFFFD, 0xFFFE, 0x10400, 0x10A50, 0x1D165,
        0x1D400, 0x1F3FB, 0x1F9FF, 0x20000, 0x2A6DF, 0x2A700, 0x2B81F, 0x2B820, 0x2B91F, 0x2B920, 0x2CEA1, 0x2EBF0, 0x2F800,
        0x30000, 0x323B0, 0xE0001, 0xE0061, 0xE0100, 0xF0000, 0x10FFFD,
    ]  # fmt: skip
    return [f"word{chr(point)}piece end{chr(point)} {chr(point)}" for point in points]


def long_texts(random_source: random.Random) -> list[str]:
    """Very long words around the limit of 100 characters, and texts of several thousand characters."""
    words = ["a" * 99, "a" * 100, "a" * 101, "é" * 100, "e\u0301" * 60, "😀" * 60, "漢" * 120, "Donaudampfschiff" * 20]
    edges = [f"Look at {word}, please." for word in words]
    plain = [sentence for sentence in SEEDS if sentence.isascii() and 20 < len(sentence) < 120]
    essay = " ".join(random_source.choice(plain) for _ in range(60))
    lines = "\n".join(f"{row:04d}\t{random_source.randrange(10**9):09d}\tok" for row in range(90))
    scripts = " ".join(random_source.choice(SCRIPTS) for _ in range(70))
    return [*edges, essay, lines, scripts, "word " * 300, "!?" * 600, "x" * 4000]


def mixture(random_source: random.Random) -> str:
    """Several seeds and scripts joined by odd separators."""
    separators = [" ", "  ", ", ", "\n", "\t", " / ", "\u200b", "\u00a0", "-", "…", ""]
    parts = [random_source.choice(random_source.choice((SEEDS, SCRIPTS)))[:60] for _ in range(random_source.randint(2, 4))]
    return "".join(part + random_source.choice(separators) for part in parts)
