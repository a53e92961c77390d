"""What Thai says again in other words: …แต่ยังไม่มี Folding Chair หมายถึงไม่เคยซื้อน่ะ."""

from planner.understand.tokens import Token

_AGAIN = ("หมายถึง", "แปลว่า", "คือ", "ก็คือ", "นั่นคือ", "หมายความว่า")
_SMALL = ("not", "buy", "fill", "also", "and")


def without_glosses(tokens: list[Token], form: str) -> list[Token]:
    """The tokens, without a gloss that says of what was named that it was not bought."""
    for place, token in enumerate(tokens):
        before = form[token.start - 1]
        if form[token.start : token.end] not in _AGAIN or not (before == " " or before.isascii()):
            continue
        rest = tokens[place:]
        end = next((n for n, t in enumerate(rest) if t.separator), len(rest))
        said = rest[1:end]
        never = any(map(_says_never, said))
        small = all(any(map(t.role, _SMALL)) or _says_never(t) for t in said)
        small = small and not any(t.values or t.topics for t in said)
        denies = never or (any(t.role("not") for t in said) and any(t.role("buy") for t in said))
        if small and denies and _is_lacked(tokens[:place]):
            glossed = [t.meant_as("fill") for t in rest[:end]]
            return [*tokens[:place], *glossed, *rest[end:]]
    return tokens


def _says_never(token: Token) -> bool:
    return any(concept.name == "never_bought" for concept in token.concepts)


def _is_lacked(tokens: list[Token]) -> bool:
    """Whether something was named of which it is not so: ยังไม่มี Folding Chair."""
    return any(
        token.role("not") is not None
        and any(
            n.topics or any(kind == "product" for kind, _ in n.values)
            for n in tokens[at + 1 : at + 3]
        )
        for at, token in enumerate(tokens)
    )
