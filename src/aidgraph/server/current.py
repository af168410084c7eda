"""Which dataset is served: the project's current one, looked for again and again.

`aidgraph build` swaps a pointer; looking at it costs a stat. Each request reads `built` once and
keeps to it, so none sees two datasets.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aidgraph.collection import read_collection
from aidgraph.errors import NotFoundError
from aidgraph.shelf import find_current
from aidgraph.terms import use_prefixes

if TYPE_CHECKING:
    from aidgraph.project import Project
    from aidgraph.questions import Question
    from aidgraph.shelf import Built

_LOOK_S = 0.2


class Current:
    """The current dataset of a project, and the project's questions."""

    def __init__(self, project: Project) -> None:
        """Look for the dataset. Raises `NotFoundError` if there is none."""
        self.project = project
        self._pointer = project.output / "current"
        self._looked = self._stamp = -1.0
        self._built: Built | None = None
        self._questions: dict[str, Question] | None = None
        self.look()

    @property
    def built(self) -> Built:
        """The current dataset; as it was a fifth of a second ago at most."""
        if time.monotonic() - self._looked > _LOOK_S:
            self.look()
        if self._built is None:  # `look` has raised, at the latest when the server started
            raise _no_dataset(self.project)
        return self._built

    @property
    def snapshot(self) -> str:
        """The SHA-256 that names the dataset."""
        return self.built.manifest.snapshot

    @property
    def questions(self) -> dict[str, Question]:
        """The questions that can be asked, by name; read when they are first wanted."""
        self.built  # noqa: B018  # a new dataset may have other questions
        if self._questions is None:
            self._questions = {each.name: each for each in read_collection(self.project)}
        return self._questions

    def look(self) -> None:
        """Take over a new dataset, if there is one; what cannot be read leaves the old one.

        Raises:
            NotFoundError: there is none, and there was none.
        """
        self._looked = time.monotonic()
        try:
            stamp = float(self._pointer.stat().st_mtime_ns)
        except OSError:
            stamp = -1.0
        if stamp == self._stamp and self._built is not None:
            return
        found = find_current(self.project.output)
        if found is None and self._built is None:
            raise _no_dataset(self.project)
        if found is not None:
            self._stamp, self._built, self._questions = stamp, found, None
            use_prefixes(self.project.ontology)


def _no_dataset(project: Project) -> NotFoundError:
    en = f"There is no dataset in {project.output}: run “aidgraph build”."
    return NotFoundError(en, f"{project.output} 中没有数据集：请运行“aidgraph build”。")
