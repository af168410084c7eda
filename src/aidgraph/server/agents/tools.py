"""The tools as agents are told of them, in English or Chinese: JSON Schema, made from the headers.

Source: https://modelcontextprotocol.io/specification/2025-11-25/server/tools
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aidgraph.headers import Bilingual
    from aidgraph.questions import Language, Parameter, Question

INSTRUCTIONS: Bilingual = {
    "en": "A knowledge graph of pairing assistance to Xinjiang (对口援疆), made of newspaper "
    "articles; each fact stands in a sentence. Begin with find_questions; then ask_question; "
    "show_evidence gives the sentences: cite them. What the articles do not say, the answer says "
    "it does not know. A bound (more than, nearly, about) belongs to its figure: keep it.",
    "zh": "对口援疆的知识图谱，取自报纸文章；每条事实都有所在的句子。先用 find_questions，再用 "
    "ask_question；show_evidence 给出所依据的句子：请引用。文章未说的，答案会说未说。数字的界限"
    "（多于、近、约）与数字不可分：请保留。",
}


class Tool(NamedTuple):
    """A tool: its name, what it is called and does, and the JSON Schema of what it takes."""

    name: str
    title: str
    description: str
    schema: dict[str, Any]


_TITLES: Mapping[str, Bilingual] = {
    "find_questions": {"en": "Find questions", "zh": "查找问题"},
    "ask_question": {"en": "Ask a question", "zh": "提问"},
    "show_evidence": {"en": "Show evidence", "zh": "查看依据"},
    "describe_thing": {"en": "Describe a thing", "zh": "介绍事物"},
    "query_sparql": {"en": "Query in SPARQL", "zh": "SPARQL 查询"},
}
_DESCRIPTIONS: Mapping[str, Bilingual] = {
    "find_questions": {
        "en": "Find the questions nearest to a sentence or words, in English or Chinese: each "
        "with its title and the schema of its parameters. `parameters` holds what the sentence "
        "names; where `understood` is false, it holds examples. Then the nearest passages.",
        "zh": "按一句话或几个词（中英文均可）查找最接近的问题：各附标题与参数的模式。"
        "parameters 是句中所提到的；understood 为 false 时则为示例。另附与之最相近的原文句段。",
    },
    "ask_question": {
        "en": "Answer one of the questions, 100 rows a page. The answer says when the articles do "
        "not say. A name that fits several things is refused with the candidates.",
        "zh": "回答一个问题，每页 100 行。文章未说的，答案会说明。名称可指多者时会拒绝并列出候选。",
    },
    "show_evidence": {
        "en": "Show what an answer rests on: the exact words of each sentence with its place in "
        "the article, cited reference data, inference rules; of one row, or of the first hundred. "
        "A translation beside the words is ours, not the newspaper's.",
        "zh": "查看答案的依据：每句原文及其在文章中的位置、所引参考资料、推理规则；可指定一行，"
        "否则为前一百行。所附英译为本图谱自译，非报纸所刊。",
    },
    "describe_thing": {
        "en": "Tell what is known of a thing, each fact with its sentence: a place, province, "
        "company, park, project, person; an article's sentence, written p12.2; a term.",
        "zh": "给出一个事物的已知事实，各附所依据的句子：地方、省市、企业、园区、项目、人物；"
        "文章的句段写作 p12.2；本体的术语。",
    },
    "query_sparql": {
        "en": "Answer a SPARQL 1.1 query that only reads; the graph's prefixes (aid:, place:, "
        "party:, site:, …) need no declaration. At most 500 rows: use LIMIT, or aggregate. "
        "describe_thing aid:Helper, say, tells what a term means.",
        "zh": "回答只读的 SPARQL 1.1 查询；图谱的前缀（aid:、place:、party:、site: 等）无需声明。"
        "至多 500 行：请用 LIMIT 或聚合。可用 describe_thing 查询 aid:Helper 等术语的含义。",
    },
}
_WORDS: Mapping[str, Bilingual] = {
    "words": {"en": "A sentence, or words.", "zh": "一句话，或几个词。"},
    "question": {"en": "Its name; find_questions tells.", "zh": "问题名称，见 find_questions。"},
    "parameters": {
        "en": "What is asked about, by parameter; find_questions has the schema.",
        "zh": "所问的内容，按参数给出；模式见 find_questions。",
    },
    "page": {"en": "Which page of the answer, from 1.", "zh": "答案的第几页，从 1 起。"},
    "row": {"en": "Which row of the answer, from 1.", "zh": "答案的第几行，从 1 起。"},
    "thing": {
        "en": "A name in Chinese, English or pinyin, a code, a CURIE or an IRI.",
        "zh": "中文、英文或拼音名称，代码，CURIE 或 IRI。",
    },
    "sparql": {
        "en": "SELECT, ASK, CONSTRUCT or DESCRIBE.",
        "zh": "SELECT、ASK、CONSTRUCT 或 DESCRIBE。",
    },
    "language": {"en": "Of labels and messages.", "zh": "标签与消息的语言。"},
}
_THING: Bilingual = {"en": "a name, code, CURIE or IRI", "zh": "名称、代码、CURIE 或 IRI"}
_TAKEN: Mapping[str, tuple[str, ...]] = {
    "find_questions": ("words",),
    "ask_question": ("question", "parameters", "page"),
    "show_evidence": ("question", "parameters", "row"),
    "describe_thing": ("thing",),
    "query_sparql": ("sparql",),
}
_OPTIONAL = ("parameters", "page", "row", "language")


def list_tools(questions: Iterable[Question], language: Language) -> list[Tool]:
    """Return the tools that `questions` can be asked with, described in `language`."""
    names = [question.name for question in questions]
    return [
        Tool(
            name,
            _TITLES[name][language],
            _DESCRIPTIONS[name][language],
            _make_schema((*taken, "language"), names, language),
        )
        for name, taken in _TAKEN.items()
    ]


def describe_parameters(question: Question, language: Language) -> dict[str, Any]:
    """Return the JSON Schema of what `parameters` of a question holds."""
    return {
        "type": "object",
        "properties": {each.name: _parameter(each, language) for each in question.parameters},
        "required": [each.name for each in question.parameters if not each.optional],
        "additionalProperties": False,
    }


def _make_schema(taken: Iterable[str], names: list[str], language: Language) -> dict[str, Any]:
    kinds: dict[str, dict[str, Any]] = {
        "question": {"type": "string", "enum": names},
        "parameters": {"type": "object"},
        "page": {"type": "integer", "minimum": 1},
        "row": {"type": "integer", "minimum": 1},
        "language": {"type": "string", "enum": ["en", "zh"], "default": language},
    }
    properties = {
        name: {**kinds.get(name, {"type": "string"}), "description": _WORDS[name][language]}
        for name in taken
    }
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in _OPTIONAL],
        "additionalProperties": False,
    }


def _parameter(parameter: Parameter, language: Language) -> dict[str, Any]:
    label = parameter.label[language]
    if parameter.type == "flag":
        return {"type": "boolean", "description": label}
    shown = {"description": label, "examples": [parameter.example]}
    if parameter.type == "number":
        return {"type": ["number", "string"], **shown}
    if parameter.type == "choice":
        values = "; ".join(f"{key}: {each[language]}" for key, each in parameter.values.items())
        return {"type": "string", "enum": [*parameter.values], **shown, "description": values}
    if parameter.type != "text":
        shown["description"] = f"{label} ({_THING[language]})"
    return {"type": "string", **shown}
