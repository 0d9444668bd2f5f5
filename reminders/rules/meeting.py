"""The monthly meeting: before it, on its evening, and while its report is late (Điều lệ Đảng 24.2; 42-HD/BTCTW)."""

from reminders.rule import Rule, Step

RULE = Rule(
    id="meeting",
    what="meeting",
    nudge="{unit}: văn phòng nhắc đồng chí báo cáo sinh hoạt {period}. Hạn {due}.",
    steps=(
        Step(
            name="before",
            anchor="planned",
            offsets="meeting.remind_before",
            before=True,
            hour="remind.morning",
            words="{unit}: lịch họp {period} là ngày {planned}. Nếu hoãn, đồng chí gõ «hoãn họp đến» và ngày mới.",
        ),
        Step(
            name="day",
            anchor="planned",
            offsets="meeting.remind_on_the_day",
            hour="remind.evening",
            words="{unit}: ngày {planned} là ngày họp {period}. Đã họp chưa ạ? Đồng chí gõ ví dụ: họp {planned} 18/20.",
            asks=("ready", "meeting"),
        ),
        Step(
            name="late",
            anchor="due",
            offsets="meeting.remind_after",
            hour="remind.morning",
            words="{unit}: chưa có báo cáo sinh hoạt {period}, đã quá hạn {due}.",
            above="{unit}: chưa có báo cáo sinh hoạt {period}, đã quá hạn {due}. Nhờ đồng chí đôn đốc.",
            asks=("meeting",),
        ),
    ),
)
