"""Whether people can be reached, and on which channels."""

from planner.understand.channels import Channels
from planner.understand.frames import ENGAGE, Frame
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

_ALL = ("line", "push", "sms", "email")


class Reached(Channels):
    """Reads that people can be written to, or can't."""

    def _on_any_channel(self, token: Token, concept: Concept) -> bool:
        frame = self.current
        if frame is not None and frame.head == ENGAGE and frame.clause == self.clause:
            frame.anyhow = True
        elif frame is not None and frame.head == "reach" and not frame.channels:
            frame.channels = [*_ALL]  # ติดต่อได้อย่างน้อยหนึ่งช่องทาง
        else:
            self.anyhow = True
        return True

    def _on_either(self, token: Token, concept: Concept) -> bool:
        frame, of_channels = self.current, "ทาง" in self.form[token.start : token.end]
        if of_channels and frame is not None and frame.head == "reach" and not frame.channels:
            return self._on_any_channel(token, concept)
        return super()._on_either(token, concept)

    def _on_reach(self, token: Token, concept: Concept) -> bool:
        held = self.current
        if self.channels and self.channels_in < self.sentence:
            return False  # "…, by LINE. how is that even possible"
        follows = "th" in token.languages and self._says_by_which()  # เลิกรับ SMS
        if concept.data.get("weak") == "channel" and not (self.channels or follows):
            if held is None or held.head != "reach" or held.clause != self.clause:
                return False
        said = held is not None and held.head == "reach" and held.clause == self.clause
        said = said and not held.closed  # type: ignore[union-attr]  # รับ LINE ไม่ได้และส่งอีเมลไม่ได้
        if said and held.channels and self._leads(token, concept):  # type: ignore[union-attr]
            said = False  # "reachable by email and not reachable by SMS"
        if said and concept.data.get("negated") and held.end <= token.start:  # type: ignore[union-attr]
            held.negated = not held.negated  # type: ignore[union-attr]
            return True
        if said and self._names_another(held, concept):  # type: ignore[arg-type]
            return True
        own = bool(self.channels) and "ja" in token.languages  # プッシュokでsmsもok
        if said and not own and (held.bit == self.bit or (held.channels and not self.channels)):  # type: ignore[union-attr]
            return True  # said around the channel: "can send … to them"
        if concept.data.get("weak") == "able" and not (self.channels or self._says_by_which()):
            return False  # ส่งให้หน่อย: who can be written to is not said
        frame = self._open("reach", token, concept)
        frame.negated = frame.negated != bool(concept.data.get("negated"))
        if self.anyhow and not self.channels:
            frame.channels, self.anyhow = [*_ALL], False  # 任一管道可以聯絡到
        if (channel := concept.data.get("channel")) and not self.channels:
            frame.channels.append(channel)  # "can be texted"
        if self.channels:
            frame.channels, self.channels = self.channels, []
            both = self.both or self._all_of_them(token) or self._listed_with_to()
            both = both and not self.either_channel
            frame.conjunction = "and" if both else frame.conjunction
            self.both = False
        return True

    def _leads(self, token: Token, concept: Concept) -> bool:
        """Whether it denies the channel that follows, as English has it."""
        ahead = (t for t in self.tokens[self.index + 1 :] if not t.role("fill"))
        after = next(ahead, None)
        denied = bool(concept.data.get("negated")) and "en" in token.languages
        return denied and after is not None and after.role("channel") is not None

    def _names_another(self, held: Frame, concept: Concept) -> bool:
        """«ส่ง SMS ได้หรือส่งอีเมลได้», "can be texted or emailed": the word names its channel."""
        channel = concept.data.get("channel")
        if not channel or channel in held.channels or not held.channels or self.negated:
            return False
        held.channels.append(channel)
        held.conjunction, self.link = "or" if self.link == "or" else "and", "and"
        return True

    def _listed_with_to(self) -> bool:
        """«SMSとメールで連絡できる»."""
        own = [t for t in self.tokens[: self.index] if t.role("channel")][-2:]
        return len(own) == 2 and self.form[own[0].end : own[1].start].strip() == "と"

    def _says_by_which(self) -> bool:
        """Whether a channel follows, or that it can be done: ส่งหาได้."""
        for token in self.tokens[self.index + 1 : self.index + 7]:
            if token.separator or token.role("and") or token.role("person") or token.extra:
                return False
            channel = token.role("channel")
            if channel is not None and channel.data.get("reach"):
                return True
            if self.form[token.start : token.end] in ("ได้", "ไม่ได้"):
                return True
        return False

    def _all_of_them(self, token: Token) -> bool:
        """«推播跟簡訊都收得到»."""
        before = self._peek(-1)
        said = self.form[before.start : before.end] if before is not None else ""
        return self._each_too() or said.endswith("都") or self.form[token.start] == "都"
