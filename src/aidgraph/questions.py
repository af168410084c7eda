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

A parameter's type is a class of the ontology (its value is a thing of that class, by name,
code, CURIE or IRI), `number` or `text`; its name is a variable of the query.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aidgraph.errors import AidgraphError, DataError, NotFoundError
from aidgraph.files import list_files, read_text
from aidgraph.headers import Bilingual, Header, Language

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
    "hash_query",
    "parse_question",
    "question_names",
    "read_question",
    "read_questions",
]

VIEWS = ("table", "bar", "flow", "network", "map", "timeline")
PLAIN_TYPES = ("number", "text")

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_VARIABLE = re.compile(r"[a-z][a-z_]*")
_CLASS = re.compile(r"aid:[A-Z][A-Za-z]+")
_KEYS = frozenset({"title", "description", "view", "tags", "params", "columns"})
_PARAMETER_KEYS = frozenset({"type", "label", "example", "optional"})


class Parameter(NamedTuple):
    """What a question is asked about: a variable of its query that gets a value.

    `type` is a CURIE of a class, `number` or `text`; `example` a value as a person types it.
    Left out, an `optional` one asks for every value.
    """

    name: str
    type: str
    label: Bilingual
    example: str
    optional: bool = False


class Question(NamedTuple):
    """A canned query: what its header says, and its whole text, header and all.

    `columns` gives the label of each column that the query selects, by variable name.
    """

    name: str
    title: Bilingual
    description: Bilingual
    view: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: dict[str, Bilingual]
    sparql: str


def hash_query(sparql: str) -> str:
    """Return the hash that names a query: the SHA-256 of its text, in hexadecimal."""
    return hashlib.sha256(sparql.encode("utf-8")).hexdigest()


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
    path = project.queries / f"{name}.rq"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise _no_question(name, question_names(project))
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
    tags = table.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        header.fail("tags", "tags is no list of words", "tags 不是词语的列表")
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
        tags=tuple(tags),
        parameters=tuple(_parameter(header, *p) for p in header.subtable("params").items()),
        columns=columns,
        sparql=text,
    )


def _parameter(header: Header, name: str, given: Mapping[str, Any]) -> Parameter:
    key = f"params.{name}"
    if not isinstance(given, dict):
        header.fail(key, f"{key} is no table; write [{key}]", f"{key} 不是表；请写作 [{key}]")
    header.refuse_unknown(given, _PARAMETER_KEYS, key, key)
    if not _VARIABLE.fullmatch(name) or not re.search(rf"\?{name}\b", header.body):
        header.fail(key, f"the query has no variable ?{name}", f"查询中没有变量 ?{name}")
    kind, example, optional = given.get("type"), given.get("example"), given.get("optional", False)
    if not isinstance(kind, str) or not (kind in PLAIN_TYPES or _CLASS.fullmatch(kind)):
        header.fail(
            key,
            f"{key}.type is {kind!r}; give a class (aid:Place), number or text",
            f"{key}.type 为 {kind!r}；请给出类（aid:Place）、number 或 text",
        )
    if not isinstance(example, str) or not example:
        header.fail(
            key,
            f"{key}.example is missing; give a value as a person types it",
            f"缺少 {key}.example；请给出一个人们会键入的值",
        )
    if not isinstance(optional, bool):
        header.fail(
            key,
            f"{key}.optional is neither true nor false",
            f"{key}.optional 既非 true 也非 false",
        )
    return Parameter(name, kind, header.bilingual(given.get("label"), key), example, optional)


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
