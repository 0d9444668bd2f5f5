"""What is typed while a form is open: an answer to its question, or the words that send, drop, keep or correct."""

import re

from handlers import dialog, drafts, fill_form
from handlers.context import Context
from handlers.dialog import Draft
from handlers.send_report import already_reported
from handlers.talk import Replies
from models.forms.base import Filled
from models.messages import Say
from models.vietnamese.folding import fold

# Typed instead of a button, whatever menu is open; folded.
CANCELS = re.compile(
    r"(?:thoi|huy|bo)(?: (?:bo|huy|thoi|di|qua|nhe|a|khong|bao|cao|nua|gui|lam|cai|nay|dong|chi))*"
    r"|khong (?:bao|gui|lam|bao cao) nua(?: nhe| a)?"
)
KEEPS = re.compile(
    r"(?:giu|de)(?: lai)?(?: nguyen| bao cao cu| cai cu| cu)?(?: nhe| di| nhu cu)?|bao cao cu dung(?: roi)?"
)
DECLINES = ("khong", "khong sua", "khong can")  # to correct the report that stands already
CORRECTS = re.compile(
    r"(?:sua|doi|thay)(?: lai)?(?: bao cao)?(?: cu)?(?: di| nhe| giup toi)?|bao cao moi dung(?: roi)?"
)
_CONSENT = (
    r"gui|dung|roi|chuan|chinh xac|ok|oke|okie|okay|yes|dong y|nhat tri|vang|da|u|uh|um|duoc|xac nhan|xong|the la dung"
)
_POLITE = r"dong chi|toi|em|anh|chi|bac|bot|giup|ho|cho|nhe|nha|a|di|luon|ngay|bao cao|het|ca|voi|cam on|nhieu|thua"
CONSENTS = re.compile(rf"(?:(?:{_POLITE}) )*(?:{_CONSENT})(?: (?:{_CONSENT}|{_POLITE}))*")


def takes(context: Context, text: str) -> bool:
    """Return whether a typed line answers the open question as it stands."""
    draft, words = drafts.current(context), _words(text)
    if CANCELS.fullmatch(words) or (draft.replaces is not None and KEEPS.fullmatch(words)):
        return True
    if draft.asking == dialog.SUMMARY:
        wanted = (KEEPS, CORRECTS) if already_reported(context, draft) else (CONSENTS,)
        return any(pattern.fullmatch(words) for pattern in wanted) or words in DECLINES
    if CONSENTS.fullmatch(words):
        # "Ok gửi luôn" is about this form, even before it can be sent.
        return True
    form, facts = drafts.form_and_facts(context, draft)
    return isinstance(form.field(draft.asking).read(text, draft.answers, facts), Filled)


def typed(context: Context, text: str, message_id: str) -> Replies:
    """Take a typed line as the answer to the open question of the draft."""
    draft, words = drafts.current(context), _words(text)
    if CANCELS.fullmatch(words):
        return fill_form.guarded(context, "cancel", [str(draft.serial)])
    if draft.replaces is not None and KEEPS.fullmatch(words):
        return fill_form.guarded(context, "keep_old", [str(draft.serial)])
    if draft.asking == dialog.SUMMARY:
        return _at_the_summary(context, draft, words)
    form, facts = drafts.form_and_facts(context, draft)
    return fill_form.put(context, dialog.advance(form, draft, text, facts, message_id))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _at_the_summary(context: Context, draft: Draft, words: str) -> Replies:
    """Send on words of consent; anything else gets the summary, or the question about the other report, again."""
    form, facts = drafts.form_and_facts(context, draft)
    begun = dialog.begin(form, draft, facts)
    existing = already_reported(context, draft)
    if existing is not None:
        if KEEPS.fullmatch(words) or words in DECLINES:
            return fill_form.guarded(context, "keep_old", [str(draft.serial)])
        if CORRECTS.fullmatch(words):
            return fill_form.guarded(context, "replace", [str(draft.serial), str(existing.id)])
    if not begun.complete or existing is not None:
        return fill_form.put(context, begun)
    if CONSENTS.fullmatch(words):
        return fill_form.guarded(context, "send", [str(draft.serial)])
    return fill_form.summary(context, draft, form, (Say("form.confirm_first"),))


def is_reported(context: Context, draft: Draft) -> bool:
    """Return whether the report of a half-filled form stands already."""
    return already_reported(context, draft) is not None
