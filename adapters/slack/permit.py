"""Who may use the bot by the configuration: a rule, and nothing that waits."""

from dataclasses import dataclass

from planner.chat import Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a workspace that has the app."""

    team: str
    """The workspace."""
    user: str
    home: str = ""
    """The workspace that the person belongs to, where that is told."""

    @property
    def outsider(self) -> bool:
        """Whether the person comes from another company, over a shared channel."""
        return bool(self.home) and self.home != self.team

    @property
    def who(self) -> str:
        """The id by which operators are known; an outsider's is of their own workspace."""
        return f"slack:{self.home if self.outsider else self.team}/{self.user}"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the configuration permits. Nobody, as long as nothing is set."""

    users: frozenset[str] = frozenset()
    """Ids such as U1, or T1/U1 of one workspace alone; likewise below."""
    groups: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    role: Role = "creator"

    def sets(self, team: str) -> tuple[tuple[str, str], ...]:
        """The groups and channels of a workspace whose members have to be known: kind and id."""
        kinds = (("group", self.groups), ("channel", self.channels))
        return tuple((kind, own) for kind, ids in kinds for own in sorted(_own(ids, team)))

    def granted(self, person: Person, members: frozenset[str]) -> Role | None:
        """The role that a person gets; `members`: the people of those groups and channels."""
        if person.outsider:
            return None
        named = {person.user, f"{person.team}/{person.user}"} & self.users
        return self.role if named or person.user in members else None


def _own(ids: frozenset[str], team: str) -> frozenset[str]:
    """The ids that count in a workspace."""
    parts = (each.rpartition("/") for each in ids)
    return frozenset(own for of_team, _, own in parts if of_team in ("", team))
