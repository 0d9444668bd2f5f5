import asyncio

from bot.window import NARROW, WIDE, Window


async def filled(window, count=NARROW):
    return [await window.enter(0) for _ in range(count)]


async def test_places_run_out_and_come_back():
    window = Window()
    places = await filled(window)
    assert all(place.taken for place in places)
    assert not (await window.enter(0)).taken
    places[0].leave()
    assert (await window.enter(0)).taken


async def test_who_waits_gets_the_next_place():
    window = Window()
    places = await filled(window)
    waiting = asyncio.create_task(window.enter(5))
    await asyncio.sleep(0)
    places[3].leave()
    assert (await waiting).taken
    assert window.used == NARROW


async def test_a_place_with_two_holders_is_free_when_both_have_left():
    window = Window()
    place = await window.enter(0)
    place.share()
    place.leave()
    assert window.used == 1
    place.leave()
    assert window.used == 0


async def test_a_place_not_taken_frees_nothing():
    window = Window()
    await filled(window)
    (await window.enter(0)).leave()
    assert window.used == NARROW


async def test_who_stops_waiting_loses_no_place():
    window = Window()
    places = await filled(window)
    waiting = asyncio.create_task(window.enter(5))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    for place in places:
        place.leave()
    assert window.used == 0


def test_the_window_is_as_wide_as_the_channel_is_slow():
    window = Window()
    for _ in range(100):
        window.took(0.001)
    assert window.limit == NARROW
    for _ in range(100):
        window.took(0.05)
    assert 55 <= window.limit <= WIDE
    for _ in range(100):
        window.took(0.02)
    assert NARROW < window.limit < 30
    for _ in range(100):
        window.took(2)
    assert window.limit == WIDE


async def test_nobody_is_sent_away_while_others_leave():
    """Whoever went round by the outbox would be overtaken by all who come later."""
    window = Window()
    places = await filled(window)
    ahead = [asyncio.create_task(window.enter(60)) for _ in range(NARROW)]
    await asyncio.sleep(0)
    last = asyncio.create_task(window.enter(0))
    for place in places:
        await asyncio.sleep(0)
        place.leave()
    (await ahead[0]).leave()
    assert (await last).taken
    await asyncio.gather(*ahead)
