"""Put phrases of the tests' bank together, and print what is not read as exactly all of them.

    python -m bench.phrases [--language en] [--pairs 2000] [--seed 1] [--only "A or B"]

Sentences with two or three phrases each; what a join means stands before its failing sentences.
"""

import argparse
import itertools
import random
import sys
import time
from collections import Counter

from tests.planner.composing import LANGUAGES, alone, bank, composed, is_right, reading


def run(language: str, pairs: int, seed: int, only: str) -> int:
    """Read so many sentences of a language; how many of them failed."""
    for phrase in bank(language):
        if (found := reading(alone(phrase, language))) != list(phrase.meant):
            print(f"alone: {phrase.text}\n    {' ; '.join(found)}")
    started = time.perf_counter()
    said, wrong = Counter[str](), Counter[str]()
    sentences = composed(language, random.Random(seed))
    if only:
        sentences = (each for each in sentences if each.expression == only)
    for each in itertools.islice(sentences, pairs):
        said[each.expression] += 1
        if not is_right(each, language):
            wrong[each.expression] += 1
            print(f"{each.expression}: {each.said}", *reading(each.said), sep="\n    ")
    for name, count in said.items():
        print(f"{name}: {count - wrong[name]} of {count}")
    right = pairs - wrong.total()
    spent = time.perf_counter() - started
    print(f"{language}: {right:,} of {pairs:,} right ({right / pairs:.1%}), {spent:.0f} s")
    return wrong.total()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--language", choices=LANGUAGES)
    options.add_argument("--pairs", type=int, default=2_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", default="")
    given = options.parse_args()
    languages = [given.language] if given.language else LANGUAGES
    wrong = [run(language, given.pairs, given.seed, given.only) for language in languages]
    sys.exit(any(wrong))


if __name__ == "__main__":
    main()
