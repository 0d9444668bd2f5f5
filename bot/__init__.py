"""The shell: the only package that knows channels, asyncio, APScheduler, HTTP, the environment and files."""
