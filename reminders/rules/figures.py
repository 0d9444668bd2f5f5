"""The branch's figures for a quarter, six months, nine months or a year, by the committee's day."""

from reminders.rule import Rule, Step

RULE = Rule(
    id="figures",
    what="figures",
    steps=(
        Step(
            name="before",
            anchor="due",
            offsets="figures.remind_before",
            before=True,
            hour="remind.morning",
            words="{unit}: đồng chí xem và xác nhận số liệu {period}. Hạn {due}.",
            asks=("figures",),
        ),
        Step(
            name="late",
            anchor="due",
            offsets="figures.remind_after",
            hour="remind.morning",
            words="{unit}: số liệu {period} chưa được xác nhận, đã quá hạn {due}.",
            asks=("figures",),
        ),
    ),
)
