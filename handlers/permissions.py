"""Who may do what, where: a role's deeds count in its unit, and for the committee's roles in the subtree. Pure."""

from collections.abc import Collection, Mapping

from models.people import Actor

REPORTERS = ("secretary", "deputy")
OFFICE = ("officer",)
COMMITTEE = ("officer", "admin", "inspector", "viewer", "assigned")

# A deed: the roles that may do it in their own unit, and those that may do it anywhere beneath.
DEEDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "see": (REPORTERS, (*COMMITTEE, *REPORTERS)),
    "invite": ((), ("officer", "admin")),
    "import": ((), ("admin",)),
    "direct": ((), ("officer",)),
    "approve": ((), ("officer", "admin")),
}


def may(actor: Actor, deed: str, lineage: Collection[int]) -> bool:
    """Return whether an actor may do a deed to a unit, given the unit's id first and then its ancestors'.

    Raises KeyError for a deed nobody declared.
    """
    own, beneath = DEEDS[deed]
    unit_id = next(iter(lineage), None)
    here = any(role in own and held == unit_id for role, held in actor.posts)
    return here or any(role in beneath and held in lineage for role, held in actor.posts)


def may_report(actor: Actor, reporters: Collection[str], unit_id: int) -> bool:
    """Return whether an actor holds, in the unit itself, one of the roles that fill a form."""
    return any(role in reporters and held == unit_id for role, held in actor.posts)


def writes_report(actor: Actor, unit_id: int, *, committee: bool) -> bool:
    """Return whether an actor may write words into a unit's own report: the office a committee's, a branch its own."""
    return may_report(actor, OFFICE if committee else REPORTERS, unit_id)


def roots(actor: Actor) -> tuple[int, ...]:
    """Return the units whose subtrees an actor may see, the committee's roles first."""
    return tuple(dict.fromkeys((*actor.units(*COMMITTEE), *actor.units(*REPORTERS))))
