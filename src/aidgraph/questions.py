"""Canned queries: one question, one `.rq` file, with a `#+` header that says what it asks.

The header is TOML behind `#+ `, from the first line on; what follows is plain SPARQL 1.1, so
that the whole file pastes into any endpoint, where it answers for every value of its
parameters::

    #+ title.en = "Who helps an area?"
    #+ title.zh = "谁援助某地？"
    #+ view     = "table"
    #+ tags     = ["helper"]
    #+
    #+ [params.area]
    #+ type    = "aid:RecipientArea"
    #+ label   = { en = "recipient area", zh = "受援地" }
    #+ example = "喀什地区"
    #+
    #+ [columns]
    #+ helper = { en = "helper", zh = "援助方" }

A parameter's name is a variable of the query, which its value is bound to. Its type is one of:

==========  ==================================  ===========================================
type        what people give                    what the query gets
==========  ==================================  ===========================================
aid:Class   name, code, CURIE or IRI of one     the thing's IRI
concept     the same, of any SKOS concept       its IRI; narrower ones, the query finds
number      1000000000, 1e9, 10亿, 1000万       an xsd:decimal
text        any words                           a plain literal
choice      one of the listed values            its key, as a plain literal
flag        the option, without a value         true; nothing where it is left out
==========  ==================================  ===========================================

A choice lists its values, each with its labels; people give the key or a label::

    #+ [params.kind.values]
    #+ money = { en = "sums of money", zh = "金额" }
    #+ count = { en = "counts", zh = "数目" }

A flag has no example, and may always be left out. `optional = true` says that of the others.
Other ways to ask, with the label of a parameter in its blank, help a sentence find the question::

    #+ [asked]
    #+ en = ["Who is helping [recipient area]?"]
    #+ zh = ["谁在帮〔受援地〕？"]
"""

from __future__ import annotations

import hashlib
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from aidgraph.errors import AidgraphError, DataError, NotFoundError
from aidgraph.files import list_files, read_text
from aidgraph.headers import LANGUAGES, Bilingual, Header, Language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aidgraph.project import Project

__all__ = [
    "PLAIN_TYPES",
    "VIEWS",
    "Bilingual",
    "Language",
    "Parameter",
    "Question",
    "fill_title",
    "hash_query",
    "parse_question",
    "question_names",
    "read_question",
    "read_questions",
]

VIEWS = ("table", "bar", "flow", "network", "map", "timeline")
PLAIN_TYPES = ("concept", "number", "text", "choice", "flag")

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_VARIABLE = re.compile(r"[a-z][a-z_]*")
_CLASS = re.compile(r"aid:[A-Z][A-Za-z]+")
_KEYS = frozenset({"title", "description", "view", "tags", "asked", "params", "columns"})
_PARAMETER_KEYS = frozenset({"type", "label", "example", "optional", "values"})


class Parameter(NamedTuple):
    """What a question is asked about: a variable of its query that gets a value.

    `type` is a CURIE of a class or one of `PLAIN_TYPES`; `example` a value as a person types it,
    "" for a flag. Left out, an `optional` one asks for every value. `values` are those of a
    choice: what the query gets, and the labels.
    """

    name: str
    type: str
    label: Bilingual
    example: str
    optional: bool = False
    values: Mapping[str, Bilingual] = MappingProxyType({})


class Question(NamedTuple):
    """A canned query: what its header says, and its whole text, header and all.

    `columns` gives the label of each column that the query selects, by variable name; `asked`
    other ways to put the question, by language.
    """

    name: str
    title: Bilingual
    description: Bilingual
    view: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: dict[str, Bilingual]
    sparql: str
    asked: Mapping[Language, tuple[str, ...]] = MappingProxyType({})


def hash_query(sparql: str) -> str:
    """Return the hash that names a query: the SHA-256 of its text, in hexadecimal."""
    return hashlib.sha256(sparql.encode("utf-8")).hexdigest()


def fill_title(question: Question, values: Mapping[str, str], language: Language) -> str:
    """Return the title with the blank of each parameter in `values` filled.

    〔援助方〕建设或支持哪些产业园区？ becomes 江苏省建设或支持哪些产业园区？
    """
    title = question.title[language]
    for parameter in question.parameters:
        if parameter.name in values:
            label, value = parameter.label[language], values[parameter.name]
            title = title.replace(f"[{label}]", value).replace(f"〔{label}〕", value)
    return title


def question_names(project: Project) -> list[str]:
    """Return the names of the project's questions, sorted.

    Raises:
        UnreadableError: the folder of questions is missing, empty or cannot be read.
    """
    names = (path.stem for path in list_files(project.queries, ".rq"))
    return [name for name in names if _NAME.fullmatch(name)]


def read_questions(project: Project) -> tuple[list[Question], dict[str, AidgraphError]]:
    """Read every question of the project, by name, and say which files are none, and why.

    Raises: as `question_names` does.
    """
    questions: list[Question] = []
    faults: dict[str, AidgraphError] = {}
    for path in list_files(project.queries, ".rq"):
        file = project.relative(path)
        try:
            if not _NAME.fullmatch(path.stem):
                raise _bad_name(file)
            questions.append(parse_question(path.stem, read_text(path), file))
        except AidgraphError as error:
            faults[file] = error
    return questions, faults


def read_question(project: Project, name: str) -> Question:
    """Read the question `name` from `queries/<name>.rq`.

    Raises:
        NotFoundError: there is no such question; the message gives those named most like it.
        DataError: the header does not say what it must; the finding names file and line.
        UnreadableError: the file cannot be read.
    """
    names = question_names(project)
    if name not in names:
        raise _no_question(name, names)
    path = project.queries / f"{name}.rq"
    return parse_question(name, read_text(path), project.relative(path))


def parse_question(name: str, text: str, file: str) -> Question:
    """Parse the text of a question; `file` is its path, for messages.

    Raises:
        DataError: as `read_question` does.
    """
    header = Header(file, text)
    table = header.table
    header.refuse_unknown(table, _KEYS, "the header", "文件头部")
    view = table.get("view", "table")
    if view not in VIEWS:
        views = ", ".join(VIEWS)
        header.fail(
            "view", f"view is {view!r}; give one of {views}", f"view 为 {view!r}；请取其一：{views}"
        )
    columns = {
        column: header.bilingual(label, column)
        for column, label in header.subtable("columns").items()
    }
    if not columns:
        header.fail(
            "columns",
            "no column has a label; add a table [columns]",
            "各列均无标签；请添加 [columns]",
        )
    return Question(
        name=name,
        title=header.bilingual(table.get("title"), "title"),
        description=header.bilingual(table.get("description"), "description"),
        view=view,
        tags=_words(header, table.get("tags", []), "tags"),
        parameters=tuple(_parameter(header, *p) for p in header.subtable("params").items()),
        columns=columns,
        sparql=text,
        asked=_asked(header),
    )


def _words(header: Header, given: object, key: str) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(word, str) for word in given):
        header.fail(key, f"{key} is no list of words", f"{key} 不是词语的列表")
    return tuple(given)


def _asked(header: Header) -> dict[Language, tuple[str, ...]]:
    given = header.subtable("asked")
    header.refuse_unknown(given, LANGUAGES, "asked", "asked")
    return {
        language: _words(header, given[language], f"asked.{language}")
        for language in LANGUAGES
        if language in given
    }


def _parameter(header: Header, name: str, given: Mapping[str, Any]) -> Parameter:
    key = f"params.{name}"
    if not isinstance(given, dict):
        header.fail(key, f"{key} is no table; write [{key}]", f"{key} 不是表；请写作 [{key}]")
    header.refuse_unknown(given, _PARAMETER_KEYS, key, key)
    if not _VARIABLE.fullmatch(name) or not re.search(rf"\?{name}\b", header.body):
        header.fail(key, f"the query has no variable ?{name}", f"查询中没有变量 ?{name}")
    kind, optional = given.get("type"), given.get("optional", False)
    if not isinstance(kind, str) or not (kind in PLAIN_TYPES or _CLASS.fullmatch(kind)):
        plain = ", ".join(PLAIN_TYPES)
        header.fail(
            key,
            f"{key}.type is {kind!r}; give a class (aid:Place), or one of {plain}",
            f"{key}.type 为 {kind!r}；请给出类（aid:Place），或取其一：{plain}",
        )
    if not isinstance(optional, bool):
        header.fail(
            key,
            f"{key}.optional is neither true nor false",
            f"{key}.optional 既非 true 也非 false",
        )
    values = _values(header, key, kind, given.get("values", {}))
    return Parameter(
        name,
        kind,
        header.bilingual(given.get("label"), key),
        _example(header, key, kind, given.get("example")),
        optional or kind == "flag",
        values,
    )


def _example(header: Header, key: str, kind: str, given: object) -> str:
    if kind == "flag" and given is None:
        return ""
    if kind == "flag":
        en = f"{key}.example: a flag takes no value; leave the example out"
        header.fail(key, en, f"{key}.example：flag 不带值；请删去示例")
    if not isinstance(given, str) or not given:
        header.fail(
            key,
            f"{key}.example is missing; give a value as a person types it",
            f"缺少 {key}.example；请给出一个人们会键入的值",
        )
    return given


def _values(header: Header, key: str, kind: str, given: object) -> Mapping[str, Bilingual]:
    """Return the values of a choice with their labels; other parameters have none."""
    if kind != "choice" and given:
        header.fail(
            f"{key}.values",
            f"{key} is no choice: only a choice has values",
            f"{key} 不是 choice：只有 choice 才有 values",
        )
    if kind == "choice" and (not isinstance(given, dict) or not given):
        header.fail(
            key,
            f"{key} lists no values; add a table [{key}.values]",
            f"{key} 未列出各值；请添加 [{key}.values]",
        )
    named = given if isinstance(given, dict) else {}
    return {value: header.bilingual(label, value) for value, label in named.items()}


def _bad_name(file: str) -> DataError:
    from aidgraph.findings import Finding  # only a fault needs it

    finding = Finding(
        rule="file-name",
        file=file,
        message_en="A question cannot have this name.",
        message_zh="问题不能用此名称。",
        remedy_en="Rename the file: small letters and digits, joined by hyphens.",
        remedy_zh="请改名：小写字母与数字，以连字符相连。",
    )
    return DataError.about(finding)


def _no_question(name: str, names: list[str]) -> NotFoundError:
    from difflib import get_close_matches  # slow to import, and only a mistake needs it

    parts = name.casefold().split("-")
    alike = [*get_close_matches(name, names, n=5, cutoff=0.5)]
    alike += [n for n in names if n not in alike and any(p and p in n.split("-") for p in parts)]
    en, zh = "“aidgraph queries” lists them.", "“aidgraph queries”可列出全部问题。"
    if alike:
        en, zh = f"Did you mean {' or '.join(alike[:5])}?", f"是否指 {' 或 '.join(alike[:5])}？"
    return NotFoundError(f"There is no question “{name}”. {en}", f"没有名为“{name}”的问题。{zh}")
