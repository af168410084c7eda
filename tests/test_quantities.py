"""Chinese quantities: what is read, what is refused, what is found, what stands whole."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Store

from aidgraph.articles import read_passages
from aidgraph.quantities import (
    Bound,
    Quantity,
    QuantityError,
    find_quantities,
    read_quantity,
    stands_whole,
)

ROOT = Path(__file__).parents[1]
ONT = "https://w3id.org/aidgraph/ont#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

with (ROOT / "tests/data/quantities.tsv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file, delimiter="\t"))
READ = [case for case in CASES if case["bound"] != "refused"]
REFUSED = [case["text"] for case in CASES if case["bound"] == "refused"]

# Read by hand, sentence by sentence; a passage that is not listed has no figure.
FIGURES = {
    "xinjiang-daily-shared-purpose": {
        "p6.1": ["3年来", "190多亿元", "1344个"],
        "p9.1": ["23500元"],
        "p10.1": ["3年来"],
        "p11.1": ["19省市"],
        "p12.1": ["3年来", "5.25亿元"],
        "p13.2": ["40个", "15个", "三种"],
        "p15.2": ["近亿元"],
        "p17.1": ["3年来"],
        "p17.3": ["1598个", "1100多亿元"],
        "p22.3": ["5年多"],
        "p23.1": ["9家"],
        "p24.1": ["3年来", "19省市", "71个", "44个"],
    },
    "xinjiang-daily-every-blade": {"p7.2": ["三年来"]},
}

FOUND = [
    ("实施项目1344个,", ["1344个"]),
    ("企业9810跨境电商模式", []),
    ("工程2.0版,工业4.0,5G网络,G30高速,“1+8”体系", []),
    ("第十批、第14届、第十四师", []),
    ("4月18日,2023年5月,2020—2023年,二〇二三年,10:30", []),
    ("上世纪90年代", []),
    ("“十城百店”“百城百网千店”“万亩亿元”,千家万户,千山万水", []),
    ("一棒又一棒,一批又一批,一起,一定,统一,一县一品一链,“一主多元”", []),
    ("形成一条产业链,每一棵寸草,四处奔走", []),
    ("“五方协议”,八一钢铁,两地,双方,多个", []),
    ("统一三个标准", ["三个"]),
    ("签约10个项目,节约20万元", ["10个", "20万元"]),
    ("最近3年,附近10个村", ["3年", "10个"]),
    ("近3年来签下数十个、上百家、成百上千家", ["近3年来", "数十个", "上百家", "成百上千家"]),
    ("约20艘,达500,3年来", ["约20艘", "500", "3年来"]),
    ("3家上下游企业", ["3家"]),
    ("种3万余亩,增长三成、2.5倍、3.2个百分点", ["3万余亩", "三成", "2.5倍", "3.2个百分点"]),
    ("增百分之三十,占三分之二以上", ["百分之三十", "三分之二以上"]),
    ("10至20个,三至五年,100-200万元", ["10至20个", "三至五年", "100-200万元"]),
    ("1亿5000万元,3年2个月", ["1亿5000万元", "3年2个月"]),
    ("百余万元、近百家千亿元企业", ["百余万元", "近百家"]),
    ("近一年来,一年来", ["近一年来", "一年来"]),
    ("不到1,344个", ["不到1,344个"]),
    ("１３４４个", ["１３４４个"]),
    ("", []),
]

WHOLE = [
    ("1344个", "实施产业援疆项目1344个,助力", True),
    ("344个", "实施产业援疆项目1344个,助力", False),
    ("44个", "支持144个园区,合作44个园区", True),
    ("亿元", "投入援疆资金近亿元,", False),
    ("近亿元", "投入援疆资金近亿元,", True),
    ("190", "安排援疆资金190多亿元、", False),
    ("190多亿元", "安排援疆资金190多亿元、", True),
    ("25亿元", "投入援疆资金5.25亿元,", False),
    ("344个", "1,344个", False),
    ("5年", "经过5年多的建设", False),
    ("5年多", "经过5年多的建设", True),
    ("3年", "3年来,浙江", True),
    ("3年", "近3年来", False),
    ("3年", "最近3年", True),
    ("19", "19省市援疆", True),
    ("40个", "签约40个", True),
    ("40个", "约40个", False),
    ("40个", "40个左右", False),
    ("三十", "百分之三十", False),
    ("30", "增长30%", False),
    ("十", "十余名", False),
    ("百家", "上百家", False),
    ("十批", "第十批", False),
    ("第十批", "第十批", False),
    ("18", "4月18日", False),
    ("2.0", "工程2.0版", False),
    ("3年", "3年2个月", False),
    ("9家", "现已挂牌9个", False),
    ("１９", "19省市", True),
    ("", "19省市", False),
]

DIGITS = "零一二三四五六七八九"
PIECES = st.sampled_from(
    [
        *"0123456789零一二两三十百千万亿多余来近约第年月日元个家%.,:点几数上成至半版条。G-",
        *("百分之", "左右", "以上", "以来", "超过", "不少于", "项目"),
    ]
)
TEXTS = st.lists(PIECES, max_size=14).map("".join)


def write_in_full(value: int) -> str:
    """Write a whole number below 10^16 as a Chinese numeral, four digits at a time."""
    written, gap = "", False
    for place in range(15, -1, -1):
        digit = value // 10**place % 10
        if digit:
            written += ("零" if gap and written else "") + DIGITS[digit]
            written += ["", "十", "百", "千"][place % 4]
        gap = not digit
        group = value // 10 ** (place // 4 * 4) % 10**4
        if place % 4 == 0 and place and (group or (place == 8 and value >= 10**12)):
            written += {4: "万", 8: "亿", 12: "万"}[place]
            gap = False
    return written


@pytest.mark.parametrize("case", READ, ids=lambda case: case["text"])
def test_a_figure_reads_as_value_bound_and_unit(case: dict[str, str]) -> None:
    """A figure in print gives exactly the value, bound and unit that a reader takes from it."""
    expected = Quantity(Decimal(case["value"]), Bound(case["bound"]), case["unit"])

    quantity = read_quantity(case["text"])

    assert expected == quantity
    assert case["value"] == str(quantity.value)


@pytest.mark.parametrize("text", [*REFUSED, "", pytest.param("亿" * 3000, id="long")])
def test_what_cannot_be_read_for_sure_is_refused(text: str) -> None:
    """A figure without a number, or of several readings, is an error and never a guess."""
    with pytest.raises(QuantityError):
        read_quantity(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("多个", "“多个” has no number"),
        ("3万亩", "“3万亩” has a unit, 亩,"),
        ("近3年", "“近3年” cannot be read for sure"),
    ],
)
def test_a_refusal_says_why_and_what_to_do(text: str, why: str) -> None:
    """The error names the words and the fault, and ends with the remedy."""
    with pytest.raises(QuantityError, match=f"^{why}.*leave it out of the graph"):
        read_quantity(text)


def test_bounds_are_the_individuals_of_the_ontology() -> None:
    """Each bound's value is the local name of an individual, and none is missing."""
    ontology = Store()
    ontology.load(path=ROOT / "ontology/quantity.ttl", format=RdfFormat.TURTLE)
    bounds = ontology.quads_for_pattern(None, RDF_TYPE, NamedNode(f"{ONT}Bound"), None)

    assert {str(quad.subject).strip("<>") for quad in bounds} == {ONT + bound for bound in Bound}


@given(st.integers(min_value=2, max_value=10**12 - 1))
def test_a_chinese_numeral_reads_as_its_number(value: int) -> None:
    """Any whole number, written in full, is read back."""
    assert value == read_quantity(f"{write_in_full(value)}个").value


@given(st.text(max_size=50) | TEXTS)
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever the text, there is a quantity or a QuantityError, and nothing else."""
    try:
        quantity = read_quantity(text)
    except QuantityError:
        return
    assert quantity.value.is_finite()
    assert "E" not in str(quantity.value)


@given(TEXTS)
def test_what_reads_alone_is_found_whole(text: str) -> None:
    """A quantity in a sentence is found from its first to its last character, or not at all."""
    try:
        read_quantity(text)
    except QuantityError:
        return
    assert [f.text for f in find_quantities(f"共计{text}。")] in ([text], [])


@pytest.mark.parametrize("article", FIGURES)
def test_each_figure_of_the_articles_is_found(article: str) -> None:
    """The scan finds what a reader finds in each passage: no figure less, and none more."""
    text = (ROOT / "data/articles" / article / "article.txt").read_text(encoding="utf-8")

    found = {p.id: [f.text for f in find_quantities(p.text)] for p in read_passages(text)}

    assert FIGURES[article] == {passage: figures for passage, figures in found.items() if figures}


@pytest.mark.parametrize(("text", "figures"), FOUND)
def test_only_what_is_certainly_a_figure_is_found(text: str, figures: list[str]) -> None:
    """Dates, ordinals, versions, names and the article 一 are no figures; the rest is whole."""
    assert figures == [figure.text for figure in find_quantities(text)]


@given(TEXTS)
def test_a_found_figure_is_maximal(text: str) -> None:
    """Figures are in order, slices of the text, whole, and no digit goes on where they end."""
    last = 0
    for start, end, words in find_quantities(text):
        assert last <= start < end
        assert words == text[start:end]
        assert stands_whole(words, text)
        assert not (start and text[start - 1 : start + 1].isdecimal())
        assert not (end < len(text) and text[end - 1 : end + 1].isdecimal())
        last = end


@pytest.mark.parametrize(("words", "text", "whole"), WHOLE)
def test_words_that_something_numeric_touches_are_not_whole(
    words: str, text: str, *, whole: bool
) -> None:
    """A digit, numeral or approximator at either end makes another figure of the words."""
    assert whole is stands_whole(words, text)
