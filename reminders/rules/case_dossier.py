"""An admission dossier must be made again after 12 months: reminded before (01-HD/TW)."""

from reminders.rule import Rule, Step

RULE = Rule(
    id="case_dossier",
    what="case_dossier",
    steps=(
        Step(
            name="before",
            anchor="opens",
            unit="months",
            offsets="case.dossier_remind",
            hour="remind.morning",
            words="{unit}: hồ sơ kết nạp {title} còn hạn đến {due}, quá hạn phải làm lại. Xem: /kn.",
        ),
    ),
)
