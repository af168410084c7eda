"""`/graphs`: the Graph Store Protocol, reading; and `/dump`, the dataset as a file.

Source: https://www.w3.org/TR/sparql11-http-rdf-update/#http-get
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse

from aidgraph.errors import NotFoundError
from aidgraph.server.parameters import read_query
from aidgraph.server.problems import Problem
from aidgraph.server.service import find_unchanged, make_tag, service_of
from aidgraph.terms import BASE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

DUMPS = {
    "nq": "application/n-quads",
    "trig": "application/trig",
    "nt": "application/n-triples",
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
"""What the dataset can be had as, by suffix."""

_NAME = "aidgraph"
_PROGRAM = "from aidgraph.server.dumping import dump; dump()"
_CHUNK = 2**16
_MOST_DUMPS = 2
_DUMPS_RUNNING = asyncio.Semaphore(_MOST_DUMPS)


async def get_graph(request: Request) -> Response:
    """Return a graph named in the address, or whose own address this is; or the default graph."""
    service = service_of(request)
    given = read_query(request)
    given.check(("graph", "default", "_lang"))
    path = request.path_params.get("path")
    named = given.one("graph")
    is_default = given.one("default") is not None
    if sum((path is not None, named is not None, is_default)) != 1:
        en = "Say which graph: ?graph=IRI, ?default, or /graphs/… for one of this server."
        raise Problem(400, en, "请指明图：?graph=IRI、?default，或本服务器的 /graphs/…。")
    graphs = [named] if named is not None else [BASE + (path or ""), str(request.url)]
    accept = request.headers.get("accept", "")
    args = {
        "graphs": None if is_default else graphs,
        "accept": accept,
        "bytes": service.limits.answer_bytes,
    }
    headers = {"Vary": "Accept"}
    tag = make_tag(service.current.snapshot, "graph", args)
    unchanged = find_unchanged(request, tag, headers)
    if unchanged is not None:
        return unchanged
    reply = await service.work(request, "graph", args, service.limits.query_s)
    return Response(reply.body, headers=headers | {"ETag": tag, "Content-Type": reply.head["type"]})


async def get_dump(request: Request) -> Response:
    """Return the whole dataset as a file. A process of its own writes it while it is read."""
    service = service_of(request)
    name, _, suffix = request.path_params["name"].rpartition(".")
    if name != _NAME or suffix not in DUMPS:
        listed = ", ".join(f"/dump/{_NAME}.{each}" for each in DUMPS)
        en = f"There is no such file: take one of {listed}."
        raise NotFoundError(en, f"没有该文件：请取其一：{listed}。")
    built = service.current.built
    headers = {"Content-Type": DUMPS[suffix]}
    tag = make_tag(built.manifest.snapshot, "dump", suffix)
    unchanged = find_unchanged(request, tag, headers)
    if unchanged is not None:
        return unchanged
    headers["ETag"] = tag
    if request.method == "HEAD":
        return Response(headers=headers)
    if _DUMPS_RUNNING.locked():
        en = "Others take the dataset at this moment: come back in a minute."
        raise Problem(503, en, "他人正在下载数据集：请稍后再来。", headers={"Retry-After": "60"})
    command = (str(service.current.project.root), str(built.folder), suffix)
    return StreamingResponse(_stream(command), headers=headers)


async def _stream(command: tuple[str, ...]) -> AsyncIterator[bytes]:
    async with _DUMPS_RUNNING:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-c", _PROGRAM, *command, str(os.getpid())),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
        )
        stdout = process.stdout
        try:
            while stdout is not None and (chunk := await stdout.read(_CHUNK)):
                yield chunk
            if await process.wait():
                # The connection breaks off: what came is not closed as if it were whole.
                message = f"the dump ended with {process.returncode}"
                raise RuntimeError(message)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
