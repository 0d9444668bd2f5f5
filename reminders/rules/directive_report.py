"""Figures a directive asks for."""

from reminders.rules.directive_words import directive_rule

RULE = directive_rule(
    "directive_report",
    asked="{unit}: chỉ đạo {title} cần báo cáo số liệu, hạn {due}.",
    late="{unit}: chưa báo cáo số liệu theo chỉ đạo {title}, đã quá hạn {due}.",
    answer="report",
)
