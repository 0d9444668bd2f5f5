"""A decision of admission without its ceremony: 30 working days from the decision (01-HD/TW)."""

from reminders.rule import Rule, Step

RULE = Rule(
    id="case_ceremony",
    what="case_ceremony",
    steps=(
        Step(
            name="after",
            anchor="opens",
            unit="working_days",
            offsets="case.ceremony_remind",
            hour="remind.morning",
            words="{unit}: hồ sơ {title} đã có quyết định kết nạp, tổ chức lễ chậm nhất {due}. Xem: /kn.",
        ),
    ),
)
