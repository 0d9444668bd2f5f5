"""Badges for long membership (Huy hiệu Đảng): proposed some time before the day of the quarter they are awarded on."""

from reminders.rule import Rule, Step

RULE = Rule(
    id="badges",
    what="badges",
    steps=(
        Step(
            name="before",
            anchor="planned",
            offsets="badges.remind_before",
            before=True,
            hour="remind.morning",
            words="{unit}: đợt trao Huy hiệu Đảng ngày {planned}, đồng chí rà soát, đề nghị chậm nhất {due}. "
            "Số đề nghị đồng chí ghi trong phiếu quý: /quy.",
        ),
    ),
)
