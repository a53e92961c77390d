"""What people did: bought, opened, clicked, claimed; and by which channel they are reached."""

from planner.fields import EVENTS
from planner.understand.frames import ENGAGE, Frame
from planner.understand.messages_said import usual_channel
from planner.understand.surroundings import Surroundings
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

_PURCHASES = ("buy", "first_purchase", "last_purchase", "order_count", "purchase_quantity")
_REACHED = ("sms", "email", "push", "line")
"""Channels of which it can be told who may be written to."""


class Acts(Surroundings):
    """Reads purchases, message events and channels."""

    def _on_buy(self, token: Token, concept: Concept) -> bool:
        frame = self.current
        if frame is not None and self._is_size(frame) and not self.negated:
            if frame.span is None and frame.head == "highest_product_price":
                frame.span, self.span = self.span, None  # 単価2万円以上の商品を直近1年で買った
            return True
        if frame is not None and frame.head == "vague" and frame.name == "order_count":
            if frame.quantity is not None and frame.clause == self.clause and not self.negated:
                return True  # "regulars who bought five times"
        more = frame is not None and frame.bit != self.bit and (frame.quantity or frame.span)
        if frame is not None and frame.clause == self.clause and self.link == "and" and not more:
            same = frame.head in _PURCHASES and not self.negated
            if same and not self._is_another_purchase(frame):
                if frame.head != "buy" or not frame.values:
                    return True
            if frame.head == "quantity_only":
                return True
        beside = frame is not None and frame.clause == self.clause and self.link == "and"
        if frame is not None and beside and self._is_good(frame):
            frame.head, frame.concept = "buy", concept  # the object came first
            frame.closed = True
            self._adopt(frame)
            return True
        if frame is not None and frame.head == "topic" and frame.clause == self.clause:
            if self._object_first(token) and not self._is_season(frame):
                frame.head, frame.concept = "buy", concept
                self._adopt(frame)
                return True
        self._open("buy", token, concept)
        return True

    def _is_good(self, frame: Frame) -> bool:
        return frame.head == "value" and frame.values[-1][0] in ("product", "category")

    def _is_another_purchase(self, frame: Frame) -> bool:
        """«first ordered in May and bought Skincare»: said after a whole condition and an "and"."""
        between = [t for t in self.tokens[: self.index] if t.start >= frame.end]
        again = any(c.name == "repurchase" for c in self.tokens[self.index].concepts)
        if frame.head == "first_purchase" and frame.span and again:
            return True  # ซื้อครั้งแรกเดือนที่แล้วแล้วกลับมาซื้ออีก
        links = (t.role("and") or t.role("either") for t in between)
        joined = any(links) or any(self.form[t.start : t.end] == "who" for t in between)
        return joined and frame.bit < self.bit and bool(frame.span or frame.quantity)

    def _is_size(self, frame: Frame) -> bool:
        """Whether buying says no more of it: "the most expensive thing they bought cost …"."""
        sizes = ("highest_product_price", "product_amount", "highest_order", "average_order_value")
        before = self._peek(-1)
        timed = frame.quantity is not None and self.span is not None and frame.span is None
        thing = frame.head == "highest_product_price" and not self._people_since(frame)
        if timed and ((before is not None and before.role("also")) or not thing):
            return False  # 最高注文額3万以上 先月も買ってる人
        # not «ยอดเฉลี่ยต่อบิลเกิน 2,000 สั่งซื้อไม่เกิน 3 ครั้ง»
        waits = frame.span is None or (thing and self.span is None)
        waits = frame.quantity is None or (waits and not self._count_comes())
        return frame.head in sizes and frame.bit == self.bit and waits

    def _is_season(self, frame: Frame) -> bool:
        """«618 檔期(6/1-6/20)有買»: when it was bought, and not what."""
        last = frame.topics[-1][1] if frame.topics else frame.end
        return self.form[frame.start : last].endswith(("檔期", "節", "慶", "活動"))

    def _object_first(self, token: Token) -> bool:
        """Whether the verb follows its object, as in Japanese."""
        return "ja" in token.languages or self.form[token.start] >= "\u3041"

    def _counts_points(self, token: Token) -> bool:
        """«超過五千點»: points, where the data has such a number, and no clicks."""
        points = self._points()
        said = self.form[token.start : token.end].startswith("點")
        held = self.current
        if (
            said
            and held is not None
            and points
            and held.noun == points
            and held.quantity is not None
        ):
            return held.bit == self.bit  # 點數不到 100 點
        before = self._peek(-1)
        beside = before is not None and "quantity" in before.extra  # not 兩封都沒點
        if not (said and points and beside and self.quantity is not None):
            return False
        frame = self._open("attribute", token)
        frame.noun, frame.numeric = points, True
        frame.quantity, self.quantity = self.quantity or frame.quantity, None
        return True

    def _is_no_event(self, token: Token, event: str) -> bool:
        """Whether it counts points, has been said already, or is about push messages."""
        if self._counts_points(token) or (event == "delivered" and self._failed_follows()):
            return True
        if event == "redeem" and self.current and not self.channels and self._is_used(self.current):
            return True  # 日本語を使っている人でクーポンを…
        if event == "open" and self.channels == ["push"]:
            self._open("reach", token).channels.append("push")  # 推播有開: those have no events
            self.channels = []
            return True
        return False

    def _on_event(self, token: Token, concept: Concept) -> bool:
        event, channel = concept.data["event"], concept.data.get("channel", "")
        frame = self.current
        if not self._is_meant(token, concept):
            return False
        if self._still_has(frame, concept) or self._is_delivery(frame, event):
            return True
        if concept.data.get("weak") == "channel" and not self._is_of_channel(channel or "coupon"):
            spent = event == "redeem" and self._is_kana(token.start, token.end)  # 5万円使った
            self.receiving = self.receiving if spent else self.clause
            return False
        if event == "receive" and self._channel_in_reach("coupon"):
            event = "claim"
        if event == "receive":
            self.receiving = self.clause
            return False
        if self._is_no_event(token, event):
            return True
        if not event and not self._is_of_messages():
            if token.role("field") is not None:
                return False
            self._open("last_interaction", token, None)
            return True
        if frame is not None and self._another_event(frame, event, channel):
            frame.events.append(event)
            self.link = "and"
            return True
        reuse = (
            frame is not None
            and frame.head == ENGAGE
            and not frame.events
            and frame.clause == self.clause
            and (frame.bit == self.bit or not frame.message)
        )
        if (
            frame is not None
            and frame.head == "value"
            and frame.values[-1][0] == "campaign"
            and (frame.clause == self.clause or self._is_set_off(frame))
            and self.link == "and"
        ):
            frame.headed = frame.clause < self.clause or self._is_this_one(frame.end)
            frame.head, reuse, frame.clause = ENGAGE, True, self.clause
            frame.channels, self.channels = self.channels, []
            self._adopt(frame)
        if not reuse or frame is None:
            before = frame
            frame = self._open(ENGAGE, token, None)
            if (
                before is not None
                and before.head == ENGAGE
                and before.events
                and not frame.channels
                and frame.sentence == before.sentence
                and self._pairs_up(before, event, channel)
                and not self._own_channel_follows()
                and not self._own_campaign_follows(before)
            ):
                frame.channels = list(before.channels)
                frame.values = [v for v in before.values if v[0] == "campaign"]
                frame.topics, frame.topic_names = list(before.topics), list(before.topic_names)
                frame.conjunction = before.conjunction
        elif self.negated:
            frame.negated, self.negated = not frame.negated, False
        if self.noun == "campaign":
            frame.campaign, self.noun, frame.latest = True, "", self.latest
        frame.events += [event] if event else []
        if channel and channel not in frame.channels:
            frame.channels.append(channel)
        frame.message, frame.unused = frame.message or not event, "unused" in concept.data
        return True

    @staticmethod
    def _still_has(frame: Frame | None, concept: Concept) -> bool:
        """«holding an unused coupon»: said once."""
        said = frame is not None and frame.events == ["own"] and "unused" in concept.data
        if frame is not None and said:
            frame.unused = True
        return said

    def _is_delivery(self, frame: Frame | None, event: str) -> bool:
        """«ส่ง SMS Plus ไม่สำเร็จ», "a failed SMS Plus delivery": sent, and said once."""
        if frame is None or frame.bit != self.bit or event not in ("delivered", "failed"):
            return False
        if frame.head == ENGAGE and frame.events in ([event], ["failed"]):
            return True
        if frame.head != "reach" or not {"sms", "sms_plus"} & set(frame.channels):
            return False
        frame.head, frame.concept, frame.events, frame.channels = (
            ENGAGE,
            None,
            [event],
            ["sms_plus"],
        )
        self._adopt(frame)
        return True

    def _is_of_channel(self, channel: str) -> bool:
        """Whether «รับ», "receive" is of that channel: nearby, and no other right after it."""
        token = self.tokens[self.index]
        if "sms" in self.form[token.start : token.end]:
            return True  # "received an SMS"
        if channel in self.channels and "ja" in self.tokens[self.index].languages:
            return True  # クーポンを使ってメールを開封した
        near = [t for t in self.tokens[self.index + 1 : self.index + 4] if not t.role("fill")]
        named = near[0].role("channel") if near else None
        other = named is not None and named.data["channel"] in _REACHED  # รับ SMS ได้
        return self._channel_in_reach(channel) and not (other and channel == "coupon")

    def _is_set_off(self, frame: Frame) -> bool:
        """«Mother's Day 那檔,有打開的»: the campaign was named first, and set off."""
        between = [t for t in self.tokens[: self.index] if t.start >= frame.end]
        small = ("fill", "noun", "not", "message", "channel")
        return all(t.separator == "," or any(map(t.role, small)) for t in between)

    def _failed_follows(self) -> bool:
        """«收到SMS失敗»: what was to be received was not."""
        near = self.tokens[self.index + 1 : self.index + 4]
        return any(c.name == "undelivered" for token in near for c in token.concepts)

    def _another_event(self, frame: Frame, event: str, channel: str) -> bool:
        """«opened or clicked»: either event of the same messages."""
        return (
            frame.head == ENGAGE
            and self.link == "or"
            and bool(event)
            and bool(frame.events)
            and frame.clause == self.clause
            and not (frame.values or frame.quantity or frame.span or channel)
            and not (frame.channels and (self.channels or self._own_channel_follows()))
            and self._pairs_up(frame, event, channel)
        )

    def _own_channel_follows(self) -> bool:
        """Whether the act names its channel: "opened an email or clicked an SMS"."""
        for token in self.tokens[self.index + 1 : self.index + 5]:
            if token.separator or any(map(token.role, ("and", "or", "event", "reach"))):
                return False
            if token.role("channel"):
                return True
        return False

    def _own_campaign_follows(self, before: Frame) -> bool:
        """Whether the act names its campaign: "clicked an email and opened the Summer Sale"."""
        for token in self.tokens[self.index + 1 : self.index + 4]:
            if any(kind == "campaign" for kind, _ in token.values):
                return not before.topics  # another one's messages
            if not token.role("fill"):
                return False
        return False

    @staticmethod
    def _pairs_up(before: Frame, event: str, channel: str) -> bool:
        """Whether "it" is what the frame before was about: claimed it, but did not redeem it."""
        if channel == "coupon":
            return "coupon" in before.channels
        return all(event in EVENTS.get(usual_channel(c), ()) for c in before.channels)

    def _is_meant(self, token: Token, concept: Concept) -> bool:
        """Whether an everyday word, have or see, is about a coupon or a message here."""
        had = concept.name == "own" and "th" in token.languages  # แท็ก VIP มีอยู่แล้ว
        if had or (concept.name in ("own", "claim") and token.role("fill")):
            before = "en" not in token.languages and self._coupon_before()
            return self._coupon_next() or before
        if "unused" in concept.data and not self._coupon_next():
            return self.current is not None and self.current.events == ["own"]
        return concept.data.get("weak") != "message" or self._speaks_of_messages()

    def _channel_in_reach(self, channel: str) -> bool:
        """Whether the text speaks of that channel nearby."""
        frame = self.current
        if channel in self.channels or (frame is not None and channel in frame.channels):
            return True
        if any(channel in f.channels for f in self.sketch.frames[-2:]):
            return True
        names = {channel, "sms"} if channel == "sms_plus" else {channel}
        return any(
            t.role("channel") is not None and t.role("channel").data["channel"] in names  # type: ignore[union-attr]
            for t in self.tokens[max(0, self.index - 6) : self.index + 8]
        )
