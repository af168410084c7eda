"""Where a dataset is asked: one interface, the embedded store or (`remote`) another behind it."""

from aidgraph.store.embedded import EmbeddedStore
from aidgraph.store.interface import Layout, Store
from aidgraph.store.solutions import Solutions, Term

__all__ = ["EmbeddedStore", "Layout", "Solutions", "Store", "Term"]
