from datetime import timedelta

from bot.alerts import alert
from models import people
from models.database import unit_of_work
from models.messages import Say
from tests.fakes.channel import NOW
from tests.fakes.core import person, rows

WORDS = Say("system.channel_down", {"channel": "telegram"})


def tell(engine, key="down:1", roles=("admin",), now=NOW):
    with unit_of_work(engine) as session:
        alert(session, key, WORDS, now, roles)


def test_everyone_who_holds_the_role_is_told_once(engine):
    first, second = person(engine, "Quản trị 1", "1", "admin"), person(engine, "Quản trị 2", "2", "admin")
    person(engine, "Văn phòng", "3", "officer")
    tell(engine)
    tell(engine)
    assert [row.account_id for row in rows(engine)] == [first, second]
    assert {(row.kind, row.lane, row.to_account) for row in rows(engine)} == {("alert", "bulk", True)}


def test_where_there_is_no_administrator_the_office_is_told(engine):
    officer = person(engine, "Văn phòng", "3", "officer")
    tell(engine)
    assert [row.account_id for row in rows(engine)] == [officer]


def test_who_cannot_be_reached_or_holds_the_post_no_more_is_not_told(engine):
    gone = person(engine, "Quản trị 1", "1", "admin")
    with unit_of_work(engine) as session:
        people.retire_addresses(session, gone, NOW, "left")
    tell(engine)
    later = person(engine, "Quản trị 2", "2", "admin", NOW + timedelta(days=1))
    tell(engine)
    assert rows(engine) == []
    tell(engine, now=NOW + timedelta(days=2))
    assert [row.account_id for row in rows(engine)] == [later]
