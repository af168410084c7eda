"""The questions that the graph must answer, with the answers read from the report by hand.

Each is put as a canned query. Its evidence must hold the words on which the answer rests. What
the report does not say gives no row, by a query that gives rows for another parameter.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from aidgraph.answers.ask import ask_question
from aidgraph.answers.results import Answer, Thing, Value
from aidgraph.answers.why import read_rules
from aidgraph.project import find_project
from aidgraph.questions import read_question

if TYPE_CHECKING:
    from aidgraph.dataset import Dataset

PROJECT = find_project(Path(__file__).parents[1])
RULES = read_rules(PROJECT)


class Case(NamedTuple):
    """A question as people ask it, and what the answer must and may not hold."""

    question: str
    query: str
    given: dict[str, str]
    expected: list[tuple[str, ...]]
    quote: str


ANSWERED = [
    Case(
        "CQ01 哪个地级市(及其所属省)对口支援阿克苏地区温宿县?",
        "paired-helpers-of-area",
        {"area": "温宿县"},
        [("金华市", "浙江省")],
        "浙江省金华市对口支援阿克苏地区温宿县指挥部",
    ),
    Case(
        "CQ04 第十批江苏省对口支援前方指挥部对应哪个自治州?",
        "areas-of-command",
        {"command": "第十批江苏省对口支援伊犁州前方指挥部"},
        [("伊犁哈萨克自治州",)],
        "第十批江苏省对口支援伊犁州前方指挥部",
    ),
    Case(
        "CQ07 湖北省援疆工作前方指挥部的工作涉及哪个自治州和哪个园区?",
        "areas-of-command",
        {"command": "湖北省援疆工作前方指挥部"},
        [("博尔塔拉蒙古自治州", "阿拉山口国际木材产业园")],
        "支持阿拉山口国际木材产业园打造全疆最大的进口木材交易中心,"
        "发挥博尔塔拉蒙古自治州湖北商会作用",
    ),
    Case(
        "CQ10 北京市援疆资金支持的具体项目位于哪些受援地?",
        "projects-of-helper",
        {"helper": "北京市"},
        [("和田市",), ("墨玉县",), ("皮山农场",)],
        "支持墨玉县农副产品冷链物流建设项目",
    ),
    Case(
        "CQ13 金华新村属于哪个镇、哪个县、哪个地区?",
        "place-chain",
        {"place": "金华新村"},
        [("温宿镇",), ("温宿县",), ("阿克苏地区",)],
        "阿克苏地区温宿县温宿镇金华新村",
    ),
    Case(
        "CQ16 航天育种工程选育了哪些种子,搭载于何处?",
        "products-of-programme",
        {"programme": "航天育种工程"},
        [("和田玉米种子", "问天实验舱"), ("小麦主粮种子", "问天实验舱")],
        "选育和田玉米、小麦主粮种子搭载问天实验舱开展航天育种实验",
    ),
    Case(
        "CQ19 粤伽新梅产业园集哪些功能于一体?",
        "functions-of-site",
        {"site": "粤伽新梅产业园"},
        [(word,) for word in ["交易", "分拣", "保鲜", "冷藏", "包装", "物流", "研发", "培训"]],
        "集交易、分拣、保鲜、冷藏、包装、物流、研发和培训为一体的全产业链园区",
    ),
    Case(
        "CQ22 江西省支持阿克陶县建设了哪些项目?",
        "projects-of-helper-in-area",
        {"helper": "江西省", "area": "阿克陶县"},
        [("江西工业园建设配套设施项目",), ("现代农业科技园",), ("犏产业基地",), ("冷链物流中心",)],
        "江西省支持阿克陶县江西工业园建设配套设施项目、现代农业科技园、犏产业基地和冷链物流中心",
    ),
    Case(
        "CQ25 吉林省依靠什么优势扶持了阿勒泰地区的哪项产业集聚发展?",
        "strengths-used-by-helper",
        {"helper": "吉林省"},
        [
            ("吉林医药产业优势", "传统医药"),
            ("吉林省产业优势", "吉林省"),
            ("受援地资源优势", "吉林省"),
        ],
        "依靠吉林医药产业优势,扶持阿勒泰地区传统医药集聚发展",
    ),
    Case(
        "CQ28 哪家企业在建轮胎全产业链碳中和产业园?状态如何?",
        "parties-of-site",
        {"site": "轮胎全产业链碳中和产业园"},
        [("由…建设", "上海轮匠科技有限公司", "在建")],
        "引入上海轮匠科技有限公司在建轮胎全产业链碳中和产业园",
    ),
    Case(
        "CQ31 “合肥陆港——宝武班列”运什么货到哪里?",
        "goods-of-service",
        {"service": "“合肥陆港——宝武班列”"},
        [("白色家电", "阿拉木图", "哈萨克斯坦")],
        "运载白色家电发往哈萨克斯坦阿拉木图",
    ),
    Case(
        "CQ34 文中提到的已签订协议或备忘录有哪些?",
        "agreements",
        {},
        [("共建中欧班列战略合作备忘录", "已签订"), ("五方协议", "已签订")],
        "签订“五方协议”,进出口贸易额大幅增长",
    ),
    Case(
        "CQ37 文中点名的江苏援疆相关产业园有哪些?",
        "parks-of-helper",
        {"helper": "江苏省"},
        [
            ("江苏援疆(南通)产业园",),
            ("苏州援疆产业园",),
            ("南京援疆产业园",),
            ("张家港援疆产业园",),
        ],
        "还有苏州援疆产业园、南京援疆产业园、张家港援疆产业园等各具特色",
    ),
    Case(
        "CQ40 山东在疏勒县建设了哪些类型的产业园?",
        "parks-of-area",
        {"area": "疏勒县"},
        [
            ("疏勒县户外运动装备产业园", "山东省"),
            ("疏勒县电子组装产业园", "山东省"),
            ("疏勒县现代蔬菜产业园", "山东省"),
        ],
        "在疏勒县建设户外运动装备、电子组装、现代蔬菜产业园",
    ),
    Case(
        "阿克陶县有哪些园区,由谁支持?",
        "parks-of-area",
        {"area": "阿克陶县"},
        [("江西工业园", "江西省"), ("现代农业科技园", "农业", "江西省", "推动中")],
        "江西省支持阿克陶县江西工业园建设配套设施项目、现代农业科技园、犏产业基地和冷链物流中心",
    ),
    Case(
        "CQ43 哪些援疆项目涉及冷链或冷藏?各由谁支持?",
        "cold-chain-projects",
        {},
        [
            ("墨玉县农副产品冷链物流建设项目", "北京市"),
            ("冷链物流中心", "江西省"),
            ("粤伽新梅产业园", "广东省"),
        ],
        "支持墨玉县农副产品冷链物流建设项目,提升果蔬冷链物流能力",
    ),
    Case(
        "CQ46 文中直接引述了谁的话?各任什么职务?",
        "who-said-what",
        {},
        [("布海力且木·艾孜木", "金华新村党支部书记"), ("王东纪", "伽师县委副书记")],
        "金华新村党支部书记布海力且木·艾孜木说",
    ),
    Case(
        "CQ46 作者是谁?",
        "authors-of-articles",
        {},
        [("张治立", "石榴云/新疆日报记者")],
        "石榴云/新疆日报记者 张治立",
    ),
]

# Queries whose rows are all expected: nothing else may be in the answer.
NOTHING_ELSE = {
    "cold-chain-projects",
    "functions-of-site",
    "goods-of-service",
    "paired-helpers-of-area",
    "parks-of-helper",
    "products-of-programme",
    "projects-of-helper-in-area",
    "strengths-used-by-helper",
}

# What the report does not say, and a parameter for which the same query gives rows.
NOT_SAID = [
    (
        "CQ53 北京市3年来援疆资金总额是多少?",
        "total-aid-of-party",
        "party",
        "北京市",
        "第十批省市援疆干部人才",
    ),
    (
        "CQ56 “五方协议”的五方分别是谁?",
        "parties-of-agreement",
        "agreement",
        "“五方协议”",
        "《共建中欧班列战略合作备忘录》",
    ),
    (
        "CQ59 伊宁县纺织产业园吸纳了多少人就业?",
        "counts-of-place",
        "place",
        "伊宁县纺织产业园",
        "阿勒泰地区",
    ),
]


def put(built: Dataset, query: str, given: dict[str, str]) -> Answer:
    """Put a canned question in Chinese, and ask why."""
    return ask_question(built, read_question(PROJECT, query), given, "zh", rules=RULES)


def shown(answer: Answer) -> list[set[str]]:
    """Return what each row shows: labels and plain texts."""
    return [
        {cell.label if isinstance(cell, Thing) else str(cell.value) for cell in row if cell}
        for row in answer.rows
    ]


def quoted(answer: Answer) -> list[str]:
    """Return the sentences that the rows rest on."""
    return [each.text or "" for row in answer.evidence or () for each in row]


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: case.question.split()[0])
def test_the_answer_is_what_the_report_says(built: Dataset, case: Case) -> None:
    """Each expected row is in the answer, and the answer is said to be said."""
    answer = put(built, case.query, case.given)

    rows = shown(answer)
    missing = [want for want in case.expected if not any(set(want) <= row for row in rows)]
    assert not missing
    assert answer.said
    if case.query in NOTHING_ELSE:
        assert all(any(set(want) <= row for want in case.expected) for row in rows)


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: case.question.split()[0])
def test_the_evidence_holds_the_words(built: Dataset, case: Case) -> None:
    """Every row rests on something, and one on the sentence that the answer was read from."""
    answer = put(built, case.query, case.given)

    assert all(answer.evidence or ())
    assert any(case.quote in text for text in quoted(answer))


@pytest.mark.parametrize(
    ("query", "given", "value", "bound", "unit", "written", "scope"),
    [
        (
            "totals-of-aid",
            {},
            19000000000,
            "aid:MoreThan",
            "unit:CCY_CNY",
            "190多亿元",
            "产业援疆（据上下文）",
        ),
        (
            "figures-of-place",
            {"place": "伊宁县纺织产业园"},
            5,
            "aid:MoreThan",
            "unit:YR",
            "5年多",
            None,
        ),
    ],
    ids=["CQ47", "CQ50"],
)
def test_a_vague_figure_keeps_its_bound(  # noqa: PLR0913, PLR0917  # one figure, part by part
    built: Dataset,
    query: str,
    given: dict[str, str],
    value: int,
    bound: str,
    unit: str,
    written: str,
    scope: str | None,
) -> None:
    """More than 19 billion is not 19 billion, and 5 years and more are not 5."""
    answer = put(built, query, given)

    figures = [cell for row in answer.rows for cell in row if isinstance(cell, Value)]
    (figure,) = [each for each in figures if each.as_written == written]
    assert (value, bound, unit) == (figure.value, figure.bound, figure.unit)
    assert scope == figure.scope
    assert any(written in text for text in quoted(answer))


@pytest.mark.parametrize(
    ("question", "query", "parameter", "asked", "control"), NOT_SAID, ids=["CQ53", "CQ56", "CQ59"]
)
def test_silence_is_an_answer(  # noqa: PLR0913, PLR0917  # a question and its control
    built: Dataset, question: str, query: str, parameter: str, asked: str, control: str
) -> None:
    """What the report does not say gives no row; the same query finds what it does say."""
    silent = put(built, query, {parameter: asked})
    assert (silent.rows, silent.said) == ((), False), question
    assert silent.searched == 65

    spoken = put(built, query, {parameter: control})
    assert spoken.rows
    assert spoken.said


def test_what_has_two_statuses_is_listed_without_a_period(built: Dataset) -> None:
    """The plum park was built last year and resumed this spring, not the other way round."""
    answer = put(built, "works-of-helper", {"helper": "广东省"})

    park = [row for row in shown(answer) if "粤伽新梅产业园" in row]
    assert len(park) == 2
    assert {"粤伽新梅产业园", "已复工"} in park
    assert {"粤伽新梅产业园", "在建"} in park
    assert any({"引进企业落户", "去年"} <= row for row in shown(answer))


@pytest.mark.parametrize("name", sorted(path.stem for path in PROJECT.queries.glob("*.rq")))
def test_the_example_of_each_question_has_an_answer_with_evidence(
    built: Dataset, name: str
) -> None:
    """Nobody who tries the example of a form is met with silence, or with rows out of nowhere."""
    question = read_question(PROJECT, name)
    answer = put(built, name, {each.name: each.example for each in question.parameters})

    assert answer.rows
    assert all(answer.evidence or ())
    assert not any(answer.untraced)
    assert list(question.columns) == list(answer.columns)
