"""Which of the four languages a person writes; any other is answered in English."""

import re
from collections.abc import Iterable

from planner.understand.tokens import Token

_THAI = re.compile(r"[\u0e01-\u0e4e]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_LATIN = re.compile(r"[a-z\u00c0-\u024f]+")
# Characters that are written only so in simplified Chinese, in Taiwan, and in Japan.
_SIMPLIFIED = set(
    "过买费个们这说对时会为产类钱东岁龄级员闻单开关发没么样两还让给从么优惠动换领积顾邮号码区华车间请帮无户标签给订购历网络浏览选择条件"
)
_SIMPLIFIED -= set("惠换无户件择动条对")  # some are shared
_SIMPLIFIED |= set("动对条无户换择")
_TRADITIONAL = set(
    "過買費個們這說對時會為產類錢東歲齡級員聞單開關發沒麼樣兩還讓給從優動領積顧郵號碼區華車間請幫無標籤訂購歷網絡瀏覽選擇條額點戶"
)
_JAPANESE = set("様込働峠価売買済対応気圧広県駅顧払戻帯円発経歳齢産関沢検択")
_JAPANESE -= _TRADITIONAL | _SIMPLIFIED
_TAIWAN = set("們這說對會產錢歲齡單關發沒麼樣兩還從號區幫籤歷瀏覽擇條點戶讓")
"""Written so in Taiwan, and never in Japan."""
_SHINJITAI = set(
    "会国来数点号体当区与医声写条乱麦断礼寿湿学効売価円歳対応検気帰発広変辺読続総単両画図団満毎収単薬覧頼軽択拡残焼譲遅閲険雑黒"
)
"""Written so in Japan, and never in Taiwan."""


def _script_counts(form: str, tokens: Iterable[Token]) -> dict[str, int]:
    masked = list(form)
    for token in tokens:
        if token.quote or _is_own_name(token, form):
            masked[token.start : token.end] = " " * (token.end - token.start)
    text = "".join(masked)
    if not any(char.isalnum() for char in text):
        text = form
    return {
        "th": len(_THAI.findall(text)),
        "ja": len(_KANA.findall(text)),
        "han": len(_HAN.findall(text)),
        "ko": len(_HANGUL.findall(text)),
        "latin": len(_LATIN.findall(text)),
    }


def _is_own_name(token: Token, form: str) -> bool:
    """Whether it is a name as the data has it; a usual name such as ゴールド tells a language."""
    said = form[token.start : token.end].strip()
    if token.values and not _KANA.search(said):
        return True  # 大阪 is written so in two languages
    return any(name.casefold() == said for _, name in token.values)


def _han_only(form: str, sticky: str, tokens: list[Token]) -> str:
    chars = set(form)
    if chars & (_SIMPLIFIED - _TRADITIONAL) and not chars & (_TRADITIONAL - _SIMPLIFIED):
        simplified_only = chars & (_SIMPLIFIED - _JAPANESE)
        if simplified_only and sticky not in ("ja", "zh-Hant"):
            return "en"
    if sticky in ("ja", "zh-Hant"):
        return sticky
    traditional = bool(chars & _TAIWAN)
    votes = {"ja": 0, "zh-Hant": 0}
    for token in tokens:
        for language in votes:
            if token.languages == {language}:
                votes[language] += token.end - token.start
    if votes["ja"] > votes["zh-Hant"] and not traditional:
        return "ja"
    if re.search(r"\d0代|\d回(以上|以下|購入|注文|$)", form) and not traditional:
        return "ja"
    if chars & (_JAPANESE | _SHINJITAI) and not traditional:
        return "ja"
    return "zh-Hant"


def detect(form: str, tokens: list[Token], sticky: str, locale: str = "") -> str:
    """The language to answer in: the text's own, unless it is too short to tell."""
    if sticky and all(t.values or t.quote or t.separator or not t.concepts for t in tokens):
        return sticky  # names of the data's own, in whatever script, tell nothing
    counts = _script_counts(form, tokens)
    settled = sticky or _locale(locale)
    if counts["th"] and counts["th"] >= counts["han"] + counts["ja"]:
        return "th"
    if counts["ko"] > counts["han"] + counts["ja"]:
        return "en"
    if counts["ja"] >= 1 and not (
        counts["ja"] == 1 and "の" in form and counts["han"] >= 3 and settled != "ja"
    ):
        return "ja"
    if counts["han"]:
        if counts["latin"] > 4 and counts["han"] <= 2 and settled in ("", "en"):
            return "en"
        return _han_only(form, sticky or ("" if not locale else _locale(locale)), tokens)
    english = sum(1 for t in tokens if "en" in t.languages and t.end - t.start > 1)
    if sticky and sticky != "en":
        return "en" if counts["latin"] >= 4 and english >= 3 else sticky
    return "en" if counts["latin"] >= 2 or not settled else settled


def _locale(locale: str) -> str:
    low = locale.lower().replace("_", "-")
    if low.startswith(("zh-tw", "zh-hant", "zh-hk")):
        return "zh-Hant"
    return low[:2] if low[:2] in ("ja", "th", "en") else ""
