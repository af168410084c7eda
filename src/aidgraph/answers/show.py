"""Everything known of one thing: what it is, what is said of it, and what refers to it.

Two queries give it all, and are traced like anybody's: so each fact has the evidence that
`ask --why` would give. Portable SPARQL, so that it runs on any store.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.answers.ask import ask_query
from aidgraph.answers.lookup_names import CODE
from aidgraph.answers.passages import cite, read_quotes
from aidgraph.answers.results import Thing, Value, read_cells
from aidgraph.answers.standing import TELLING, stands_in
from aidgraph.answers.wording import show_cell
from aidgraph.store import Solutions
from aidgraph.terms import RDF_TYPE, RDFS_LABEL, SKOS, SKOS_ALT_LABEL, aid, curie

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aidgraph.answers.passages import Quote
    from aidgraph.answers.results import Answer, Cell, Evidence
    from aidgraph.dataset import OpenDataset
    from aidgraph.questions import Language

# How a name is one, in the order in which names are shown.
_NAMING = {
    RDFS_LABEL.value: "label",
    f"{SKOS}prefLabel": "label",
    SKOS_ALT_LABEL.value: "short name",
    CODE.value: "code",
    f"{SKOS}notation": "code",
}
_KINDS = ("label", "short name", "code")
_FIGURE = aid("value").value
_TRANSLATION = aid("translation").value


class Fact(NamedTuple):
    """A property of a thing and its value, or what refers to it by the property; and why.

    `name` is the property; `subject` is the thing that a passage speaks of, where the facts are
    a passage's; `untraced` says what else a fact may rest on.
    """

    name: Thing
    value: Thing | Value
    evidence: tuple[Evidence, ...]
    untraced: tuple[str, ...] = ()
    subject: Thing | Value | None = None

    @property
    def rule(self) -> str | None:
        """The rule that gave the fact; None where it is stated."""
        return next((each.rule for each in self.evidence if each.rule), None)

    def as_dict(self) -> dict[str, object]:
        """Return the fact as a JSON object."""
        found: dict[str, object] = (
            {} if self.subject is None else {"subject": self.subject.as_dict()}
        )
        return found | {
            "property": self.name.iri,
            "label": self.name.label,
            "value": self.value.as_dict(),
            "rule": self.rule,
            "evidence": [each.as_dict() for each in self.evidence],
            "untraced": [*self.untraced],
        }


class Named(NamedTuple):
    """A name or code of a thing, its language if it has one, and who gives it."""

    kind: str
    name: str
    language: str | None
    evidence: tuple[Evidence, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the name as a JSON object."""
        return self._asdict() | {"evidence": [each.as_dict() for each in self.evidence]}


class Known(NamedTuple):
    """All that is known of a thing.

    `words` are those of a passage, and `says` the facts that it states; both are empty of other
    things. `searched` counts the passages that were looked through.
    """

    iri: str
    label: str
    classes: tuple[Fact, ...]
    names: tuple[Named, ...]
    facts: tuple[Fact, ...]
    referred_by: tuple[Fact, ...]
    searched: int
    snapshot: str
    words: Quote | None = None
    says: tuple[Fact, ...] = ()

    @property
    def said(self) -> bool:
        """Whether an article says anything of the thing, or the thing is a part of one."""
        if self.words is not None:
            return True
        facts = (*self.classes, *self.facts, *self.referred_by)
        return any(each.kind == "article" for fact in facts for each in fact.evidence)

    def as_dict(self) -> dict[str, object]:
        """Return what is known as a JSON object; that of a passage has its words, too."""
        found: dict[str, object] = {
            "iri": self.iri,
            "label": self.label,
            "classes": [_class_as_dict(fact) for fact in self.classes],
            "names": [name.as_dict() for name in self.names],
            "facts": [fact.as_dict() for fact in self.facts],
            "referred_by": [fact.as_dict() for fact in self.referred_by],
        }
        if self.words is not None:
            found["passage"] = cite(self.words).as_dict()
            found["says"] = [fact.as_dict() for fact in self.says]
        return found | {"said": self.said, "searched": self.searched, "snapshot": self.snapshot}


def read_known(
    dataset: OpenDataset, thing: ox.NamedNode, language: Language, rules: Mapping[str, str]
) -> Known:
    """Return everything known of `thing`, which the dataset knows: see `naming.find_thing`.

    Args:
        dataset: what is asked.
        thing: of what.
        language: of labels; of what is said in both languages alike, only this is given.
        rules: the inference rules (`why.read_rules`), to find evidence with.
    """
    own = _ask(dataset, f"{thing} ?property ?value", language, rules)
    referring = f"?value ?property {thing} FILTER(?property NOT IN ({TELLING}))"
    refers = _ask(dataset, referring, language, rules)
    tags = _read_languages(dataset, thing)
    facts = [*_read_facts(own, thing)]
    ((cell,),) = read_cells(dataset.store, Solutions(("thing",), [(thing,)]), language)
    described = [fact for fact in facts if _is_about(fact)]
    words = read_quotes(dataset.store, [thing.value]).get(thing.value)
    return Known(
        iri=thing.value,
        label=show_cell(cell, language) if words is None else curie(thing.value),
        classes=_sort(fact for fact in facts if fact.name.iri == RDF_TYPE.value),
        names=_read_names(facts, tags, language),
        facts=_sort(_with_bound(fact, cell) for fact in _in_language(described, tags, language)),
        referred_by=_sort(_read_facts(refers, thing)),
        searched=own.searched,
        snapshot=dataset.snapshot,
        words=words,
        says=() if words is None else tuple(_read_said(dataset, words, language)),
    )


def _ask(
    dataset: OpenDataset, pattern: str, language: Language, rules: Mapping[str, str]
) -> Answer:
    query = f"SELECT DISTINCT ?property ?value WHERE {{ {pattern} }} ORDER BY ?property ?value"
    return ask_query(dataset, query, language, rules=rules)


def _read_facts(answer: Answer, thing: ox.NamedNode) -> Iterator[Fact]:
    """Yield the facts that an answer lists; that a thing lies within itself tells nothing."""
    if not answer.rows:  # the evidence is then of the search
        return
    reasons = zip(answer.rows, answer.evidence or (), answer.untraced, strict=True)
    for (name, value), evidence, untraced in reasons:
        to_itself = isinstance(value, Thing) and value.iri == thing.value
        if isinstance(name, Thing) and value is not None and not to_itself:
            yield Fact(name, value, evidence, untraced)


def _read_said(dataset: OpenDataset, words: Quote, language: Language) -> Iterator[Fact]:
    """Yield what stands in a passage's graph, each fact with the passage as its evidence."""
    graph = str(ox.NamedNode(words.iri))
    query = f"""SELECT DISTINCT ?thing ?property ?value WHERE {{
  {stands_in(dataset.store.layout, graph, "?thing ?property ?value")}
}} ORDER BY ?thing ?property ?value"""
    solutions = dataset.store.select(query)
    for subject, name, value in read_cells(dataset.store, solutions, language):
        if isinstance(name, Thing) and subject is not None and value is not None:
            fact = Fact(name, value, (cite(words),), subject=subject)
            yield _with_bound(fact, subject)


def _read_languages(dataset: OpenDataset, thing: ox.NamedNode) -> dict[tuple[str, str], list[str]]:
    """Return the languages of the thing's texts, by property and words."""
    query = f"""SELECT DISTINCT ?property ?value (LANG(?value) AS ?tag) WHERE {{
  {thing} ?property ?value . FILTER(LANG(?value) != "")
}} ORDER BY ?property ?value"""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, value, tag in dataset.store.select(query).rows:
        if isinstance(name, ox.NamedNode) and isinstance(value, ox.Literal):
            found[name.value, value.value].append(tag.value if isinstance(tag, ox.Literal) else "")
    return found


def _read_names(
    facts: Iterable[Fact], tags: Mapping[tuple[str, str], list[str]], language: Language
) -> tuple[Named, ...]:
    """Return labels, short names and codes, `language` first; what is two of these is the first."""
    found: dict[tuple[str, str | None], Named] = {}
    order = list(_NAMING)
    naming = (fact for fact in facts if fact.name.iri in _NAMING)
    for fact in sorted(naming, key=lambda fact: order.index(fact.name.iri)):
        if isinstance(fact.value, Value):
            name = str(fact.value.value)
            for tag in tags.get((fact.name.iri, name), [None]):
                kind = _NAMING[fact.name.iri]
                found.setdefault((name, tag), Named(kind, name, tag, fact.evidence))
    return tuple(
        sorted(
            found.values(), key=lambda each: (_KINDS.index(each.kind), each.language != language)
        )
    )


def _is_about(fact: Fact) -> bool:
    """Tell whether a fact stands in no place of its own, as classes, names and words do."""
    return fact.name.iri not in {RDF_TYPE.value, _TRANSLATION, *_NAMING}


def _in_language(
    facts: Iterable[Fact], tags: Mapping[tuple[str, str], list[str]], language: Language
) -> list[Fact]:
    """Return the facts without texts that the same property gives in `language`, too."""
    listed = [*facts]

    def spoken(fact: Fact) -> list[str]:
        text = str(fact.value.value) if isinstance(fact.value, Value) else ""
        return tags.get((fact.name.iri, text), [])

    own = {fact.name.iri for fact in listed if language in spoken(fact)}
    return [
        fact
        for fact in listed
        if fact.name.iri not in own or not spoken(fact) or language in spoken(fact)
    ]


def _with_bound(fact: Fact, quantity: Cell) -> Fact:
    """Return a fact; where it is the bare figure of `quantity`, with all that this shows."""
    is_bare = fact.name.iri == _FIGURE
    return fact._replace(value=quantity) if is_bare and isinstance(quantity, Value) else fact


def _sort(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return the facts by property: those that are stated first, then those that follow."""
    listed = [*facts]
    stated = {fact.name for fact in listed if fact.rule is None}

    def place(fact: Fact) -> tuple[bool, str, bool]:
        return fact.name not in stated, fact.name.label, fact.rule is not None

    return tuple(sorted(listed, key=place))


def _class_as_dict(fact: Fact) -> dict[str, object]:
    return {
        **fact.value.as_dict(),
        "rule": fact.rule,
        "evidence": [each.as_dict() for each in fact.evidence],
        "untraced": [*fact.untraced],
    }
