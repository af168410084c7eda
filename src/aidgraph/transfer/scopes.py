"""What of a dataset is exported: all of it, one article, or what several articles share."""

from __future__ import annotations

import difflib
from contextlib import ExitStack
from typing import TYPE_CHECKING

from aidgraph.errors import NotFoundError, UnreadableError, UsageError
from aidgraph.files import name_cause
from aidgraph.parts import merge_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from aidgraph.dataset import Dataset

DESCRIPTION = "dataset"
"""The part that says what a dataset is and how it may be used: it goes with every scope."""

_SHARED = {"ontology": ("ontology", "shapes"), "queries": ("queries",)}
_ARTICLE = "article:"
SCOPES = ("all", f"{_ARTICLE}ID", *_SHARED, "reference")


def find_parts(dataset: Dataset, scope: str = "all") -> list[str]:
    """Return the names of the parts of `dataset` that `scope` asks for, sorted.

    Args:
        dataset: the dataset.
        scope: `all`, `article:ID`, `ontology` (with its shapes), `reference` or `queries`.

    Raises:
        UsageError: there is no such scope.
        NotFoundError: there is no such article; the message offers the nearest.
    """
    parts = sorted(dataset.manifest.parts)
    if scope == "all":
        return parts
    if scope.startswith(_ARTICLE):
        chosen = _find_article(scope.removeprefix(_ARTICLE), parts)
    elif scope == "reference":
        chosen = [part for part in parts if part.startswith("reference/")]
    elif scope in _SHARED:
        chosen = [part for part in parts if part in _SHARED[scope]]
    else:
        listed = ", ".join(SCOPES)
        en = f"There is no scope “{scope}”: give one of {listed}."
        raise UsageError(en, f"没有范围“{scope}”：可取 {listed}。")
    return sorted([*chosen, DESCRIPTION])


def read_lines(
    dataset: Dataset, scope: str = "all", *, description_first: bool = False
) -> Iterator[bytes]:
    """Yield lines of canonical N-Quads, sorted: of all, they are the dataset's canonical form.

    Args:
        dataset: the dataset.
        scope: as `find_parts` takes it.
        description_first: begin with the dataset's description, for people to see first.

    Raises:
        UnreadableError: a part cannot be read.
        UsageError, NotFoundError: as `find_parts` does.
    """
    names = find_parts(dataset, scope)
    groups = (
        [[DESCRIPTION], [n for n in names if n != DESCRIPTION]] if description_first else [names]
    )
    for group in groups:
        yield from _read_merged([dataset.folder / "parts" / f"{name}.nq" for name in group])


def _find_article(name: str, parts: Sequence[str]) -> list[str]:
    known = [part.removeprefix("article/") for part in parts if part.startswith("article/")]
    if name in known:
        return [f"article/{name}"]
    listed = ", ".join(difflib.get_close_matches(name, known, n=3, cutoff=0.4) or known[:3])
    en = f"There is no article “{name}”. The nearest: {listed}."
    raise NotFoundError(en, f"没有文章“{name}”。最接近的有：{listed}。")


def _read_merged(paths: Sequence[Path]) -> Iterator[bytes]:
    with ExitStack() as stack:
        yield from merge_lines([stack.enter_context(_open(path)) for path in paths])


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        folder = path.parents[1]
        why, why_zh = name_cause(error)
        en = f"{path} cannot be read: {why}. Remove {folder} and run “aidgraph build”."
        zh = f"无法读取 {path}：{why_zh}。请删除 {folder}，再运行“aidgraph build”。"
        raise UnreadableError(en, zh) from error
