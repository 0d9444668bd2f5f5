"""A directive (văn bản chỉ đạo) as the committee's office composes it, from one typed or forwarded text.

By default it carries number, title, deadline and where to read it; whoever sends it confirms that it may be circulated.
"""

from datetime import date, timedelta

from models.directive_text import TITLE_CHARS, read_directive, read_symbol
from models.forms.base import Answers, Choice, Facts, Field, Filled, Form, Problem, Read, on_request
from models.forms.directive_audience import AUDIENCE, EXCEPT, LIST, WHICH, audience_words
from models.forms.directive_when import SEND_AT, send_words
from models.forms.words import coming_date, day_month, full_date, iso_date, one_of, short
from models.vietnamese.folding import fold

ACKNOWLEDGE, DO, FIGURES = "acknowledge", "do", "figures"
ASKS = {ACKNOWLEDGE: "Xác nhận đã nhận", DO: "Thực hiện rồi báo lại", FIGURES: "Báo cáo số liệu"}
REPORTS = {"study": "Học tập, quán triệt nghị quyết", "tally": "Một con số"}
ROLES = {"secretary": "Bí thư", "deputy": "Phó bí thư", "both": "Bí thư và phó bí thư"}
HERE = "Ngay trong tin này"


# The text ---------------------------------------------------------------------------------------------------------


def _ask_body(_answers: Answers, _facts: Facts) -> str:
    return (
        "Đồng chí gõ hoặc chuyển tiếp nội dung chỉ đạo. "
        "Ví dụ: Kế hoạch 58-KH/ĐU về học tập nghị quyết, hạn 15/3, toàn văn tại Sổ tay đảng viên."
    )


def _read_body(text: str, answers: Answers, facts: Facts) -> Read:
    return read_text(text, answers, facts)


def read_text(text: str, answers: Answers, facts: Facts) -> Read:
    """Read the text of a directive; what was answered already stays."""
    found = read_directive(text, facts.today)
    if len(found.title) < 8:
        return Problem(f"«{short(text)}» quá ngắn. {_ask_body(answers, facts)}")
    filled: dict[str, object] = {"body": found.body, "title": found.title}
    if found.number:
        filled["number"] = found.number
    if found.deadline:
        filled["deadline"] = found.deadline.isoformat()
    if found.read_at:
        filled["read_at"] = found.read_at
    return Filled(filled)


def _read_title(text: str, _answers: Answers, _facts: Facts) -> Read:
    return Filled({"title": " ".join(text.split())[:TITLE_CHARS]})


_NO_NUMBER = Choice("Không có số", {"number": ""})


def _read_number(text: str, _answers: Answers, _facts: Facts) -> Read:
    number = read_symbol(text)
    if number:
        return Filled({"number": number})
    if fold(text).strip(" .") in ("khong", "khong co", "ko"):
        return Filled({"number": ""})
    return Problem(f"Bot chưa đọc được số, ký hiệu trong «{short(text)}». Ví dụ: 58-KH/ĐU.")


# The deadline -----------------------------------------------------------------------------------------------------


def _deadlines(_answers: Answers, facts: Facts) -> tuple[Choice, ...]:
    days = [facts.today + timedelta(days=ahead) for ahead in (3, 7, 14)]
    return tuple(Choice(f"{(day - facts.today).days} ngày ({day_month(day)})", _until(day)) for day in days)


def _until(day: date) -> dict[str, str]:
    return {"deadline": day.isoformat()}


def _read_deadline(text: str, _answers: Answers, facts: Facts) -> Read:
    return coming_date("deadline", text, facts)


# Where to read it, what is asked ----------------------------------------------------------------------------------

_PLACES = (
    Choice(HERE, {"read_at": ""}),
    Choice("Sổ tay đảng viên", {"read_at": "Sổ tay đảng viên điện tử"}),
    Choice("Văn phòng đảng ủy", {"read_at": "Văn phòng đảng ủy"}),
)


def _places(answers: Answers, _facts: Facts) -> tuple[Choice, ...]:
    return (Choice("Trong tệp kèm", {"read_at": "tệp kèm"}), *_PLACES) if answers.get("file") else _PLACES


def _read_place(text: str, _answers: Answers, _facts: Facts) -> Read:
    if fold(text).strip(" .") in ("khong", "khong co", "trong tin", "o day", "tai day", "trong tin nay"):
        return Filled({"read_at": ""})
    return Filled({"read_at": " ".join(text.split())[:160]})


_ASKS = tuple(Choice(words, {"asks": asks}) for asks, words in ASKS.items())
_TYPED_ASKS = (("so lieu", FIGURES), ("bao cao", FIGURES), ("thuc hien", DO), ("bao lai", DO), ("nhan", ACKNOWLEDGE))


def _read_asks(text: str, _answers: Answers, _facts: Facts) -> Read:
    folded = fold(text)
    found = next((asks for words, asks in _TYPED_ASKS if words in folded), None)
    return Filled({"asks": found}) if found else one_of("asks", _ASKS)


def _figures_asked(answers: Answers, _facts: Facts | None = None) -> bool:
    return answers.get("asks") == FIGURES


_REPORTS = tuple(Choice(words, {"form": form}) for form, words in REPORTS.items())


def _counted_asked(answers: Answers, _facts: Facts | None = None) -> bool:
    return _figures_asked(answers) and answers.get("form") == "tally"


def _read_counted(text: str, _answers: Answers, _facts: Facts) -> Read:
    return Filled({"counted": " ".join(text.split())[:80]})


_TYPED_ROLES = (("ca hai", "both"), ("ca bi thu va pho", "both"), ("bi thu va pho", "both"), ("bi thu, pho", "both"),
                ("pho", "deputy"), ("bi thu", "secretary"))  # fmt: skip


def _read_roles(text: str, _answers: Answers, _facts: Facts) -> Read:
    folded = " ".join(fold(text).split())
    found = next((roles for words, roles in _TYPED_ROLES if words in folded), None)
    return Filled({"roles": found}) if found else one_of("roles", _ROLES)


_NO_FILE = Choice("Bỏ tệp kèm", {"file": None, "file_name": ""})


def _ask_file(answers: Answers, _facts: Facts) -> str:
    return f"Đang kèm tệp «{answers.get('file_name', '')}». Đồng chí gửi tệp khác để thay."


# Who gets it, and whether it may go out ---------------------------------------------------------------------------

_ROLES = tuple(Choice(words, {"roles": roles}) for roles, words in ROLES.items())
_ALLOWED = (Choice("Được phép phổ biến", {"allowed": True}), Choice("Không được phép", {"allowed": False}))
_YES, _NO = ("duoc phep", "duoc", "co", "dong y", "duoc phep pho bien"), ("khong", "khong duoc", "khong duoc phep")
_NOT_ALLOWED = "Văn bản không được phép phổ biến thì không gửi qua đây. Đồng chí chọn «Hủy»."


def _ask_allowed(_answers: Answers, _facts: Facts) -> str:
    return "Đồng chí xác nhận văn bản này được phép phổ biến qua kênh này, không thuộc bí mật nhà nước?"


def _read_allowed(text: str, _answers: Answers, _facts: Facts) -> Read:
    words = fold(text).strip(" .!")
    if words in _YES or words in _NO:
        return Filled({"allowed": words in _YES})
    return one_of("allowed", _ALLOWED)


def _check(answers: Answers, facts: Facts) -> Problem | None:
    if answers.get("allowed") is False:
        return Problem(_NOT_ALLOWED, "allowed")
    if answers.get("deadline", "9") < facts.today.isoformat():
        return Problem("Hạn đã qua. Đồng chí gõ ngày sắp tới, ví dụ: 15/3.", "deadline")
    if answers.get("audience") in (LIST, EXCEPT) and not answers.get("unresolved") and not answers.get("named"):
        return Problem("Chưa chọn được chi bộ nào. Đồng chí gõ lại tên chi bộ.", "audience")
    return None


# The summary ------------------------------------------------------------------------------------------------------


def _lines(answers: Answers) -> tuple[str, ...]:
    named = " – ".join(part for part in (answers.get("number"), answers.get("title")) if part)
    deadline = f"Hạn: {full_date(iso_date(answers['deadline']))}" if answers.get("deadline") else ""
    place = f"Đọc tại: {answers['read_at']}" if answers.get("read_at") else ""
    asked = f"Đề nghị: {asks_words(answers)}" if answers.get("asks") else ""
    to = f"Gửi: {audience_words(answers)}, {ROLES[answers.get('roles', 'secretary')].lower()}"
    when = send_words(answers)
    file = f"Kèm tệp: {answers['file_name']}" if answers.get("file") else ""
    lines = (named, deadline, place, asked, file, to if answers.get("audience") else "", when)
    return tuple(line for line in lines if line)


def asks_words(answers: Answers) -> str:
    """Return what is asked of the branches, in words."""
    words = ASKS[answers["asks"]].lower()
    if answers["asks"] != FIGURES or not answers.get("form"):
        return words
    what = answers.get("counted") if answers["form"] == "tally" else REPORTS[answers["form"]].lower()
    return f"{words}: {what}" if what else words


DIRECTIVE = Form(
    id="directive",
    version=1,
    title="Chỉ đạo",
    reporters=("officer",),
    defaults={"roles": "secretary", "send_at": ""},
    fields=(
        Field("body", "Nội dung", _ask_body, _read_body),
        Field("number", "Số, ký hiệu", lambda _a, _f: "Số, ký hiệu văn bản? Ví dụ: 58-KH/ĐU.", _read_number,
              lambda _a, _f: (_NO_NUMBER,)),
        Field("title", "Trích yếu", lambda _a, _f: "Trích yếu nội dung là gì?", _read_title, asked=on_request),
        Field("deadline", "Hạn", lambda _a, _f: "Hạn đến ngày nào?", _read_deadline, _deadlines),
        Field("read_at", "Nơi đọc toàn văn", lambda _a, _f: "Toàn văn đọc ở đâu? Đồng chí chọn hoặc gõ nơi đọc.",
              _read_place, _places),
        Field("asks", "Đề nghị", lambda _a, _f: "Đề nghị các chi bộ làm gì?", _read_asks, lambda _a, _f: _ASKS,
              clears=("form", "counted")),
        Field("form", "Mẫu báo cáo", lambda _a, _f: "Các chi bộ báo cáo theo mẫu nào?",
              lambda _t, _a, _f: one_of("form", _REPORTS), lambda _a, _f: _REPORTS, _figures_asked, _figures_asked,
              clears=("counted",)),
        Field("counted", "Số liệu gì", lambda _a, _f: "Đếm gì? Ví dụ: số mô hình đăng ký.", _read_counted,
              asked=_counted_asked, changeable=_counted_asked),
        AUDIENCE,
        WHICH,
        Field("roles", "Người nhận", lambda _a, _f: "Gửi cho ai trong chi bộ?",
              _read_roles, lambda _a, _f: _ROLES, asked=on_request),
        SEND_AT,
        Field("file", "Tệp kèm", _ask_file,
              lambda _t, _a, _f: one_of("file", (_NO_FILE,)), lambda _a, _f: (_NO_FILE,), asked=on_request,
              changeable=lambda answers: bool(answers.get("file"))),
        Field("allowed", "Được phép phổ biến", _ask_allowed, _read_allowed, lambda _a, _f: _ALLOWED,
              changeable=lambda _answers: False),
    ),
    check=_check,
    period=lambda _answers: "",
    kind=lambda _answers: "",
    single=lambda _answers: False,
    lines=_lines,
    headline=lambda answers: str(answers.get("title", "")),
)  # fmt: skip
