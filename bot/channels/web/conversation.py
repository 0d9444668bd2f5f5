"""One tab's conversation over its WebSocket: greeting, history, and what the person does."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlmodel import Session
from starlette.websockets import WebSocket

from bot.channels.web.frames import FrameError, moment, shown, target, written
from bot.channels.web.tabs import Tab
from models import bubbles
from models.bubbles import Shown

if TYPE_CHECKING:
    from bot.channels.web.channel import WebChannel

HISTORY = 60  # bubbles sent at once; older ones are asked for


@dataclass(frozen=True, slots=True)
class _Past:
    shown: list[Shown]
    menu: list[list[str]]


async def talk(channel: "WebChannel", socket: WebSocket) -> None:
    """Greet a tab, then do what it asks until it leaves. Raises WebSocketDisconnect when it has left."""
    hello = await socket.receive_json()
    address = hello.get("address") if isinstance(hello, dict) else None
    if not isinstance(address, str) or not await channel.admits(address):
        await socket.send_json({"type": "unknown"})
        await socket.close(1008)
        return
    tab = Tab(socket, address)
    channel.tabs.add(tab)  # before the history is read, so that nothing falls between
    writing = asyncio.create_task(tab.write())
    try:
        await _greet(channel, tab)
        while True:
            await _answer(channel, tab, await socket.receive_json())
    except asyncio.CancelledError:
        # The program ends while the tab is open: the server would log the cancelled call as an error.
        return
    finally:
        channel.tabs.remove(tab)
        writing.cancel()


async def _greet(channel: "WebChannel", tab: Tab) -> None:
    past = await channel.run(lambda session: _past(session, tab.address, None))
    frame = _past_frame("history", tab.address, past.shown)
    tab.push({**frame, "menu": past.menu, "now": moment(await channel.page.now())})


async def _answer(channel: "WebChannel", tab: Tab, frame: Any) -> None:
    if not isinstance(frame, dict):
        return
    try:
        await _do(channel, tab, frame)
    except FrameError as bad:
        tab.push({"type": "refused", "id": frame.get("id"), "reason": bad.reason})


async def _do(channel: "WebChannel", tab: Tab, frame: Mapping[str, Any]) -> None:
    match frame.get("type"):
        case "text" | "press":
            did = written(frame)
            await channel.take(tab.address, did)
            tab.push({"type": "ack", "id": did.client_id})
        case "earlier":
            await _earlier(channel, tab, frame.get("before"))
        case "advance" if channel.page.demo:
            await _advance(channel, frame)
        case "ping":
            tab.push({"type": "now", "now": moment(await channel.page.now())})
        case _:
            raise FrameError("unreadable")


async def _earlier(channel: "WebChannel", tab: Tab, before: object) -> None:
    if not isinstance(before, int):
        raise FrameError("unreadable")
    past = await channel.run(lambda session: _past(session, tab.address, before))
    tab.push(_past_frame("earlier", tab.address, past.shown))


async def _advance(channel: "WebChannel", frame: Mapping[str, Any]) -> None:
    page = channel.page
    try:
        await page.advance(target(frame, await page.now()))
    except ValueError as error:  # another tab moved the clock meanwhile
        raise FrameError("not_ahead") from error
    channel.tabs.push_all({"type": "now", "now": moment(await page.now())})


def _past(session: Session, address: str, before: int | None) -> _Past:
    return _Past(bubbles.history(session, address, HISTORY + 1, before), bubbles.menu(session, address))


def _past_frame(kind: str, address: str, past: list[Shown]) -> dict[str, Any]:
    # One more than is shown was read, to know whether there is more.
    last = past[-HISTORY:]
    return {"type": kind, "bubbles": [shown(address, bubble) for bubble in last], "more": len(past) > HISTORY}
