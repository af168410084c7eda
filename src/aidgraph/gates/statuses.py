"""Status: a cue word by the name of the thing tells how far it has come.

The words that stand nearest decide: those of the thing's own item in a list of deeds
(安排甲、实施乙), else those of its comma clauses, else those of its `;` clauses.
Cue words inside a name (冷链物流建设项目) tell nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aidgraph.gates.faults import Both, Fault, fault_in_passage
from aidgraph.gates.reading import touch
from aidgraph.names import find_all, is_under_passage
from aidgraph.terms import curie

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aidgraph.findings import Finding
    from aidgraph.gates.reading import ArticleReading, Fact, PassageReading
    from aidgraph.names import Span

_ITEM = re.compile("[^、]+")


def check_statuses(article: ArticleReading, passage: PassageReading) -> Iterator[Finding]:
    """Yield the statuses in a passage's graph that no word by the thing tells."""
    statuses = [fact for fact in passage.facts if fact.name == "status"]
    if not statuses:
        return
    cues = _find_cues(article, passage)
    divisions = [_find_deeds(passage, cues), passage.comma_clauses, passage.clauses]
    for fact in statuses:
        told = _read_nearest(passage, fact, cues, divisions)
        if fact.object not in told:
            yield _not_told(article, passage, fact, told)


def _find_cues(
    article: ArticleReading, passage: PassageReading
) -> list[tuple[Span, frozenset[str]]]:
    """Return a passage's cue words with what they tell; none lies in a longer one or in a name."""
    names = [
        span
        for mention in passage.named
        if not is_under_passage(mention.entity) and not article.is_generic(mention.entity)
        for span in mention.spans
    ]
    found: list[tuple[Span, frozenset[str]]] = []
    for cue, statuses in article.vocabulary.cues:
        for start in find_all(passage.text, cue):
            end = start + len(cue)
            known = [*names, *(span for span, _ in found)]
            if not any(left <= start and end <= right for left, right in known):
                found.append(((start, end), statuses))
    return found


def _find_deeds(passage: PassageReading, cues: list[tuple[Span, frozenset[str]]]) -> list[Span]:
    """Return the items of lists of which two or more open with a cue word."""
    opening = {start for (start, _), _ in cues}
    deeds: list[Span] = []
    for start, end in passage.comma_clauses:
        items = [found.span() for found in _ITEM.finditer(passage.text, start, end)]
        opened = [item for item in items if item[0] in opening]
        deeds += opened if len(opened) > 1 else []
    return deeds


def _read_nearest(
    passage: PassageReading,
    fact: Fact,
    cues: list[tuple[Span, frozenset[str]]],
    divisions: list[list[Span]],
) -> frozenset[str]:
    """Return the statuses that the words nearest to the fact's subject tell."""
    for stretches in divisions:
        own = touch(passage.find_spans(fact.subject), stretches)
        if fact.subject in passage.carried:
            own = frozenset(range(len(stretches)))
        told = [statuses for span, statuses in cues if own & touch([span], stretches)]
        if told:
            return frozenset().union(*told)
    return frozenset()


def _not_told(
    article: ArticleReading, passage: PassageReading, fact: Fact, told: frozenset[str]
) -> Finding:
    name, status = article.entities.show(fact.subject), curie(fact.object)
    cues = [cue for cue, statuses in article.vocabulary.cues if fact.object in statuses]
    others = sorted(curie(each) for each in told)
    return fault_in_passage(
        Fault(
            "status-without-cue",
            Both(
                f"No word near {name} tells {status} ({', '.join(cues)})"
                + (f"; those there tell {', '.join(others)}." if others else "."),
                f"{name} 近旁没有表示 {status} 的词（{'、'.join(cues)}）"
                + (f"；其处的词表示 {'、'.join(others)}。" if others else "。"),
            ),
            Both(
                "Give the status that the words tell, or leave it out.",
                "请写文字所表示的状态，或略去。",
            ),
        ),
        passage,
        fact,
    )
