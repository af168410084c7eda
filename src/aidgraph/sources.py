"""The project's files, read and parsed: what the gates look at and the build writes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.articles import Passage, read_passages
from aidgraph.errors import DataError
from aidgraph.files import read_text, unreadable
from aidgraph.findings import Finding
from aidgraph.terms import GRAPH, REFERENCE, article_iri

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aidgraph.project import Project

ARTICLE_FILES = ("article.txt", "article.ttl", "entities.ttl", "facts.trig")


@dataclass(frozen=True, slots=True)
class Source:
    """One RDF file: its path from the project's folder down, and its quads as the build has them.

    A Turtle file's triples are in the graph that the design gives them; a TriG file's stand in
    the graphs that it names, its default graph in the article's record.
    """

    file: str
    quads: tuple[ox.Quad, ...]


@dataclass(frozen=True, slots=True)
class ArticleSource:
    """One article: its text, what it was cut into, and its RDF files."""

    id: str
    text: str
    sha256: str
    passages: tuple[Passage, ...]
    record: Source
    entities: Source
    facts: Source
    review: Source | None

    def sources(self) -> Iterator[Source]:
        """Yield the article's RDF files."""
        yield from (self.record, self.entities, self.facts)
        if self.review is not None:
            yield self.review


@dataclass(frozen=True, slots=True)
class Sources:
    """All that a build reads."""

    articles: tuple[ArticleSource, ...]
    ontology: tuple[Source, ...]
    shapes: tuple[Source, ...]
    entities: tuple[Source, ...]
    reference: tuple[Source, ...]
    rules: dict[str, str] = field(default_factory=dict)
    checks: dict[str, str] = field(default_factory=dict)

    def all(self) -> Iterator[Source]:
        """Yield every RDF file, in a fixed order."""
        yield from (*self.ontology, *self.shapes, *self.reference, *self.entities)
        for article in self.articles:
            yield from article.sources()

    def vocabulary(self) -> Iterator[ox.Quad]:
        """Yield what holds beside any article: ontology, reference data, shared entities."""
        for source in (*self.ontology, *self.reference, *self.entities):
            yield from source.quads


def read_sources(project: Project) -> Sources:
    """Read and parse every file of `project` that a build depends on.

    Raises:
        UnreadableError: a file or folder is missing or cannot be read.
        DataError: a file is not valid UTF-8, Turtle or TriG; the findings name file and line.
    """
    return Sources(
        articles=tuple(_read_article(project, path) for path in _folders(project.articles)),
        ontology=_read_folder(project, project.ontology, f"{GRAPH}ontology"),
        shapes=_read_folder(project, project.ontology / "shapes", f"{GRAPH}shapes"),
        entities=_read_folder(project, project.entities, f"{GRAPH}entities"),
        reference=tuple(
            read_rdf(project, path, ox.NamedNode(REFERENCE + path.stem))
            for path in sorted(project.reference.glob("*.ttl"))
        ),
        rules=_read_texts(project.ontology / "rules"),
        checks=_read_texts(project.queries / "checks"),
    )


def read_rdf(project: Project, path: Path, graph: ox.NamedNode) -> Source:
    """Parse a Turtle or TriG file; triples outside a named graph go into `graph`.

    Raises: as `read_sources` does.
    """
    form = ox.RdfFormat.TRIG if path.suffix == ".trig" else ox.RdfFormat.TURTLE
    text = read_text(path)
    try:
        parsed = list(ox.parse(text, format=form, rename_blank_nodes=True))
    except SyntaxError as error:
        finding = Finding(
            rule="syntax",
            file=project.relative(path),
            line=error.lineno,
            message_en=f"The file is not valid {form.name}: {error.msg}.",
            message_zh=f"文件不是有效的 {form.name}：{error.msg}。",
            remedy_en="Mend the syntax at this line.",
            remedy_zh="请改正该行的语法。",
        )
        raise DataError.about(finding) from error
    default = ox.DefaultGraph()
    quads = tuple(
        ox.Quad(quad.subject, quad.predicate, quad.object, graph)
        if quad.graph_name == default
        else quad
        for quad in parsed
    )
    return Source(project.relative(path), quads)


def _read_article(project: Project, folder: Path) -> ArticleSource:
    text = read_text(folder / "article.txt")
    iri = article_iri(folder.name)
    record, entities, facts = (
        read_rdf(project, folder / name, graph)
        for name, graph in (
            ("article.ttl", iri),
            ("entities.ttl", ox.NamedNode(f"{iri.value}/entities")),
            ("facts.trig", iri),
        )
    )
    review = folder / "review.ttl"
    return ArticleSource(
        id=folder.name,
        text=text,
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        passages=tuple(read_passages(text)),
        record=record,
        entities=entities,
        facts=facts,
        review=read_rdf(project, review, iri) if review.exists() else None,
    )


def _read_folder(project: Project, folder: Path, graph: str) -> tuple[Source, ...]:
    name = ox.NamedNode(graph)
    return tuple(read_rdf(project, path, name) for path in sorted(folder.glob("*.ttl")))


def _read_texts(folder: Path) -> dict[str, str]:
    return {path.stem: read_text(path) for path in sorted(folder.glob("*.rq"))}


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError as error:
        raise unreadable(folder, error) from error
