"""What has been sent in a month, and the places left on the bots."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from bot.schema import create_tables
from models import people, quota
from models.database import make_engine
from models.quota import BotPlan, Places

NOW = datetime.fromisoformat("2026-03-24T20:00:00+07:00")
MONTH = "2026-03"


@pytest.fixture
def session(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/chibo.db")
    create_tables(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def plan(bot, users=50, monthly=2900, channel="zalo"):
    return BotPlan(channel=channel, bot=bot, title=f"Bot {bot}", users=users, monthly=monthly)


def join(session, bot, native_id):
    account = people.account_labelled(session, native_id, NOW)
    return people.bind(session, people.account_id(account), ("zalo", bot, native_id), NOW)


def test_messages_are_counted_for_each_bot_and_month(session):
    assert [quota.add(session, "zalo", "mot", MONTH) for _ in range(3)] == [1, 2, 3]
    assert quota.add(session, "zalo", "hai", MONTH) == 1
    assert quota.add(session, "zalo", "mot", "2026-04") == 1
    assert quota.sent(session, "zalo", "mot", MONTH) == 3
    assert quota.sent(session, "zalo", "ba", MONTH) == 0


def test_a_message_that_did_not_leave_is_given_back_and_never_more(session):
    quota.add(session, "zalo", "mot", MONTH)
    for _ in range(3):
        quota.take_back(session, "zalo", "mot", MONTH)
    assert quota.sent(session, "zalo", "mot", MONTH) == 0


@pytest.mark.parametrize(
    ("moment", "month"), [("2026-03-31T16:59:59+00:00", MONTH), ("2026-03-31T17:00:00+00:00", "2026-04")]
)
def test_the_month_is_that_of_viet_nam(moment, month):
    assert quota.month_of(datetime.fromisoformat(moment)) == month


def test_declared_bots_show_what_of_them_is_used(session):
    quota.declare(session, "zalo", [plan("mot", users=2, monthly=100), plan("hai")])
    join(session, "mot", "a")
    gone = join(session, "mot", "b")
    gone.retired_at = NOW
    quota.add(session, "zalo", "mot", MONTH)
    hai, mot = quota.uses(session, NOW)
    assert (mot.users, mot.most_users, mot.free, mot.sent, mot.monthly) == (1, 2, 1, 1, 100)
    assert (hai.bot, hai.users, hai.sent) == ("hai", 0, 0)
    assert [one.sent for one in quota.uses(session, NOW + timedelta(days=30))] == [0, 0]


def test_a_new_declaration_replaces_the_old_one_and_keeps_the_counts(session):
    quota.declare(session, "zalo", [plan("mot"), plan("hai")])
    quota.declare(session, "khac", [plan("x", channel="khac")])
    quota.add(session, "zalo", "mot", MONTH)
    quota.declare(session, "zalo", [plan("mot", monthly=10)])
    assert [(one.bot, one.sent, one.monthly) for one in quota.uses(session, NOW)] == [("x", 0, 2900), ("mot", 1, 10)]


def test_sixty_nine_invitations_fill_two_bots_evenly_and_the_last_place_is_known(session):
    quota.declare(session, "zalo", [plan("mot"), plan("hai")])
    join(session, "mot", "a")
    places = Places(session, "zalo", NOW)
    given = [place.bot for place in (places.take() for _ in range(99)) if place]
    assert (given.count("mot"), given.count("hai")) == (49, 50)
    assert given[0] == "hai"
    assert places.take() is None


def test_without_a_bot_there_is_no_place(session):
    assert Places(session, "zalo", NOW).take() is None
