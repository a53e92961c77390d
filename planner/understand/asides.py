"""Why the list is wanted: 在庫が余っているので, "need to order the boxes by Friday".

Such a clause holds a word that is unknown and tells no condition: it is passed over whole, and
named as passed over. In Japanese it ends in a way of its own; planner.understand.remarks tells it
in the other languages. What names people, or asks for them, is never passed over.
"""

import itertools
import re
from collections.abc import Iterator

from planner.understand.aims import aim
from planner.understand.chinese_turns import in_plain_chinese
from planner.understand.no_matter import without_what_does_not_matter
from planner.understand.remarks import is_remark
from planner.understand.spans import Quantity
from planner.understand.thai_asides import without_thai_asides
from planner.understand.thai_idioms import in_plain_words
from planner.understand.tokens import Token
from planner.understand.vocabulary import concepts

_REASON = re.compile(
    "(?:[るたいんすうくぐむぶぬ]ので|なので|[るいたな]んで|[るたのん](?:ため|為)に?|[るたいんすだ]から|"
    "(?:です|ます|ました|でした|たい)(?:が|けど|けれど|けれども)|件で|都合で|関係で|にあたり|にあたって|"
    "(?:送る|配る|打つ|出す|する|始める|決める)前に|とのことで|ということで|たくて|たく|"
    "もんで|ものですから|ものだから|中で|中でして|なきゃ|"
    "(?:告知|案内|配信|送付|訴求|招待|連絡|提案)先|(?:はがき|葉書|ハガキ|dm|チラシ|カタログ|オファー|ご?案内|商戦|"
    "企画|フェア|イベント|メニュー|キャンペーン|施策|お礼|お?知らせ|オープン|リニューアル)(?:に(?:合わせて|あたり))?|"
    "(?:に|から)(?:聞かれ|言われ|頼まれ|せかされ|急かされ)て|いわく|曰く|によると|"
    "(?:そう|かも|はず|だろう|でしょう|(?:と|かなと|かと)(?:思う|思います|思って)|気がする|気がします)"
    "(?:です|だ|で|なので|だし|し)?[ねよ]?)$"
)
"""How a clause ends that gives a reason, or says what comes first."""
_REMARK = re.compile(
    "(?:たい|たいな|(?<!い)(?<!て)ます|(?:困って|悩んで|考えて|検討して|予定して|進めて|準備して)い?ます|"
    "(?:頼まれ|言われ|決まり|なり|来|あり)まし(?:た|て)|(?:予定|つもり|段階|最中)です|ところ(?:です)?|"
    "用|資料|ため|[たい]ので|[たるい]から|"
    "(?:作っ|考え|練っ|組ん|用意し|まとめ|仕込ん|詰め|急い|迷っ|企画し|探し|調べ|練り直し|動い|整え|仕上げ)て(?:い?ます|い?る|い?て)|"
    "(?:相談|質問|お願い|確認|依頼|話|件|商戦|企画|施策|オファー|案内|お知らせ|お礼|フェア|イベント|棚卸し|準備|"
    "検討|考え|調整|作成|急ぎ|用意|手配|調達|募集|計画|思案|思い|練り)(?:中)?(?:です|だ|なんです|なんだ|なんですが|でして|で)?|"
    "んだ|んです|んだよね|かと|かなと?|かなって|そうかと|なきゃ(?:いけない|ならない|なんで)?|なくちゃ|ないと|ねば|"
    "(?:必要|要る|いる|使う|急ぐ|急かしてくる|せかしてくる|聞いてくる|言ってくる|うるさく?て|うるさい)|"
    "(?:聞か|言わ|頼ま|急かさ|せかさ|振ら|任さ)れ(?:て|た|まして|ました)(?:の)?)"
    "(?:[ねよわ]|っす|です)?$"
)
"""How a sentence ends that says what we do, and not how people are."""
_OURS = re.compile(
    "(?:今日|本日|明日|あす|明後日|今週|来週|週明け|今月|来月|再来月|夏|秋|冬|春|年末|年明け|月末|夕方|お?昼|午後|朝)"
    "[^、。?!]{0,14}?(?:使い?ます|使う|使いたい|必要|要る|提出|やる|やります|開く|開きます|始まる|始まります|"
    "始める|あります|あるん|控えて|スタート|配信します|送ります)(?:です|んです|んだ|んだよね|ので|から|んで|る|ます)*[ねよ]?"
)
"""A sentence on when we need or do something, which says no time of customers."""
_MAKES = re.compile(
    "(?:リスト|名簿|一覧|セグメント)を?(?:作って|作成して|用意して|準備して)い?(?:ます|る|て)$"
)
"""What we are at: …の案内リスト作ってます."""
_HONOUR = ("さん", "様", "さま", "ちゃん", "たち", "達", "の方", "方", "方々", "層")
_SENDS = re.compile(
    "(?:送|出|配|流|打|投げ|当て|渡|届け|かけ|撒|贈|"
    "郵送|発送|配布|発信|提案|案内|紹介)(?:る|す|く|つ|する)$"
)
"""What is done with people who have just been named."""
_TELLS = ("person", "vague", "value", "reach", "interest", "exclude", "note", "scope")
"""Roles of words that say something of those who are meant."""
_NAMED = ("field", "event", "buy", "is", "birthday")
"""Roles of words that do so only with a number, a time or a name."""
_COUNTED = re.compile("(?<![a-z0-9])[0-9]+(?![0-9月日時年周]|/)")
_TO = ("に", "へ", "を", "には", "宛に", "向けに")
_MOST_TOKENS = 40
"""Tokens that a remark may have."""
_KANA = re.compile("[\u3041-\u3096]")
_MOST_BRACKETS = 8
_BRACKETS = re.compile(r"\([^()]{2,60}\)")
_IN_BRACKETS = re.compile(
    r"\([^()]{2,40}?(?:用|向け|ため|の件|予定|使[いうっ](?:ます|た|て)?)(?:です|に|で|なので)?\)"
)
"""What says in brackets what the list is for: (バースデーDMの宛名用)."""


def without_asides(
    tokens: list[Token], form: str, language: str
) -> tuple[list[Token], list[tuple[int, int]]]:
    """The tokens with one small word in place of each such clause, and where those clauses are.

    What doesn't matter is left out as well.
    """
    tokens, places = _without_brackets(without_what_does_not_matter(tokens), form, language)
    if language == "th":
        tokens, more = without_thai_asides(in_plain_words(tokens, form), form)
        places += more
    if language == "zh-Hant":
        tokens = in_plain_chinese(tokens, form)
    clauses = list(_clauses(tokens))
    if not any(_asks(clause) for clause, _ in clauses):
        return tokens, places  # all of it is unknown, and is named
    found = list[Token]()
    for clause, strong in clauses:
        for part, aside in _parts(clause, form, language, whole=strong):
            found += _passed_over(part, form) if aside else part
            words = [token for token in part if not token.separator]
            begins = language in ("th", "zh-Hant") or (
                bool(words) and (words[0] is clause[0] or _in_brackets(words[0], form))
            )
            if aside and words and begins and not found[-1 if words[-1] is part[-1] else -2].rest:
                start = words[0].start + form.startswith("(", words[0].start)
                places.append((start, words[-1].end))
    return found, sorted(places)


def _without_brackets(
    tokens: list[Token], form: str, language: str
) -> tuple[list[Token], list[tuple[int, int]]]:
    """The tokens, with one small word in place of those in brackets that say what it is for.

    Besides, the places of remarks in brackets.
    """
    places = list[tuple[int, int]]()
    for match in itertools.islice(_BRACKETS.finditer(form), _MOST_BRACKETS):
        inner = [t for t in tokens if match.start() <= t.start and t.end < match.end()]
        said = [t for t in inner if not t.separator]
        purpose = _IN_BRACKETS.fullmatch(match[0]) is not None and not any(map(_is_told, inner))
        remark = language == "en" and bool(said) and is_remark(said, form, language, whole=False)
        if inner and (purpose or remark):
            start = tokens.index(inner[0])
            tokens = [*tokens[:start], *_passed_over(inner, form), *tokens[start + len(inner) :]]
            places += [(said[0].start, said[-1].end)] if remark else []
    return tokens, places


def _is_told(token: Token) -> bool:
    said = token.quote or token.values or token.extra or token.separator
    return bool(said) or any(map(token.role, _TELLS))


def _parts(
    clause: list[Token], form: str, language: str, *, whole: bool
) -> Iterator[tuple[list[Token], bool]]:
    """A clause by what is asked and what is an aside."""
    if _KANA.search(form):
        if reason := _reason(clause, form):
            yield clause[:reason], True
            clause = clause[reason:]
        start = 0 if _is_aside(clause, form, strong=whole) else _what_we_do(clause, form)
        yield clause[:start], False
        yield clause[start:], True
        return
    if language == "zh-Hant" and not _remark(clause, 0, form, language, whole=whole):
        start = aim(clause, form)
        yield clause[:start], False
        yield clause[start:], True
        return
    start = 0
    while start < len(clause):
        end = _remark(clause, start, form, language, whole=whole)
        yield clause[start : max(end, start + 1)], end > start
        start = max(end, start + 1)


def _remark(clause: list[Token], start: int, form: str, language: str, *, whole: bool) -> int:
    """Where a remark ends that begins at a token; the token's own place if none does."""
    ahead = range(start + 1, min(len(clause), start + _MOST_TOKENS))
    ends = [len(clause)] if len(clause) - start <= _MOST_TOKENS else []
    if language == "th":  # which parts clauses by spaces alone
        if start and not _spaced(clause[start], form):
            return start
        ends += [place for place in reversed(ahead) if _spaced(clause[place], form)]
    elif start and not _in_brackets(clause[start], form):
        return start
    for end in ends:
        said = [token for token in clause[start:end] if not token.separator]
        alone = (whole or start > 0) and (not start or language != "th") and end == len(clause)
        if said and is_remark(said, form, language, whole=alone):
            return end
    return start


def _in_brackets(token: Token, form: str) -> bool:
    """Whether brackets are opened there, and closed by the end: "… (paper mail it is then)"."""
    opens = "(" in form[max(0, token.start - 1) : token.start + 1]
    return opens and re.match(r"[^()]*\)\W*$", form[token.start + 1 :]) is not None


def _spaced(token: Token, form: str) -> bool:
    return form[token.start - 1 : token.start] == " "


def _clauses(tokens: list[Token]) -> Iterator[tuple[list[Token], bool]]:
    """Each clause with the separator after it, and whether a sentence ends there."""
    begun = True
    clause = list[Token]()
    for token in [*tokens, Token(0, 0, separator=".")]:
        clause.append(token)
        if token.separator:
            yield clause if token.end else clause[:-1], begun and token.separator == "."
            begun, clause = token.separator == ".", []


def _asks(clause: list[Token]) -> bool:
    measured = any(token.extra or token.values or token.quote for token in clause)
    return measured or any(any(map(t.role, (*_TELLS, *_NAMED))) for t in clause)


def _reason(clause: list[Token], form: str) -> int:
    """Where the reason ends that a clause begins with: 資料に載せたいので東京の女性; 0 if none."""
    for place, token in enumerate(clause[:-2], 1):
        if form[token.start : token.end] in ("ので", "なので", "んで"):
            return place if _is_aside(clause[:place], form, strong=False) else 0
    return 0


def _what_we_do(clause: list[Token], form: str) -> int:
    """Where it begins what is done with the people: …の人にチラシを撒きたい; the end if nowhere."""
    for place in range(len(clause) - 2, 0, -1):
        particle = form[clause[place].start : clause[place].end]
        if particle in _TO and _are_people(clause[:place], form):
            done = _is_aside(clause[place:], form, strong=True, told=True)
            return place if done else len(clause)
    return len(clause)


def _are_people(said: list[Token], form: str) -> bool:
    """Whether it ends in a word for people: 人, 女性, 飼い主さん."""
    for token in reversed(said):
        named = token.concepts and token.concepts[0].data.get("field") == "gender"
        named = named or any(kind == "membership_tier" for kind, _ in token.values)
        if token.role("person") or token.role("interest") or named:
            return True
        if form[token.start : token.end] not in _HONOUR:
            return False
    return False


def _is_aside(clause: list[Token], form: str, *, strong: bool, told: bool = False) -> bool:
    """Whether a clause is one; `told` if it says what is asked of the people just named."""
    said = list(itertools.takewhile(lambda t: not t.separator, clause))
    purpose = any(token.role("purpose") or token.role("purpose_after") for token in said)
    asked = told and any(token.role("scope") for token in said)  # 口コミをお願いしたい
    text = form[said[0].start : said[-1].end] if said else ""
    ours = _OURS.fullmatch(text) is not None and (strong or _REASON.search(text) is not None)
    if not (asked or ours or any(token.rest or (token.topics and not purpose) for token in said)):
        return False
    reason = ours or _REASON.search(text) or (told and _SENDS.search(text))
    if not (reason or (strong and _REMARK.search(text))):
        return False
    tells = tuple(role for role in _TELLS if not (asked and role == "scope"))
    makes = strong and _MAKES.search(text) is not None
    if any(t.quote or any(map(t.role, tells)) or (t.requests and not makes) for t in said):
        return False
    measured = any(isinstance(t.extra.get("quantity"), Quantity) or "span" in t.extra for t in said)
    named = any(t.values or any(map(t.role, _NAMED)) for t in said)
    denied = any(token.role("not_after") for token in said)
    return ours or not (named and (measured or denied))


def _passed_over(clause: list[Token], form: str) -> Iterator[Token]:
    """The clause as one small word; as an unknown one if it counts something: 100人に絞りたい."""
    words = [token for token in clause if not token.separator]
    if words:
        start, end = words[0].start, words[-1].end
        counted = _COUNTED.search(form, start, end)
        small = () if counted else (concepts()["fill"],)
        yield Token(start, end, small, languages=words[0].languages)
    yield from (token for token in clause if token.separator)
