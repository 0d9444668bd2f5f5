"""A directive that a branch has not carried out."""

from reminders.rules.directive_words import directive_rule

RULE = directive_rule(
    "directive_do",
    asked="{unit}: chỉ đạo {title} cần thực hiện xong, hạn {due}. Đã xong, đồng chí chọn «Đã thực hiện».",
    late="{unit}: chưa báo thực hiện chỉ đạo {title}, đã quá hạn {due}.",
    answer="done",
)
