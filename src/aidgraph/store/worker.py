"""A killable worker: a process of its own that does one piece of work at a time.

What runs in native code has no time-out, hears no signal, and takes the whole process with it
where it runs out of memory or stack. So it runs in a process that may be killed at any moment,
within a limit of memory; nothing but that piece of work is lost.

Parent and worker talk over a pair of sockets, in frames: the lengths of a head and a body, the
head as JSON, the body as it is.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import signal
import socket
import struct
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LENGTHS = struct.Struct(">IQ")
_PROGRAM = "from aidgraph.store.worker import work; work()"
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Reply(NamedTuple):
    """What came of a piece of work: a JSON object that describes it, and its bytes."""

    head: dict[str, Any]
    body: bytes = b""


Handler: TypeAlias = "Callable[[Mapping[str, Any]], Reply]"


class WorkerDiedError(Exception):
    """The worker ended while it worked; `status` is its exit status, a signal's negative."""

    def __init__(self, status: int) -> None:
        """Say with which `status` it ended."""
        super().__init__(status)
        self.status = status


class Worker:
    """The parent's side of a worker. One request at a time; a pool sees to that."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        """Talk to `process` through `reader` and `writer`; `start` makes all three."""
        self._process = process
        self._reader = reader
        self._writer = writer

    @classmethod
    async def start(cls, maker: str, given: Mapping[str, Any], *, memory_bytes: int) -> Worker:
        """Start a worker; return it when it can begin to work at once.

        Args:
            maker: `module:function`, called in the worker with `given`; returns its handler.
            given: what the maker is told, as JSON.
            memory_bytes: how much private memory the worker may have.

        Raises:
            WorkerDiedError: it ended before it was ready.
            OSError: there are too many processes or open files.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-c",
                _PROGRAM,
                maker,
                json.dumps(given),
                str(memory_bytes),
                str(os.getpid()),
                stdin=theirs.fileno(),
                stdout=asyncio.subprocess.DEVNULL,
            )
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        worker = cls(process, reader, writer)
        try:
            await worker._read()
        except BaseException:
            await worker.end()
            raise
        return worker

    @property
    def pid(self) -> int:
        """The id of the worker's process."""
        return self._process.pid

    async def ask(self, request: Mapping[str, Any]) -> Reply:
        """Have the worker do a piece of work.

        Where this is cancelled, the worker still works: kill it.

        Raises:
            WorkerDiedError: it ended before it had replied.
        """
        try:
            self._writer.write(_frame(Reply(dict(request))))
            await self._writer.drain()
        except OSError as error:
            raise WorkerDiedError(await self.end()) from error
        return await self._read()

    async def _read(self) -> Reply:
        try:
            lengths = _LENGTHS.unpack(await self._reader.readexactly(_LENGTHS.size))
            head, body = [await self._reader.readexactly(length) for length in lengths]
        except (asyncio.IncompleteReadError, OSError) as error:
            raise WorkerDiedError(await self.end()) from error
        return Reply(json.loads(head), body)

    async def end(self) -> int:
        """Kill the worker, whatever it is at; return the exit status once it is gone."""
        self._writer.close()
        self.kill()  # which one that has just ended by itself does not feel
        return await self._process.wait()

    def kill(self) -> None:
        """Kill the worker; `end` waits until it is gone."""
        if self._process.returncode is None:
            # Not `Process.kill`, which polls: the exit status would be lost to who waits for it.
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


def work() -> None:
    """Be a worker: read requests and reply, until the parent goes away."""
    maker, given, memory_bytes, parent = sys.argv[1:]
    end_with_parent(int(parent))
    _limit_memory(int(memory_bytes))
    module, _, function = maker.partition(":")
    handler: Handler = getattr(importlib.import_module(module), function)(json.loads(given))
    with socket.socket(fileno=os.dup(0)) as channel, channel.makefile("rb") as stream:
        channel.sendall(_frame(Reply({})))  # ready
        while lengths := stream.read(_LENGTHS.size):
            head, body = [stream.read(length) for length in _LENGTHS.unpack(lengths)]
            del body
            channel.sendall(_frame(handler(json.loads(head))))


def _frame(reply: Reply) -> bytes:
    head = json.dumps(reply.head).encode()
    return _LENGTHS.pack(len(head), len(reply.body)) + head + reply.body


def end_with_parent(parent: int) -> None:
    """Have this process end with the one of id `parent`, and leave Ctrl-C to that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        import ctypes

        # Who is at work does not notice that a socket was closed.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it has gone before it could be asked for
        os._exit(0)


def _limit_memory(limit: int) -> None:
    import resource

    # Of private memory, not of addresses: a store's files are mapped, however large they are.
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
