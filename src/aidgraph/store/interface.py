"""What every store can do, and the two ways in which a dataset lies in one."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyoxigraph as ox

    from aidgraph.store.solutions import Solutions


class Layout(Enum):
    """Where a store keeps what tells which sentence says a triple.

    QUADS: each triple stands in the graph of each sentence or source that says it.
    TRIPLES: all triples stand in one graph; beside those that an article or a source says there
    is a node for each of their graphs (`aidgraph.transfer.merged`).
    """

    QUADS = "quads"
    TRIPLES = "triples"


class Store(Protocol):
    """A dataset to be asked in SPARQL 1.1; its default graph is the union of all graphs.

    Each method takes a query and the prefixes that it may use undeclared, and raises
    `UsageError` where it is not SPARQL 1.1 or of another form. A remote store raises
    `RemoteError` and `LimitError` as well.
    """

    @property
    def layout(self) -> Layout:
        """How the dataset lies in the store."""

    def select(self, text: str, prefixes: Mapping[str, str] | None = None) -> Solutions:
        """Return the rows of a SELECT query, all of them."""

    def ask(self, text: str, prefixes: Mapping[str, str] | None = None) -> bool:
        """Return the answer of an ASK query."""

    def construct(
        self, text: str, prefixes: Mapping[str, str] | None = None
    ) -> Iterator[ox.Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE query, all of them."""
