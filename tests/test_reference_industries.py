"""The scheme of industries: codes and names of GB/T 4754-2017 and ISIC Rev. 4, by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from reference import ROOT, load_reference, select

if TYPE_CHECKING:
    import pyoxigraph as ox

ARTICLES = [path.read_text("utf-8") for path in sorted(ROOT.glob("data/articles/*/article.txt"))]

# Names of GB/T 4754-2017 that the scheme uses where no words of an article do.
GB_T_4754_NAMES = (
    "农、林、牧、渔业 水果种植 蔬菜种植 食用菌种植 中药材种植 畜牧业 牛的饲养 内陆养殖 "
    "种子种苗培育活动 石油和天然气开采专业及辅助性活动 制造业 农副食品加工业 水果和坚果加工 "
    "纺织业 家用纺织制成品制造 纺织服装、服饰业 医药制造业 轮胎制造 黑色金属冶炼和压延加工业 "
    "批发和零售业 果品、蔬菜批发 交通运输、仓储和邮政业 铁路货物运输 货物运输代理 通用仓储 "
    "互联网数据服务 园区管理服务 农业科学研究和试验发展"
)

INDUSTRIES = [
    ("纺织", "C17", "13"),
    ("纺纱", "C1711", "1311"),
    ("织布", "C1712", "1312"),
    ("家纺", "C177", "1392"),
    ("户外运动装备", "C244", "3230"),
    ("光伏发电", "D4416", "3510"),
    ("医药", "C27", "21"),
    ("轮胎", "C2911", "2211"),
    ("木材交易", "F5115", "4663"),
    ("种苗繁育", "A0511", "0130"),
    ("影视动漫渲染", "I6572", "5912"),
]


@pytest.fixture
def store() -> ox.Store:
    """All reference data; to be read only."""
    return load_reference()


@pytest.mark.parametrize(("name", "gb", "isic"), INDUSTRIES)
def test_an_industry_has_its_codes(store: ox.Store, name: str, gb: str, isic: str) -> None:
    """An industry, found by the article's word, has the codes of both standards."""
    rows = select(
        store,
        f'?code {{ ?i rdfs:label|skos:altLabel "{name}"@zh ; skos:notation ?code }} ORDER BY ?code',
    )

    assert sorted([(gb,), (isic,)]) == sorted(rows)


def test_every_industry_has_both_codes_or_says_why_not(store: ox.Store) -> None:
    """Each industry has a code of GB/T 4754 and one of ISIC, well formed."""
    patterns = {"gb-t-4754": r"[A-T](\d{2,4})?", "isic-rev-4": r"[A-U]|\d{2,4}"}
    industries = {i for (i,) in select(store, "?i { ?i a aid:Industry }")}
    assert industries

    for datatype, pattern in patterns.items():
        rows = select(
            store,
            f"?i ?code {{ ?i skos:notation ?code FILTER(DATATYPE(?code) = aid:{datatype}) }}",
        )
        assert industries == {i for i, _ in rows}, datatype
        assert not [code for _, code in rows if not re.fullmatch(pattern, code)]


def test_several_codes_of_one_standard_are_explained(store: ox.Store) -> None:
    """An industry with more than one GB/T 4754 code has a note on the fit, in both languages."""
    unexplained = select(
        store,
        "?i { ?i skos:notation ?a , ?b FILTER(?a != ?b && DATATYPE(?a) = aid:gb-t-4754 "
        "&& DATATYPE(?b) = aid:gb-t-4754) FILTER NOT EXISTS { ?i skos:editorialNote ?en , ?zh "
        'FILTER(LANG(?en) = "en" && LANG(?zh) = "zh") } }',
    )

    assert not unexplained


def test_the_scheme_is_a_hierarchy(store: ox.Store) -> None:
    """Every broader industry is one of the scheme, and none is broader than itself."""
    outside = select(
        store,
        "?b { ?i skos:broader ?b FILTER NOT EXISTS { ?b a aid:Industry ; skos:inScheme [] } }",
    )
    circular = select(store, "?i { ?i skos:broader+ ?i }")
    homeless = select(store, "?i { ?i a aid:Industry FILTER NOT EXISTS { ?i skos:inScheme [] } }")

    assert not outside
    assert not circular
    assert not homeless


def test_an_industrys_chinese_names_are_printed_or_standard(store: ox.Store) -> None:
    """A Chinese name of an industry stands in an article or is a name of GB/T 4754."""
    rows = select(
        store,
        "?name { ?i a aid:Industry ; rdfs:label|skos:altLabel ?name "
        'FILTER(LANG(?name) = "zh") } ORDER BY ?name',
    )

    invented = [
        name
        for (name,) in rows
        if name not in GB_T_4754_NAMES.split() and not any(name in text for text in ARTICLES)
    ]

    assert not invented
