"""Tasks of the workers: what is known of one thing, as RDF, and as JSON with its evidence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from aidgraph.answers.show import read_known
from aidgraph.description import DATASET
from aidgraph.errors import NotFoundError
from aidgraph.server.formats import THINGS, with_charset
from aidgraph.server.selfdescription import describe_dataset, write_description
from aidgraph.server.typed import check_size
from aidgraph.store.worker import Reply
from aidgraph.terms import BASE, curie

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aidgraph.server.desk import Desk


def find_node(desk: Desk, path: str) -> ox.NamedNode:
    """Return the thing whose IRI ends in `path`: `id/place/653100`, `ont#Term`.

    Raises:
        NotFoundError: the graph says nothing of it.
    """
    try:
        node = ox.NamedNode(BASE + path)
    except ValueError:
        node = ox.NamedNode(BASE)
    pattern = f"{{ {node} ?p ?o }} UNION {{ ?s ?p {node} }} UNION {{ GRAPH {node} {{ ?s ?p ?o }} }}"
    if node.value == BASE or not desk.dataset.store.ask(f"ASK {{ {pattern} }}"):
        en = f"The graph says nothing of <{BASE}{path}>: look for it at /search?q=."
        raise NotFoundError(en, f"图中没有 <{BASE}{path}>：请用 /search?q= 查找。")
    return node


def describe(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Return the triples about a thing, those that refer to it, and those of its graph.

    `args`: `path`, the end of its IRI; `form`, a key of `formats.THINGS` but JSON; `bytes`, the
    most that are given.

    Raises:
        NotFoundError: the graph says nothing of it.
    """
    node = find_node(desk, args["path"])
    media_type = THINGS[args["form"]]
    body = write_description(_read_triples(desk, node), media_type)
    check_size(body, args["bytes"])
    return Reply({"status": 200, "type": with_charset(media_type)}, body)


def show(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Return everything known of a thing in JSON, each fact with its sentence, as `show` does.

    `args`: `path`, `language`, and `bytes`.

    Raises:
        NotFoundError: the graph says nothing of it.
    """
    node = find_node(desk, args["path"])
    known = read_known(desk.dataset, node, args["language"], desk.rules)
    body = f"{json.dumps(known.as_dict(), ensure_ascii=False, indent=2)}\n".encode()
    check_size(body, args["bytes"])
    return Reply({"status": 200, "type": THINGS["json"], "label": curie(node.value)}, body)


def describe_whole(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Return the dataset's description of itself, with where this server has it.

    `args`: `root`, the server's address; `type`, of `formats.TRIPLES`; `triples`, how many.
    """
    own = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {DATASET} {{ ?s ?p ?o }} }}"
    triples = [*desk.dataset.store.construct(own), *describe_dataset(args["root"], args["triples"])]
    body = write_description(triples, args["type"])
    return Reply({"status": 200, "type": with_charset(args["type"])}, body)


def _read_triples(desk: Desk, node: ox.NamedNode) -> Iterator[ox.Triple]:
    for pattern in (f"{node} ?p ?o", f"?s ?p {node}", f"GRAPH {node} {{ ?s ?p ?o }}"):
        subject = node if pattern.startswith("<") else "?s"
        value = node if pattern.startswith("?s ?p <") else "?o"
        query = f"CONSTRUCT {{ {subject} ?p {value} }} WHERE {{ {pattern} }}"
        yield from desk.dataset.store.construct(query)
