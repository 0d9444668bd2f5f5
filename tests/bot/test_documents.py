import asyncio
import threading

import pytest

from bot.channels.base import File
from bot.documents import Documents
from models.database import make_reader
from models.messages import Document

WANTED = Document("figures", {"unit": 5}, "a.txt")


@pytest.fixture
def make(engine, sqlite_url):
    reader, made = make_reader(sqlite_url), []

    def build(maker):
        documents = Documents(reader, {"figures": maker})
        made.append(documents)
        return documents

    yield build
    for documents in made:
        documents.close()
    reader.dispose()


def test_a_document_is_made_from_its_arguments_under_its_name(make):
    documents = make(lambda _session, args: File("other", str(args["unit"]).encode(), "text/plain"))
    assert documents.make(WANTED) == File("a.txt", b"5", "text/plain")


def test_a_kind_nobody_registered_is_named(make):
    with pytest.raises(LookupError, match="nonsense"):
        make(lambda _session, _args: None).make(Document("nonsense", {}, "a"))


async def test_it_is_made_on_a_thread_and_with_a_connection_that_only_reads(make):
    threads = set()

    def maker(session, _args):
        threads.add(threading.current_thread().name)
        with pytest.raises(Exception, match="readonly"):
            session.connection().exec_driver_sql("DELETE FROM account")
        return File("", b"", "")

    await make(maker).file(WANTED)
    assert all(name.startswith("documents") for name in threads)


async def test_those_who_ask_at_the_same_time_share_the_work(make):
    calls, release = [], threading.Event()

    def maker(_session, _args):
        calls.append(1)
        release.wait(5)
        return File("", b"x", "")

    documents = make(maker)
    asked = [asyncio.create_task(documents.file(WANTED)) for _ in range(5)]
    await asyncio.sleep(0)
    release.set()
    files = await asyncio.gather(*asked)
    assert len(calls) == 1
    assert len({id(file) for file in files}) == 1
    await documents.file(WANTED)
    assert len(calls) == 2


def test_equal_contents_are_kept_once(make):
    documents = make(lambda _session, _args: File("", b"same" * 100, "text/plain"))
    assert documents.make(WANTED) is documents.make(WANTED)
