"""The files that a project is made of: what is read, checked, and watched for changes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from aidgraph.errors import UnreadableError
from aidgraph.files import list_files, list_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aidgraph.project import Project

ARTICLE_FILES = ("article.txt", "article.ttl", "entities.ttl", "facts.trig")
"""What the folder of an article has."""

REVIEW_FILE = "review.ttl"
"""What it has once somebody has read the facts."""

TRANSLATION_FILE = "translation.ttl"
"""What it has where its passages can be read in another language."""


class Layout(NamedTuple):
    """What a dataset is built from: the folders of articles, and the other files, each by name."""

    articles: list[Path]
    ontology: list[Path]
    shapes: list[Path]
    rules: list[Path]
    reference: list[Path]
    entities: list[Path]
    checks: list[Path]
    questions: list[Path]

    def files(self) -> Iterator[Path]:
        """Yield every file that there is or has to be."""
        for folder in self.articles:
            yield from (folder / name for name in ARTICLE_FILES)
            optional = (folder / REVIEW_FILE, folder / TRANSLATION_FILE)
            yield from (path for path in optional if path.exists())
        for files in self[1:]:
            yield from files


def find_layout(project: Project) -> Layout:
    """Find the files of `project`, without reading any.

    Raises:
        UnreadableError: a folder is missing, empty, cannot be read, or is no article.
    """
    shared = project.entities  # only where several articles name one thing
    return Layout(
        articles=_find_articles(project.articles),
        ontology=list_files(project.ontology, ".ttl"),
        shapes=list_files(project.ontology / "shapes", ".ttl"),
        rules=list_files(project.ontology / "rules", ".rq"),
        reference=list_files(project.reference, ".ttl"),
        entities=list_files(shared, ".ttl") if shared.exists() else [],
        checks=list_files(project.queries / "checks", ".rq"),
        questions=_find_questions(project.queries),
    )


def _find_questions(folder: Path) -> list[Path]:
    """Return the files of questions that can be read: one that cannot must not stop a build."""
    files = (path for path in list_folder(folder) if path.suffix == ".rq")
    return [path for path in files if path.is_file() and os.access(path, os.R_OK)]


def _find_articles(folder: Path) -> list[Path]:
    found = [path for path in list_folder(folder) if path.is_dir()]
    for path in found:
        if not (path / ARTICLE_FILES[0]).exists():
            en = f"{path} is no article: add its article.txt, or move the folder away."
            zh = f"{path} 不是文章：请补上其 article.txt，或移走该文件夹。"
            raise UnreadableError(en, zh)
    if not found:
        en = f"{folder} has no article: restore its folders."
        raise UnreadableError(en, f"{folder} 中没有文章：请恢复其中的文件夹。")
    return found
