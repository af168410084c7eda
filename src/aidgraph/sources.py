"""The project's files, read and parsed: what the gates look at and the build writes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.articles import Passage, read_passages
from aidgraph.errors import DataError
from aidgraph.files import BYTE_ORDER_MARK, read_bytes
from aidgraph.findings import Finding
from aidgraph.layout import ARTICLE_FILES, REVIEW_FILE, TRANSLATION_FILE, find_layout
from aidgraph.terms import GRAPH, REFERENCE, article_iri, use_prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from aidgraph.project import Project

_NAME = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Source:
    """One RDF file: its path from the project's folder down, and its quads as the build has them.

    A Turtle file's triples are in the graph that the design gives them; a TriG file's stand in
    the graphs that it names, its default graph in the article's record. `text` is the file's own,
    for who has to find a line in it.
    """

    file: str
    quads: tuple[ox.Quad, ...]
    text: str = field(default="", repr=False)


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
    translation: Source | None

    def sources(self) -> Iterator[Source]:
        """Yield the article's RDF files."""
        yield from (self.record, self.entities, self.facts)
        yield from filter(None, (self.review, self.translation))


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

    From then on people are shown the project's own prefixes.

    Raises:
        UnreadableError: a file or folder is missing or cannot be read.
        DataError: files are badly named, or no valid UTF-8, Turtle or TriG; a finding for each.
    """
    layout = find_layout(project)
    reader = _Reader(project)
    sources = Sources(
        articles=tuple(map(reader.read_article, reader.named(layout.articles))),
        ontology=reader.read_graph(layout.ontology, "ontology"),
        shapes=reader.read_graph(layout.shapes, "shapes"),
        entities=reader.read_graph(layout.entities, "entities"),
        reference=tuple(
            reader.read_rdf(path, ox.NamedNode(REFERENCE + path.stem))
            for path in reader.named(layout.reference)
        ),
        rules=reader.read_texts(layout.rules),
        checks=reader.read_texts(layout.checks),
    )
    reader.stop_at_faults()
    use_prefixes(project.ontology)
    return sources


class _Reader:
    """Reads files, and goes on after one that it cannot read, to tell the faults of all.

    What is at fault counts as empty, until `stop_at_faults`.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._faults: list[Finding] = []

    def named(self, paths: Iterable[Path]) -> Iterator[Path]:
        """Yield those of `paths` whose names can be part of an IRI."""
        for path in paths:
            if _NAME.fullmatch(path.name if path.is_dir() else path.stem):
                yield path
            else:
                finding = Finding(
                    rule="file-name",
                    file=self._project.relative(path),
                    message_en="The name has more than small letters, digits and hyphens.",
                    message_zh="名称含有小写字母、数字与连字符以外的字符。",
                    remedy_en="Rename it: its name becomes part of IRIs.",
                    remedy_zh="请改名：该名称将成为 IRI 的一部分。",
                )
                self._faults.append(finding)

    def read_article(self, folder: Path) -> ArticleSource:
        text = self._read(folder / ARTICLE_FILES[0])
        iri = article_iri(folder.name)
        graphs = (iri, ox.NamedNode(f"{iri.value}/entities"), iri)
        record, entities, facts = (
            self.read_rdf(folder / name, graph)
            for name, graph in zip(ARTICLE_FILES[1:], graphs, strict=True)
        )
        review, translation = (
            self.read_rdf(path, iri) if path.exists() else None
            for path in (folder / REVIEW_FILE, folder / TRANSLATION_FILE)
        )
        return ArticleSource(
            id=folder.name,
            text=text,
            sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
            passages=tuple(read_passages(text)),
            record=record,
            entities=entities,
            facts=facts,
            review=review,
            translation=translation,
        )

    def read_graph(self, paths: Iterable[Path], graph: str) -> tuple[Source, ...]:
        name = ox.NamedNode(GRAPH + graph)
        return tuple(self.read_rdf(path, name) for path in self.named(paths))

    def read_texts(self, paths: Iterable[Path]) -> dict[str, str]:
        return {
            path.stem: self._read(path).removeprefix(BYTE_ORDER_MARK) for path in self.named(paths)
        }

    def read_rdf(self, path: Path, graph: ox.NamedNode) -> Source:
        """Parse a Turtle or TriG file; triples outside a named graph go into `graph`."""
        default = ox.DefaultGraph()
        text = self._read(path).removeprefix(BYTE_ORDER_MARK)
        quads = tuple(
            ox.Quad(quad.subject, quad.predicate, quad.object, graph)
            if quad.graph_name == default
            else quad
            for quad in self._parse(path, text)
        )
        return Source(self._project.relative(path), quads, text)

    def stop_at_faults(self) -> None:
        """Raise `DataError` if a file was at fault."""
        if len(self._faults) == 1:
            raise DataError.about(self._faults[0])
        if self._faults:
            number = len(self._faults)
            en = f"{number} files cannot be used as they are. Nothing was built."
            zh = f"{number} 个文件目前不能使用。未构建任何内容。"
            raise DataError(en, zh, sorted(self._faults, key=Finding.sort_key))

    def _parse(self, path: Path, text: str) -> list[ox.Quad]:
        form = ox.RdfFormat.TRIG if path.suffix == ".trig" else ox.RdfFormat.TURTLE
        try:
            return list(ox.parse(text, format=form, rename_blank_nodes=True))
        except SyntaxError as error:
            finding = Finding(
                rule="syntax",
                file=self._project.relative(path),
                line=error.lineno,
                message_en=f"The file is not valid {form.name}: {error.msg}.",
                message_zh=f"文件不是有效的 {form.name}：{error.msg}。",
                remedy_en="Mend the syntax at this line.",
                remedy_zh="请改正该行的语法。",
            )
            self._faults.append(finding)
            return []

    def _read(self, path: Path) -> str:
        content = read_bytes(path)
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            finding = Finding(
                rule="encoding",
                file=self._project.relative(path),
                line=content[: error.start].count(b"\n") + 1,
                message_en=f"The file is not UTF-8 at byte {error.start}.",
                message_zh=f"文件第 {error.start} 字节处不是 UTF-8。",
                remedy_en="Save it as UTF-8.",
                remedy_zh="请存为 UTF-8。",
            )
            self._faults.append(finding)
            return ""
