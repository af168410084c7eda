"""Carry out a delta on a store: at once where it fits one request, else in chunks.

How readers see it: what fits one request of a store that keeps requests apart (`is_atomic`) they
see whole or not at all. A larger one that removes quads first waits in staging graphs, and one
update moves it into place (who reads the union of all graphs sees the staged ones too, until
then). One that only adds, as the first load does, grows before their eyes, and so does any on a
store that is not atomic. The name of the dataset that was there goes with the first of it.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from aidgraph.store.loaded import write_name
from aidgraph.transfer.connection import TooLargeError
from aidgraph.transfer.readback import STAGING
from aidgraph.transfer.stores.update import group_by_graph, write_data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aidgraph.transfer.delta import Delta
    from aidgraph.transfer.journal import Entry, Journal
    from aidgraph.transfer.stores.update import UpdateStore

_STAGED_INSERTS, _STAGED_DELETES = f"{STAGING}insert:", f"{STAGING}delete:"


class Sender:
    """Sends one delta, and writes down how far it is."""

    def __init__(
        self,
        store: UpdateStore,
        journal: Journal,
        entry: Entry,
        tell: Callable[[int], None] = lambda _lines: None,
    ) -> None:
        """Send to `store`; `tell` is told of each number of lines acknowledged."""
        self.entry = entry
        self._store = store
        self._journal = journal
        self._tell = tell
        self._limits = (store.chunk_lines, store.chunk_bytes)

    def send(self, delta: Delta) -> None:
        """Send what the store has not acknowledged yet.

        Raises:
            RemoteError: the store refused, or cannot be reached; `entry` says how far it came.
            OSError: the journal cannot be written.
        """
        self._journal.write(self.entry)
        if self._store.is_atomic and delta.is_within(*self._limits) and not self.entry.sent:
            try:
                self._send_at_once(delta)
            except TooLargeError:
                self._limits = (self._limits[0] // 4 or 1, self._limits[1] // 4)
            else:
                return
        if self.entry.staged:
            self._send_staged(delta)
        else:
            self._send_in_place(delta)

    def _send_at_once(self, delta: Delta) -> None:
        deletes, inserts = list(delta.deletes.lines()), list(delta.inserts.lines())
        operations = [write_name("")]
        operations += [write_data("DELETE DATA", deletes)] if deletes else []
        operations += [write_data("INSERT DATA", inserts)] if inserts else []
        operations += _write_blank(delta)
        self._store.update(" ;\n".join(operations), repeatable=_is_repeatable(delta))
        self._acknowledge(delta.inserts.number + delta.deletes.number)

    def _send_in_place(self, delta: Delta) -> None:
        added = delta.inserts.number
        if not self.entry.sent:
            self._store.update(write_name(""))
        self._send_pile(delta.inserts.lines(), 0, self._store.insert)
        self._send_blank(delta)
        self._send_pile(delta.deletes.lines(), added, self._store.delete)

    def _send_staged(self, delta: Delta) -> None:
        added = delta.inserts.number
        self._send_pile(_stage(delta.inserts.lines(), _STAGED_INSERTS), 0, self._store.insert)
        self._send_pile(_stage(delta.deletes.lines(), _STAGED_DELETES), added, self._store.insert)
        operations = [
            write_name(""),
            _write_move("DELETE", _STAGED_DELETES),
            _write_move("INSERT", _STAGED_INSERTS),
            *_write_blank(delta),
        ]
        self._store.update(
            " ;\n".join([*operations, write_drop()]), repeatable=_is_repeatable(delta)
        )

    def _send_blank(self, delta: Delta) -> None:
        operations = _write_blank(delta)
        if not self._store.is_atomic:  # it may not take several at once either
            for operation in operations:
                self._store.update(operation, repeatable=operation.startswith("DELETE"))
        elif operations:
            self._store.update(" ;\n".join(operations), repeatable=_is_repeatable(delta))

    def _send_pile(
        self, lines: Iterator[bytes], before: int, send: Callable[[list[bytes]], None]
    ) -> None:
        """Send a pile that `before` lines go ahead of, without those acknowledged already."""
        rest = islice(lines, max(0, self.entry.sent - before), None)
        chunk: list[bytes] = []
        size = 0
        for line in rest:
            if chunk and (len(chunk) >= self._limits[0] or size + len(line) > self._limits[1]):
                self._send_chunk(chunk, send)
                chunk, size = [], 0
            chunk.append(line)
            size += len(line)
        if chunk:
            self._send_chunk(chunk, send)

    def _send_chunk(self, chunk: list[bytes], send: Callable[[list[bytes]], None]) -> None:
        """Send a chunk, in halves where the store finds it too large, and all later ones so."""
        try:
            send(chunk)
        except TooLargeError:
            half = len(chunk) // 2
            if not half:
                raise
            self._limits = (half, min(self._limits[1], sum(map(len, chunk)) // 2))
            self._send_chunk(chunk[:half], send)
            self._send_chunk(chunk[half:], send)
        else:
            self._acknowledge(len(chunk))

    def _acknowledge(self, lines: int) -> None:
        self.entry = self.entry._replace(sent=self.entry.sent + lines)
        self._journal.write(self.entry)
        self._tell(lines)


def write_drop() -> str:
    """Return the operation that removes what waits in staging graphs."""
    return (
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } "
        f'FILTER(STRSTARTS(STR(?g), "{STAGING}")) }}'
    )


def _write_move(operation: str, prefix: str) -> str:
    """Return the operation that does what the graphs named with `prefix` hold, in one's own."""
    return (
        f"{operation} {{ GRAPH ?g {{ ?s ?p ?o }} }} WHERE {{ GRAPH ?staged {{ ?s ?p ?o }} "
        f'FILTER(STRSTARTS(STR(?staged), "{prefix}")) '
        f'BIND(IRI(STRAFTER(STR(?staged), "{prefix}")) AS ?g) }}'
    )


def _write_blank(delta: Delta) -> list[str]:
    """Return the operations for quads with blank nodes, which INSERT DATA has not everywhere."""
    operations = [
        f"DELETE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o "
        "FILTER(isBlank(?s) || isBlank(?o)) } }"
        for graph in delta.clears
    ]
    for graph, triples in group_by_graph(delta.blank):
        operations.append(f"INSERT {{ GRAPH <{graph}> {{\n{triples}}} }} WHERE {{}}")
    return operations


def _stage(lines: Iterator[bytes], prefix: str) -> Iterator[bytes]:
    start = f" <{prefix}".encode()
    for line in lines:
        triple, _, graph = line.rpartition(b" <")
        yield triple + start + graph


def _is_repeatable(delta: Delta) -> bool:
    """Tell whether twice is as good as once: blank nodes go in anew each time, unless cleared."""
    return not delta.blank or bool(delta.clears)
