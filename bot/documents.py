"""Files that are made when their message leaves, with a connection that only reads."""

import asyncio
import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sqlalchemy import Engine
from sqlmodel import Session

from bot.channels.base import File
from bot.parts import MakeFile
from models.messages import Document, dumps

_KEPT = 32  # files kept by their content, so that a broadcast holds one copy of its attachment


class Documents:
    """Makes each kind of document by the function registered for it.

    One worker thread: matplotlib is not safe in several, and a long report must not slow the answers more than that.
    """

    def __init__(self, reader: Engine, makers: Mapping[str, MakeFile]) -> None:
        self._reader = reader
        self._makers = dict(makers)
        self._kept: dict[str, File] = {}
        self._making: dict[str, asyncio.Future[File]] = {}
        self._thread = ThreadPoolExecutor(1, "documents")

    def make(self, document: Document) -> File:
        """Return the file of a document. Raises LookupError for a kind nobody registered."""
        maker = self._makers.get(document.kind)
        if maker is None:
            raise LookupError(f"no document of kind {document.kind!r}")
        with Session(self._reader) as session:
            return self._keep(replace(maker(session, document.args), name=document.name))

    async def file(self, document: Document) -> File:
        """Return the file of a document; those who ask for the same one at the same time share the work."""
        key = dumps([document.kind, dict(document.args), document.name])
        if key not in self._making:
            work = asyncio.get_running_loop().run_in_executor(self._thread, self.make, document)
            self._making[key] = work
            work.add_done_callback(lambda _: self._making.pop(key, None))
        return await asyncio.shield(self._making[key])

    def close(self) -> None:
        """End the thread, after the document it is making."""
        self._thread.shutdown()

    def _keep(self, file: File) -> File:
        digest = hashlib.sha256(f"{file.name}\0{file.media_type}\0".encode() + file.content).hexdigest()
        kept = self._kept.pop(digest, file)
        self._kept[digest] = kept
        while len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return kept
