"""The same echo as `echo_bot`, through our inbox, handlers' transaction and outbox, on an SQLite file that survives.

`python -m benchmarks.echo_app --base-url http://127.0.0.1:8081 --token TOKEN --database sqlite:///echo.db` polls that
Bot API server until it is interrupted, with the limits of Telegram taken away; it prints "started" when it runs.
"""

import argparse
import asyncio
from contextlib import suppress

from benchmarks.broadcast_app import UNLIMITED
from bot.channels.telegram import TelegramChannel, quiet_loggers
from bot.config import Database, Settings
from bot.program import App
from bot.schema import create_tables
from handlers.context import Context
from models.messages import Incoming, Message, verbatim


def echo(_context: Context, incoming: Incoming) -> list[Message]:
    """Answer a text with the same text."""
    return [Message((verbatim(incoming.text),))]


async def run(base_url: str, token: str, database: str) -> None:
    """Run until interrupted."""
    quiet_loggers()
    app = App(Settings(database=Database(url=database)), answer=echo)
    create_tables(app.engine)
    app.add(TelegramChannel(token, token.partition(":")[0], base_url, UNLIMITED))
    await app.run(lambda: print("started", flush=True))


def main() -> None:
    """Read the options and run."""
    options = argparse.ArgumentParser()
    for name in ("--base-url", "--token", "--database"):
        options.add_argument(name, required=True)
    given = options.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(run(given.base_url, given.token, given.database))


if __name__ == "__main__":
    main()
