"""Probation ends 12 months after the ceremony; the vote within 30 working days (Điều lệ Đảng 5; 01-HD/TW)."""

from reminders.rule import Rule, Step

RULE = Rule(
    id="case_probation",
    what="case_probation",
    steps=(
        Step(
            name="before",
            anchor="planned",
            offsets="case.probation_before",
            before=True,
            hour="remind.morning",
            words="{unit}: đảng viên của hồ sơ {title} hết thời gian dự bị ngày {planned}. Xem: /kn.",
        ),
        Step(
            name="after",
            anchor="planned",
            unit="working_days",
            offsets="case.probation_after",
            hour="remind.morning",
            words="{unit}: hồ sơ {title} đã hết thời gian dự bị, xét công nhận chính thức chậm nhất {due}. Xem: /kn.",
        ),
    ),
)
