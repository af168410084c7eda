"""Where a dataset is asked: one interface, the embedded store behind it."""

from aidgraph.store.embedded import EmbeddedStore
from aidgraph.store.solutions import Solutions, Term

__all__ = ["EmbeddedStore", "Solutions", "Term"]
