"""What the meeting form's parts share: its kinds, formats and outcomes, and small questions about the answers."""

from models.forms.base import Answers, Facts

KINDS = {"regular": "thường kỳ", "thematic": "chuyên đề", "extraordinary": "đột xuất"}
FORMATS = {"in_person": "trực tiếp", "online": "trực tuyến", "hybrid": "trực tiếp kết hợp trực tuyến"}


def held(answers: Answers, _facts: Facts | None = None) -> bool:
    """Return whether the meeting took place, as far as answered."""
    return str(answers.get("outcome", "held")) == "held"


def outcome_is(answers: Answers, outcome: str) -> bool:
    """Return whether the outcome was answered and is this one."""
    return answers.get("outcome") == outcome


def kind_of(answers: Answers) -> str:
    """Return regular, thematic or extraordinary."""
    return str(answers.get("kind", "regular"))


def absent(answers: Answers) -> int:
    """Return how many required attendants were absent."""
    return max(int(answers.get("total", 0)) - int(answers.get("present", 0)), 0)


def has_attendance(answers: Answers) -> bool:
    """Return whether present and total are known."""
    return answers.get("present") is not None and answers.get("total") is not None


def month_of_day(iso: str) -> str:
    """Return the month of an ISO date as a period."""
    return iso[:7]
