"""The whole program on Telegram alone, as a process to be measured and killed.

`python -m benchmarks.broadcast_app --base-url URL --token TOKEN --database URL` polls that Bot API server until it is
interrupted, at Telegram's limits, or at none with `--unlimited`; it prints "started" when it runs. CHIBO_KILL_AT names
where it dies.
"""

import argparse
import asyncio
from contextlib import suppress

from bot import parts
from bot.channels.base import Limits
from bot.channels.telegram import LIMITS, TelegramChannel, quiet_loggers
from bot.config import Database, Settings
from bot.program import App

UNLIMITED = Limits(1e6, 1e6, 1e6)


async def run(base_url: str, token: str, database: str, limits: Limits) -> None:
    """Run until interrupted."""
    quiet_loggers()
    app = App(Settings(database=Database(url=database)), ticks=parts.TICKS)
    app.add(TelegramChannel(token, token.partition(":")[0], base_url, limits))
    await app.run(lambda: print("started", flush=True))


def main() -> None:
    """Read the options and run."""
    options = argparse.ArgumentParser()
    for name in ("--base-url", "--token", "--database"):
        options.add_argument(name, required=True)
    options.add_argument("--unlimited", action="store_true")
    given = options.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(run(given.base_url, given.token, given.database, UNLIMITED if given.unlimited else LIMITS))


if __name__ == "__main__":
    main()
