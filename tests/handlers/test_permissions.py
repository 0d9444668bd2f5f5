"""Who may do what, where: every deed for every role, in the unit itself, beneath it, above it and beside it."""

import pytest

from handlers.permissions import DEEDS, may, may_report, roots, writes_report
from models.people import ROLES, Actor

COMMITTEE, BRANCH, OTHER = 1, 2, 3
IN_BRANCH, IN_COMMITTEE, IN_OTHER = (BRANCH, COMMITTEE), (COMMITTEE,), (OTHER, COMMITTEE)

# Which roles may do a deed in their unit and everywhere beneath it.
ALLOWED = {
    "see": set(ROLES),
    "invite": {"officer", "admin"},
    "import": {"admin"},
    "direct": {"officer"},
    "approve": {"officer", "admin"},
}


def test_every_deed_is_in_the_table():
    assert DEEDS.keys() == ALLOWED.keys()


def holder(role: str, unit: int) -> Actor:
    return Actor(1, "x", ((role, unit),))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", ALLOWED)
def test_a_role_does_its_deeds_in_its_unit_and_beneath(deed, role):
    assert may(holder(role, BRANCH), deed, IN_BRANCH) == (role in ALLOWED[deed])
    assert may(holder(role, COMMITTEE), deed, IN_BRANCH) == (role in ALLOWED[deed])


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_no_role_reaches_above_or_beside_its_unit(deed, role):
    assert not may(holder(role, BRANCH), deed, IN_COMMITTEE)
    assert not may(holder(role, BRANCH), deed, IN_OTHER)


@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_nobody_without_a_post_may_do_anything(deed):
    assert not may(Actor(1, "x", ()), deed, IN_BRANCH)


def test_a_deed_nobody_declared_is_a_mistake():
    with pytest.raises(KeyError):
        may(holder("admin", COMMITTEE), "fly", IN_BRANCH)


@pytest.mark.parametrize("role", ROLES)
def test_only_the_roles_of_a_form_fill_it_and_only_for_their_own_unit(role):
    reporters = ("secretary", "deputy")

    assert may_report(holder(role, BRANCH), reporters, BRANCH) == (role in reporters)
    assert not may_report(holder(role, COMMITTEE), reporters, BRANCH)


@pytest.mark.parametrize("role", ROLES)
def test_the_office_writes_the_committees_report_and_a_branch_its_own(role):
    assert writes_report(holder(role, COMMITTEE), COMMITTEE, committee=True) == (role == "officer")
    assert writes_report(holder(role, BRANCH), BRANCH, committee=False) == (role in ("secretary", "deputy"))


@pytest.mark.parametrize("role", ROLES)
def test_nobody_writes_another_units_report_not_even_from_above(role):
    assert not writes_report(holder(role, COMMITTEE), BRANCH, committee=False)
    assert not writes_report(holder(role, OTHER), BRANCH, committee=False)
    assert not writes_report(holder(role, BRANCH), COMMITTEE, committee=True)


def test_the_committees_view_comes_before_the_branches_own():
    actor = Actor(1, "x", (("secretary", BRANCH), ("assigned", COMMITTEE), ("deputy", BRANCH)))

    assert roots(actor) == (COMMITTEE, BRANCH)
