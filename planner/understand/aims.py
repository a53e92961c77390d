"""What is done with the list, as Chinese says it within a clause: 幫我抓一下|做熟齡色號 campaign.

planner.understand.remarks knows clauses that begin as remarks do; here are those that follow the
people or the request without a comma, what our own people ask, and aims said in the middle. Each
holds a word that is unknown, and tells no condition.
"""

import re

from planner.understand.spans import Quantity, Span
from planner.understand.tokens import Token

_OUR = (
    "(?:老闆|老板|主管|店長|經理|總監|長官|同事|業務|客服|cs|會計|財務|採購|行銷|企劃|小編|設計|倉庫|物流|廠商|"
    "總部|上面|公司|品牌|門市|pm|ae|我們?(?:先生|老公|太太|老婆|媽媽?|爸爸?|女兒|兒子|妹妹|姊姊|姐姐|弟弟|哥哥|家人|朋友|員工))"
)
_WE = (
    f"(?:因為|所以|畢竟|反正|由於|不然|然後)?(?:我們?(?:家|這邊|團隊)?|{_OUR})(?!的|有|過|沒)|"
    "(?:這|本|下|那)(?:次|波|季|檔|回|批|輪)(?!有|沒|的|都)|(?:號碼|名單|數字|資料)?應該要?"
)
"""How a clause begins that says what we do, or why."""
_ASKED = re.compile(
    f"{_OUR}(?:們|等等|一直|在|又|剛剛?|昨天|今天|下午|早上|那邊|說|想){{0,3}}"
    "(?:問|要問|說|說想|想知道|覺得|擔心|希望|要求|催|嫌|開會|要看|想看|等|急|交代|規定)"
)
"""What our own people say or ask, whatever it is of."""
_THESE = "(?:(?:這|那)(?:群|批|些|種)(?:人|客人|會員|顧客)?|他們|她們|ta們?)"
_POINTS = tuple(a + b for a in "這那" for b in "種群批些")
_WILL = "剛好|正好|順便|可以|方便|打算|準備|預計|適合|好|想要?|要|得|先|再|一起|直接|也|會|就"
_LED = f"(?:{_WILL}|來|去|拿來|用來|找來)"
_DO = (
    f"{_THESE}?{_LED}{{0,4}}(?:推(?!播)|辦|發(?!送)|寄|測|測試|拍|補|排|規劃|規畫|試|邀|約|印|配|衝|追|救|喚|操作|經營|"
    "加強|主打|評估|研究|分析|驗證|對照|比對|作為|安排|優化|開(?:會|檔|團|賣|直播))(?!過|了|得到|不到|的到|有)|"
    f"當(?!過|了)|(?:{_THESE}{_LED}{{0,4}}|{_LED}{{1,4}})(?:做|當|送(?!達)|跑|進|談|聊|打(?!開)|搭|設計|拉|撈|看|列|建|整理|清)"
    "(?!過|了|得到|不到|的到|有)|我們?(?:想|要|會|打算|準備|先)"
)
"""How it begins that says what is done with the people."""
_TITLE = re.compile("(?:做|打|跑|送|聊|談|給)(?!過|了)")
"""How a clause begins that stands before a colon: 做 lookalike 種子:…."""
_FOR = re.compile("(?:用|用的|要用|參考|成效|效果|備查|備用|比較一下)[喔哦啦囉唷~!]*$")
"""How it ends."""
_AIM = re.compile(
    "(?<=.)要|想|先(?!生)|給|幫|讓|預計|準備|方便|以便|一下|專案|企劃|評估|kpi|參考|分析"
)
"""What is said of an aim, wherever it stands."""
_DESCRIBES = re.compile("[過沒無未]|有(?!效)|是(?!否)|^會|住在|屬於|[的者]$")
"""What is said of people."""
_EVERY = (
    "(?:(?:每次|每年|往年|平常|平時|以前|逢年)?(?:過年|過節|年節|節日|春節|中秋節?|端午節?|聖誕節?|母親節|父親節|情人節|"
    "換季|月底|年底|尾牙)?(?:的?時候|時|前|後|到了?)?(?:我們?(?:家|店裡?|這邊)?|店裡|公司)(?:都|也|通常|一定|固定|每年|習慣)*"
    "(?:會|要|想|得|有(?!過|沒)))"
)
"""How a clause begins that says what we always do: 過年我都會寄月曆給她們."""
_WARNS = (
    ".{1,12}?(?:不能|不可以?|別|不要|不該|不得|不宜|不好)再?(?:亂|隨便|隨意|貿然|直接|一直|太常)"
    "(?:寄|送|發|推|傳|賣|打擾|吵|給)"
)
"""Says what must not be done: 堅果禮盒不能亂寄."""
_LIKE = re.compile("(?:這樣子?|那樣子?|這種感覺|那種感覺|的概念|的感覺|的意思)[啦喔吧呢]?$")
"""How a clause ends that says once more, in other words, what was said: 貓狗雙全這樣."""
_CLAUSE, _TAIL = re.compile(f"{_WE}|{_EVERY}|{_WARNS}|{_DO}"), re.compile(_DO)
_STRONG = ("value", "reach", "note", "source", "exclude", "scope", "birthday", "interest")
"""Roles of words that say something of those who are meant."""
_PASSED = ("fill", "person", "any_one", "vague", "value")
"""Roles of words that may stand before what is done with the people."""
_PEOPLE = "客人戶粉顧友者員族家群"
"""How vague words for people end, and not for things: 老主顧 beside 高單價."""
_MOST_TOKENS = 40
"""Tokens of a clause that may hold one."""
_DONE = re.compile("[過了沒有未]")


def aim(clause: list[Token], form: str) -> int:
    """Index of the token at which it begins in a clause; the clause's length if there is none."""
    said = [token for token in clause if not token.separator]
    place = _Clause(said, form).begins() if len(said) <= _MOST_TOKENS else len(said)
    return place if place < len(said) else len(clause)


class _Clause:
    """The words between two separators."""

    def __init__(self, tokens: list[Token], form: str) -> None:
        self.tokens, self.form = tokens, form
        self.end = tokens[-1].end if tokens else 0

    def begins(self) -> int:
        """Index of the token where it begins; the number of tokens if there is none."""
        places = range(len(self.tokens))
        return next((place for place in places if self._begins(place)), len(self.tokens))

    def _begins(self, place: int) -> bool:
        token, form = self.tokens[place], self.form
        if place and not self._may_lead(self.tokens[place - 1]):
            return False
        said = form[token.start : self.end]
        ours = place == 0 and _ASKED.match(said) is not None
        begun = (_TAIL if place else _CLAUSE).match(said) is not None and not _is_longer(token)
        titled = form[self.end : self.end + 1] == ":" and _TITLE.match(said) is not None
        begun = begun or (place == 0 and (titled or _FOR.search(said) is not None))
        begun = begun or (place == 0 and _LIKE.search(said) is not None)
        aims = place == 0 and _AIM.search(said) and not _DESCRIBES.search(said)
        if not (ours or begun or aims) or said[-1] in "的者":
            return False
        later = range(place, len(self.tokens))
        unknown = ours or any(self.tokens[i].rest for i in later)
        known = any(t.role("purpose") for t in self.tokens[place : place + 2])
        strict = bool(aims) and not begun
        return (
            unknown
            and not known
            and not any(self._tells(i, ours=ours, strict=strict) for i in later)
        )

    def _may_lead(self, token: Token) -> bool:
        """Whether what is done with the people may be said right after: …的人|來推新品."""
        return any(map(token.role, _PASSED)) or self.form[token.end - 1] in "的人"

    def _tells(self, place: int, *, ours: bool, strict: bool) -> bool:
        """Whether a word says something of those who are meant, and not of our own people."""
        token, form = self.tokens[place], self.form
        after = self.tokens[place + 1] if place + 1 < len(self.tokens) else None
        if token.quote or token.extra:
            return _measures(token)
        if token.role("person") and not token.role("fill"):
            these = form[max(0, token.start - 2) : token.start] in _POINTS
            return (place > 0 or not ours) and not these
        if token.role("vague"):
            joined = after is None or form[after.start : after.end] in ("的", "的人")
            return joined or form[token.end - 1] in _PEOPLE
        if ours and token.role("exclude") and form[token.end - 1] in "掉除":
            return True
        if ours:
            named = any(kind not in ("attribute", "campaign") for kind, _ in token.values)
            return named or self._is_done(token)
        if token.role("fill"):
            return False
        if any(map(token.role, _STRONG)):
            return True
        if any(kind != "attribute" for kind, _ in token.values):
            return True
        acts = any(map(token.role, ("buy", "event", "is")))
        return self._is_done(token) or (acts and strict)

    def _is_done(self, token: Token) -> bool:
        """Whether it is an act that somebody did or did not do."""
        acts = any(map(token.role, ("buy", "event", "is"))) and not token.role("fill")
        near = self.form[max(self.tokens[0].start, token.start - 1) : token.end + 1]
        return acts and _DONE.search(near) is not None


def _measures(token: Token) -> bool:
    """Whether it is a number that is compared, a time up to now, or words that are searched."""
    quantity, span = token.extra.get("quantity"), token.extra.get("span")
    if isinstance(quantity, Quantity):
        return bool(quantity.op) or quantity.unit == "years"
    return not isinstance(span, Span) or span.led


def _is_longer(token: Token) -> bool:
    """Whether it is a word of its own that only begins like it: 推播, 打開."""
    told = any(map(token.role, ("event", "channel", "reach", "message", "field")))
    return told and not token.role("purpose") and token.end - token.start > 1
