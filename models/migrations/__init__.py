"""The schema's history, for Alembic; `bot.migrations` runs it."""
