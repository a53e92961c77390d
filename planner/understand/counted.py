"""What a number counts where no field at hand says it: points, people's ages, a price, a sum."""

import re

from planner.fields import Op
from planner.understand.cursor import Cursor, may_be_age
from planner.understand.frames import ENGAGE, Frame
from planner.understand.spans import Quantity
from planner.understand.tokens import Token

_ONE_ORDER = re.compile(
    r"(?:\b(?:an?|one|any|single) (?:single )?(?:order|purchase|transaction)(?: of| for| worth)?"
    r"|(?:^|\b(?:with|have|had|has|placed|made|no|any) )(?:orders|purchases|transactions))$"
)
_HEADS = ("field", "is", "event")
_THING = re.compile(r"\b(?:something|anything|a (?:product|thing)) (?:for )?$")
_PRICED = 100
"""A number from which "something over 500" is what it cost."""
_SMALL = 2
"""Small words between a number and what it counts."""
_OF_A_PRICE = ("の", "する", "もする", "な", "的")
_OF_THAT_PRICE = re.compile("(?:の|する|した)?(?:もの|モノ|品物|やつ)[をがは]")
_KINDS = ("樣", "個", "者", "種", "款", "類", "項")
_THESE = ("この", "上記", "上記の", "以上", "以上の", "これら", "その", "these", "those", "這")


_BE = (
    "only those",
    "only people",
    "just those",
    "only the ones",
    "are",
    "is",
    "were",
    "who are",
    "who is",
    "that are",
    "between",
    "and are",
    "or are",
)
"""What stands between people and their age."""


def is_people(token: Token | None) -> bool:
    """Whether a word means people: customers, women."""
    if token is None:
        return False
    value = token.role("value")
    gender = value is not None and value.data["field"] == "gender"
    return gender or token.role("person") is not None


class Counted(Cursor):
    """Tells what numbers count."""

    def _is_one_more(self, quantity: Quantity) -> bool:
        """«…的人,給我一包», "想再邀一次": one of something, in a clause of its own."""
        frame = self.current
        one = (quantity.number, quantity.op) == (1, None) and quantity.unit in ("times", "pieces")
        after = self._peek(1)
        ends = after is None or after.separator or after.role("request")
        if one and frame is None and quantity.unit == "pieces" and ends:
            return True  # 跑一包給我:…
        return one and frame is not None and frame.clause < self.clause and frame.head == ENGAGE

    def _counts_attribute(self) -> bool:
        follower, quantity = self._peek(1), self.tokens[self.index].extra.get("quantity")
        named = follower.values if follower is not None else ()
        if isinstance(quantity, Quantity) and quantity.unit not in ("", "points"):
            return False  # 買了10件以上 點數低於500
        return any(kind == "attribute" and name in self.numeric for kind, name in named)

    def _counts_kinds(self) -> bool:
        """Whether it counts kinds of things: how many different ones, that can't be told."""
        after = self._peek(1)
        said = self.form[after.start : after.end] if after is not None else ""
        return said in ("categories", "product categories", "tags", "cities", "channels", "tiers")

    def _is_next_count(self, quantity: Quantity) -> bool:
        """«買過珠寶,今年以來卻一筆訂單都沒有»: orders of a clause that has a time of its own."""
        frame = self.current
        return quantity.unit == "orders" and frame is not None and frame.clause < self.clause

    def _points(self) -> str:
        """The custom attribute that counts points, if the data has one."""
        return next((name for name in sorted(self.numeric) if "point" in name.casefold()), "")

    def _bought_before(self, quantity: Quantity) -> None:
        """«180 天沒買但以前買過 3 次以上»: what was bought before is counted."""
        frame = self.current
        thing = frame.concept.data.get("object") if frame and frame.concept else None
        if frame is not None and frame.head == "vague" and thing == "bought":
            if quantity.unit in ("times", "orders", "pieces", "money") and not frame.values:
                frame.head, frame.concept, frame.timeless = "buy", None, True

    def _says_no_number(self, token: Token, quantity: Quantity) -> bool:
        """Whether it only stands for what was named: "one", 兩樣, この3つ."""
        frame = self.current
        if frame is not None and self._counts_names(frame, token, quantity):
            frame.conjunction, frame.together = "and", True
            return True
        once = (quantity.number, quantity.op, quantity.unit) == (1, Op.GE, "times")
        if once and frame is not None and frame.head == "highest_order" and frame.quantity:
            return True  # ยอดบิลเกิน 1 หมื่น อย่างน้อย 1 ครั้ง
        pronoun = self._is_pronoun(token, quantity) or self._is_one_more(quantity)
        return pronoun or self._counts_conditions(quantity)

    def _counts_names(self, frame: Frame, token: Token, quantity: Quantity) -> bool:
        """«Yoga Mat 和 Running Shoes 兩樣»: both of those named."""
        named = len(frame.values) > 1 and quantity.number == len(frame.values)
        said = self.form[token.end - 1] in _KINDS or self.form[token.end : token.end + 1] in _KINDS
        joined = frame.bit in (self.bit, self.bit - 1)
        joined = joined and "或" not in self.form[frame.start : token.start]
        return named and said and quantity.op is None and joined

    def _is_pronoun(self, token: Token, quantity: Quantity) -> bool:
        """«never clicked one»."""
        frame = self.current
        said = self.form[token.start : token.end] == "one" and quantity.op is None
        return said and frame is not None and frame.negated

    def _counts_conditions(self, quantity: Quantity) -> bool:
        """«この3つ全部», «以上2点とも満たす»: how many conditions were said."""
        if quantity.op is not None or quantity.unit not in ("pieces", "") or quantity.number > 9:
            return False
        found = False
        for step in (1, 2, 3):
            token = self._peek(step)
            if token is None or token.separator:
                break
            found = found or any(map(token.role, ("both", "condition_noun", "any_one")))
            if not (token.role("fill") or token.role("both")):
                break
        before = self._peek(-1)
        quoted = before is not None and self.form[before.start - 1 : before.end] == "」の"
        if quoted and len(self.sketch.frames) > 1:
            return True  # 条件は「…」「…」の2つ
        led = before is not None and self.form[before.start : before.end] in _THESE
        return found or (led and len(self.sketch.frames) > 1)

    def _is_one_large_order(self, frame: Frame, quantity: Quantity) -> bool:
        """«ซื้อครั้งเดียวเกิน 15,000»: at once, not once in a life."""
        once = frame.concept is not None and frame.concept.name == "bought_once"
        ordered = frame.head in ("buy", "order_count") and not frame.values
        said = self.form[: self.tokens[self.index].start].rstrip()
        once = once or "a single order" in self.form[frame.start : frame.end]
        once = once or (frame.quantity is None and _ONE_ORDER.search(said) is not None)
        never = frame.head == "is" and frame.concept is not None and frame.never
        ordered = ordered or never
        if ordered and frame.quantity is not None:
            held = frame.quantity  # 一次買超過 1 萬, 曾有一筆訂單超過五萬
            once = held.number == 1 and held.op in (None, Op.GE)
            once = once and held.unit in ("times", "orders")
        money = quantity.unit == "money" or (quantity.unit == "" and quantity.number >= 100)
        return once and (ordered or frame.head == "is") and money and frame.bit == self.bit

    def _is_sum(self, quantity: Quantity) -> bool:
        """«累計20万円以上 ここ半年買ってない»: a sum, and no act of its own after it."""
        before, after = self._peek(-1), self._peek(1)
        summed = before is not None and before.role("sum") is not None and not before.role("field")
        money = quantity.unit == "money" or (quantity.unit == "" and quantity.number >= 500)
        joins = after is not None and (after.role("or") or after.role("and"))
        ends = joins or after is None or after.separator or after.extra or after.role("person")
        free = self.current is None or not self.current.takes_quantity(quantity)
        return bool(summed and money and ends and free and quantity.op is not None)

    def _is_price(self, token: Token, quantity: Quantity) -> bool:
        """«1万円以上の商品を買った»: what one of them costs."""
        before, after = self.tokens[max(0, self.index - 3) : self.index], self._peek(1)
        money = quantity.unit == "money" or (not quantity.unit and quantity.number >= _PRICED)
        if money and quantity.op is not None and _THING.search(self.form[: token.start]):
            return True
        if quantity.unit != "money" or quantity.op is None or any(t.role("sum") for t in before):
            return False
        step = 1
        while after is not None and self.form[after.start : after.end] in _OF_A_PRICE:
            step += 1
            after = self._peek(step)
        if after is not None and _OF_THAT_PRICE.match(self.form, token.end):
            return True
        noun = after.role("noun") if after is not None else None
        joined = step > 1 or self.form[token.end - 1] in "のる"
        return joined and noun is not None and noun.data["kind"] == "product"

    def _counts_after(self) -> bool:
        """Whether what follows tells what the number counts."""
        after = self._peek(1)
        told = ("noun", "field", "unit", "buy", "event", "channel")
        return after is not None and bool(
            after.topics or after.values or after.rest or any(map(after.role, told))
        )

    def _is_age_of_people(self, quantity: Quantity) -> bool:
        """«women 30-55»: a bare range beside people is their age."""
        years = quantity.unit == "" and quantity.op not in (None, Op.EQ)
        if not years or not 13 <= quantity.number < (quantity.upper or 100) <= 100:
            return False
        said = self._peek(-1)
        if said is not None and self.form[said.start : said.end] in _BE:
            return not self._counts_after()
        if quantity.upper is None:
            before, after = self._peek(-1), self._peek(1)
            things = {kind for kind, _ in after.values} - {"city"} if after is not None else set()
            counts = after is not None and (after.role("noun") or after.topics or things)
            return before is not None and is_people(before) and not counts
        return any(is_people(token) for token in (self._peek(-1), self._peek(1)))

    def _accepts(self, frame: Frame, quantity: Quantity) -> bool:
        left_out = frame.excluded and frame.clause < self.clause
        apart = frame.bit < self.bit and (self._head_comes() or self._is_age_alone(frame, quantity))
        apart = apart or (frame.bit < self.bit and self._counts_orders_apart(frame, quantity))
        own = self._may_count(frame, quantity) and not self._verb_follows(frame)
        return own and not (left_out or apart)

    def _head_comes(self) -> bool:
        """«… or with more than 2 returns»: what the number counts is said right after it."""
        step, small = 1, ("channel", "fill")
        while (after := self._peek(step)) is not None and any(map(after.role, small)):
            if any(map(after.role, _HEADS)) or step > _SMALL:
                break
            step += 1
        return after is not None and any(map(after.role, _HEADS))

    def _count_comes(self) -> bool:
        """Whether how often it was done is said right after the act."""
        after = self._peek(1)
        quantity = after.extra.get("quantity") if after is not None else None
        return isinstance(quantity, Quantity) and quantity.unit in ("times", "orders")

    def _counts_orders_apart(self, frame: Frame, quantity: Quantity) -> bool:
        """«had a return and made more than 10 purchases»: orders of any kind, at another time."""
        after = self._peek(1)
        timed = frame.span is not None and after is not None and "span" in after.extra
        return quantity.unit == "orders" and (frame.head == "return_count" or timed)

    def _is_age_alone(self, frame: Frame, quantity: Quantity) -> bool:
        """«redeemed a coupon or over 35»: a bare comparison after a whole act is people's age."""
        ends = (t for t in (self._peek(1),) if t is not None and not t.separator)
        alone = all(any(map(t.role, ("and", "or", "person", "purpose"))) for t in ends)
        act = frame.head in ("buy", ENGAGE, "is", "add_to_cart_count")
        return act and alone and may_be_age(quantity)

    def _verb_follows(self, frame: Frame) -> bool:
        """Whether the number belongs to a verb that comes next, as in Japanese."""
        said = frame.head in ("buy", ENGAGE, "is") and (frame.negated or frame.span is not None)
        token = self._peek(1)
        if token is None or "th" in token.languages:
            return False
        if "ja" in token.languages and frame.bit < self.bit:
            said = True  # 返品経験者、ただし3回以上購入した人は除く
        return said and bool(token.role("buy") or token.role("event"))
