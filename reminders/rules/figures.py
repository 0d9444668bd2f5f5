"""The branch's figures for a quarter, six months, nine months or a year, by the committee's day."""

from reminders.rule import Rule, Step

RULE = Rule(
    id="figures",
    what="figures",
    nudge="{unit}: văn phòng nhắc đồng chí gửi số liệu {period}. Hạn {due}.",
    steps=(
        Step(
            name="before",
            anchor="due",
            offsets="figures.remind_before",
            before=True,
            hour="remind.morning",
            words="{unit}: đồng chí gửi số liệu {period}. Hạn {due}.",
            asks=("quarterly",),
        ),
        Step(
            name="late",
            anchor="due",
            offsets="figures.remind_after",
            hour="remind.morning",
            words="{unit}: chưa có số liệu {period}, đã quá hạn {due}.",
            above="{unit}: chưa có số liệu {period}, đã quá hạn {due}. Nhờ đồng chí đôn đốc.",
            asks=("quarterly",),
        ),
    ),
)
