"""Segments; a segment's row is also the job of computing it.

Claiming gives a lease and a fence. Whoever finishes must hold the newest fence, so work done
twice counts once; a lease that ends gives the segment to the next worker.

`jobs` is the worker's side, `changes` the people's, `lists` reads.
"""

from store.segments.changes import (
    cancel,
    create,
    delete,
    describe,
    recompute,
    rename,
    replan,
)
from store.segments.jobs import MOST_ATTEMPTS, claim, fail, finish, heartbeat
from store.segments.lists import (
    MOST_KNOWN,
    counts,
    excluding,
    find,
    get,
    known,
    list_segments,
)
from store.segments.row import Segment, name_key

__all__ = [
    "MOST_ATTEMPTS",
    "MOST_KNOWN",
    "Segment",
    "cancel",
    "claim",
    "counts",
    "create",
    "delete",
    "describe",
    "excluding",
    "fail",
    "find",
    "finish",
    "get",
    "heartbeat",
    "known",
    "list_segments",
    "name_key",
    "recompute",
    "rename",
    "replan",
]
