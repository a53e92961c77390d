"""What is named by its kind: fields, tags, notes, campaigns, vague words, interests."""

from dataclasses import replace

from planner.understand.frames import ENGAGE, Frame
from planner.understand.known import bought_of
from planner.understand.notes import Notes
from planner.understand.spans import Span
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept, concepts
from planner.windows import Window

_OF_PRODUCTS = (
    "order_count", "purchase_quantity", "product_amount", "checkout_count",
    "highest_product_price",
)  # fmt: skip


_HAD = ("付き", "付きの", "あり", "ありの", "持ち", "を持つ")
"""How «タグ» ends where it is said that people have it: VIPタグ付き、Wholesaleタグなし."""
_PER_ORDER = ("average_order_value", "highest_order")
_WITH_US = ("buy", "order_count", "total_spending", "last_interaction", "last_purchase")


class Things(Notes):
    """Reads the words that name a field or a kind of value."""

    def _on_field(self, token: Token, concept: Concept) -> bool:
        name = concept.data["field"]
        frame = self.current
        if name == "joined_at" and token.role("noun") and self._names_tier(self._peek(1)):
            return False  # ไม่ได้เป็นสมาชิก Gold
        if frame is not None and self._is_said_already(frame, concept):
            return True
        if concept.data.get("act") and self._is_by_channel(token):
            return True
        if name == "last_interaction" and not concept.data.get("latest"):
            if self._answers_a_message():
                self._open(ENGAGE, token).message = True
                return True
        if concept.data.get("act") and frame is not None and self._is_object(frame):
            if self._object_first(token) or frame.head == "value":  # 保養品花超過3000
                frame.head, frame.concept = "buy", concept
                self._adopt(frame)
                return True
        if concept.data.get("act") and frame is not None and frame.bit == self.bit:
            named = frame.head == "buy" and (frame.values or frame.topics)
            if named and frame.quantity is None and not (frame.negated or self.negated):
                frame.concept = concept  # 買 Lipstick 花了超過 3000
                return True
        if frame is not None and self._becomes(frame, token, concept):
            return True
        if frame is not None and frame.head == "value" and frame.values[-1][0] == "campaign":
            if name == "last_interaction" and token.role("noun"):
                return False  # Member Day 活動
        said = frame is not None and frame.bit == self.bit and frame.head == ENGAGE
        said = said and any(t.start <= frame.start for t in self._breath())  # type: ignore[union-attr]
        if name == "last_interaction" and said and not self.negated:
            return token.role("noun") is None  # 活動 is a campaign beside a click
        opened = self._open(name, token, concept)
        if "months" in concept.data and opened.span is None:  # 年間購入額
            opened.span = Span(Window.last(concept.data["months"], "month"), led=True)
        return True

    @staticmethod
    def _names_tier(token: Token | None) -> bool:
        return token is not None and any(kind == "membership_tier" for kind, _ in token.values)

    def _becomes(self, frame: Frame, token: Token, concept: Concept) -> bool:
        """Whether the frame at hand is about that field: what its thing or act is counted by."""
        name, same = concept.data["field"], frame.bit == self.bit
        if concept.name == "been_member" and token.role("fill") and same:
            return frame.head in _WITH_US  # "shopped with us": no tenure
        if name in _PER_ORDER and frame.is_spending and same:
            frame.head, frame.concept = name, concept  # "spent over 500 per order"
            return True
        if name == "total_spending" and frame.head == "value" and same and self._is_object(frame):
            frame.head, frame.concept = "product_amount", None  # Baby 類別的累計購買金額
            self._adopt(frame)
            return True
        if name in _OF_PRODUCTS and self._is_object(frame) and (same or len(frame.values) > 1):
            frame.head, frame.concept = name, concept  # "Xの購入数"
            self._adopt(frame)
            return True
        if name != "add_to_cart_count":
            return False
        if frame.head == "is" and frame.name == name and same:
            frame.head, frame.concept = name, None  # "abandoned X in their cart at least twice"
            return True
        if self._is_object(frame):
            frame.head, frame.concept = name, concept  # "added X to the cart"
            frame.closed = self._object_first(token)
            self._adopt(frame)
            return True
        return False

    def _is_said_already(self, frame: Frame, concept: Concept) -> bool:
        """«ของแพงสุดที่เคยซื้อราคาเกิน 500»: a word more for what the frame is about."""
        if concept.data.get("act"):
            return self._is_size(frame) or self._is_used(frame)
        name = concept.data["field"]
        again = frame.head == name == "average_order_value" and frame.quantity is not None
        if again and frame.bit == self.bit and not self.negated:
            return True  # "average more than 2,500 per order"
        bare = frame.quantity is None and frame.bit == self.bit and not self.negated
        buyer = frame.concept is not None and frame.concept.name == "buyer"
        once = frame.head == "buy" and (frame.concept is None or frame.concept.name == "buy")
        if bare and (buyer or once) and name == "highest_product_price":
            frame.head, frame.concept = name, concept  # เคยซื้อของชิ้นละเกิน 500
            self._adopt(frame)
            return True
        again = name == "purchase_probability" and not frame.band  # AIの予測で購入確率が…
        return bare and frame.head == name and (again or self._is_size(frame))

    def _answers_a_message(self) -> bool:
        """«配信に反応した»: a response in a clause about messages is to them."""
        return any(token.role("message") for token in self._breath())

    def _on_birthday(self, token: Token, concept: Concept) -> bool:
        self._open("birthday", token, concept)
        return True

    def _on_noun(self, token: Token, concept: Concept) -> bool:
        kind = concept.data["kind"]
        frame = self.current
        if kind == "campaign":
            if self._is_occasion(token):
                self.sketch.rest.append((token.start, token.end, self.bit))
                return True
            if frame is not None and frame.head == ENGAGE:
                frame.campaign = True
                frame.latest = frame.latest or self._called_recent()
                if self.recent or self.span is not None:
                    frame.recent, self.recent = frame.recent or self.recent, False
            else:
                self.noun = "campaign"
                self.latest = self._called_recent()
            return True
        if kind == "tag":
            if frame is not None and frame.head == "attribute" and frame.bit == self.bit:
                if not (frame.values or frame.quantity) and self._names_of(frame):
                    return True  # favorite_store 掛 Xinyi
            described = frame is not None and frame.head == "topic" and frame.bit == self.bit
            if frame is not None and described:
                frame.head = "tag"  # クレームのタグ
                return True
            if (
                frame is not None
                and frame.head == "value"
                and frame.values[-1][0] == "tag"
                and frame.clause == self.clause
                and not self.source  # MAACのVIPタグ、CAACのタグ…
            ):
                frame.closed = self.form[token.start : token.end].endswith(_HAD)
                return True
            if frame is None or frame.head != "tag" or frame.values or self.source:
                follower = self._peek(1)
                if frame is not None and frame.head == "quote" and frame.clause == self.clause:
                    frame.head = "tag"
                elif follower is not None or not frame:
                    self._open("tag", token, concept)
            return True
        if kind == "category" and frame is not None and frame.topics and frame.bit == self.bit:
            frame.noun = kind  # 珠寶類商品
        return True

    def _on_same(self, token: Token, concept: Concept) -> bool:
        """«同一期間»: the time said before."""
        if self.sketch.spans and self.span is None:
            self._take_span(replace(self.sketch.spans[-1]))
        elif not self.sketch.spans:
            self._rest(token)  # "twice in the same month"
        return True

    def _on_interest(self, token: Token, concept: Concept) -> bool:
        frame = self.current
        if (
            frame is not None
            and frame.head in ("topic", "value")
            and frame.clause == self.clause
            and self.link == "and"
        ):
            if frame.head == "topic":
                frame.head = "interest"
                self._adopt(frame)
                return True
            if frame.values[-1][0] == "tag":
                return True
        follower = self._peek(1)
        if follower is None and frame is None:
            return False
        told = frame is not None and frame.head == "interest" and self.form[frame.start] == "對"
        if told and frame is not None and frame.bit == self.bit and (frame.topics or frame.values):
            return True  # 對咖啡有興趣
        self._open("interest", token, concept)
        return True

    def _on_is(self, token: Token, concept: Concept) -> bool:
        frame = self.current
        if concept.name == "never_bought" and self.only_at == self.clause:
            self.only_at = -1  # 1回しか買ったことがない
            return self._on_buy(token, concepts()["buy"])
        if frame is not None and concept.name == "buyer" and self._is_size(frame):
            return True
        if frame is not None and concept.data["field"] == "order_count" and self._is_object(frame):
            if self._object_first(token):  # «猫砂は一度も買っていない»
                frame.head, frame.concept = "is", concept
                frame.closed = True
                bought_of(frame)
                self._adopt(frame)
                return True
        if concept.data["field"] == "add_to_cart_count" and frame and self._is_object(frame):
            frame.head, frame.concept = "is", concept
            frame.closed = self._object_first(token)
            self._adopt(frame)
            return True
        if concept.data["field"] == "purchase_probability" and self.degree:
            if self._is_other_degree(str(concept.data.get("text", ""))):
                self._open("purchase_probability", token)  # "medium or high probability"
                return True
        bare = frame is not None and frame.head == concept.data["field"] and frame.bit == self.bit
        if bare and frame is not None and not (frame.quantity or frame.band or frame.span):
            frame.head, frame.concept = "is", concept  # AI予測で購入確率が低い
            return True
        self._open("is", token, concept)
        return True

    def _is_object(self, frame: Frame) -> bool:
        """Whether the frame is a thing that can be bought, named or described."""
        if frame.clause != self.clause or self.link != "and":
            return False
        named = frame.head == "value" and frame.values[-1][0] in ("product", "category")
        return named or frame.head == "topic"

    def _on_vague(self, token: Token, concept: Concept) -> bool:
        held, said = self.current, self.form[token.start : token.end]
        if held is not None and self._is_object(held) and any(c in said for c in "買購"):
            if concept.name in ("loyal", "rare_buyer") and self._object_first(token):
                held.head = "buy"  # 犬用品をよく買う
                self._adopt(held)
        if held is not None and self._is_object(held) and held.values:
            if concept.name == "buys_many" and self._object_first(token):
                held.head, held.concept, held.band = "purchase_quantity", None, "high"
                return True  # Drip Coffee Box 買很多件
            sums = "額" in said and self._object_first(token)
            if sums and concept.name in ("high_spending", "low_spending"):
                held.head, held.concept = "product_amount", None  # Coffeeの購入金額が多い
                held.band = "high" if concept.data["high"] else "low"
                return True
        frame = self._open("vague", token, concept)
        frame.beyond = any(start == self._before() for start, _, _, _ in self.sketch.scope)
        return True

    def _on_value(self, token: Token, concept: Concept) -> bool:
        pair = (concept.data["field"], concept.data["text"])
        if concept.data.get("weak") and not self._speaks_of(pair[0]):
            self._rest(token)
            return True
        if pair[0] == "line_status":
            self.channels = [channel for channel in self.channels if channel != "line"]
        held = self.current
        apart = pair[0] == "line_status" and self.link != "or" and held is not None
        if apart and held is not None and held.values[-1:] and held.values[-1][0] == pair[0]:
            self._close()  # «ยังไม่บล็อกและเป็นเพื่อน»: nobody is two of these
        frame = self._owner(pair, token)
        if pair not in frame.values:
            frame.values.append(pair)
        if pair[0] == "gender":
            self._join_people(token)
        return True

    def _then(self) -> bool:
        """Whether the word before says that something else comes next."""
        before = self._peek(-1)
        said = self.form[before.start : before.end] if before is not None else ""
        return said in ("แล้ว", "แล้วก็", "แล้วยัง", "then")

    def _is_told_beside(self) -> bool:
        """«ถือคูปองที่ยังไม่หมดอายุ»: the coupon stands for itself."""
        before, frame = self._peek(-1), self.current
        led = before is not None and self.form[before.start : before.end] == "ที่"
        return led and frame is not None and bool(frame.events)

    def _on_scope(self, token: Token, concept: Concept) -> bool:
        if self._then() or self._is_told_beside():
            self.bit += 1  # ซื้อแล้วรีวิวใน google: what was bought stands for itself
        thai = "\u0e00" <= self.form[token.start] <= "\u0e7f"
        self.bit += thai and self.form[token.start - 1] == " "  # รับพุชได้ โหลดแอปแล้ว
        self.sketch.scope.append((token.start, token.end, concept, self.bit))
        self.span = None if self.span_bit == self.bit else self.span
        frame = self.current
        if frame is not None and frame.head == "vague" and self._before() <= frame.start:
            frame.beyond = True  # "frequently shop on Instagram"
        self._close()
        return True
