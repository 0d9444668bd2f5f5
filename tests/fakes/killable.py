"""The program as a process of its own, to be killed: it echoes on Telegram and notes every message it handles.

`python -m tests.fakes.killable DATABASE_URL TELEGRAM_URL TOKEN PER_SECOND`; CHIBO_KILL_AT names where it dies.
It prints "started" when it runs.
"""

import asyncio
import sys
from contextlib import suppress

from sqlmodel import Session

from bot.app import quiet_loggers
from bot.channels.base import Limits
from bot.channels.telegram import TelegramChannel
from bot.config import Database, Settings
from bot.program import App
from models import audit
from models.messages import Message, verbatim


def answer(context, incoming):
    session: Session = context.session
    audit.record(session, context.now, "handler", "handled", subject=incoming.text)
    return [Message((verbatim(incoming.text),))]


async def main(database: str, telegram: str, token: str, per_second: str) -> None:
    quiet_loggers()
    app = App(Settings(database=Database(url=database)), answer=answer)
    limits = Limits(float(per_second), float(per_second), float(per_second))
    app.add(TelegramChannel(token, token.partition(":")[0], telegram, limits, poll_seconds=1))
    await app.run(lambda: print("started", flush=True))  # noqa: T201


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main(*sys.argv[1:]))
