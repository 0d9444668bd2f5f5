"""Forms whose end is not a branch's report: what they show before they are sent, and what sending them does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from handlers import directive_compose
from handlers.context import Context
from handlers.dialog import Draft
from handlers.talk import Replies
from models.forms.directive import DIRECTIVE
from models.messages import Say


@dataclass(frozen=True, slots=True)
class Ending:
    """summary: the question put when everything is answered; send: what a confirmed draft does."""

    summary: Callable[[Context, Draft, tuple[Say, ...]], Replies]
    send: Callable[[Context, Draft], Replies]


ENDINGS: Mapping[str, Ending] = {DIRECTIVE.id: Ending(directive_compose.preview, directive_compose.send)}
