"""A directive that a branch has not carried out: half-way, the day before, the day, the day after."""

from reminders.rule import Rule, Step

RULE = Rule(
    id="directive_do",
    what="directive_do",
    steps=(
        Step(
            name="halfway",
            anchor="opens",
            unit="percent",
            offsets="directive.remind_halfway",
            hour="remind.morning",
            words="{unit}: chỉ đạo {title} cần thực hiện xong, hạn {due}. Đã xong, đồng chí chọn «Đã thực hiện».",
            asks=("done",),
        ),
        Step(
            name="before",
            anchor="due",
            offsets="directive.remind_before",
            before=True,
            hour="remind.morning",
            words="{unit}: chỉ đạo {title} cần thực hiện xong, hạn {due}. Đã xong, đồng chí chọn «Đã thực hiện».",
            asks=("done",),
        ),
        Step(
            name="late",
            anchor="due",
            offsets="directive.remind_after",
            hour="remind.morning",
            words="{unit}: chưa báo thực hiện chỉ đạo {title}, đã quá hạn {due}.",
            above="{unit}: chưa báo thực hiện chỉ đạo {title}, đã quá hạn {due}. Nhờ đồng chí đôn đốc.",
            asks=("done",),
        ),
    ),
)
