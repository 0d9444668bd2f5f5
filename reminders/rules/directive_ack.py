"""A directive that a branch has not acknowledged: half-way, the day before, the day, the day after."""

from reminders.rule import Rule, Step

RULE = Rule(
    id="directive_ack",
    what="directive_ack",
    steps=(
        Step(
            name="halfway",
            anchor="opens",
            unit="percent",
            offsets="directive.remind_halfway",
            hour="remind.morning",
            words="{unit}: đề nghị đồng chí xác nhận đã nhận chỉ đạo {title}. Hạn {due}.",
            asks=("acknowledge",),
        ),
        Step(
            name="before",
            anchor="due",
            offsets="directive.remind_before",
            before=True,
            hour="remind.morning",
            words="{unit}: đề nghị đồng chí xác nhận đã nhận chỉ đạo {title}. Hạn {due}.",
            asks=("acknowledge",),
        ),
        Step(
            name="late",
            anchor="due",
            offsets="directive.remind_after",
            hour="remind.morning",
            words="{unit}: chưa xác nhận đã nhận chỉ đạo {title}, đã quá hạn {due}.",
            above="{unit}: chưa xác nhận đã nhận chỉ đạo {title}, đã quá hạn {due}. Nhờ đồng chí đôn đốc.",
            asks=("acknowledge",),
        ),
    ),
)
