"""Figures a directive asks for: half-way, the day before, the day, the day after."""

from reminders.rule import Rule, Step

RULE = Rule(
    id="directive_report",
    what="directive_report",
    steps=(
        Step(
            name="halfway",
            anchor="opens",
            unit="percent",
            offsets="directive.remind_halfway",
            hour="remind.morning",
            words="{unit}: chỉ đạo {title} cần báo cáo số liệu, hạn {due}.",
            asks=("report",),
        ),
        Step(
            name="before",
            anchor="due",
            offsets="directive.remind_before",
            before=True,
            hour="remind.morning",
            words="{unit}: chỉ đạo {title} cần báo cáo số liệu, hạn {due}.",
            asks=("report",),
        ),
        Step(
            name="late",
            anchor="due",
            offsets="directive.remind_after",
            hour="remind.morning",
            words="{unit}: chưa báo cáo số liệu theo chỉ đạo {title}, đã quá hạn {due}.",
            above="{unit}: chưa báo cáo số liệu theo chỉ đạo {title}, đã quá hạn {due}. Nhờ đồng chí đôn đốc.",
            asks=("report",),
        ),
    ),
)
