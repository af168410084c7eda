"""A pool of workers: as many as there are cores, a queue before them, and none of them lost.

A worker is handed from request to request. One that runs out of time, or whose client has left,
is killed, and another started in its place.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aidgraph.server.problems import Problem
from aidgraph.store.worker import Worker, WorkerDiedError

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    from aidgraph.server.limits import Limits
    from aidgraph.store.worker import Reply

_PAUSE_S = 1.0  # before a worker is started again that could not be


class Pool:
    """Workers that are started by `open` and killed by `close`."""

    def __init__(self, maker: str, given: Mapping[str, Any], limits: Limits) -> None:
        """Have workers whose handler `maker` makes of `given`: see `Worker.start`."""
        self._maker = maker
        self._given = given
        self._limits = limits
        self._idle: deque[Worker] = deque()
        self._working: set[Worker] = set()
        self._waiting: deque[asyncio.Future[Worker]] = deque()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_open = False

    def open(self) -> None:
        """Begin to start the workers; requests may come before they are ready."""
        self._is_open = True
        for _ in range(self._limits.workers):
            self._spawn(self._add())

    async def close(self) -> None:
        """Kill every worker; who waits for one is refused."""
        self._is_open = False
        for waiting in self._waiting:
            waiting.cancel()
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        workers = [*self._idle, *self._working]
        await asyncio.gather(*(worker.end() for worker in workers), return_exceptions=True)

    @property
    def pids(self) -> list[int]:
        """The ids of the workers' processes, busy ones first."""
        return [worker.pid for worker in (*self._working, *self._idle)]

    @property
    def state(self) -> dict[str, int]:
        """How many workers are idle and at work, and how many requests wait."""
        return {
            "idle": len(self._idle),
            "working": len(self._working),
            "waiting": len(self._waiting),
        }

    async def run(self, request: Mapping[str, Any], limit_s: float) -> Reply:
        """Have a worker do a piece of work; where this is cancelled, the worker is killed.

        Raises:
            Problem: 503, too many wait already; 504, it took longer than `limit_s`; 507, the
                worker ended over it.
        """
        worker = await self._take()
        try:
            reply = await asyncio.wait_for(worker.ask(request), limit_s)
        except TimeoutError:
            self._replace(worker)
            raise _too_late(limit_s) from None
        except WorkerDiedError as error:
            self._replace(worker)
            raise out_of_memory(self._limits.memory_bytes) from error
        except BaseException:
            self._replace(worker)
            raise
        if reply.head.get("last"):
            self._replace(worker)
        else:
            self._working.discard(worker)
            self._offer(worker)
        return reply

    async def _take(self) -> Worker:
        if self._idle:
            worker = self._idle.pop()
        elif len(self._waiting) >= self._limits.queue or not self._is_open:
            raise _too_many()
        else:
            worker = await self._wait()
        self._working.add(worker)
        return worker

    async def _wait(self) -> Worker:
        waiting: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            return await asyncio.wait_for(waiting, self._limits.query_s)
        except TimeoutError:
            raise _too_many() from None
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():  # handed over in the same moment
                self._offer(waiting.result())
            if not self._is_open:
                raise _too_many() from None
            raise
        finally:
            with suppress(ValueError):
                self._waiting.remove(waiting)

    def _offer(self, worker: Worker) -> None:
        """Hand an idle worker to who waits longest, or keep it."""
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(worker)
                return
        self._idle.append(worker)

    def _replace(self, worker: Worker) -> None:
        worker.kill()
        self._working.discard(worker)
        self._spawn(worker.end())
        if self._is_open:
            self._spawn(self._add())

    async def _add(self) -> None:
        """Start a worker; where that cannot be, again and again."""
        while True:
            try:
                worker = await Worker.start(
                    self._maker, self._given, memory_bytes=self._limits.memory_bytes
                )
            except (OSError, WorkerDiedError):  # too many processes or files: it may pass
                await asyncio.sleep(_PAUSE_S)
            else:
                self._offer(worker)
                return

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def out_of_memory(memory_bytes: int) -> Problem:
    """Return the problem of work that took more than `memory_bytes`."""
    limit = f"{memory_bytes // 2**20} MB"
    en = f"The answer needs more than {limit} of memory: ask for less."
    return Problem(507, en, f"求解所需内存超过 {limit}：请缩小查询范围。")


def _too_late(limit_s: float) -> Problem:
    en = f"No answer within {limit_s:g} s: ask for less."
    return Problem(504, en, f"{limit_s:g} 秒内没有得出答案：请缩小查询范围。")


def _too_many() -> Problem:
    en = "All workers are busy, and others wait: come back in a moment."
    zh = "全部工作进程都在忙，且已有人排队：请稍后再来。"
    return Problem(503, en, zh, headers={"Retry-After": "2"})
