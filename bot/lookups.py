"""Replies that need the data: who is in a segment and why, what two share, a list as a file."""

import asyncio
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from bot import pairing
from bot.reach import reachable_by
from bot.settings import Settings
from planner import telling
from planner.chat import FileReply, KnownSegment, Reply, TextReply, Turn
from planner.errors import Refused
from planner.fields import REACHABLE_CHANNELS
from planner.lookups import Export, Invite, Lookup, Overlap, Reach, Why
from planner.plan import AllOf, Condition, leaves
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
        """The turn with its lookups answered, as text before its replies; those that could be.

        Raises:
            Unavailable: the data can't be read.
        """
        found, done = list[Reply](), list[Lookup]()
        for lookup in turn.lookups:
            try:
                found.append(await self._reply(lookup, language))
                done.append(lookup)
            except Refused as refusal:
                found.append(_refused(refusal, language))
        return replace(turn, replies=(*found, *turn.replies), lookups=tuple(done))

    async def told(self, lookup: Lookup, language: str) -> str:
        """The answer to a lookup, in words; a sentence too where it can't be answered.

        Raises:
            Unavailable: the data can't be read.
        """
        try:
            return (await self._reply(lookup, language)).text
        except Refused as refusal:
            return _refused(refusal, language).text

    async def _reply(self, lookup: Lookup, language: str) -> TextReply | FileReply:
        if isinstance(lookup, Why):
            return TextReply(await self._why(lookup, language))
        if isinstance(lookup, Overlap):
            return TextReply(await self._overlap(lookup, language))
        if isinstance(lookup, Reach):
            return TextReply(await self._reached(lookup.segment, language))
        if isinstance(lookup, Invite):
            return TextReply(await self._invite(lookup, language))
        return await self._export(lookup, language)

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
        segment = await segments.get(self.db, reply.segment_id) if reply.segment_id else None
        if reply.segment_id and segment is None:
            raise Refused("segment.gone")
        exclude, as_of = reply.exclude, self.settings.now()
        if segment is not None:
            _, exclude, as_of = segment.listing
        conditions = [c for c in leaves(reply.plan) if isinstance(c, Condition)]
        found = await self.audience.explain(reply.contact_id, conditions, as_of)
        if found is None:
            return say(language, "why.unknown", contact=reply.contact_id)
        known = dict(zip(conditions, found.facts, strict=True))
        out = await self._named_with(found.contact_id, exclude)
        listed = None
        if segment is not None and segment.members_file is not None:
            path = self.settings.home / FOLDER / segment.members_file
            listed = await asyncio.to_thread(is_member, path, found.contact_id)
        looked = telling.Looked(found.contact_id, reply.plan, known, reply.name, out, listed, as_of)
        return telling.why(language, looked, self.settings.zone)

    async def _named_with(self, contact_id: str, segment_ids: Sequence[str]) -> list[str]:
        """The names of those segments that have the contact."""
        known = await segments.known(self.db) if segment_ids else []
        names = {s.segment_id: s.name for s in known}
        return [
            names.get(segment_id, "")
            for segment_id, path in (await self.files(segment_ids)).items()
            if await asyncio.to_thread(is_member, path, contact_id)
        ]

    async def _overlap(self, reply: Overlap, language: str) -> str:
        files = await self.files([s.segment_id for s in reply.segments])
        one, other = (files[s.segment_id] for s in reply.segments)
        counts = await asyncio.to_thread(overlap, one, other)
        return telling.overlap(language, reply.segments, counts)

    async def _reached(self, segment: KnownSegment, language: str) -> str:
        members = (await self.files([segment.segment_id]))[segment.segment_id]
        roots = [AllOf(), *reachable_by(AllOf()).values()]
        total, *counts = await self.audience.count(roots, self.settings.now(), within=members)
        by_channel = dict(zip(REACHABLE_CHANNELS, counts, strict=True))
        return telling.reach(language, segment.name, total, by_channel)

    async def _export(self, asked: Export, language: str) -> FileReply:
        from bot.export import export_list  # noqa: PLC0415 - few turns need it

        segment = asked.segment
        members = (await self.files([segment.segment_id]))[segment.segment_id]
        known = await self.audience.columns()
        columns = ("contact_id", *(c for c in asked.columns if c in known and c != "contact_id"))
        folder = self.settings.home / EXPORTS
        target = folder / f"{slug(segment.name)}-{segment.segment_id[:8]}.csv"
        count = await export_list(self.audience, members, columns, target)
        text = say(language, "segment.exported", name=segment.name, n=count, place=str(target))
        return FileReply(text, segment.name, target.name, count)


def _refused(refusal: Refused, language: str) -> TextReply:
    return TextReply(say(language, refusal.message_id, **refusal.values))


def slug(name: str) -> str:
    """A segment's name as part of a file's, in letters and digits of any script."""
    plain = unicodedata.normalize("NFC", name).casefold()
    # a vowel sign of Thai is a mark, and no word without it
    kept = (c if unicodedata.category(c)[0] in "LNM" else "-" for c in plain)
    return re.sub("-+", "-", "".join(kept)).strip("-")[:40] or "segment"
