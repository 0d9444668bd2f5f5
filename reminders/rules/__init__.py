"""The reminder rules, one file each; a module here that declares a `Rule` is a rule of the product.

Adding a rule is adding a file, and a row in models/data/rule_values.csv for each number it names (CONTRIBUTING.md).
"""

import importlib
import pkgutil
from datetime import date

from models.rule_book import book_of, delivered
from reminders.rule import Rule, RuleError, check


def load_rules() -> tuple[Rule, ...]:
    """Return every declared rule, checked against the delivered values. Raises RuleError naming the culprit."""
    found: list[Rule] = []
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        rule = getattr(importlib.import_module(f"{__name__}.{module}"), "RULE", None)
        if isinstance(rule, Rule):
            found.append(rule)
        elif not module.endswith("words"):
            raise RuleError(f"reminders/rules/{module}.py declares no RULE")
    check(found, book_of(delivered()), date.max)
    return tuple(found)


RULES = load_rules()
