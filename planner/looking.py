"""Looking at segments that exist: list, show, compare, export, and why somebody is in one."""

from typing import Final

from planner import about
from planner.chat import KnownSegment, Role, SegmentList
from planner.commands import Manage
from planner.existing import at_hand, named, opened
from planner.lookups import Export, Invite, Overlap, Reach, Why
from planner.plan import AllOf, settled
from planner.talk import Talk

_LISTED: Final = 20
_ROLES: Final[dict[str, Role]] = {"viewer": "viewer", "admin": "admin"}


def list_them(talk: Talk, command: Manage) -> None:
    """The segments there are, or those whose names hold some words."""
    found = list(talk.context.segments)
    if command.names:
        named_so = (s for name in command.names for s in named(talk, name))
        found = list(dict.fromkeys(named_so))
    elif command.text == "mine" and found:
        found = [s for s in found if s.asked_by == talk.context.who] or found
        if found[0].asked_by != talk.context.who:
            talk.say("segment.none_mine")
    if not found:
        name = talk.quote(command.names[:1])
        talk.say("segment.unknown" if command.names else "act.no_segments", name=name)
        return
    talk.replies.append(SegmentList(tuple(about.row(talk, s) for s in found[:_LISTED])))
    if len(found) > _LISTED:
        talk.say("segment.more", n=len(found) - _LISTED)


def show(talk: Talk, _: Manage, segment: KnownSegment) -> bool:
    """A segment's card."""
    about.show_card(talk, opened(talk, segment))
    return talk.state.pending is None


def reach(talk: Talk, _: Manage, segment: KnownSegment) -> bool:
    """How many of a segment's members can be reached, by channel."""
    if segment.listed:
        talk.lookups.append(Reach(segment))
    else:
        talk.say("segment.no_list", name=segment.name)
    return talk.state.pending is None


def export(talk: Talk, command: Manage, segment: KnownSegment) -> bool:
    """A segment's list as a file, of ids and the columns named."""
    if segment.listed:
        talk.lookups.append(Export(segment, tuple(command.text.split())))
    else:
        talk.say("segment.no_list", name=segment.name)
    return talk.state.pending is None


def invite(talk: Talk, command: Manage) -> bool:
    """A code for whoever is to become an operator; a creator, unless another role is named."""
    role = _ROLES.get(command.text, "creator")
    talk.lookups.append(Invite(role, talk.context.who))
    return talk.state.pending is None


def plan_at_hand(talk: Talk) -> AllOf | None:
    """The plan under way, unless a segment's card was shown since."""
    draft = settled(talk.state.draft)
    return draft if draft.items and not talk.state.card and not talk.state.segment_id else None


def why(talk: Talk, command: Manage, segment: KnownSegment | None) -> bool:
    """Why a contact is in a segment, or in the plan under way, or not."""
    if not command.text:
        talk.say("why.who")
    elif segment is None:
        out = tuple(e.segment_id for e in talk.state.exclude)
        talk.lookups.append(Why(command.text, settled(talk.state.draft), exclude=out))
    else:
        seen = opened(talk, segment)
        plan = seen.listed or seen.plan
        talk.lookups.append(Why(command.text, plan, segment.name, segment.segment_id))
    return talk.state.pending is None


def overlap(talk: Talk, command: Manage) -> bool:
    """How many contacts two segments share."""
    found = [s for name in command.names[:2] for s in named(talk, name)[:1]]
    unknown = [name for name in command.names[:2] if not named(talk, name)]
    if len(command.names) == 1 and not unknown:
        found += [s for s in at_hand(talk) if s not in found][:1]
    missing = next((s for s in found if not s.listed), None)
    if unknown:
        talk.say("segment.unknown", name=talk.quote(unknown))
    elif len(found) < 2:
        talk.say("overlap.two")
    elif missing is not None:
        talk.say("segment.no_list", name=missing.name)
    else:
        talk.lookups.append(Overlap((found[0], found[1])))
    return talk.state.pending is None
