"""The open tabs and what is pushed to them."""

import asyncio
from collections import defaultdict
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

QUEUE = 500  # a tab this far behind is closed; it comes back and reads the history


class Tab:
    """One open tab: frames are queued, so that a slow tab never holds up a send."""

    def __init__(self, socket: WebSocket, address: str) -> None:
        self.socket = socket
        self.address = address
        self._queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(QUEUE)

    def push(self, frame: dict[str, Any]) -> None:
        """Queue a frame; a tab that is too far behind is closed instead."""
        try:
            self._queue.put_nowait(frame)
        except asyncio.QueueFull:
            self.close()

    def close(self) -> None:
        """Drop what is queued and end `write`."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def write(self) -> None:
        """Send the queued frames until the tab is closed, from either side."""
        try:
            while (frame := await self._queue.get()) is not None:
                await self.socket.send_json(frame)
            await self.socket.close(1013)
        except (WebSocketDisconnect, RuntimeError):
            return  # gone in the middle of a send; the reading side ends the tab


class Tabs:
    """The open tabs by address."""

    def __init__(self) -> None:
        self._open: dict[str, set[Tab]] = defaultdict(set)

    def add(self, tab: Tab) -> None:
        """Take a tab in."""
        self._open[tab.address].add(tab)

    def remove(self, tab: Tab) -> None:
        """Let a tab go."""
        self._open[tab.address].discard(tab)
        if not self._open[tab.address]:
            del self._open[tab.address]

    def push(self, address: str, frame: dict[str, Any]) -> None:
        """Queue a frame for every tab of an address."""
        for tab in self._open.get(address, ()):
            tab.push(frame)

    def push_all(self, frame: dict[str, Any]) -> None:
        """Queue a frame for every tab."""
        for address in self._open:
            self.push(address, frame)
