"""The stores that can be loaded into, one module each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.errors import RemoteError
from aidgraph.transfer.stores.fuseki import FusekiStore
from aidgraph.transfer.stores.oxigraph import OxigraphStore
from aidgraph.transfer.stores.rdf4j import Rdf4jStore
from aidgraph.transfer.stores.update import UpdateStore
from aidgraph.transfer.stores.virtuoso import VirtuosoStore

if TYPE_CHECKING:
    from aidgraph.transfer.connection import Connection

STORES: dict[str, type[UpdateStore]] = {
    store.name: store
    for store in (Rdf4jStore, OxigraphStore, FusekiStore, VirtuosoStore, UpdateStore)
}
"""Each kind of store by its name, in the order in which they are looked for."""


def open_store(connection: Connection, endpoint: str, name: str | None) -> UpdateStore:
    """Open the store at `endpoint`: of the kind `name`, or what the server says it is.

    Raises:
        RemoteError: nothing answers there; or it does not say, and no name is given.
    """
    if name is not None:
        return STORES[name](connection, endpoint)
    connection.reach(endpoint)
    for store in STORES.values():
        if store.answers_at(connection, endpoint.rstrip("/")):
            return store(connection, endpoint)
    known = ", ".join(STORES)
    en = f"{endpoint} does not say which store it is: mend the address, or give --store ({known})."
    zh = f"{endpoint} 未表明是何种存储：请改正地址，或用 --store 指明（{known}）。"
    raise RemoteError(en, zh)
