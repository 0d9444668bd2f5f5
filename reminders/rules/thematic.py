"""The thematic meeting, at least one a quarter, in the quarter's last month (42-HD/BTCTW)."""

from reminders.rule import Rule, Step

RULE = Rule(
    id="thematic",
    what="thematic",
    nudge="{unit}: văn phòng nhắc đồng chí, {period} chưa có buổi sinh hoạt chuyên đề. Hạn {due}.",
    steps=(
        Step(
            name="month",
            anchor="due",
            unit="day_of_month",
            offsets="thematic.remind_on",
            hour="remind.morning",
            words="{unit}: {period} chưa có buổi sinh hoạt chuyên đề nào. Hạn {due}.",
            asks=("meeting",),
        ),
    ),
)
