"""The rows of a SELECT query, whichever store gave them."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import pyoxigraph as ox

Term: TypeAlias = ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple


class Solutions(NamedTuple):
    """Rows of terms (None where unbound), each as long as `columns` and in their order."""

    columns: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]
