"""Solutions in the W3C's formats for programs: exact terms, no labels, no evidence.

Sources: SPARQL 1.1 Query Results JSON Format and SPARQL Query Results XML Format (Second
Edition), W3C Recommendations of 21 March 2013.
"""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.errors import UsageError
from aidgraph.terms import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aidgraph.answers.solving import Found
    from aidgraph.store import Solutions, Term

_NAMESPACE = "http://www.w3.org/2005/sparql-results#"
_STRING = ox.NamedNode(f"{XSD}string")
# XML 1.0 has no way to write these, not even by number.
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_results(found: Found, form: str) -> str:
    """Return solutions, or what an ASK says, as JSON (`srj`) or XML (`srx`).

    Raises:
        UsageError: a value cannot be written in the format.
    """
    if form == "srj":
        return f"{json.dumps(_as_json(found), ensure_ascii=False, indent=1)}\n"
    return "".join(f"{line}\n" for line in _as_xml(found))


def _as_json(found: Found) -> dict[str, object]:
    if isinstance(found, bool):
        return {"head": {}, "boolean": found}
    bindings = [{name: _describe(term) for name, term in _bound(found, row)} for row in found.rows]
    return {"head": {"vars": list(found.columns)}, "results": {"bindings": bindings}}


def _as_xml(found: Found) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<sparql xmlns="{_NAMESPACE}">'
    if isinstance(found, bool):
        yield f"<head/>\n<boolean>{str(found).lower()}</boolean>"
    else:
        yield from _rows_as_xml(found)
    yield "</sparql>"


def _rows_as_xml(found: Solutions) -> Iterator[str]:
    variables = "".join(f'<variable name="{name}"/>' for name in found.columns)
    yield f"<head>{variables}</head>"
    yield "<results>"
    for row in found.rows:
        bindings = (
            f'<binding name="{name}">{_write_element(_describe(term))}</binding>'
            for name, term in _bound(found, row)
        )
        yield f"<result>{''.join(bindings)}</result>"
    yield "</results>"


def _bound(found: Solutions, row: tuple[Term | None, ...]) -> Iterator[tuple[str, Term]]:
    for name, term in zip(found.columns, row, strict=True):
        if term is not None:
            yield name, term


def _describe(term: Term) -> dict[str, str]:
    """Return a term as the JSON format writes it."""
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        en = "A triple as a value has no form in SPARQL 1.1 results: select its parts."
        raise UsageError(en, "SPARQL 1.1 结果格式无法表示三元组值：请选取其各部分。")
    described = {"type": "literal", "value": term.value}
    if term.language:
        return described | {"xml:lang": term.language}
    return described if term.datatype == _STRING else described | {"datatype": term.datatype.value}


def _write_element(described: Mapping[str, str]) -> str:
    value = described["value"]
    unfit = _NOT_IN_XML.search(value)
    if unfit:
        en = f"XML cannot hold the character U+{ord(unfit[0]):04X} of a value: use -f srj."
        raise UsageError(en, f"XML 无法容纳某值中的字符 U+{ord(unfit[0]):04X}：请用 -f srj。")
    kind = described["type"]
    notes = "".join(
        f' {name}="{escape(described[name])}"'
        for name in ("xml:lang", "datatype")
        if name in described
    )
    text = escape(value, quote=False).replace("\r", "&#13;")
    return f"<{kind}{notes}>{text}</{kind}>"
