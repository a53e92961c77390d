"""Conditions on purchases, and on moments in time."""

from collections.abc import Set
from dataclasses import replace
from datetime import date, timedelta

from planner.fields import Op
from planner.plan import AllOf, Condition, Node, Not
from planner.understand.frames import OF_PRODUCTS, Frame
from planner.understand.ground import candidates, fit, narrowest
from planner.understand.numbers_said import Numbers
from planner.understand.spans import Quantity, Span
from planner.windows import Ago, On, Start, bound_date

_SURELY_MONEY = 100
"""A bare number from which "bought over 2,000" is about money, not about orders."""


def is_category(
    phrase: str, topics: Set[str], categories: tuple[str, ...], products: tuple[str, ...]
) -> bool:
    """Whether a category fits a description better than the products that do."""
    whole, part = (fit(phrase, names[0], topics) for names in (categories, products))
    return whole > part or (whole == part and whole[1] > 0 and len(products) > 1)


class Purchases(Numbers):
    """Makes conditions of acts of buying and of moments."""

    def _buy(self, frame: Frame) -> Node | None:
        if frame.concept and frame.concept.data.get("act") and frame.quantity:
            if frame.quantity.unit == "":
                frame.quantity = replace(frame.quantity, unit="money")  # it was spent on that
        large = frame.quantity is not None and frame.quantity.number >= _SURELY_MONEY
        if frame.quantity is not None and large and frame.quantity.unit == "":
            frame.quantity = replace(frame.quantity, unit="money")
        if frame.topics and not frame.values:
            return self._described_purchase(frame)
        quantity = frame.quantity
        again = frame.concept is not None and frame.concept.name == "repurchase"
        if quantity is None and again and frame.negated and not (frame.span or frame.topics):
            if not (frame.values or frame.recent):  # リピートしていない
                return Condition(field="order_count", op=Op.EQ, number=1)
        if quantity is None and again and not (frame.negated or frame.topics or frame.recent):
            return self._compared(frame, "order_count", Quantity(2, Op.GE, unit="times"))
        if quantity is None and frame.conjunction == "and" and not frame.negated:
            return self._bought_each(frame)
        if quantity is None and frame.together and len(frame.values) > 1:
            return Not(item=self._bought_each(replace(frame, negated=False)))
        bare = not (quantity or frame.values) and frame.negated
        if bare and frame.span is not None and frame.span.lasting:
            return self._when("last_purchase", frame.span, long_ago=True)
        if quantity is None:
            return self._some(frame, "order_count")
        if quantity.unit == "money":
            return self._compared(frame, "total_spending", quantity)
        counted = quantity.unit == "" and any(kind == "product" for kind, _ in frame.values)
        if quantity.unit == "pieces" or counted:  # "3 or more Yoga Mats"
            return self._compared(frame, "purchase_quantity", quantity)
        return self._compared(frame, "order_count", quantity)

    def _bought_each(self, frame: Frame) -> Node:
        """«bought both A and B»: each of them at least once."""
        bought = [self._some(replace(frame, values=[v]), "order_count") for v in frame.values]
        return AllOf(items=tuple(bought)) if len(bought) > 1 else bought[0]

    def _described_purchase(self, frame: Frame) -> Node | None:
        phrase, topics = self.phrase(frame), narrowest(set(frame.topic_names))
        condition = self._of_what_was_described(frame)
        then = ("order_count.window",) if frame.recent and frame.span is None else ()
        products = candidates(phrase, "product", self.catalogue, topics)
        categories = candidates(phrase, "category", self.catalogue, topics)
        if categories and (
            frame.noun == "category"
            or not products
            or is_category(phrase, topics, categories, products)
        ):
            return self._open(
                frame, "category.choice", condition, candidates=categories, reason="near", then=then
            )
        if products:
            return self._open(
                frame, "product.choice", condition, candidates=products, reason="near", then=then
            )
        return None

    def _of_what_was_described(self, frame: Frame) -> Condition:
        if frame.head in OF_PRODUCTS or frame.name == "add_to_cart_count":
            name, quantity = frame.name, frame.quantity
            if quantity is None:
                quantity = Quantity(0, Op.GT) if name == "add_to_cart_count" else Quantity(1, Op.GE)
        else:
            quantity = frame.quantity or Quantity(1, Op.GE)
            name = {"money": "product_amount", "pieces": "purchase_quantity"}.get(
                quantity.unit, "checkout_count"
            )
        return Condition.model_validate(
            {"field": name, "window": self._window(frame), **self._numbers(quantity)}
        )

    def _moment(self, frame: Frame) -> Node | None:
        name, span = frame.head, frame.span
        if span is None:
            high = frame.recent or name in ("joined_at", "first_purchase")
            condition = Condition(field=name, op=Op.WITHIN)
            if name == "last_interaction" and not frame.recent and not frame.negated:
                return None  # "interaction" alone says nothing
            if name == "first_purchase" and frame.negated and not frame.recent:
                return Condition(field="order_count", op=Op.EQ, number=0)  # 初回購入していない
            if name == "last_interaction" and frame.negated and not frame.recent:
                frame.negated = False
                return self._open(frame, f"{name}.window", condition, high=False)
            if name == "joined_at" and not frame.recent:
                return None
            if name == "last_interaction" and frame.negated:
                frame.negated = False
                high = False
            return self._open(frame, f"{name}.window", condition, high=high)
        standing = frame.concept is not None and bool(frame.concept.data.get("standing"))
        if standing and not (span.named or span.short or frame.negated):
            span = replace(span, long=True)  # "with us for two years"
        frame.negated = frame.negated and not span.lasting
        long_ago = span.long and not span.ago and not frame.negated
        return self._signed(frame, self._when(name, span, long_ago=long_ago))

    def _birthday(self, frame: Frame) -> Node | None:
        if frame.next_days is not None:
            condition = Condition(field="birthday", op=Op.NEXT_DAYS, number=frame.next_days)
            return self._signed(frame, condition)
        if frame.concept and frame.concept.role == "birthday":
            known = {(self.today.month - 1 + int(frame.concept.data["offset"])) % 12 + 1}
            known |= {int(text) for kind, text in frame.values if kind == "month"}
            if frame.span is not None and (said := frame.span.month or frame.span.of_month):
                known.add(said)  # 誕生月が今月か来月
            texts = tuple(str(month) for month in sorted(known))
            return self._signed(frame, Condition(field="birthday", op=Op.MONTH, texts=texts))
        span = frame.span
        if span is None:
            return None
        if span.month is not None and span.day is not None and span.window.start is None:
            near = date(self.today.year, span.month, min(span.day, 28))
            near = near.replace(year=near.year + (near < self.today))  # 7月15日までに: from now on
            left = (near - self.today).days + span.day - near.day
            return self._signed(frame, Condition(field="birthday", op=Op.NEXT_DAYS, number=left))
        if span.month is not None and span.day is not None:
            day = f"{span.month:02d}-{span.day:02d}"
            return self._signed(frame, Condition(field="birthday", op=Op.MONTH_DAY, texts=(day,)))
        if self._is_of_years(span):
            return None  # «1990 年以後出生»: a year of birth is no condition
        condition = self._birthday_span(span)
        further = tuple(text for kind, text in frame.values if kind == "month")
        if further and condition.op is Op.MONTH:
            months = sorted({*condition.texts, *further}, key=int)
            condition = condition.model_copy(update={"texts": tuple(months)})
        return self._signed(frame, condition)

    @staticmethod
    def _is_of_years(span: Span) -> bool:
        """Whether it speaks of whole years, or of all time from or up to a date."""
        start, end = span.window.start, span.window.end
        if span.month is not None or not isinstance(start or end, On):
            return False
        if not (isinstance(start, On) and isinstance(end, On)):
            return True
        return (end.on - start.on).days >= 365

    def _birthday_span(self, span: Span) -> Condition:
        start, end = span.window.start, span.window.end
        if isinstance(start, Ago) and end is None:  # "birthday within 14 days" looks ahead
            days = start.ago * {"day": 1, "week": 7, "month": 30, "year": 365}[start.unit]
            return Condition(field="birthday", op=Op.NEXT_DAYS, number=days)
        if isinstance(start, Start) and start.start_of in ("day", "week"):
            if start.offset == 0:
                left = 0 if start.start_of == "day" else 6 - self.today.weekday()
                return Condition(field="birthday", op=Op.NEXT_DAYS, number=left)
            day = bound_date(start, self.today)
            size = 1 if start.start_of == "day" else 7
            dates = tuple(f"{day + timedelta(days=i):%m-%d}" for i in range(size))
            return Condition(field="birthday", op=Op.MONTH_DAY, texts=dates)
        if isinstance(start, On) and isinstance(end, On) and (start.on.day, end.on.day) != (1, 1):
            size = (end.on - start.on).days  # 6月10日から25日まで
            dates = tuple(f"{start.on + timedelta(days=i):%m-%d}" for i in range(min(size, 366)))
            return Condition(field="birthday", op=Op.MONTH_DAY, texts=dates)
        if start is None and end is not None:
            left = (bound_date(end, self.today) - self.today).days - 1
            if 0 <= left <= 366:  # 今月末までに
                return Condition(field="birthday", op=Op.NEXT_DAYS, number=left)
        first = bound_date(start, self.today).month if start else self.today.month
        count = 1
        if end is not None and start is not None:
            last = bound_date(end, self.today)
            count = max(1, min(12, (last.month - first) % 12 or 12)) if last.day == 1 else 1
        months = tuple(str((first - 1 + i) % 12 + 1) for i in range(count))
        return Condition(field="birthday", op=Op.MONTH, texts=months)
