"""What the three duties of a directive have in common: half-way, the day before, the day, the day after."""

from reminders.rule import Rule, Step


def directive_rule(rule_id: str, *, asked: str, late: str, answer: str) -> Rule:
    """Return the rule of one duty of a directive: what is asked until it is due, what is said later, the button."""
    return Rule(
        id=rule_id,
        what=rule_id,
        steps=(
            Step(
                name="halfway",
                anchor="opens",
                unit="percent",
                offsets="directive.remind_halfway",
                hour="remind.morning",
                words=asked,
                asks=(answer,),
            ),
            Step(
                name="before",
                anchor="due",
                offsets="directive.remind_before",
                before=True,
                hour="remind.morning",
                words=asked,
                asks=(answer,),
            ),
            Step(
                name="late",
                anchor="due",
                offsets="directive.remind_after",
                hour="remind.morning",
                words=late,
                above=f"{late} Nhờ đồng chí đôn đốc.",
                asks=(answer,),
            ),
        ),
    )
