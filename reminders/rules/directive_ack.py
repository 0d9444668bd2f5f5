"""A directive that a branch has not acknowledged."""

from reminders.rules.directive_words import directive_rule

RULE = directive_rule(
    "directive_ack",
    asked="{unit}: đề nghị đồng chí xác nhận đã nhận chỉ đạo {title}. Hạn {due}.",
    late="{unit}: chưa xác nhận đã nhận chỉ đạo {title}, đã quá hạn {due}.",
    answer="acknowledge",
)
