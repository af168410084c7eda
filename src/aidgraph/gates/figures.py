"""The figures: each quantity says exactly what its words say, and its words stand in the text."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from aidgraph.gates.faults import Both, Fault, fault_in_passage
from aidgraph.quantities import QuantityError, read_quantity, stands_whole
from aidgraph.terms import AID, RDF_TYPE, curie

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aidgraph.findings import Finding
    from aidgraph.gates.reading import ArticleReading, Fact, PassageReading
    from aidgraph.quantities import Quantity

UNIT = "http://qudt.org/vocab/unit/"
FIGURE_PROPERTIES = frozenset(
    AID + name
    for name in ("asWritten", "bound", "counts", "inPhrase", "scopeBasis", "unit", "value")
)
"""What stands beside the words of a quantity; its other properties relate it to things."""

_UNITS = {"CNY": "CCY_CNY"}
_ONE_EACH = (RDF_TYPE.value, f"{AID}asWritten", f"{AID}inPhrase")


def check_figures(article: ArticleReading, passage: PassageReading) -> Iterator[Finding]:
    """Yield the faults of the quantities that a passage's graph states."""
    nodes = {
        fact.subject
        for fact in passage.facts
        if fact.predicate in FIGURE_PROPERTIES
        or (fact.predicate == RDF_TYPE.value and article.is_a(fact.subject, "Quantity"))
    }
    for node in sorted(nodes):
        facts = [fact for fact in passage.facts if fact.subject == node]
        stated = [[fact for fact in facts if fact.predicate == each] for each in _ONE_EACH]
        if any(len(each) != 1 for each in stated):
            yield _scattered(passage, facts[0])
            continue
        (_,), (written,), (phrase,) = stated
        yield from _check_value(passage, facts, written)
        yield from _check_phrase(passage, written, phrase)
        yield from _check_kind(article, passage, facts, phrase)


def _check_value(passage: PassageReading, facts: list[Fact], written: Fact) -> Iterator[Finding]:
    try:
        expected = _expect(read_quantity(written.object))
    except QuantityError as error:
        yield _unreadable(passage, written, error)
        return
    for name, value in expected.items():
        stored = [fact for fact in facts if fact.name == name]
        for fact in stored:
            if not _is_same(fact.object, value):
                yield _differs(passage, fact, written, value)
        if not stored:
            yield _left_out(passage, written, name, value)


def _expect(read: Quantity) -> dict[str, str]:
    """Return what a quantity's node must say, by the name of the property."""
    return {
        "value": format(read.value, "f"),
        "bound": AID + read.bound.value,
        "unit": UNIT + _UNITS.get(read.unit, read.unit),
    }


def _is_same(stored: str, expected: str) -> bool:
    """Tell whether two terms are the same, 5.0 and 5 included."""
    try:
        return stored == expected or Decimal(stored) == Decimal(expected)
    except InvalidOperation:
        return False


def _check_phrase(passage: PassageReading, written: Fact, phrase: Fact) -> Iterator[Finding]:
    if not stands_whole(written.object, phrase.object):
        yield fault_in_passage(
            Fault(
                "figure-not-in-phrase",
                Both(
                    f"The figure “{written.object}” does not stand whole in “{phrase.object}”.",
                    f"数字“{written.object}”未完整见于“{phrase.object}”。",
                ),
                Both(
                    "Quote the whole figure in aid:asWritten, with 多, 余, 近 or 约.",
                    "请在 aid:asWritten 中引用完整的数字，连同“多、余、近、约”。",
                ),
            ),
            passage,
            written,
        )
    if not passage.find_phrase(phrase.object):
        yield fault_in_passage(
            Fault(
                "phrase-not-in-passage",
                Both(
                    f"The sentence does not have “{phrase.object}”, or not with whole figures.",
                    f"句中没有“{phrase.object}”，或其中的数字不完整。",
                ),
                Both("Copy the words of the sentence to the character.", "请逐字照录句中文字。"),
            ),
            passage,
            phrase,
        )


def _check_kind(
    article: ArticleReading, passage: PassageReading, facts: list[Fact], phrase: Fact
) -> Iterator[Finding]:
    """Yield a kind of which no name stands in the phrase, or only inside a longer kind's."""
    phrases = passage.find_phrase(phrase.object)
    for fact in facts:
        is_counted = any(
            start <= mention.start and mention.end <= end and not mention.inside
            for start, end in phrases
            for mention in passage.mentions.get(fact.object, ())
        )
        if phrases and fact.name == "counts" and not is_counted:
            yield _not_counted(article, passage, fact, phrase)


def _not_counted(
    article: ArticleReading, passage: PassageReading, fact: Fact, phrase: Fact
) -> Finding:
    node, kind = curie(fact.subject), article.entities.show(fact.object)
    return fault_in_passage(
        Fault(
            "kind-not-in-phrase",
            Both(
                f"{node} counts {kind}, which “{phrase.object}” does not name.",
                f"{node} 所计为 {kind}，而“{phrase.object}”中没有这一名称。",
            ),
            Both(
                "Give aid:counts the kind that the phrase names, or quote a longer phrase.",
                "请将 aid:counts 改为词组所称的类目，或引用更长的词组。",
            ),
        ),
        passage,
        fact,
    )


def _differs(passage: PassageReading, fact: Fact, written: Fact, value: str) -> Finding:
    node, says, reads = curie(fact.subject), _show(fact.object), _show(value)
    return fault_in_passage(
        Fault(
            "quantity-not-as-written",
            Both(
                f"{node} says {says} but “{written.object}” reads {reads}.",
                f"{node} 记为 {says}，而“{written.object}”读作 {reads}。",
            ),
            Both(
                f"Fix aid:{fact.name}, or quote the words that say {says}.",
                f"请改正 aid:{fact.name}，或引用表示 {says} 的字句。",
            ),
        ),
        passage,
        fact,
    )


def _left_out(passage: PassageReading, written: Fact, name: str, value: str) -> Finding:
    node, reads = curie(written.subject), _show(value)
    return fault_in_passage(
        Fault(
            "quantity-not-as-written",
            Both(
                f"{node} has no aid:{name} here, and “{written.object}” reads {reads}.",
                f"{node} 在此没有 aid:{name}，而“{written.object}”读作 {reads}。",
            ),
            Both(f"Add aid:{name} {reads}.", f"请补上 aid:{name} {reads}。"),
        ),
        passage,
        written,
    )


def _scattered(passage: PassageReading, fact: Fact) -> Finding:
    node = curie(fact.subject)
    return fault_in_passage(
        Fault(
            "quantity-without-words",
            Both(
                f"{node} needs one class, one aid:asWritten and one aid:inPhrase in this graph.",
                f"{node} 在本图中须有类、aid:asWritten、aid:inPhrase 各一个。",
            ),
            Both(
                "Keep the whole quantity in the graph of the sentence that prints it.",
                "请将整个数量置于印有它的句子的图中。",
            ),
        ),
        passage,
        fact,
    )


def _unreadable(passage: PassageReading, written: Fact, error: QuantityError) -> Finding:
    return fault_in_passage(
        Fault(
            "quantity-not-readable",
            Both(error.en, error.zh),
            Both(
                "Leave the figure out of the graph and excuse it with aid:inPassing.",
                "请勿将该数字收入图中，并用 aid:inPassing 说明。",
            ),
        ),
        passage,
        written,
    )


def _show(value: str) -> str:
    return curie(value) if ":" in value else value
