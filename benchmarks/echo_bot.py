"""The comparison: a bot as python-telegram-bot's documentation writes it, answering each text with itself.

`python -m benchmarks.echo_bot --base-url http://127.0.0.1:8081 --token TOKEN` polls that Bot API server
until it is interrupted. Nothing here is tuned: Application, MessageHandler, run_polling, as documented.
"""

import argparse

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer a text with the same text."""
    if update.message is not None:
        await update.message.reply_text(update.message.text or "")


def main() -> None:
    """Run until interrupted."""
    options = argparse.ArgumentParser()
    options.add_argument("--base-url", required=True)
    options.add_argument("--token", required=True)
    given = options.parse_args()
    server = given.base_url.rstrip("/")
    builder = Application.builder().token(given.token)
    application = builder.base_url(f"{server}/bot").base_file_url(f"{server}/file/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling(allowed_updates=Update.ALL_TYPES)


if __name__ == "__main__":
    main()
