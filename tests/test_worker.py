"""A worker does one thing at a time, dies alone, and never outlives what it is for."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aidgraph.store.worker import Worker, WorkerDiedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

MEMORY = 512 * 2**20


@pytest.fixture(autouse=True)
def _tests_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


def run(work: Callable[[Worker], Awaitable[None]]) -> None:
    """Do `work` with a worker."""

    async def whole() -> None:
        worker = await Worker.start("worker_makers:make", {"a": "喀什"}, memory_bytes=MEMORY)
        try:
            await work(worker)
        finally:
            await worker.end()

    asyncio.run(whole())


def test_a_worker_replies() -> None:
    """Head and body come as they were sent, Chinese, zeros and all; one request after another."""

    async def work(worker: Worker) -> None:
        for number in range(3):
            reply = await worker.ask({"number": number, "text": "和田"})
            assert reply.head["given"] == {"a": "喀什"}
            assert reply.head["request"] == {"number": number, "text": "和田"}
            assert reply.head["pid"] == worker.pid
            assert reply.body == b"\x00\xff"

    run(work)


def test_a_large_reply_is_whole() -> None:
    """Far more than a socket holds at a time."""

    async def work(worker: Worker) -> None:
        reply = await worker.ask({"bytes": 20_000_000})
        assert len(reply.body) == 20_000_000

    run(work)


def test_a_killed_worker_says_so() -> None:
    """Whoever waits for it is told at once; its process is gone."""

    async def work(worker: Worker) -> None:
        asking = asyncio.ensure_future(worker.ask({"sleep": 60}))
        await asyncio.sleep(0.2)
        began = time.monotonic()
        worker.kill()
        with pytest.raises(WorkerDiedError) as died:
            await asking
        assert died.value.status == -9
        assert time.monotonic() - began < 2
        with pytest.raises(ProcessLookupError):
            os.kill(worker.pid, 0)

    run(work)


def test_a_worker_that_dies_says_so() -> None:
    """With its status; memory that it may not have ends it likewise."""

    async def work(worker: Worker) -> None:
        with pytest.raises(WorkerDiedError) as died:
            await worker.ask({"exit": 3})
        assert died.value.status in (3, -9)

    async def hungry(worker: Worker) -> None:
        with pytest.raises(WorkerDiedError):
            await worker.ask({"bytes": 2 * MEMORY})

    run(work)
    run(hungry)


def test_a_worker_that_cannot_begin_says_so() -> None:
    """It is no worker that anybody would be handed."""

    async def begin() -> None:
        with pytest.raises(WorkerDiedError):
            await Worker.start("worker_makers:fail", {"status": 4}, memory_bytes=MEMORY)

    asyncio.run(begin())
