"""Messages numbered by the month: counted as they leave, the administrator warned, the rest kept for what is urgent."""

import pytest

from bot.channels.base import Capabilities, SendError
from bot.desk import take
from bot.outcomes import missed, sent
from models import outbox, quota
from models.conversations import Chat
from models.database import unit_of_work
from models.messages import Message, Say, verbatim
from models.quota import BotPlan
from tests.fakes.channel import NOW
from tests.fakes.core import BOT, CHAT, make_core, person, rows

MONTHLY = 20


@pytest.fixture
def desk(engine):
    return make_core(engine, can=Capabilities(monthly=MONTHLY)).desk


def used(engine) -> int:
    with unit_of_work(engine) as session:
        return quota.sent(session, *BOT, quota.month_of(NOW))


def use(engine, number):
    with unit_of_work(engine) as session:
        for _ in range(number):
            quota.add(session, *BOT, quota.month_of(NOW))


def put(engine, key, kind="reply", chat=CHAT, **values):
    with unit_of_work(engine) as session:
        outbox.put(session, key, Message((verbatim(key),)), NOW, chat=chat, kind=kind, **values)


def leave(engine, desk):
    with unit_of_work(engine) as session:
        taken = take(session, desk, NOW, 64).ready
        for number, delivery in enumerate(taken):
            sent(session, delivery, f"m{number}", NOW)
    return taken


def alerts(engine):
    return [Message.from_json(row.payload).parts[0] for row in rows(engine, lambda row: row.kind == "alert")]


def test_a_message_counts_as_it_begins_to_leave(engine, desk):
    put(engine, "a")
    leave(engine, desk)
    assert used(engine) == 1


@pytest.mark.parametrize(("kind", "counted"), [("unsent", 0), ("refused", 0), ("quota", 0), ("uncertain", 1)])
def test_what_surely_did_not_leave_is_given_back(engine, desk, kind, counted):
    put(engine, "a", "reminder")
    with unit_of_work(engine) as session:
        (delivery,) = take(session, desk, NOW, 1).ready
        missed(session, desk, delivery, SendError(kind, "why"), NOW)
    assert used(engine) == counted


def test_the_administrator_is_warned_at_80_percent_and_at_the_end_once_each(engine, desk):
    person(engine, "Quản trị", "9", "admin")
    use(engine, 15)
    for number in range(2):
        put(engine, f"a{number}", chat=Chat(*BOT, f"a{number}"))
        leave(engine, desk)
    assert [say.key for say in alerts(engine)] == ["quota.warning"]
    assert alerts(engine)[0].args["percent"] == 80
    use(engine, 19 - used(engine))
    put(engine, "last", chat=Chat(*BOT, "last"))
    leave(engine, desk)
    assert [say.key for say in alerts(engine)] == ["quota.warning", "quota.full"]


@pytest.mark.parametrize(
    ("kind", "leaves"),
    [("reply", True), ("directive", True), ("alert", True), ("reminder", False), ("digest", False)],
)
def test_a_spent_month_lets_replies_and_urgent_messages_leave(engine, desk, kind, leaves):
    use(engine, MONTHLY)
    put(engine, "a", kind)
    assert bool(leave(engine, desk)) == leaves
    assert rows(engine)[0].state == ("sent" if leaves else "cancelled")


@pytest.mark.parametrize(("already", "repeated"), [(MONTHLY - 2, True), (MONTHLY - 1, False)])
def test_a_doubtful_receipt_goes_out_once_more_only_while_there_is_room(engine, desk, already, repeated):
    use(engine, already)
    put(engine, "a")
    with unit_of_work(engine) as session:
        (delivery,) = take(session, desk, NOW, 1).ready
        missed(session, desk, delivery, SendError("uncertain", "network"), NOW)
    assert [delivery.again for delivery in leave(engine, desk)] == ([True] if repeated else [])
    assert [row.state for row in rows(engine)] == ["uncertain", "sent" if repeated else "cancelled"]


def test_a_new_month_begins_anew_and_other_channels_are_not_counted(engine):
    desk = make_core(engine).desk
    put(engine, "a", "reminder")
    assert leave(engine, desk)
    assert used(engine) == 0


def test_a_bot_of_another_process_is_known_to_be_spent(engine, desk):
    with unit_of_work(engine) as session:
        quota.declare(session, "zalo", [BotPlan(channel="zalo", bot="mot", users=50, monthly=1)])
        quota.add(session, "zalo", "mot", quota.month_of(NOW))
        assert quota.monthly(session, "zalo", "mot") == 1
        assert quota.monthly(session, "telegram", "1") == 0


@pytest.mark.parametrize("reason", ["token", "quota"])
def test_what_only_a_person_can_mend_is_told_once_a_day(engine, desk, reason):
    person(engine, "Quản trị", "9", "admin")
    for number in range(2):
        put(engine, f"a{number}", "reminder", chat=Chat(*BOT, f"a{number}"))
        with unit_of_work(engine) as session:
            delivery = take(session, desk, NOW, 64).ready[0]
            missed(session, desk, delivery, SendError("unsent", reason), NOW)
    assert alerts(engine) == [Say(f"system.{reason}_refused", {"channel": Say("channel.fake"), "bot": "main"})]
