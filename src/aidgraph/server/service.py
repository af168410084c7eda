"""What every route works with: the current dataset, the pool of workers, and the limits."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.responses import Response

from aidgraph.server.current import Current
from aidgraph.server.desk import GONE, MAKER
from aidgraph.server.negotiation import choose_language
from aidgraph.server.parameters import read_query
from aidgraph.server.pool import Pool, out_of_memory
from aidgraph.server.problems import Problem, left
from aidgraph.server.rates import Rates, name_client

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from starlette.requests import Request

    from aidgraph.project import Project
    from aidgraph.questions import Language
    from aidgraph.server.limits import Limits
    from aidgraph.server.parameters import Parameters
    from aidgraph.shelf import Built
    from aidgraph.store.worker import Reply

_PATIENCE_S = 0.5  # for the answer to a client that has left: a worker costs more than most queries
_OUT_OF_MEMORY = 507


class Caller(NamedTuple):
    """Who is answered: the name that it is counted by, and what returns when it has left."""

    name: str
    leave: Callable[[], Coroutine[Any, Any, object]]


class Service:
    """One server: its project, limits and workers."""

    def __init__(self, project: Project, limits: Limits) -> None:
        """Serve the current dataset of `project`. Raises `NotFoundError` if there is none."""
        self.limits = limits
        self.current = Current(project)
        given = {"root": str(project.root), "output": str(project.output)}
        self.pool = Pool(MAKER, given, limits)
        self.rates = Rates(limits)

    async def work(
        self, request: Request, task: str, args: Mapping[str, Any], limit_s: float
    ) -> Reply:
        """Do a task for who sent `request`, whose body is read already; see `work_for`."""
        return await self.work_for(caller_of(request), task, args, limit_s)

    async def work_for(
        self, caller: Caller, task: str, args: Mapping[str, Any], limit_s: float
    ) -> Reply:
        """Have a worker do `task` (of `desk.TASKS`) for a client, as long as it is there.

        Args:
            caller: the client.
            task: what to do.
            args: with what, as JSON.
            limit_s: how long it may take, in seconds.

        Raises:
            Problem: what the task raised; 429, the client has asked for too much; and as
                `Pool.run` does.
        """
        self.rates.admit(caller.name)
        began = time.monotonic()
        try:
            return await self._work(caller, {"task": task, "args": args}, limit_s)
        finally:
            self.rates.charge(caller.name, time.monotonic() - began)

    async def _work(self, caller: Caller, job: Mapping[str, Any], limit_s: float) -> Reply:
        built = self.current.built
        reply = await self._run(caller, built, job, limit_s)
        if reply.head["status"] == GONE:  # built twice since the pointer was read
            self.current.look()
            reply = await self._run(caller, self.current.built, job, limit_s)
        head = reply.head
        if head["status"] == GONE:
            raise fault()
        if head["status"] == _OUT_OF_MEMORY:
            raise out_of_memory(self.limits.memory_bytes)
        if "en" in head:
            raise Problem(head["status"], head["en"], head["zh"], more=head["more"])
        if head["status"] >= 500:  # noqa: PLR2004  # RFC 9110, 15.6
            raise fault()
        return reply

    async def _run(
        self, caller: Caller, built: Built, job: Mapping[str, Any], limit_s: float
    ) -> Reply:
        placed = {**job, "folder": str(built.folder)}
        running = asyncio.ensure_future(self.pool.run(placed, limit_s))
        leaving = asyncio.ensure_future(caller.leave())
        try:
            await asyncio.wait({running, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                await asyncio.wait({running}, timeout=_PATIENCE_S)
            if not running.done():
                raise left()
            return running.result()
        finally:
            for each in (running, leaving):
                each.cancel()
            with suppress(asyncio.CancelledError, Problem):
                await running


def caller_of(request: Request) -> Caller:
    """Return who sent a request."""
    host = request.client.host if request.client else ""
    return Caller(name_client(host), partial(_leave, request))


async def _leave(request: Request) -> None:
    """Return when the client has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def service_of(request: Request) -> Service:
    """Return the service that answers a request."""
    service: Service = request.app.state.service
    return service


def fault() -> Problem:
    """Return the problem of a fault of ours: what it is, the log tells."""
    en = "The server has a fault; its log says where. Try again, or tell who runs it."
    return Problem(500, en, "服务器出错，详见其日志。请重试，或告知管理者。")


def language_of(request: Request, given: Parameters | None = None) -> Language:
    """Return the language that a request is answered in: by `_lang`, else Accept-Language."""
    wanted = None
    with suppress(Problem):  # an address that cannot be read is told so in the browser's language
        parameters = given or read_query(request)
        wanted = next(iter(parameters.all("_lang")), None)
    return choose_language(wanted, request.headers.get("accept-language", ""))


def make_tag(*parts: object) -> str:
    """Return the ETag of what these parts determine, weakly: rows may come in another order."""
    text = json.dumps(parts, ensure_ascii=False, default=str)
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def find_unchanged(request: Request, tag: str, headers: Mapping[str, str]) -> Response | None:
    """Return a response without body if the client has what `tag` names, else None."""
    known = [each.strip() for each in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers={**headers, "ETag": tag})
    return None
