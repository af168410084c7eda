"""Names: what a text calls things, and where it names them."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from aidgraph.names import Lexicon, Mention, Name, is_under_passage, read_names

SHULE, YENGISAR = "place:653122", "place:653123"
PARKS = "在疏勒县建设户外运动装备、现代蔬菜产业园,在英吉沙县规划建设绿色建材产业园。"


def find(text: str, *names: tuple[str, str], **sorts: frozenset[str]) -> list[Mention]:
    """Find names, given as (entity, parts joined by bars), in a text."""
    known = [Name(entity, tuple(parts.split("|"))) for entity, parts in names]
    return Lexicon(known, text=text, **sorts).find(text)


def words(text: str, mentions: list[Mention]) -> list[tuple[str, str]]:
    """Return the entity and the words of each mention."""
    return [(each.entity, text[each.start : each.end]) for each in mentions]


def test_a_name_inside_a_longer_one_says_so() -> None:
    """江西 in 江西工业园 is a mention inside the park's name, 江西 in 江西省 none of its own."""
    text = "江西省支持江西工业园"

    mentions = find(text, ("jiangxi", "江西省"), ("jiangxi", "江西"), ("park", "江西工业园"))

    assert mentions == [
        Mention("jiangxi", ((0, 3),)),
        Mention("park", ((5, 10),)),
        Mention("jiangxi", ((5, 7),), frozenset({"park"})),
    ]


def test_a_name_cut_in_two_by_a_longer_one_is_no_mention() -> None:
    """发展中国家电网 speaks of 发展中国家 here, hence not of 国家电网."""
    text = "发展中国家电网"

    mentions = find(text, ("countries", "发展中国家"), ("grid", "国家电网"))

    assert words(text, mentions) == [("countries", "发展中国家")]


def test_only_an_outermost_name_cuts() -> None:
    """The batch in 第十批省市援疆干部人才 is named, though 省市援疆干部人才 starts inside it."""
    text = "第十批省市援疆干部人才"

    mentions = find(
        text,
        ("batch", "第十批省市援疆"),
        ("team", "第十批省市援疆干部人才"),
        ("all", "省市援疆干部人才"),
    )

    assert [(each.entity, each.inside) for each in mentions] == [
        ("team", frozenset()),
        ("batch", {"team"}),
        ("all", {"team"}),
    ]


def test_the_name_of_a_sort_of_thing_hides_only_such_names() -> None:
    """和田玉米 hides 玉米, and not 和田."""
    text = "选育和田玉米"
    names = (("hotan", "和田"), ("maize", "玉米"), ("hotan-maize", "和田玉米"))

    mentions = find(text, *names, generic=frozenset({"maize", "hotan-maize"}))

    assert {each.entity: each.inside for each in mentions} == {
        "hotan-maize": frozenset(),
        "hotan": frozenset(),
        "maize": {"hotan-maize"},
    }


def test_the_words_of_a_nameless_thing_hide_no_name() -> None:
    """A measure's label is a phrase: 墨玉县 in it is named all the same."""
    measure = "https://w3id.org/aidgraph/article/a/p12.2-cold-chain"
    text = "支持墨玉县冷链项目"

    mentions = find(text, (measure, text), ("moyu", "墨玉县"))

    assert mentions == [Mention(measure, ((0, 9),)), Mention("moyu", ((2, 5),))]


def test_one_name_of_two_things_mentions_both() -> None:
    """伊宁 may be the county or the city: the facts decide."""
    mentions = find("南通和伊宁", ("county", "伊宁"), ("city", "伊宁"))

    assert [each.entity for each in mentions] == ["city", "county"]


def test_a_composed_name_is_found_by_its_parts() -> None:
    """疏勒县 … 户外运动装备 … 产业园 is one park, each part where it is printed."""
    (park,) = find(PARKS, ("park", "疏勒县|户外运动装备|产业园"))

    assert [PARKS[start:end] for start, end in park.spans] == ["疏勒县", "户外运动装备", "产业园"]
    assert park.end == PARKS.index("产业园") + 3


def test_no_other_place_stands_between_the_parts_of_a_composed_name() -> None:
    """绿色建材 is 英吉沙县's, though 疏勒县, 绿色建材 and 产业园 stand in this order."""
    names = (("park", "疏勒县|绿色建材|产业园"), (SHULE, "疏勒县"), (YENGISAR, "英吉沙县"))

    mentions = find(PARKS, *names, places=frozenset({SHULE, YENGISAR}))

    assert words(PARKS, mentions) == [(SHULE, "疏勒县"), (YENGISAR, "英吉沙县")]


def test_a_composed_name_stands_in_one_clause() -> None:
    """A semicolon parts what a comma does not."""
    name = ("park", "疏勒县|产业园")

    assert [bool(find(text, name)) for text in ("疏勒县,产业园", "疏勒县;产业园")] == [True, False]


def test_a_composed_name_starts_with_the_last_first_part() -> None:
    """Of two 疏勒县 before one 产业园 the nearer one is meant."""
    text = "疏勒县好,疏勒县建设产业园"

    (park,) = find(text, ("park", "疏勒县|产业园"))

    assert park.spans == ((5, 8), (10, 13))


def test_a_name_runs_over_a_page_break() -> None:
    """The source prints 习近平新 at the foot of a page and the rest on the next."""
    text = "在于习近平新\n\n时代中国特色社会主义思想科学指引"

    mentions = find(text, ("thought", "习近平新时代中国特色社会主义思想"))

    assert words(text, mentions) == [("thought", "习近平新\n\n时代中国特色社会主义思想")]


def test_names_are_chinese_labels_short_names_and_parts() -> None:
    """English names are ours, and parts stand in the stead of the label that they spell."""
    turtle = """
        @prefix aid:  <https://w3id.org/aidgraph/ont#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <http://e/park> rdfs:label "gear park"@en , "疏勒县装备产业园"@zh ;
            skos:altLabel "gear"@en , "装备园"@zh ;
            skos:definition "园区"@zh ;
            aid:nameParts "疏勒县|装备|产业园"@zh .
    """

    names = read_names(ox.parse(turtle, format=ox.RdfFormat.TURTLE))

    assert set(names) == {
        Name("http://e/park", ("疏勒县", "装备", "产业园")),
        Name("http://e/park", ("装备园",)),
    }


def test_what_sits_under_a_passage_is_nameless() -> None:
    """A passage itself and a place are not."""
    base = "https://w3id.org/aidgraph/"

    assert [
        is_under_passage(base + iri)
        for iri in ("article/a/p12.2-aims", "article/a/p12.2", "article/a", "id/place/653122")
    ] == [True, False, False, False]


@given(
    text=st.text("甲乙丙;\n", max_size=30),
    names=st.lists(st.lists(st.text("甲乙丙", min_size=1, max_size=3), min_size=1, max_size=3)),
)
def test_a_mention_spells_a_name(text: str, names: list[list[str]]) -> None:
    """Each mention's spans, in order and apart, hold the parts of a name of its entity."""
    known = {f"e{number}": tuple(parts) for number, parts in enumerate(names)}

    mentions = find(text, *((entity, "|".join(parts)) for entity, parts in known.items()))

    for mention in mentions:
        printed = (text[start:end].replace("\n", "") for start, end in mention.spans)
        assert known[mention.entity] == tuple(printed)
        edges = [edge for span in mention.spans for edge in span]
        assert edges == sorted(edges)


@given(text=st.text("甲乙丙", max_size=20), name=st.text("甲乙丙", min_size=1, max_size=3))
def test_a_name_alone_is_found_wherever_it_stands(text: str, name: str) -> None:
    """Nothing hides the only name: it is found as often as its words stand there."""
    starts = [at for at in range(len(text)) if text.startswith(name, at)]

    assert [each.start for each in find(text, ("e", name))] == starts
