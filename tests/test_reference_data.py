"""What the reference data must say, whatever tool wrote it.

Codes and names are checked against samples written by hand from GB/T 2260 and ISO 3166-1, points
against the extent of the country; industries in test_reference_industries.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from reference import FILES, ROOT, load_reference, select

if TYPE_CHECKING:
    from pathlib import Path

# GB/T 2260 and ISO 3166-1.
AREAS = {
    "110000": ("Province", "北京市"),
    "310000": ("Province", "上海市"),
    "320500": ("Prefecture", "苏州市"),
    "320582": ("County", "张家港市"),
    "330700": ("Prefecture", "金华市"),
    "350200": ("Prefecture", "厦门市"),
    "440300": ("Prefecture", "深圳市"),
    "650000": ("Province", "新疆维吾尔自治区"),
    "650200": ("Prefecture", "克拉玛依市"),
    "650400": ("Prefecture", "吐鲁番市"),
    "652302": ("County", "阜康市"),
    "652702": ("County", "阿拉山口市"),
    "652900": ("Prefecture", "阿克苏地区"),
    "652922": ("County", "温宿县"),
    "653022": ("County", "阿克陶县"),
    "653122": ("County", "疏勒县"),
    "653129": ("County", "伽师县"),
    "653131": ("County", "塔什库尔干塔吉克自治县"),
    "653221": ("County", "和田县"),
    "653222": ("County", "墨玉县"),
    "653223": ("County", "皮山县"),
    "654021": ("County", "伊宁县"),
    "654200": ("Prefecture", "塔城地区"),
    "654300": ("Prefecture", "阿勒泰地区"),
    "CN": ("Country", "中国"),
    "KZ": ("Country", "哈萨克斯坦"),
}

# The helpers, as Xinhua reported them on 19 April 2010.
HELPERS = (
    "北京市 天津市 河北省 山西省 辽宁省 吉林省 黑龙江省 上海市 江苏省 浙江省 "
    "安徽省 福建省 江西省 山东省 河南省 湖北省 湖南省 广东省 深圳市"
)

# Who helps whom since 2010, as reported: the list of the forum xzqh.info with its slip on the 3rd
# Division mended, the 8th and 9th by an abstract on Liaoning, the 12th by Dazhong News, the 13th
# by Guangming Daily. For Shanghai and Karamay no report was found.
PAIRINGS = """
北京市: 和田市 和田县 墨玉县 洛浦县 兵团第十四师
天津市: 策勒县 于田县 民丰县
河北省: 巴音郭楞蒙古自治州 兵团第二师
山西省: 阜康市 兵团第六师
辽宁省: 塔城地区 兵团第八师 兵团第九师
吉林省: 阿勒泰市 布尔津县 哈巴河县 吉木乃县
黑龙江省: 福海县 富蕴县 青河县 兵团第十师
上海市: 莎车县 泽普县 叶城县 巴楚县
江苏省: 伊犁哈萨克自治州 阿图什市 乌恰县 阿合奇县 兵团第四师 兵团第七师
浙江省: 阿克苏地区 兵团第一师
安徽省: 皮山县
福建省: 昌吉回族自治州
江西省: 阿克陶县
山东省: 疏勒县 英吉沙县 麦盖提县 岳普湖县 兵团第十二师
河南省: 哈密市 兵团第十三师
湖北省: 博尔塔拉蒙古自治州 兵团第五师
湖南省: 吐鲁番市
广东省: 疏附县 伽师县 兵团第三师
深圳市: 喀什市 塔什库尔干塔吉克自治县
"""

# What the articles call a place by, but is no name that means one place: shared by several
# (和田, 伊宁), read from its sentence (克, 全疆), or a region without bounds.
NOT_A_PLACES_NAME = (
    "和田 伊宁 皮山 克 在克 全州 全疆 全国 皖疆两地 天山 天山南北 东部沿海城市 "
    "丝绸之路经济带核心区 新疆丝绸之路经济带核心区 哈萨克斯坦阿拉木图"
)


@pytest.fixture
def store() -> ox.Store:
    """All reference data; to be read only."""
    return load_reference()


@pytest.mark.parametrize("code", AREAS)
def test_a_code_names_its_area_at_its_level(store: ox.Store, code: str) -> None:
    """A code of GB/T 2260 or ISO 3166-1 stands for the area that the standard gives it."""
    level, name = AREAS[code]

    rows = select(
        store,
        f'?type ?name {{ place:{code} aid:code "{code}" ; a ?type ; rdfs:label ?name '
        f'FILTER(LANG(?name) = "zh" && ?type != aid:Helper) }}',
    )

    assert [(f"https://w3id.org/aidgraph/ont#{level}", name)] == rows


@pytest.mark.parametrize(
    ("place", "chain"),
    [
        ("652922", ["阿克苏地区", "新疆维吾尔自治区", "中国"]),
        ("653022", ["克孜勒苏柯尔克孜自治州", "新疆维吾尔自治区", "中国"]),
        ("654300", ["新疆维吾尔自治区", "中国"]),
        ("320582", ["苏州市", "江苏省", "中国"]),
        ("440300", ["广东省", "中国"]),
        ("almaty", ["哈萨克斯坦"]),
    ],
)
def test_an_area_lies_in_what_its_code_says(store: ox.Store, place: str, chain: list[str]) -> None:
    """From an area upwards, each is part of exactly the next."""
    found: list[str] = []
    here = f"https://w3id.org/aidgraph/id/place/{place}"
    while rows := select(
        store,
        f"?up ?name {{ <{here}> aid:partOf ?up . ?up rdfs:label ?name "
        'FILTER(LANG(?name) = "zh") }',
    ):
        assert len(rows) == 1
        here, name = rows[0]
        found.append(name)

    assert chain == found


def test_ili_administers_tacheng_and_altay_and_contains_neither(store: ox.Store) -> None:
    """Ili governs two prefectures of 新疆: whoever helps one of the three helps no other."""
    rows = select(store, "?area ?by { ?area aid:administeredBy ?by } ORDER BY ?area")

    place = "https://w3id.org/aidgraph/id/place/"
    assert [(f"{place}{code}", f"{place}654000") for code in ("654200", "654300")] == rows


def test_the_helpers_are_the_nineteen(store: ox.Store) -> None:
    """Eighteen provinces and municipalities and 深圳 are helpers, and nobody else is."""
    rows = select(store, '?name { ?h a aid:Helper ; rdfs:label ?name FILTER(LANG(?name) = "zh") }')

    assert sorted(HELPERS.split()) == sorted(name for (name,) in rows)


def test_the_reported_pairings_are_those_of_the_reports(store: ox.Store) -> None:
    """Each helper is paired with the areas and divisions that reports give, and with no others."""
    rows = select(
        store,
        "?helper ?recipient { ?pairing aid:reportedHelper/rdfs:label ?helper ; "
        "aid:reportedRecipient/rdfs:label ?recipient "
        'FILTER(LANG(?helper) = "zh" && LANG(?recipient) = "zh") }',
    )

    listed = (line.split(": ") for line in PAIRINGS.strip().splitlines())
    expected = {(helper, area) for helper, areas in listed for area in areas.split()}
    assert expected == set(rows)
    assert len(expected) == len(rows)


def test_a_pairing_names_its_report_and_the_report_its_address(store: ox.Store) -> None:
    """Nothing is told of a pairing without who tells it, and where that can be read."""
    told = select(
        store,
        "DISTINCT ?pairing { ?pairing a aid:ReportedPairing ; aid:reportedIn ?report . "
        "?report a aid:Report ; rdfs:seeAlso ?address }",
    )

    assert set(select(store, "?pairing { ?pairing a aid:ReportedPairing }")) == set(told)


@pytest.mark.parametrize(
    ("recipient", "year"),
    [("和田市", "2010"), ("兵团第九师", "2011"), ("兵团第十二师", "2015")],
)
def test_a_pairing_holds_since_the_year_reported(
    store: ox.Store, recipient: str, year: str
) -> None:
    """The round began in 2010; Liaoning came in 2011, Shandong to the 12th Division in 2015."""
    pattern = f'[ rdfs:label "{recipient}"@zh ] ; aid:reportedSince ?year'

    assert [(year,)] == select(store, f"?year {{ ?pairing aid:reportedRecipient {pattern} }}")


def test_reports_of_pairings_say_nothing_that_articles_say(store: ox.Store) -> None:
    """No property by which an article's sentence pairs or helps stands in the reference data."""
    said = select(store, "?s { ?s aid:assists|aid:pairedWith|aid:by|aid:directedTo ?o }")

    assert not said


def test_each_place_that_an_article_names_is_found_by_that_name(store: ox.Store) -> None:
    """Areas, provinces and foreign places of the articles each have exactly one place."""
    with (ROOT / "tests" / "data" / "named-in-the-articles.tsv").open(encoding="utf-8") as file:
        named = {
            row[1]
            for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row[2] in {"area", "province-or-city", "foreign-place"}
        }
    known = Counter(
        name
        for _, name in select(
            store, "?p ?name { ?p aid:code|aid:partOf [] ; rdfs:label|skos:altLabel ?name }"
        )
    )

    no_names = set(NOT_A_PLACES_NAME.split())
    assert not sorted(named - no_names - known.keys())
    assert not sorted(no_names & known.keys())


def test_no_chinese_name_means_two_things(store: ox.Store) -> None:
    """A Chinese label or short name in the reference data belongs to one thing."""
    rows = select(
        store, '?thing ?name { ?thing rdfs:label|skos:altLabel ?name FILTER(LANG(?name) = "zh") }'
    )
    things = Counter(name for _, name in set(rows))

    assert not [name for name, count in things.items() if count > 1]


def test_every_thing_is_labelled_once_in_both_languages(store: ox.Store) -> None:
    """Each subject has exactly one English and one Chinese label."""
    subjects = {quad.subject.value for quad in store}
    for language in ("en", "zh"):
        rows = select(store, f'?s {{ ?s rdfs:label ?name FILTER(LANG(?name) = "{language}") }}')
        assert Counter(dict.fromkeys(subjects, 1)) == Counter(s for (s,) in rows), language


def test_each_area_has_its_seat_within_the_country(store: ox.Store) -> None:
    """Every area below the state has one point, in China (or, for Almaty, Kazakhstan).

    A division of the Corps is no area: its farms lie apart.
    """
    rows = select(store, "?p ?wkt { ?p geo:hasGeometry [ geo:asWKT ?wkt ] }")
    areas = select(store, "?p { ?p aid:partOf [] MINUS { ?p a aid:CorpsDivision } }")

    assert Counter(p for (p,) in areas) == Counter(p for p, _ in rows)
    for place, wkt in rows:
        match = re.fullmatch(r"POINT\((\d+\.?\d*) (\d+\.?\d*)\)", wkt)
        assert match, wkt
        longitude, latitude = map(float, match.groups())
        west, east, south, north = (
            (46.5, 87.4, 40.5, 55.5) if place.endswith("almaty") else (73.4, 135.1, 18.1, 53.6)
        )
        assert west < longitude < east, place
        assert south < latitude < north, place


@pytest.mark.parametrize(
    ("place", "longitude", "latitude"),
    [
        ("650000", 87.6, 43.8),  # Ürümqi
        ("653222", 79.7, 37.3),  # Karakax town; the centre of the county lies 95 km to the north
        ("652900", 80.3, 41.2),  # Aksu
        ("653131", 75.2, 37.8),  # Tashkurgan town
        ("654326", 85.9, 47.4),  # Topterek; the town named Jeminay lies 20 km to the west
        ("440300", 114.1, 22.5),  # Shenzhen
        ("almaty", 76.9, 43.3),
    ],
)
def test_a_point_is_the_seat(
    store: ox.Store, place: str, longitude: float, latitude: float
) -> None:
    """A point lies at the seat of government, to a tenth of a degree, longitude first."""
    ((wkt,),) = select(store, f"?wkt {{ place:{place} geo:hasGeometry [ geo:asWKT ?wkt ] }}")

    found = tuple(map(float, wkt.removeprefix("POINT(").removesuffix(")").split()))

    assert pytest.approx((longitude, latitude), abs=0.1) == found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_cites_its_source_and_licence(store: ox.Store, path: Path) -> None:
    """Each file describes its graph: source and description in both languages, one licence."""
    record = f"source:{path.stem} a dcat:Dataset"
    for term in ("dcterms:source", "dcterms:description", "rdfs:label"):
        rows = select(store, f"DISTINCT (LANG(?text) AS ?lang) {{ {record} ; {term} ?text }}")
        assert {"en", "zh"} <= {language for (language,) in rows}, term

    ((licence,),) = select(store, f"?licence {{ {record} ; dcterms:license ?licence }}")

    expected = "https://creativecommons.org/licenses/by/4.0/"
    assert expected == licence


def test_geonames_is_credited(store: ox.Store) -> None:
    """CC BY 4.0 asks that points and names from GeoNames are credited to it."""
    rows = select(
        store,
        '?text { source:geonames dcterms:source ?text FILTER CONTAINS(STR(?text), "GeoNames") }',
    )

    assert len(rows) == 2


def test_there_is_no_blank_node(store: ox.Store) -> None:
    """Data hold no blank nodes: their canonical form is their sorted lines."""
    assert not [
        quad
        for quad in store
        if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)
    ]
