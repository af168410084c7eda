"""The second reading: a person who has read a passage against its graph locks it.

What no gate sees (a relation turned round, something left out) a reader does. `review.ttl` keeps
for each passage the hash of its graph with the reader and the day; a changed graph is unlocked.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.errors import NotFoundError
from aidgraph.files import unwritable
from aidgraph.findings import UNREAD, Severity
from aidgraph.gates.faults import Both, Fault, fault_in_file
from aidgraph.terms import AID, ARTICLE, XSD, aid, passage_iri

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date
    from pathlib import Path

    from aidgraph.findings import Finding
    from aidgraph.sources import ArticleSource

_HASH, _READER, _DAY = (aid(name) for name in ("reviewedHash", "reviewedBy", "reviewedOn"))
_REMEDY = Both(
    "Read the sentence against its facts, then lock it with “aidgraph review”.",
    "请对照原句审读其事实，然后用 “aidgraph review” 锁定。",
)


@dataclass(frozen=True, slots=True)
class Lock:
    """Who read a passage on which day (ISO 8601), when its graph had the hash `hash`."""

    hash: str
    reader: str
    day: str


def check_review(article: ArticleSource) -> list[Finding]:
    """Find the passages with facts that nobody has read, or not since their facts changed."""
    locks = read_locks(article)
    findings = []
    for passage, digest in hash_passages(article).items():
        lock = locks.get(passage)
        if lock is not None and lock.hash == digest:
            continue
        message = Both(
            f"Nobody has yet read the facts of {passage} against its sentence.",
            f"{passage} 的事实尚无人对照原句审读。",
        )
        if lock is not None:
            message = Both(
                f"The facts of {passage} have changed since {lock.reader} read them on {lock.day}.",
                f"{passage} 的事实在 {lock.reader} 于 {lock.day} 审读之后有改动。",
            )
        fault = Fault(UNREAD, message, _REMEDY, Severity.INFO)
        graph = passage_iri(article.id, passage).value
        text = next(each.text for each in article.passages if each.id == passage)
        findings.append(fault_in_file(fault, article.facts.file, graph, searched=text))
    return findings


def hash_passages(article: ArticleSource) -> dict[str, str]:
    """Return for each passage with facts the SHA-256 of its graph: its sorted N-Triples lines."""
    graphs = {passage_iri(article.id, passage.id): passage.id for passage in article.passages}
    lines: dict[str, set[str]] = {identifier: set() for identifier in graphs.values()}
    for quad in article.facts.quads:
        if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name in graphs:
            lines[graphs[quad.graph_name]].add(f"{quad.triple} .\n")
    return {
        passage: hashlib.sha256("".join(sorted(each)).encode("utf-8")).hexdigest()
        for passage, each in lines.items()
        if each
    }


def read_locks(article: ArticleSource) -> dict[str, Lock]:
    """Return the locks in the article's `review.ttl`, by passage (`p12.2`)."""
    found: dict[str, dict[ox.NamedNode, str]] = {}
    for quad in article.review.quads if article.review else ():
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
            passage = quad.subject.value.removeprefix(f"{ARTICLE}{article.id}/")
            found.setdefault(passage, {})[quad.predicate] = quad.object.value
    return {
        passage: Lock(each[_HASH], each.get(_READER, "?"), each.get(_DAY, "?"))
        for passage, each in found.items()
        if _HASH in each
    }


def choose_passages(article: ArticleSource, named: Collection[str]) -> frozenset[str]:
    """Return the passages `named` (`p12.2`), or all with facts if none is.

    Raises:
        NotFoundError: one of them is none of the article's, or has no facts.
    """
    known = hash_passages(article).keys()
    if unknown := sorted(set(named) - known):
        listed = ", ".join(unknown)
        en = f"{article.id} has no passage with facts named {listed}: see “aidgraph passages”."
        zh = f"{article.id} 中没有名为 {listed} 且载有事实的句段：请见“aidgraph passages”。"
        raise NotFoundError(en, zh)
    return frozenset(named or known)


def write_locks(
    path: Path, article: ArticleSource, *, reader: str, day: date, passages: Collection[str]
) -> None:
    """Lock passages as they are now and write the article's locks to `path`, its `review.ttl`.

    Args:
        path: the file to write; what the article's other locks are is kept.
        article: whose passages were read.
        reader: who read them.
        day: when.
        passages: which were read, each with facts (`choose_passages`).

    Raises:
        UnreadableError: the file cannot be written; it is as it was.
    """
    hashes = hash_passages(article)
    locks = {passage: lock for passage, lock in read_locks(article).items() if passage in hashes}
    locks |= {passage: Lock(hashes[passage], reader, day.isoformat()) for passage in passages}
    draft = path.with_suffix(".new")
    try:
        draft.write_text(_write_turtle(article.id, locks, hashes), encoding="utf-8", newline="\n")
        draft.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        draft.unlink(missing_ok=True)


def _write_turtle(article_id: str, locks: dict[str, Lock], order: Iterable[str]) -> str:
    blocks = [
        f"psg:{passage}\n"
        f"    aid:reviewedHash {ox.Literal(lock.hash)} ;\n"
        f"    aid:reviewedBy {ox.Literal(lock.reader)} ;\n"
        f'    aid:reviewedOn "{lock.day}"^^xsd:date .\n'
        for passage in order
        if (lock := locks.get(passage))
    ]
    prefixes = (
        f"@prefix aid: <{AID}> .\n@prefix psg: <{ARTICLE}{article_id}/> .\n@prefix xsd: <{XSD}> .\n"
    )
    return "\n".join([prefixes, *blocks])
