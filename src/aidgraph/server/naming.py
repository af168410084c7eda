"""Tasks of the workers: what people may mean by what they typed, while they type and after."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aidgraph.answers.lookup import expand
from aidgraph.errors import UsageError
from aidgraph.server.formats import THINGS
from aidgraph.server.suggesting import Names, find_sentences
from aidgraph.store.worker import Reply
from aidgraph.terms import AID, BASE, SKOS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aidgraph.server.desk import Desk

_PLAIN = ("", "text", "number", "flag", "choice")


def complete(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Return the things that a name begun may be, as a JSON array.

    `args`: `q`, what was typed; `type`, that of a question's parameter, "" for every thing;
    `language` of labels; `most`, how many.

    Raises:
        UsageError: there is no such type.
    """
    if args["type"] in _PLAIN[1:]:
        return _reply([])
    found = read_names(desk, args["type"]).suggest(args["q"], args["language"], args["most"])
    return _reply([each.as_dict() for each in found])


def search(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Return the things that are called so and the sentences that have the words.

    `args`: `q`, what was typed; `language` of labels; `most`, how many of each.

    Raises:
        UsageError: nothing is looked for.
    """
    text = args["q"].strip()
    if not text:
        en = "Nothing is looked for: give words as q."
        raise UsageError(en, "没有检索词：请以 q 给出。")
    things = read_names(desk, "").suggest(text, args["language"], args["most"])
    sentences = find_sentences(desk.dataset.store, text, args["most"])
    return _reply(
        {
            "things": [
                {**each.as_dict(), "path": f"/{each.iri.removeprefix(BASE)}"}
                if each.iri.startswith(BASE)
                else each.as_dict()
                for each in things
            ],
            "sentences": [each.as_dict() for each in sentences],
        }
    )


def read_names(desk: Desk, kind: str) -> Names:
    """Return the names of the things of a type, "" for every thing, read once a dataset.

    Raises:
        UsageError: there is no such type.
    """
    key = ("names", kind)
    if key not in desk.kept:
        if kind and kind != "concept" and not expand(kind).startswith(AID):
            en = f"There is no type {kind}: give one that a question's parameter has."
            raise UsageError(en, f"没有类型 {kind}：请给出某问题参数的类型。")
        iri = f"{SKOS}Concept" if kind == "concept" else expand(kind)
        desk.kept[key] = Names(desk.dataset.store, iri if kind else None)
    names: Names = desk.kept[key]
    return names


def _reply(found: object) -> Reply:
    body = json.dumps(found, ensure_ascii=False).encode()
    return Reply({"status": 200, "type": THINGS["json"]}, body)
