"""A sample project of six sentences of the report, whose facts the gate passes; to be broken."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from aidgraph.gates.grounding import check_article
from aidgraph.project import find_project
from aidgraph.sources import read_sources

if TYPE_CHECKING:
    from aidgraph.findings import Finding
    from aidgraph.sources import Sources

REPOSITORY = Path(__file__).parents[1]
DATA = Path(__file__).parent / "data" / "grounding"
PLACES = {
    "article.ttl": "articles/sample",
    "article.txt": "articles/sample",
    "entities.ttl": "articles/sample",
    "facts.trig": "articles/sample",
    "places.ttl": "reference",
    "shared.ttl": "entities",
}


class Sample:
    """The sample project in a folder of the test's own."""

    def __init__(self, root: Path) -> None:
        """Copy the sample, and the repository's ontology and queries, into `root`."""
        self._root = root
        for folder in ("ontology", "queries"):
            shutil.copytree(REPOSITORY / folder, root / folder)
        for name, folder in PLACES.items():
            (root / "data" / folder).mkdir(parents=True, exist_ok=True)
            shutil.copy(DATA / name, self.path(name))

    def path(self, name: str) -> Path:
        """Return where a file of the sample is."""
        return self._root / "data" / PLACES[name] / name

    def change(self, name: str, old: str, new: str) -> None:
        """Replace words that a file has once."""
        text = self.path(name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{name} has {old!r} {text.count(old)} times"
        self.path(name).write_text(text.replace(old, new), encoding="utf-8", newline="")

    def read(self) -> Sources:
        """Read the project's files."""
        return read_sources(find_project(self._root))

    def check(self) -> list[Finding]:
        """Check the sample's article."""
        sources = self.read()
        return check_article(sources.articles[0], sources)

    def rules(self) -> list[str]:
        """Return the rules that the article breaks, each once, sorted."""
        return sorted({finding.rule for finding in self.check()})
