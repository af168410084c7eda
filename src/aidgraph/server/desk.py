"""The workers' side: what a piece of work finds at hand, and which function does it.

A request names a task of `TASKS`, the folder of the dataset that it is about, and arguments. The
dataset stays open until a request is about another one: so a new one is taken over without a
pause, and an answer under way keeps the old one.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from aidgraph.answers.why import read_rules
from aidgraph.dataset import Dataset
from aidgraph.errors import AidgraphError, UnreadableError
from aidgraph.project import Project
from aidgraph.questions import read_question
from aidgraph.server.pages import PAGES
from aidgraph.server.problems import Problem
from aidgraph.shelf import Manifest
from aidgraph.store import EmbeddedStore
from aidgraph.store.worker import Reply
from aidgraph.terms import use_prefixes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aidgraph.questions import Question
    from aidgraph.store import Solutions

MAKER = f"{__name__}:make_handler"
"""What a worker is started with."""

_ANSWERS_KEPT = 8

GONE = 410
"""The status of a reply that could not be: the dataset's folder is not there any more."""

TASKS: Mapping[str, str] = {
    "agent.ask": "aidgraph.server.agents.tasks:ask",
    "agent.describe": "aidgraph.server.agents.tasks:describe",
    "agent.explain": "aidgraph.server.agents.tasks:explain",
    "agent.find": "aidgraph.server.agents.tasks:find_questions",
    "ask": "aidgraph.server.canned:answer",
    "complete": "aidgraph.server.naming:complete",
    "describe": "aidgraph.server.things:describe",
    "graph": "aidgraph.server.typed:read_graph",
    "search": "aidgraph.server.naming:search",
    "show": "aidgraph.server.things:show",
    "sparql": "aidgraph.server.typed:answer",
    "void": "aidgraph.server.things:describe_whole",
    **PAGES,
}
"""Each task, and the function that does it: it takes the desk and the arguments."""


class Desk:
    """A dataset, open, and the project that it is of."""

    def __init__(self, project: Project, folder: Path) -> None:
        """Open the dataset in `folder`. Raises `UnreadableError`."""
        self.project = project
        self.folder = folder
        try:
            manifest = Manifest.from_bytes((folder / "manifest.json").read_bytes())
            self.backing = ox.Store.read_only(str(folder / "store"))
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            en = f"The dataset in {folder} cannot be opened: run “aidgraph build”."
            zh = f"无法打开 {folder} 中的数据集：请运行“aidgraph build”。"
            raise UnreadableError(en, zh) from error
        use_prefixes(project.ontology)
        self.dataset = Dataset(EmbeddedStore(self.backing), manifest.snapshot, folder, manifest)
        self.kept: dict[object, Any] = {}  # what tasks keep while the dataset is this one
        self._questions: dict[str, tuple[int, Question]] = {}

    @cached_property
    def rules(self) -> dict[str, str]:
        """The inference rules, to find evidence with."""
        return read_rules(self.project)

    @cached_property
    def select(self) -> Callable[[str], Solutions]:
        """What answers a SELECT, and keeps the last answers: people page through them."""
        return lru_cache(_ANSWERS_KEPT)(self.dataset.store.select)

    def question(self, name: str) -> Question:
        """Return the question `name`, read again where its file has changed.

        Raises: as `read_question` does.
        """
        try:
            changed = (self.project.queries / f"{name}.rq").stat().st_mtime_ns
        except (OSError, ValueError):
            return read_question(self.project, name)  # says what is wrong
        known = self._questions.get(name)
        if known is None or known[0] != changed:
            known = self._questions[name] = (changed, read_question(self.project, name))
        return known[1]


def make_handler(given: Mapping[str, str]) -> Callable[[Mapping[str, Any]], Reply]:
    """Return what answers a worker's requests; `given` has the project's `root` and `output`."""
    project = Project(Path(given["root"]), Path(given["output"]))
    desks: list[Desk] = []

    def handle(request: Mapping[str, Any]) -> Reply:
        folder = Path(request["folder"])
        try:
            if not desks or desks[0].folder != folder:
                desks[:] = [Desk(project, folder)]
            return _find_task(request["task"])(desks[0], request["args"])
        except AidgraphError as error:
            return _refuse(error) if folder.exists() else Reply({"status": GONE})
        except MemoryError:
            return Reply({"status": 507, "last": True})
        except Exception:  # noqa: BLE001  # a fault of ours: the log tells, the worker goes on
            traceback.print_exc(file=sys.stderr)
            return Reply({"status": 500})

    for name in ("ask", "sparql"):  # most requests; none should wait for an import
        _find_task(name)
    return handle


def _find_task(name: str) -> Callable[[Desk, Mapping[str, Any]], Reply]:
    module, _, function = TASKS[name].partition(":")
    task: Callable[[Desk, Mapping[str, Any]], Reply] = getattr(
        importlib.import_module(module), function
    )
    return task


def _refuse(error: AidgraphError) -> Reply:
    """Return a fault as a reply."""
    more = error.more if isinstance(error, Problem) else {}
    return Reply({"status": error.http_status, "en": error.en, "zh": error.zh, "more": more})
