"""Inference adds what follows, keeps it apart by article, and can say why."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from aidgraph.answers.trace import find_witnesses
from aidgraph.articles import read_passages
from aidgraph.errors import DataError
from aidgraph.gates.inference import infer, infer_triples, read_rules
from aidgraph.sources import ArticleSource, Source, Sources
from aidgraph.store import EmbeddedStore
from aidgraph.terms import prefixes, show_term
from graphs import ONTOLOGY, RULES, VOCABULARY, read_quads, read_triples

WENSU = """
    place:650000 a aid:Province . place:652900 a aid:Prefecture ; aid:partOf place:650000 .
    place:652922 a aid:County ; aid:partOf place:652900 .
"""


def show(triple: ox.Triple) -> str:
    """Return a triple as people see it."""
    return " ".join(show_term(term) for term in (triple.subject, triple.predicate, triple.object))


def derive(turtle: str, *, about: str) -> set[str]:
    """Return what the project's rules add to the ontology and `turtle` with `about` in it."""
    derived = infer_triples([*VOCABULARY, *read_triples(turtle)], read_rules(RULES))
    return {text for triple in derived if about in (text := show(triple)).split()}


def article(identifier: str, facts: str) -> ArticleSource:
    """Return an article of one sentence whose facts are `facts`."""
    text = "产业兴。"
    empty = Source("entities.ttl", ())
    source = Source("facts.trig", read_quads(facts, f"article:{identifier}/p1.1"))
    return ArticleSource(
        identifier, text, "", tuple(read_passages(text)), empty, empty, source, None, None
    )


def sources(*articles: ArticleSource, shared: str = "") -> Sources:
    """Return the project's ontology and rules with `articles` and shared entities."""
    ontology = [Source("ontology", tuple(ox.Quad(*triple) for triple in VOCABULARY))]
    entities = [Source("entities", read_quads(shared))]
    return Sources(articles, tuple(ontology), (), tuple(entities), (), RULES, {})


def test_a_place_lies_within_itself_and_all_around_it() -> None:
    """`aid:within` is reflexive and follows aid:partOf to the top, and no further."""
    expected = {f"place:652922 aid:within place:{code}" for code in ("652922", "652900", "650000")}

    within = derive(WENSU, about="aid:within")

    assert expected == {text for text in within if text.startswith("place:652922")}


def test_a_site_lies_within_the_site_that_holds_it_and_its_county() -> None:
    """江苏援疆(南通)产业园 stands in 伊宁县纺织产业园, so it is in 伊宁县 too."""
    facts = """
        place:654021 a aid:County .
        site:textile a aid:IndustrialPark ; aid:locatedIn place:654021 .
        site:nantong a aid:IndustrialPark ; aid:locatedIn site:textile .
    """
    expected = {"site:nantong aid:within site:textile", "site:nantong aid:within place:654021"}

    assert expected <= derive(facts, about="site:nantong")


def test_a_company_that_is_located_somewhere_is_no_place() -> None:
    """What is located in a place lies within it only if it is a place itself."""
    facts = "place:654021 a aid:County . party:mill a aid:Company ; aid:locatedIn place:654021 ."

    assert not {text for text in derive(facts, about="party:mill") if "within" in text}


def test_an_area_administered_across_the_hierarchy_does_not_lie_within() -> None:
    """阿勒泰 is administered by 伊犁 and not within it: Jilin does not help Ili."""
    facts = """
        place:654000 a aid:Prefecture . place:654300 a aid:Prefecture ;
        aid:administeredBy place:654000 . project:ice a aid:Project ; aid:benefits place:654300 .
    """

    assert "place:654300 aid:within place:654000" not in derive(facts, about="aid:within")


def test_what_a_command_does_is_by_its_province() -> None:
    """A park built by a command is by it (wider property) and by the province that sent it."""
    facts = """
        place:370000 a aid:Province . party:sd a aid:FrontCommand ; aid:sentBy place:370000 .
        site:shule a aid:IndustrialPark ; aid:builtBy party:sd .
    """
    expected = {"site:shule aid:by party:sd", "site:shule aid:by place:370000"}

    derived = derive(facts, about="aid:by")

    assert expected == derived


def test_a_command_pairs_its_sender_with_the_area_of_its_name() -> None:
    """金华市 is paired with 温宿县, and is a helper, by the name of its command alone."""
    facts = f"""{WENSU}
        place:330700 a aid:Prefecture .
        party:jinhua a aid:SubCommand ; aid:sentBy place:330700 ; aid:assists place:652922 .
    """
    expected = {"place:330700 aid:pairedWith place:652922", "place:330700 rdf:type aid:Helper"}

    assert expected <= derive(facts, about="place:330700")


def test_those_named_together_are_paired_with_nobody() -> None:
    """19省市 send commands to 受援地: no pairing of named ends follows."""
    facts = """
        party:helpers a aid:Collective . party:recipients a aid:Collective .
        party:c a aid:FrontCommand ; aid:sentBy party:helpers ; aid:assists party:recipients .
    """

    assert set() == derive(facts, about="aid:pairedWith")


def test_who_receives_aid_is_a_recipient_up_to_xinjiang() -> None:
    """A park in a county makes the county and all above it recipients, but not the park."""
    facts = f"{WENSU} site:base a aid:ProductionBase ; aid:locatedIn place:652922 ."
    expected = {
        f"place:{code} rdf:type aid:RecipientArea" for code in ("652922", "652900", "650000")
    }

    assert expected == derive(facts, about="aid:RecipientArea")


def test_a_place_outside_xinjiang_is_no_recipient() -> None:
    """Aid that goes to 福州 makes no recipient of 福建."""
    facts = f"""{WENSU}
        place:350100 a aid:Prefecture . project:x a aid:Event ; aid:benefits place:350100 .
    """

    assert set() == derive(facts, about="aid:RecipientArea")


def test_an_area_that_a_command_assists_is_a_recipient() -> None:
    """The name of a command says who receives, though nothing else is told of the area."""
    facts = f"{WENSU} party:jinhua a aid:SubCommand ; aid:assists place:652922 ."

    assert {"place:652922 rdf:type aid:RecipientArea"} == derive(facts, about="aid:RecipientArea")


def test_a_concept_has_its_label_as_preferred_label() -> None:
    """SKOS tools find the names of concepts, in both languages."""
    facts = 'industry:textile a aid:Industry ; rdfs:label "textiles"@en , "纺织"@zh .'
    expected = {
        'industry:textile skos:prefLabel "textiles"@en',
        'industry:textile skos:prefLabel "纺织"@zh',
    }

    assert expected == derive(facts, about="skos:prefLabel")


def test_each_article_has_its_own_inferred_graph() -> None:
    """What needs an article's facts is in its graph; what needs none is in the shared one."""
    facts = "site:base a aid:ProductionBase ; aid:locatedIn place:652922 ."

    inferred = infer(sources(article("a", facts), article("b", ""), shared=WENSU))

    own = {str(quad.graph_name) for quad in inferred if "site/base" in str(quad)}
    within = [quad for quad in inferred if quad.predicate.value.endswith("#within")]
    shared = {str(quad.graph_name) for quad in within if "place/652900>" in str(quad.subject)}
    assert {f"<{prefixes()['article']}a/inferred>"} == own
    assert {f"<{prefixes()['graph']}inferred>"} == shared


def test_one_article_never_reasons_with_the_facts_of_another() -> None:
    """A command's sender said in one article makes nothing of what another says it did."""
    sender = "party:sd a aid:FrontCommand ; aid:sentBy place:370000 ."
    deed = "site:shule a aid:IndustrialPark ; aid:builtBy party:sd ."

    inferred = infer(sources(article("a", sender), article("b", deed)))

    assert not [quad for quad in inferred if "site/shule" in str(quad) and "370000" in str(quad)]


def test_what_an_article_says_itself_is_not_repeated() -> None:
    """A triple that stands in a passage does not stand in the inferred graph as well."""
    facts = "site:shule a aid:IndustrialPark ; aid:builtBy party:sd ; aid:by party:sd ."

    inferred = infer(sources(article("a", facts)))

    assert not [quad for quad in inferred if quad.predicate.value.endswith("#by")]


def test_inference_is_a_pure_function() -> None:
    """The same sources give the same quads in the same order, with the same rules."""
    facts = f"{WENSU} site:base a aid:ProductionBase ; aid:locatedIn place:652922 ."

    first, second = (infer(sources(article("a", facts), shared=WENSU)) for _ in range(2))

    assert list(first.items()) == list(second.items())


def test_each_inferred_quad_names_a_rule_that_gives_it() -> None:
    """The rule noted at inference, with its head bound, finds premises in the dataset."""
    facts = f"""{WENSU}
        place:330700 a aid:Prefecture . party:c a aid:SubCommand ; aid:sentBy place:330700 .
        site:base a aid:ProductionBase ; aid:builtBy party:c ; aid:locatedIn place:652922 .
    """
    triples = [*VOCABULARY, *read_triples(facts)]
    derived = infer_triples(triples, read_rules(RULES))
    store = EmbeddedStore.of(ox.Quad(*triple) for triple in [*triples, *derived])

    unexplained = [
        show(triple)
        for triple, name in derived.items()
        if name not in dict(find_witnesses(store, RULES, [triple])[triple])
    ]

    assert derived
    assert not unexplained


def test_the_premises_of_an_inferred_fact_are_found() -> None:
    """Why is the park by 山东? It is by the command (party), which the province sent."""
    facts = """
        party:sd a aid:FrontCommand ; aid:sentBy place:370000 .
        site:shule aid:by party:sd , place:370000 .
    """
    store = EmbeddedStore.of(read_quads(facts))
    [triple] = [t for t in read_triples(facts) if show(t) == "site:shule aid:by place:370000"]

    [(rule, premises)] = find_witnesses(store, RULES, [triple])[triple]

    assert rule == "by-the-sender"
    expected = {"site:shule aid:by party:sd", "party:sd aid:sentBy place:370000"}
    assert expected == {
        " ".join(map(show_term, (fact.subject, fact.predicate, fact.object))) for fact in premises
    }


def test_a_rule_has_premises_only_for_what_its_head_fits() -> None:
    """“Lies within itself” says nothing of two places, nor of another property."""
    triples = read_triples("""
        place:1 a aid:Place ; aid:within place:1 . place:2 a aid:Place .
        place:1 aid:within place:2 . place:1 aid:heldIn place:1 .
    """)
    store = EmbeddedStore.of(ox.Quad(*triple) for triple in triples)

    ways = find_witnesses(store, {"self": RULES["within-itself"]}, triples)

    assert [show(triple) for triple in triples if ways[triple]] == ["place:1 aid:within place:1"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o . ?o ?p ?s } WHERE { ?s ?p ?o }",
    ],
)
def test_a_rule_has_one_triple_in_its_head(text: str) -> None:
    """A rule of another form is refused, with its file named: its facts could not be explained."""
    titled = f'#+ title.en = "x"\n#+ title.zh = "x"\n{text}'

    with pytest.raises(DataError, match=r"ontology/rules/odd\.rq"):
        read_rules({"odd": titled})


def test_a_rule_without_a_title_is_refused() -> None:
    """People see a rule's title behind each inferred fact, in their language."""
    with pytest.raises(DataError, match="title"):
        read_rules({"odd": '#+ title.en = "x"\nCONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }'})


def test_a_rule_that_is_no_sparql_is_refused() -> None:
    """A slip of the pen in a rule names the rule."""
    text = '#+ title.en = "x"\n#+ title.zh = "x"\nCONSTRUCT { ?s ?p ?o } WHERE { ?s ?p }'

    with pytest.raises(DataError, match=r"ontology/rules/odd\.rq"):
        infer_triples([], read_rules({"odd": text}))


def test_every_rule_file_is_read() -> None:
    """Each file of ontology/rules/ is a rule with a title in both languages."""
    files = sorted((ONTOLOGY / "rules").iterdir())

    rules = read_rules(RULES)

    assert [file.name for file in files] == [f"{rule.name}.rq" for rule in rules]
    assert all(rule.title_en and rule.title_zh for rule in rules)
