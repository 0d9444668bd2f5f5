"""The certificate of the awareness class runs out: reminded some months before (60 months; 01-HD/TW)."""

from reminders.rule import Rule, Step

RULE = Rule(
    id="case_certificate",
    what="case_certificate",
    steps=(
        Step(
            name="before",
            anchor="opens",
            unit="months",
            offsets="case.certificate_remind",
            hour="remind.morning",
            words="{unit}: giấy chứng nhận lớp nhận thức về Đảng của hồ sơ {title} còn hạn đến {due}. Xem: /kn.",
        ),
    ),
)
