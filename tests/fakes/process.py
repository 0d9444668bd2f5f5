"""The program as `run` starts it, as a process of its own with a folder of its own."""

import asyncio
import signal
import sys
from asyncio.subprocess import Process
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
START = "from bot.app import run; from bot.config import load_settings; run(load_settings(), channels={channels})"


async def process(folder: Path, channels: str = "None", **environment: str) -> Process:
    everything = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "CHIBO_WEB__PORT": "0",
        "CHIBO_DATABASE__URL": f"sqlite:///{folder}/chibo.db",
        "CHIBO_BACKUP__FOLDER": str(folder / "backups"),
        "CHIBO_LOG_LEVEL": "DEBUG",
        **environment,
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", START.format(channels=channels)),
        cwd=folder,
        env=everything,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(started: Process) -> tuple[int, str]:
    started.send_signal(signal.SIGTERM)
    async with asyncio.timeout(20):
        _, log = await started.communicate()
    return started.returncode, log.decode()
