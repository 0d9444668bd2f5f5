"""What the page's bubbles promise: once each, in order, edited in place, forgotten when their time has come."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, SQLModel, create_engine

from models import bubbles
from models.bubbles import Bubble, PageMenu

NOW = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine, [Bubble.__table__, PageMenu.__table__])
    with Session(engine) as session:
        yield session
    engine.dispose()


def add(session, text="", address="bt05", at=NOW, **rest):
    return bubbles.add(session, Bubble(address=address, text=text, at=at, **rest))


def texts(session, address="bt05", limit=10, before=None):
    return [bubble.text for bubble in bubbles.history(session, address, limit, before)]


def test_history_is_the_last_bubbles_of_one_address_oldest_first(session):
    for number in range(5):
        add(session, str(number))
        add(session, "khác", address="vp")
    assert texts(session, limit=3) == ["2", "3", "4"]
    third = bubbles.history(session, "bt05", 3)[0].id
    assert texts(session, limit=3, before=third) == ["0", "1"]


def test_the_same_client_id_is_stored_once_at_an_address(session):
    first = add(session, "họp rồi", client_id="a")
    again = add(session, "họp rồi", client_id="a")
    other = add(session, "họp rồi", client_id="a", address="vp")
    assert again == first
    assert other.id != first.id
    assert texts(session) == ["họp rồi"]


def test_the_history_holds_everything_but_the_bytes(session):
    add(session, buttons=[[["Gửi", "send:1"]]], file_name="a.docx", file_bytes=b"1234", media_type="x/y")
    (shown,) = bubbles.history(session, "bt05", 1)
    assert (shown.buttons, shown.file_name, shown.file_size) == ([[["Gửi", "send:1"]]], "a.docx", 4)
    assert not hasattr(shown, "file_bytes")
    assert shown.at == NOW


def test_an_edit_counts_only_where_something_changed(session):
    first = add(session, "3/69")
    same = bubbles.edit(session, "bt05", Bubble(id=first.id, address="bt05", text="3/69", at=NOW))
    changed = bubbles.edit(session, "bt05", Bubble(id=first.id, address="bt05", text="4/69", at=NOW))
    assert same == first
    assert changed is not None
    assert (changed.text, changed.revision, changed.edited_at) == ("4/69", 1, NOW)


def test_an_edit_may_bring_a_new_file_and_keeps_the_old_one_otherwise(session):
    first = add(session, file_name="a.docx", file_bytes=b"1")
    bubbles.edit(session, "bt05", Bubble(id=first.id, address="bt05", text="x", at=NOW))
    kept = bubbles.file(session, first.id)
    change = Bubble(id=first.id, address="bt05", file_name="b.docx", file_bytes=b"22", at=NOW)
    bubbles.edit(session, "bt05", change)
    brought = bubbles.file(session, first.id)
    assert kept is not None
    assert brought is not None
    assert (kept.name, kept.content) == ("a.docx", b"1")
    assert (brought.name, brought.content) == ("b.docx", b"22")


def test_a_file_is_given_only_to_its_own_address(session):
    shown = add(session, file_name="a.docx", file_bytes=b"1")
    assert bubbles.file(session, shown.id, "bt05") is not None
    assert bubbles.file(session, shown.id, "vp") is None
    assert bubbles.file(session, 99) is None


def test_what_is_not_yet_accepted_waits_and_then_does_not(session):
    add(session, client_id="a", waiting={"update_id": "a"})
    add(session, client_id="b", waiting={"update_id": "b"})
    bubbles.accepted(session, "bt05", "a")
    session.flush()
    assert bubbles.waiting(session) == [{"update_id": "b"}]


def test_retention_forgets_the_old_and_gives_no_id_twice(session):
    old = add(session, "cũ", at=NOW - timedelta(days=31))
    assert bubbles.forget(session, NOW - timedelta(days=30)) == 1
    assert texts(session) == []
    assert add(session, "mới").id > old.id
    assert bubbles.forget(session, NOW - timedelta(days=30)) == 0


def test_an_erased_person_leaves_nothing(session):
    add(session, "x", file_name="a", file_bytes=b"1")
    add(session, "của người khác", address="vp")
    bubbles.set_menu(session, "bt05", [["hop", "Họp"]])
    assert bubbles.erase(session, "bt05") == 1
    assert (texts(session), bubbles.menu(session, "bt05")) == ([], [])
    assert texts(session, "vp") == ["của người khác"]


def test_a_menu_is_replaced_as_a_whole(session):
    bubbles.set_menu(session, "bt05", [["hop", "Họp"], ["viec", "Việc"]])
    bubbles.set_menu(session, "bt05", [["viec", "Việc"]])
    assert bubbles.menu(session, "bt05") == [["viec", "Việc"]]
