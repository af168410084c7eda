"""An answer's parts in words, for every format that people read.

A figure never goes without its bound; evidence is told in a fixed order: sentences, cited
sources, inferences by rule, searches, and what could not be traced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.answers.results import Thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aidgraph.answers.results import Answer, Cell, Evidence
    from aidgraph.questions import Language

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "silent": "The articles do not say (searched: {} passages).",
        "article": "{article} {passage}, characters {start}–{end}: “{text}”",
        "translation": "our translation: {}",
        "reference": "reference data: {source}",
        "inferred": "inferred by rule {rule}: {text}",
        "absence": "{text}",
        "bare": "No evidence: the row rests on no sentence.",
        "untraced": "Not traced: {}",
        "why": "Rests on",
        "searched": "Searched",
        "stop": "; ",
        "aid:Exactly": "{} {}",
        "aid:MoreThan": "more than {} {}",
        "aid:Nearly": "nearly {} {}",
        "aid:About": "about {} {}",
        "aid:AtLeast": "at least {} {}",
    },
    "zh": {
        "silent": "文章未提及（已查 {} 个句段）。",
        "article": "{article} {passage}，第 {start}–{end} 字：“{text}”",
        "reference": "参考数据：{source}",
        "inferred": "据规则 {rule} 推得：{text}",
        "absence": "{text}",
        "bare": "无证据：该行不依据任何句子。",
        "untraced": "未能追溯：{}",
        "why": "依据",
        "searched": "已查",
        "stop": "；",
        "aid:Exactly": "{} {}",
        "aid:MoreThan": "多于 {} {}",
        "aid:Nearly": "近 {} {}",
        "aid:About": "约 {} {}",
        "aid:AtLeast": "至少 {} {}",
    },
}
UNITS: Mapping[Language, Mapping[str, str]] = {
    "en": {"unit:CCY_CNY": "CNY", "unit:YR": "years", "unit:NUM": "", "unit:PERCENT": "%"},
    "zh": {"unit:CCY_CNY": "元", "unit:YR": "年", "unit:NUM": "", "unit:PERCENT": "%"},
}
_ORDER = ("article", "reference", "inferred", "absence")
INFERRED = _ORDER.index("inferred")
"""The rank, in what `explain` returns, of what a rule gave."""


def show_cell(cell: Cell, language: Language) -> str:
    """Return a cell for people: a label, a value, or a quantity with bound, unit and words.

    >>> from aidgraph.answers.results import Value
    >>> show_cell(Value(19000000000, "unit:CCY_CNY", "aid:MoreThan", "190多亿元"), "en")
    'more than 19,000,000,000 CNY (190多亿元)'
    """
    if cell is None:
        return ""
    if isinstance(cell, Thing):
        return cell.label
    if cell.bound is None:
        return str(cell.value)
    unit = UNITS[language].get(cell.unit or "", cell.unit or "")
    figure = WORDS[language][cell.bound].format(f"{cell.value:,}", unit).strip()
    notes = filter(None, (cell.as_written, cell.scope, cell.period))
    return (
        f"{figure} ({', '.join(notes)})" if language == "en" else f"{figure}（{'；'.join(notes)}）"
    )


def show_evidence(evidence: Evidence, language: Language) -> str:
    """Return a piece of evidence for people, on one line."""
    fields = evidence.as_dict()
    if evidence.text is not None:
        fields["text"] = " ".join(evidence.text.split())
    return WORDS[language][evidence.kind].format(**fields)


def tell_translation(translation: str | None, language: Language) -> list[str]:
    """Return the line that stands below a passage's words and calls itself a translation.

    None for readers of Chinese, nor where there is no translation.
    """
    if translation is None or language == "zh":
        return []
    return [WORDS[language]["translation"].format(" ".join(translation.split()))]


def show_passage(cited: Evidence, language: Language) -> list[str]:
    """Return a line with a passage's place and words, and for readers of English its translation.

    For where it is no evidence of an answer.
    """
    words = " ".join((cited.text or "").split())
    line = f"{cited.article} {cited.passage}: {words}"
    return [line, *tell_translation(cited.translation, language)]


def explain(
    evidence: Iterable[Iterable[Evidence]], untraced: Iterable[Iterable[str]], language: Language
) -> list[list[tuple[int, str]]]:
    """Return the evidence of each row in words, each piece with its rank among the kinds.

    A piece is one line, or where a sentence has a translation into `language` two.
    """
    words = WORDS[language]

    def tell(each: Evidence) -> str:
        return "\n".join(
            [show_evidence(each, language), *tell_translation(each.translation, language)]
        )

    return [
        [
            *((_ORDER.index(each.kind), tell(each)) for each in row),
            *((len(_ORDER), words["untraced"].format(part)) for part in parts),
        ]
        or [(len(_ORDER), words["bare"])]
        for row, parts in zip(evidence, untraced, strict=True)
    ]


def explain_answer(answer: Answer, language: Language) -> list[list[tuple[int, str]]]:
    """Return what `explain` does; no rows where nobody asked why."""
    return explain(answer.evidence or (), answer.untraced, language)


def show_titles(answer: Answer) -> list[str]:
    """Return the columns' labels, or their names where they have none."""
    return [answer.titles.get(column, column) for column in answer.columns]


def number_rows(answer: Answer, language: Language) -> tuple[list[str], list[list[str]]]:
    """Return header and rows as people see them.

    Rows have numbers where their evidence names them, or where they have nothing else.
    """
    header = show_titles(answer)
    rows = [[show_cell(cell, language) for cell in row] for row in answer.rows]
    if answer.evidence is None and header:
        return header, rows
    return ["#", *header], [[str(number), *row] for number, row in enumerate(rows, start=1)]


def show_silence(searched: int, language: Language) -> str:
    """Return the sentence that nothing was found in as many passages."""
    return WORDS[language]["silent"].format(searched)
