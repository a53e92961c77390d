"""Channels of messages, and whether people can be reached on them."""

import re

from planner.fields import EVENTS
from planner.understand.frames import ENGAGE, Frame
from planner.understand.messages_said import reached_by, usual_channel
from planner.understand.omissions import Omissions
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

_RECEIVED = ("sms", "email", "push", "line", "line_broadcast")
"""What is received on them is no event: who receives it can be reached."""


_CAN = ("可", "能", "聯", "收", "發", "寄", "傳", "送", "觸", "届", "受", "連絡", "配信")
"""How words for reach begin that follow their channel."""
_SENT = ("配信", "送信", "通知", "メッセージ", "お知らせ")
_CAN_BE = re.compile("[がをも]?(?:でき|出来|可能|可の|okの)")
"""What is said in Japanese of messages that can be sent."""


class Channels(Omissions):
    """Reads channels, messages and reachability."""

    def _on_channel(self, token: Token, concept: Concept) -> bool:
        channel = concept.data["channel"]
        frame = self.current
        if self._can_be_sent(token, concept):
            return True
        if channel == "line" and frame is not None and frame.bit == self.bit:
            if frame.values and frame.values[-1][0] == "line_status":
                return True  # 沒有封鎖我們的 LINE
            if {"line_broadcast", "line_retargeting"} & {*frame.channels, *self.channels}:
                return True  # "the broadcast on LINE"
        receives = self.receiving == self.clause and channel in _RECEIVED
        if receives and frame is not None and frame.bit < self.bit and frame.head == ENGAGE:
            self.receiving = -1  # "clicked an SMS and can receive our emails"
            self._open("reach", token, concept).channels.append(channel)
            return True
        if frame is not None and frame.bit < self.bit and (frame.channels or frame.values):
            if frame.head in ("reach", ENGAGE) and self._event_follows(channel):
                self._await_channel(channel)  # "reachable on LINE and got an SMS+ delivered"
                return True
        open_reach = frame is not None and frame.head == "reach" and not frame.closed
        if open_reach and self._receives_another(channel):
            self._open("reach", token, concept).channels.append(channel)
            return True
        if open_reach and frame is not None and frame.channels and self._reach_follows():
            self._await_channel(channel)  # プッシュokでsmsもok
            return True
        if open_reach and frame is not None and not self._is_of_an_act(frame):
            if not frame.channels or frame.clause == self.clause or self._joins_channels():
                frame.channels.append(channel)
                if frame.negated and self._follows("nor"):
                    self.negated = False  # "reachable neither by LINE nor by email"
                if self.link == "or":
                    frame.conjunction = "or"
                elif len(frame.channels) > 1 and not frame.conjunction:
                    frame.conjunction = "and" if self._joined_by(token) else ""
                self.link = "and"
                return True
        if channel == "push" and frame is not None and self._opened_push(frame):
            return True
        mine = frame is not None and channel in _RECEIVED and self._is_for_reach(frame)
        if frame is not None and frame.head == ENGAGE and frame.clause == self.clause and not mine:
            if self._joins_messages(frame, channel, token):
                return True
        if self.receiving == self.clause and channel in _RECEIVED:
            self.receiving = -1
            self._open("reach", token, concept).channels.append(channel)
            return True
        self._await_channel(channel)
        return True

    def _receives_another(self, channel: str) -> bool:
        """«รับ push ได้ รับ SMS ไม่ได้»: said with a verb of its own, and nothing that joins it."""
        frame, before = self.current, self._peek(-1)
        said = self.form[before.start : before.end] if before is not None else ""
        apart = self.link == "and" and frame is not None and frame.bit == self.bit
        told = bool(frame and frame.channels) and channel in _RECEIVED
        return apart and told and said in ("รับ", "ส่ง", "ยังรับ", "ยังส่ง")

    def _joins_messages(self, frame: Frame, channel: str, token: Token) -> bool:
        """Whether the channel is that of the reactions at hand, or waits for one of its own."""
        told = frame.channels or (frame.values and frame.bit != self.bit)
        if told and frame.events and self._starts_anew(frame, channel):
            self._await_channel(channel)  # SMSのクリックかWhatsAppの開封
            return True
        if channel in frame.channels:
            return True
        if frame.negated and self.negated and self._follows("nor"):
            frame.channels.append(channel)  # "opened neither an email nor an SMS"
            self.negated = False
            return True
        own = EVENTS.get(usual_channel(channel), ())
        if frame.channels and frame.events and not set(frame.events) & set(own):
            self._await_channel(channel)  # "with an unused coupon and with push consent"
            return True
        if not frame.channels or (self.link == "or" or self._joined_by(token)):
            frame.together = frame.together or (self.both and not frame.channels)
            if channel not in frame.channels:
                frame.channels.append(channel)
            if self.both and self.both_at == self.clause and len(frame.channels) > 1:
                frame.conjunction = "and"  # "opened both email and LINE"
            if frame.channels and self.link == "or":
                self.link = "and"
            return True
        return False

    def _can_be_sent(self, token: Token, concept: Concept) -> bool:
        """«LINEで配信できる», メール配信可能: they can be sent it, and react to nothing."""
        sent = self.form[token.start : token.end].endswith(_SENT)
        if not (sent and _CAN_BE.match(self.form, token.end)):
            return False
        channel = str(concept.data["channel"])
        self._open("reach", token, concept).channels.append(reached_by(channel) or channel)
        return True

    def _await_channel(self, channel: str) -> None:
        """Keep a channel said before its act; an "or" between two of them is theirs alone."""
        if not self.channels:
            self.either_channel, self.channels_link = False, self.link
        elif self.link == "or" and self._follows("or"):
            self.either_channel, self.link = True, self.channels_link
        self.channels.append(channel)
        self.channels_in = self.sentence

    def _follows(self, role: str) -> bool:
        """Whether the word right before, small ones passed over, is an "or", or a "nor"."""
        said = (t for t in self.tokens[: self.index][::-1] if not t.role("fill") or t.role(role))
        before = next(said, None)
        return before is not None and before.role(role) is not None

    def _is_for_reach(self, frame: Frame) -> bool:
        """Whether a channel after a reaction is one they can be reached by, and not its own."""
        coming = (t for t in self.tokens[self.index + 1 :] if not (t.role("fill") or t.role("not")))
        status = (after := next(coming, None)) is not None and after.role("value")
        if status and status.data["field"] == "line_status":
            return True  # 開過電子報或 LINE 已封鎖
        reacted = bool(frame.events) or frame.message
        own = not frame.channels and frame.bit == self.bit
        after = self._peek(1)
        listed = after is not None and (after.role("or") or after.role("and"))
        return reacted and self._leads_reach(self.index) and not (own and listed)

    def _leads_reach(self, place: int) -> bool:
        """«30天內有互動 line可觸及»: a channel right before what says that they can be reached."""
        listed = ("channel", "and", "or", "both")
        coming = self.tokens[place + 1 : place + 8] if self.tokens[place].role("channel") else []
        by = ("で", "が", "を", "に", "へ", "も", "は", "と", "の", "や")
        coming = [t for t in coming if self.form[t.start : t.end] not in by]  # LINEで連絡できる
        after = next((t for t in coming if not any(map(t.role, listed))), None)
        if after is not None and self.form[after.start : after.end] == "都":
            after = next((t for t in coming if t.start >= after.end), None)
        reach = after.role("reach") if after is not None else None
        said = self.form[after.start : after.end].lstrip("でがを") if after is not None else ""
        return reach is not None and not reach.data.get("weak") and said.startswith(_CAN)

    def _event_follows(self, channel: str) -> bool:
        """Whether a channel's own reaction comes after it, as in Japanese and Chinese."""
        for step in (1, 2, 3):
            near = self._peek(step)
            if near is None or near.separator:
                return False
            if (act := near.role("event")) is not None:
                own = EVENTS.get(usual_channel(channel), ())
                return not act.data["event"] or act.data["event"] in own
            if not (near.role("fill") or near.role("message")):
                return False
        return False

    def _starts_anew(self, frame: Frame, channel: str) -> bool:
        """Whether a channel after a reaction has one of its own to come."""
        apart = self.link == "or" or frame.bit != self.bit
        return apart and (self._event_follows(channel) or self._runs_to_an_act())

    def _is_by_channel(self, token: Token) -> bool:
        """«SMSを使って連絡できる»: nothing was spent."""
        used = "ja" in token.languages and self.form.startswith("使", token.start)
        return used and bool(self.channels) and self._reach_follows()

    def _reach_follows(self) -> bool:
        """Whether Japanese says of this channel, too, that it can be used."""
        coming = (t for t in self.tokens[self.index + 1 :] if not t.role("fill") or t.separator)
        after = next(coming, None)
        return after is not None and after.role("reach") is not None and "ja" in after.languages

    def _is_of_an_act(self, reach: Frame) -> bool:
        """«可推播,email 跟 LINE 都開過»: a channel after others, with a reaction to come."""
        if not reach.channels:
            return False
        if self.channels and reach.clause < self.clause:
            return True
        return self._runs_to_an_act()

    def _runs_to_an_act(self) -> bool:
        """Whether a list of channels ends in a reaction to their messages."""
        small = ("fill", "message", "and", "or", "both", "channel")
        for token in self.tokens[self.index + 1 : self.index + 9]:
            if token.role("event") and not token.role("reach"):
                return not self.form[token.start].isascii()
            counted = "quantity" in token.extra  # メールを2回以上開封した
            said = counted or any(map(token.role, small))
            if token.separator or token.role("reach") or not said:
                return False
        return False

    def _joins_channels(self) -> bool:
        """Whether "and" or "or" adds a channel to those said before."""
        small = ("fill", "and", "or", "both", "nor")
        said = (t for t in self.tokens[: self.index][::-1] if not t.separator)
        before = next((t for t in said if not any(map(t.role, small))), None)
        if before is None or before.role("person") or before.role("reach"):
            return self.link == "or"
        return self.link == "or" or (self.joined and self.turned != self.clause)

    def _opened_push(self, frame: Frame) -> bool:
        """«has push on»: push messages have no events, so it is about who can be reached."""
        if frame.head != ENGAGE or frame.channels or frame.clause != self.clause:
            return False
        if frame.values:  # "tapped on the 618 Festival push": that is not known
            self.sketch.rest.append(
                (self.tokens[self.index].start, self.tokens[self.index].end, self.bit)
            )
            return True
        frame.head, frame.events, frame.channels = "reach", [], ["push"]
        return True

    def _on_message(self, token: Token, concept: Concept) -> bool:
        if self.current is not None and self.current.head == ENGAGE:
            self.current.message = True
            opened = self.current.events == ["open"] and self.current.clause == self.clause
            if concept.name == "link" and opened:
                self.current.events = ["click"]
        elif self.current is not None and self.current.head == "reach":
            pass
        else:
            self.noun = "message"
        return True
