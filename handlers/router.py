"""From one update to its answer: button, command, open draft, understood line, else help."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from handlers import (
    calendar,
    cases,
    chase,
    correct,
    directive,
    fill_form,
    help_lines,
    join,
    link_account,
    my_work,
    named_units,
    notice_labels,
    open_draft,
    overview,
    own_figures,
    periods,
    quota_view,
    ready,
    report,
    report_words,
    rule_values,
    spoken_words,
    targets,
    typed_line,
    vocabulary,
)
from handlers.context import Context
from handlers.notice_labels import MENU_MARKS
from handlers.talk import Replies, Verbs, press, row, say
from models.forms.words import day_month, example_day
from models.messages import Action, Incoming, Message, Say
from models.vietnamese.folding import fold

SHEETS = (".xlsx", ".xls", ".csv", ".ods")
UNREADABLE = ("photo", "voice", "sticker", "other", "file")


def answer(context: Context, incoming: Incoming) -> list[Message]:
    """Return what to reply; changes go into the context's session and commit with the reply."""
    context.message_id = incoming.message_id
    incoming = replace(incoming, text=storable(incoming.text))
    if context.actor is None:
        return join.stranger(context, incoming.text if incoming.kind == "text" else "")
    before = context.conversation.draft
    replies = _answer_member(context, incoming)
    open_draft.touch(context, before)
    return replies


def storable(text: str) -> str:
    """Return a text as every database takes it: without half characters and control signs, its letters composed."""
    whole = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    return "".join(sign for sign in whole if sign in "\n\t" or unicodedata.category(sign) != "Cc")


def _answer_member(context: Context, incoming: Incoming) -> Replies:
    if incoming.kind == "press":
        return pressed(context, incoming.action)
    if incoming.kind == "file" and (about := _file(context, incoming)):
        return about
    if incoming.kind in UNREADABLE:
        return _type_a_line(context, incoming)
    if incoming.edited:
        return correct.edited(context, incoming)
    if incoming.forwarded and not directive.wants_text(context):
        return _ask_about_forwarded(context, incoming.text)
    return typed(context, incoming.text)


def _file(context: Context, incoming: Incoming) -> Replies | None:
    """Answer a file that is of use: a report that comes back, or what goes with a directive."""
    if context.file is not None and report_words.is_ours(context.file):
        return report_words.uploaded(context)
    about = directive.file(context, incoming)
    return about or (
        report_words.uploaded(context) if report_words.wants_file(incoming.file_name) and context.file else None
    )


def _type_a_line(context: Context, incoming: Incoming) -> Replies:
    key: str = incoming.kind if incoming.kind in ("photo", "voice", "sticker", "file") else "other"
    if incoming.file_name.lower().endswith(SHEETS):
        key = "sheet"
    asked = [Message((Say(f"unreadable.{key}", {"day": day_month(example_day(context.today))}),))]
    return asked + (fill_form.show_again(context) if context.conversation.draft else [])


# Buttons --------------------------------------------------------------------------------------------------------


def pressed(context: Context, encoded: str) -> Replies:
    """Answer a button; one nobody declared, or that no longer fits, gets a friendly line."""
    line = open_draft.waiting_line(context, encoded)
    if line:
        return _instead_of_draft(context, encoded, line)
    action = Action.decode(encoded)
    if action.verb not in directive.VERBS:
        directive.turn_away(context)
    if action.verb in fill_form.VERBS:
        return fill_form.guarded(context, action.verb, action.args)
    handler = VERBS.get(action.verb)
    return handler(context, action.args) if handler else say("talk.stale")


def _instead_of_draft(context: Context, encoded: str, line: str) -> Replies:
    """Give a half-filled form up for the line typed after it was left; one that says nothing leaves the button."""
    left, context.conversation.draft = context.conversation.draft, None
    replies = _understood(context, line)
    if replies:
        return replies
    context.conversation.draft = left
    return pressed(context, encoded)


def _on_command(context: Context, args: Sequence[str]) -> Replies:
    return command(context, args[0], "") if args else say("talk.stale")


def _on_use_forwarded(context: Context, _args: Sequence[str]) -> Replies:
    waiting, context.conversation.waiting = context.conversation.waiting, None
    return typed(context, waiting["forwarded"]) if waiting and "forwarded" in waiting else say("talk.stale")


def _on_drop_forwarded(context: Context, _args: Sequence[str]) -> Replies:
    context.conversation.waiting = None
    return say("forwarded.dropped")


VERBS: Verbs = {
    "command": _on_command,
    "use_forwarded": _on_use_forwarded,
    "drop_forwarded": _on_drop_forwarded,
    **join.VERBS,
    **overview.VERBS,
    **report.VERBS,
    **cases.VERBS,
    **correct.VERBS,
    **typed_line.VERBS,
    **vocabulary.VERBS,
    **chase.VERBS,
    **own_figures.VERBS,
    **periods.VERBS,
    **ready.VERBS,
    **rule_values.VERBS,
    **directive.VERBS,
}


# Typed lines ----------------------------------------------------------------------------------------------------


def typed(context: Context, text: str) -> Replies:
    """Answer a typed line: a command, a button's label, an answer to the open question, else a hint."""
    line = text.strip()
    if not line:
        return _hint(context)
    if line.startswith("/"):
        directive.turn_away(context)
        name, _, words = line[1:].partition(" ")
        return command(context, name.partition("@")[0].lower(), words)
    open_draft.drop_empty(context)
    chosen = menu_choice(context, line) or notice_labels.choice(context, fold(line).strip(MENU_MARKS))
    if chosen is not None and not open_draft.outlived(context, chosen):
        return pressed(context, chosen)
    return directive.awaited(context, line) or _typed_freely(context, line)


def _typed_freely(context: Context, line: str) -> Replies:
    if context.conversation.draft is None:
        return _understood(context, line) or _left_over(context, line)
    if open_draft.paused(context):
        return open_draft.typed(context, line, _understood)
    return open_draft.typed(context, line, partial(_plainly_else, form_id=context.conversation.draft["form_id"]))


def _understood(context: Context, line: str) -> Replies | None:
    """Answer a line outside any form, or None when it says nothing the bot knows."""
    told = _courtesy(context, line) or _spoken(context, line)
    if told is None and own_figures.speaks_for_the_office_alone(context):
        told = own_figures.unclear(context, line)
    return told or typed_line.answer(context, line)


def _courtesy(context: Context, line: str) -> Replies | None:
    if spoken_words.greets(line):
        return [Message((Say("hint.greeted"),), help_lines.buttons(context.who))]
    if spoken_words.thanks(line):
        return directive.before_reports(context, line) or say("hint.thanked")
    return None


def _plainly_else(context: Context, line: str, form_id: str) -> Replies | None:
    """Answer a line that is plainly no answer to the open question of a form, None for the rest."""
    return _spoken(context, line) or typed_line.aside(context, line, form_id)


def _spoken(context: Context, line: str) -> Replies | None:
    """Answer what speaks of a directive, a command in words, a figure of the office's own."""
    about_directive = directive.before_reports(context, line)
    if about_directive:
        return about_directive
    name = spoken_words.command(line)
    return command(context, name, "") if name else own_figures.answer(context, line)


def _left_over(context: Context, line: str) -> Replies:
    return directive.left_over(context, line) or own_figures.unclear(context, line) or _hint(context)


def menu_choice(context: Context, line: str) -> str | None:
    """Return the action of the open menu's button someone typed by label, number or letter, or None."""
    menu = context.conversation.menu
    folded = fold(line).strip(MENU_MARKS)
    for label, action in menu:
        if fold(label).strip(MENU_MARKS) == folded:
            return action
    named = named_units.chosen(context, [action for _, action in menu], line)
    if named or context.has_buttons:
        return named
    lettered = context.conversation.lettered
    marks = [chr(ord("a") + n) if lettered else str(n + 1) for n in range(len(menu))]
    return menu[marks.index(folded)][1] if folded in marks else None


def _ask_about_forwarded(context: Context, text: str) -> Replies:
    context.conversation.waiting = {"forwarded": text}
    buttons = row(press("forwarded.button.use", "use_forwarded"), press("forwarded.button.drop", "drop_forwarded"))
    send_on = (row(press("directive.button.forwarded", "d_forwarded")),) if context.who.holds("officer") else ()
    return [Message((Say("forwarded.ask", {"text": text[:300]}),), (*send_on, buttons))]


def _hint(context: Context) -> Replies:
    if context.who.holds("secretary", "deputy"):
        return [Message((Say("hint.reporter"),), help_lines.buttons(context.who))]
    return say("hint.overseer" if context.who.posts else "hint.no_post")


# Commands -------------------------------------------------------------------------------------------------------


def command(context: Context, name: str, words: str) -> Replies:
    """Answer a command by name; one nobody declared gets the help."""
    handler = COMMANDS.get(name)
    return handler(context, words) if handler else _help(context, words)


def _help(context: Context, _words: str) -> Replies:
    return [Message(help_lines.lines(context.who, context.today), help_lines.buttons(context.who))]


def _form(context: Context, form_id: str, spoken: str, words: str) -> Replies:
    """Begin a form, or take "/hop 3/3 18/20" as the line it is."""
    if words.strip() and context.conversation.draft is None:
        taken = typed_line.answer(context, f"{spoken} {words}".strip())
        if taken:
            return taken
    return fill_form.start(context, form_id)


COMMANDS: dict[str, Callable[[Context, str], Replies]] = {
    "start": join.again,
    "hop": lambda context, words: _form(context, "meeting", "hop", words),
    "ketnap": lambda context, words: _form(context, "admission", "ket nap", words),
    "biendong": lambda context, words: _form(context, "movement", "", words),
    "viec": lambda context, _words: my_work.command(context),
    "tonghop": overview.command,
    "baocao": report.command,
    "kn": cases.command,
    "chitieu": targets.command,
    "quy": lambda context, _words: fill_form.start(context, "quarterly"),
    "chidao": directive.command,
    "maimoi": join.invite,
    "dulieu": lambda context, _words: join.my_data(context),
    "lienket": link_account.command,
    "hanmuc": quota_view.command,
    "xoataikhoan": lambda context, _words: join.ask_removal(context, ()),
    "trogiup": _help,
    **calendar.COMMANDS,
    **chase.COMMANDS,
    **periods.COMMANDS,
    **rule_values.COMMANDS,
    "hieusai": vocabulary.misread,
    "bidanh": vocabulary.alias,
    "viettat": vocabulary.abbreviation,
    "solieu": lambda context, _words: fill_form.start(context, "own_figures"),
}
