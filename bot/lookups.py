"""Replies that need the data: who is in a segment and why, what two share, a list as a file."""

import asyncio
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from bot import pairing
from bot.settings import Settings
from planner import telling
from planner.chat import FileReply, Invite, KnownSegment, Lookup, Overlap, TextReply, Turn, Why
from planner.errors import Refused
from planner.plan import Condition, leaves
from planner.wording import say
from store import segments
from store.audience import Audience
from store.database import Database
from store.invitations import Invitation
from store.members import FOLDER, is_member, overlap

S = TypeVar("S")
EXPORTS: Final = "exports"
"""The folder of files made for people, in the home."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """Fills in the replies of a turn that only the data can answer."""

    settings: Settings
    db: Database
    audience: Audience

    async def filled(self, turn: Turn[S], language: str) -> Turn[S]:
        """The turn with its lookups answered, as text before its replies.

        Raises:
            Unavailable: the data can't be read.
        """
        found = [await self._reply(each, language) for each in turn.lookups]
        return replace(turn, replies=(*found, *turn.replies), lookups=())

    async def told(self, lookup: Lookup, language: str) -> str:
        """The answer to a lookup, in words; a sentence too where it can't be answered.

        Raises:
            Unavailable: the data can't be read.
        """
        return (await self._reply(lookup, language)).text

    async def _reply(self, lookup: Lookup, language: str) -> TextReply:
        try:
            if isinstance(lookup, Why):
                return TextReply(await self._why(lookup, language))
            if isinstance(lookup, Overlap):
                return TextReply(await self._overlap(lookup, language))
            if isinstance(lookup, Invite):
                return TextReply(await self._invite(lookup, language))
            return await self._export(lookup.segment, language)
        except Refused as refusal:
            return TextReply(say(language, refusal.message_id, **refusal.values))

    async def _invite(self, lookup: Invite, language: str) -> str:
        made = Invitation(lookup.role, "", lookup.who)
        code = await pairing.invite(self.settings, self.db, made)
        role = say(language, f"pairing.role.{lookup.role}")
        return say(language, "pairing.code", minutes=pairing.MINUTES, role=role, code=code)

    async def files(self, segment_ids: Sequence[str]) -> dict[str, Path]:
        """The member files of segments, by id; Refused where one has none."""
        found = {}
        for segment_id in segment_ids:
            segment = await segments.get(self.db, segment_id)
            if segment is None or segment.members_file is None:
                raise Refused("segment.unknown_exclude")
            found[segment_id] = self.settings.home / FOLDER / segment.members_file
        return found

    async def _why(self, reply: Why, language: str) -> str:
        as_of = self.settings.now()
        excluded: tuple[str, ...] = ()
        names: dict[str, str] = {}
        if reply.segment_id:
            segment = await segments.get(self.db, reply.segment_id)
            if segment is None:
                raise Refused("segment.gone")
            as_of, excluded = segment.as_of, segment.exclude
            names = {s.segment_id: s.name for s in await segments.known(self.db)}
        conditions = [c for c in leaves(reply.plan) if isinstance(c, Condition)]
        found = await self.audience.explain(reply.contact_id, conditions, as_of)
        if found is None:
            return say(language, "why.unknown", contact=reply.contact_id)
        out = []
        for segment_id, path in (await self.files(excluded)).items():
            if await asyncio.to_thread(is_member, path, found.contact_id):
                out.append(names.get(segment_id, ""))
        known = dict(zip(conditions, found.facts, strict=True))
        looked = telling.Looked(found.contact_id, reply.plan, known, reply.name, out)
        return telling.why(language, looked, self.settings.zone)

    async def _overlap(self, reply: Overlap, language: str) -> str:
        files = await self.files([s.segment_id for s in reply.segments])
        one, other = (files[s.segment_id] for s in reply.segments)
        counts = await asyncio.to_thread(overlap, one, other)
        return telling.overlap(language, reply.segments, counts)

    async def _export(self, segment: KnownSegment, language: str) -> FileReply:
        from bot.export import export_list  # noqa: PLC0415 - few turns need it

        members = (await self.files([segment.segment_id]))[segment.segment_id]
        folder = self.settings.home / EXPORTS
        target = folder / f"{slug(segment.name)}-{segment.segment_id[:8]}.csv"
        count = await export_list(self.audience, members, ("contact_id",), target)
        text = say(language, "segment.exported", name=segment.name, n=count, place=str(target))
        return FileReply(text, segment.name, target.name, count)


def slug(name: str) -> str:
    """A segment's name as part of a file's, in letters and digits of any script."""
    plain = unicodedata.normalize("NFC", name).casefold()
    # a vowel sign of Thai is a mark, and no word without it
    kept = (c if unicodedata.category(c)[0] in "LNM" else "-" for c in plain)
    return re.sub("-+", "-", "".join(kept)).strip("-")[:40] or "segment"
