"""The tick: who is told what and when, over the real tables."""

from datetime import date

import pytest
from sqlmodel import select

from models import conversations, duties, obligations, people, posts, rules, units
from models.notices import cause_holds, messages_on, withdraw
from models.outbox import OutboxRow
from models.periods import parse_period
from models.submissions import Submission
from reminders.tick import NAME, accept_clock, next_moment, tick
from tests.reminders.world import World, moment

MARCH = parse_period("2026-03")


@pytest.fixture
def world() -> World:
    """One branch that meets on the 3rd; the bot begins in the middle of February."""
    made = World(1, "2026-02-15 9:00")
    made.tick()
    return made


def march(world) -> list[tuple[str, str]]:
    """What was sent about the meeting of March."""
    return [one for one, text in zip(world.told(), world.texts(), strict=True) if "tháng 3" in text]


def test_a_branch_that_never_reports_is_reminded_as_the_domain_says(world):
    world.until("2026-03-12 0:00")
    assert march(world) == [
        ("24/02 08:00", "secretary CB01"),
        ("01/03 08:00", "secretary CB01"),
        ("03/03 20:00", "secretary CB01"),
        ("06/03 08:00", "secretary CB01"),
        ("06/03 08:00", "deputy CB01"),
        ("07/03 08:00", "assigned CB01"),
    ]


def test_a_report_silences_every_later_step(world):
    world.until("2026-03-02 0:00")
    world.report(world.branches[0])
    world.until("2026-03-12 0:00")
    assert [one[0] for one in march(world)] == ["24/02 08:00", "01/03 08:00"]


def test_the_evening_question_can_be_answered_by_a_button(world):
    world.until("2026-03-03 20:00")
    assert "Đã họp chưa ạ?" in world.texts()[-1]
    assert world.buttons() == [["Đã họp hôm nay, đủ", "Báo cáo họp"]]


def test_a_postponed_meeting_moves_what_is_still_to_come(world):
    world.until("2026-03-02 0:00")
    with world.session() as session:
        owed = session.merge(world.owed(world.branches[0]))
        duties.meeting_postponed(session, owed, MARCH, date(2026, 3, 12))
    world.until("2026-03-31 0:00")
    assert [one[0] for one in march(world) if "assigned" not in one[1] and "deputy" not in one[1]][2:6] == [
        "05/03 08:00",
        "10/03 08:00",
        "12/03 20:00",
        "15/03 08:00",
    ]


def test_a_step_on_a_tet_day_moves_behind_tet_and_is_dropped_when_the_next_is_due():
    world = World(2, "2026-02-01 9:00")
    with world.session() as session:
        units.put(session, "CB01", meeting_day=18)  # on Tết, the 16th to the 20th: the evening moves
        units.put(session, "CB02", meeting_day=16)  # its evening and both late steps lie in Tết
    world.tick()
    world.until("2026-02-28 0:00")
    meeting = [one for one, text in zip(world.told(), world.texts(), strict=True) if "tháng 2" in text]
    mine = [one[0] for one in meeting if one[1] == "secretary CB01"]
    assert mine == ["11/02 08:00", "21/02 07:00", "21/02 08:00"]  # two days before it was Tết, dropped
    assert [one for one in meeting if one[1] == "assigned CB02"] == [("21/02 07:00", "assigned CB02")]
    assert [one[0] for one in meeting if one[1] == "secretary CB02"] == ["09/02 08:00", "14/02 08:00"]


def test_a_branch_added_late_gets_only_the_steps_still_ahead(world):
    world.until("2026-03-02 12:00")
    with world.session() as session:
        world.found(session, "CB02")
    world.until("2026-03-08 0:00")
    assert [one[0] for one in march(world) if one[1] == "secretary CB02"] == ["03/03 20:00", "06/03 08:00"]


def test_after_ten_days_down_one_late_message_each(world):
    world.until("2026-02-26 0:00")
    world.outage("2026-03-08 9:00")
    late = [(one, text) for one, text in zip(world.told(), world.texts(), strict=True) if one[0].startswith("08/03")]
    assert [one for one, text in late] == [
        ("08/03 09:00", f"{role} CB01") for role in ("secretary", "deputy", "assigned")
    ]
    assert all("(Nhắc muộn)" in text for _, text in late)
    world.until("2026-03-09 0:00")
    assert len([one for one in world.told() if one[0].startswith("08/03")]) == 3


def test_a_late_message_at_night_waits_for_the_morning(world):
    world.until("2026-02-26 0:00")
    world.outage("2026-03-01 23:30")
    assert not [one for one in world.told() if one[0] > "26/02" and one[0].endswith("23:30")]
    world.until("2026-03-02 12:00")
    assert ("02/03 07:00", "secretary CB01") in world.told()


def test_a_few_minutes_late_is_not_marked(world):
    world.until("2026-02-24 7:00")
    world.outage("2026-02-24 8:40")
    assert "(Nhắc muộn)" not in world.texts()[-1]


def test_several_things_due_to_one_person_are_one_message():
    world = World(3, "2026-02-15 9:00")
    with world.session() as session:
        both = people.account_labelled(session, "secretary CB01", world.now)
        people.appoint(session, people.account_id(both), world.branches[1], "secretary", world.now)
    world.tick()
    world.until("2026-03-03 20:00")
    evening = [text for one, text in zip(world.told(), world.texts(), strict=True) if one[0] == "03/03 20:00"]
    assert len(evening) == 2
    assert evening[0].startswith("Đồng chí có 2 việc:")
    rows = [row for row in world.sent if row.account_id == people.account_id(both)]
    assert len(rows[-1].cause["obligations"]) == 2


def test_a_new_secretary_gets_the_later_steps_and_the_old_one_none(world):
    world.until("2026-03-02 0:00")
    with world.session() as session:
        world.appoint(session, "new secretary", world.branches[0], "secretary")
    world.until("2026-03-12 0:00")
    assert [one for one in march(world) if "secretary" in one[1]][2:] == [
        ("03/03 20:00", "new secretary"),
        ("06/03 08:00", "new secretary"),
    ]


def test_a_paused_unit_is_silent(world):
    world.until("2026-03-02 0:00")
    with world.session() as session:
        units.set_pause(session, world.branches[0], date(2026, 3, 4), date(2026, 3, 31))
    world.until("2026-03-12 0:00")
    assert [one[0] for one in march(world)][-1] == "03/03 20:00"


def test_who_has_not_joined_is_not_written_to():
    world = World(0, "2026-02-15 9:00")
    with world.session() as session:
        unit_id = units.unit_id(units.put(session, "CB01", name="Chi bộ CB01", kind="chi_bo"))
        world.appoint(session, "absent", unit_id, "secretary", joined=False)
    world.tick()
    world.until("2026-03-12 0:00")
    assert world.told() == []


def test_never_in_the_middle_of_an_open_talk(world):
    world.until("2026-03-03 19:55")
    secretary = world.account("secretary CB01")
    with world.session() as session:
        talk = conversations.lock(session, conversations.account_key(secretary), world.now)
        talk.draft, talk.updated_at = {"form_id": "admission"}, world.now
    world.until("2026-03-03 23:00")
    assert march(world)[-1] == ("03/03 20:05", "secretary CB01")


def test_a_report_sent_while_the_message_was_held_cancels_it(world):
    world.until("2026-03-03 19:55")
    with world.session() as session:
        talk = conversations.lock(session, conversations.account_key(world.account("secretary CB01")), world.now)
        talk.draft, talk.updated_at = {"form_id": "meeting"}, world.now
    world.until("2026-03-03 20:01")
    world.report(world.branches[0])
    world.until("2026-03-04 0:00")
    assert march(world)[-1][0] == "01/03 08:00"


def test_what_is_left_of_a_message_is_written_anew():
    world = World(2, "2026-02-15 9:00")
    with world.session() as session:
        both = people.account_labelled(session, "secretary CB01", world.now)
        account_id = people.account_id(both)
        people.appoint(session, account_id, world.branches[1], "secretary", world.now)
    world.tick()
    world.until("2026-03-03 19:59")
    with world.session() as session:
        talk = conversations.lock(session, conversations.account_key(account_id), world.now)
        talk.draft, talk.updated_at = {"form_id": "meeting"}, world.now
    world.until("2026-03-03 20:01")
    world.report(world.branches[0])
    world.until("2026-03-03 21:00")
    assert world.told()[-1] == ("03/03 20:10", "secretary CB01")
    assert "Chi bộ CB02" in world.texts()[-1]
    assert "Chi bộ CB01" not in world.texts()[-1]


def test_the_cap_moves_the_rest_by_a_day(world):
    with world.session() as session:
        rules.revise(session, "remind.cap_a_day", "1", date(2026, 2, 15), "account:1", world.now)
        rules.revise(session, "thematic.remind_on", "3", date(2026, 2, 15), "account:1", world.now)
    world.until("2026-03-05 0:00")
    assert [one[0] for one in world.told()][-2:] == ["03/03 08:00", "04/03 20:00"]
    with world.session() as session:
        assert messages_on(session, world.account("secretary CB01"), date(2026, 3, 4)) == 1


def test_a_revision_withdraws_what_waits_under_the_old_rule(world):
    with world.session() as session:
        rules.revise(session, "remind.cap_a_day", "1", date(2026, 2, 15), "account:1", world.now)
        rules.revise(session, "thematic.remind_on", "3", date(2026, 2, 15), "account:1", world.now)
    world.until("2026-03-03 21:00")
    with world.session() as session:
        assert withdraw(session, ["meeting"], world.now) == 1
    world.until("2026-03-05 0:00")
    assert [one[0] for one in world.told()][-1] == "03/03 08:00"


def test_a_paused_rule_says_nothing_and_resumes_with_what_lies_ahead(world):
    with world.session() as session:
        rules.revise(session, "rule.meeting", "no", date(2026, 2, 16), "account:1", world.now)
    world.until("2026-03-02 0:00")
    assert march(world) == []
    with world.session() as session:
        rules.revise(session, "rule.meeting", "yes", date(2026, 3, 2), "account:1", world.now)
    world.until("2026-03-04 0:00")
    assert [one[0] for one in march(world)] == ["03/03 20:00"]


def test_thematic_and_figures(world):
    world.until("2026-04-02 0:00")
    thematic = [one[0] for one, text in zip(world.told(), world.texts(), strict=True) if "chuyên đề" in text]
    figures = [one[0] for one, text in zip(world.told(), world.texts(), strict=True) if "số liệu quý I/2026" in text]
    assert thematic == ["01/03 08:00", "10/03 08:00", "20/03 08:00"]
    assert figures == ["09/03 08:00", "13/03 08:00", "15/03 08:00", "16/03 08:00", "17/03 08:00", "17/03 08:00"]


@pytest.mark.parametrize("at", ["2026-02-15 8:00", "2026-03-28 9:01"])
def test_a_jumped_clock_stops_and_alerts_once(world, at):
    before = len(world.sent)
    for _ in range(3):
        assert world.tick(at).stopped in ("back", "ahead")
    assert world.told("alert") == [(world.now.strftime("%d/%m %H:%M"), "Quản trị")]
    assert len(world.sent) == before + 1
    with world.session() as session:
        assert next_moment(session, world.now) is None
        accept_clock(session, world.now)
    assert world.tick().stopped == ""


def test_a_process_a_little_behind_does_nothing(world):
    assert world.tick("2026-02-15 8:57") == type(world.tick("2026-02-15 8:57"))()


def test_ticking_again_at_the_same_moment_tells_nothing_twice(world):
    world.until("2026-03-03 20:00")
    count = len(world.notices())
    for _ in range(3):
        world.tick()
    with world.session() as session:
        accept_clock(session, moment("2026-02-20 0:00"))
    world.tick("2026-03-03 20:30")
    assert len(world.notices()) == count


def test_the_morning_digest_names_who_is_due_and_who_is_late():
    world = World(3, "2026-02-15 9:00")
    world.tick()
    world.until("2026-03-04 0:00")
    world.report(world.branches[0])
    world.until("2026-03-06 12:00")
    digests = [
        (one, text) for one, text in zip(world.told("digest"), world.texts("digest"), strict=True) if "/03" in one[0]
    ]
    assert [one for one, _ in digests] == [(f"0{day}/03 07:30", "Văn phòng") for day in (1, 2, 3, 4, 5, 6)]
    assert "Sinh hoạt tháng 3/2026: 1/3 chi bộ đã báo cáo." in digests[-2][1]
    assert "Đến hạn hôm nay (2): Chi bộ CB02, Chi bộ CB03." in digests[-2][1]
    assert "Quá hạn (2): Chi bộ CB02, Chi bộ CB03." in digests[-1][1]


def test_the_morning_digest_names_who_was_excused():
    world = World(3, "2026-02-15 9:00")
    world.tick()
    world.until("2026-03-04 0:00")
    with world.session() as session:
        (owed,) = obligations.of_period(session, duties.MEETING, ["2026-03"], [world.branches[0]])
        obligations.excuse(session, owed, "đang sáp nhập", "account:1", world.now)
    world.until("2026-03-06 12:00")
    assert "Được miễn (1): Chi bộ CB01." in world.texts("digest")[-1]


def test_on_the_cut_off_day_all_that_are_missing_are_named():
    world = World(20, "2026-03-01 9:00")
    world.tick()
    world.until("2026-03-25 8:00")
    assert "Chưa báo cáo (20)" in world.texts("digest")[-1]
    assert "Chi bộ CB20" in world.texts("digest")[-1]


def test_the_cause_of_a_reminder_follows_its_obligation(world):
    world.until("2026-03-03 20:00")
    with world.session() as session:
        row = session.exec(select(OutboxRow).where(OutboxRow.kind == "reminder")).all()[-1]
        assert cause_holds(session, row.cause)
    world.report(world.branches[0])
    with world.session() as session:
        assert not cause_holds(session, row.cause)


def test_a_post_that_ended_cancels_what_waits_for_its_holder(world):
    world.until("2026-03-03 19:55")
    secretary = world.account("secretary CB01")
    with world.session() as session:
        talk = conversations.lock(session, conversations.account_key(secretary), world.now)
        talk.draft, talk.updated_at = {"form_id": "meeting"}, world.now
    world.until("2026-03-03 20:01")
    with world.session() as session:
        world.appoint(session, "new secretary", world.branches[0], "secretary")
        posts.end_of_post(session, secretary, world.branches[0], world.now)
    world.until("2026-03-04 0:00")
    assert march(world)[-1][0] == "01/03 08:00"
    assert any("nay có bí thư mới" in text and "viết dở" in text for text in world.texts("reply"))


def test_the_watermark_moves_with_what_was_queued(world):
    world.until("2026-02-23 12:00")
    before = world.notices()

    def power_cut() -> None:
        with world.session() as session:
            tick(session, moment("2026-02-24 8:00"))
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        power_cut()
    assert world.notices() == before
    world.tick("2026-02-24 8:00")
    assert len(world.notices()) == len(before) + 1
    assert NAME == "reminders"


def test_badges_are_named_to_the_secretary_once_ninety_days_ahead_and_are_no_debt():
    world = World(1, "2026-07-20 09:00")
    world.tick()
    world.report(world.branches[0], "meeting", "2026-07")
    world.until("2026-08-09 12:00")
    assert world.told()[-1] == ("09/08 08:00", "secretary CB01")
    assert world.texts()[-1] == (
        "Chi bộ CB01: đợt trao Huy hiệu Đảng ngày 7/11, đồng chí rà soát, đề nghị chậm nhất 23/9. "
        "Số đề nghị đồng chí ghi trong phiếu quý: /quy."
    )
    world.until("2026-11-20 12:00")
    assert sum("đợt trao Huy hiệu Đảng ngày 7/11" in text for text in world.texts()) == 1
    assert not any("Huy hiệu" in text for text in world.texts("digest"))


def test_the_quarters_figures_silence_the_badges():
    world = World(1, "2026-07-20 09:00")
    world.tick()
    with world.session() as session:
        session.add(
            Submission(
                unit_id=world.branches[0], form_id="quarterly", form_version=1, period="2026-Q3", state="submitted",
                answers={"huy_hieu_de_nghi": 0}, submitted_at=world.now, reported_on=world.now.date(),
            )
        )  # fmt: skip
    world.until("2026-08-20 12:00")
    assert world.owed(world.branches[0], "badges", "2026-Q4").status == "on_time"
    assert not any("Huy hiệu" in text for text in world.texts())
