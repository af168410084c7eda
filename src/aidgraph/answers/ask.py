"""Ask a canned question, or a query typed in, and get an answer.

A parameter is bound as an RDF term: a row of VALUES at the start of the query's WHERE, so that
sub-selects, aggregates and negation all see it as any engine would.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.answers.lookup import read_value
from aidgraph.answers.passages import count_passages
from aidgraph.answers.results import Answer, read_cells, read_labels
from aidgraph.dataset import Dataset
from aidgraph.errors import UsageError
from aidgraph.questions import fill_title, hash_query
from aidgraph.store import Solutions
from aidgraph.terms import prefixes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aidgraph.dataset import OpenDataset
    from aidgraph.questions import Language, Question

_WHERE = re.compile(r"^SELECT\b[^{]*\{", re.MULTILINE)


def ask_question(  # noqa: PLR0913  # what is asked, and how much is wished
    dataset: OpenDataset,
    question: Question,
    given: Mapping[str, str],
    language: Language,
    *,
    rules: Mapping[str, str] | None = None,
    whole: bool = False,
) -> Answer:
    """Answer `question` with its parameters as people typed them.

    Args:
        dataset: what is asked.
        question: the canned question.
        given: parameter name to value; see `lookup.read_value`.
        language: of labels.
        rules: the inference rules (`why.read_rules`), to find the evidence of every row with;
            without them none is looked for.
        whole: look for all evidence, however much; see `trace.explain`.

    Raises:
        UsageError: a parameter is missing or unknown; the message shows the form.
        NotFoundError: a value names nothing.
        AmbiguousError: a value names several things.
    """
    terms = _read_terms(dataset, question, given)
    bound = bind(question.sparql, terms)
    solutions = dataset.store.select(bound)
    shown = _show_values(dataset, question, terms, given, language)
    answer = _answer(dataset, question.sparql, solutions, language)._replace(
        query=question.name,
        params=dict(given),
        title=fill_title(question, shown, language),
        titles={name: label[language] for name, label in question.columns.items()},
    )
    return _with_reasons(dataset, answer, bound, solutions, rules, language, whole=whole)


def ask_query(
    dataset: OpenDataset,
    sparql: str,
    language: Language,
    *,
    rules: Mapping[str, str] | None = None,
    whole: bool = False,
) -> Answer:
    """Answer a SELECT or ASK query; an ASK gives one row with the column `answer`.

    It may use the project's prefixes undeclared. `rules` and `whole` as in `ask_question`.

    Raises:
        UsageError: the query is not SPARQL 1.1, is neither form, is an update or reaches for
            SERVICE.
        LimitError: it crosses a limit of `sparql.tokens`.
    """
    from aidgraph.sparql.parser import parse_query

    complete = _with_prefixes(sparql)
    if parse_query(sparql).form != "ASK":
        solutions = dataset.store.select(sparql, prefixes())
        answer = _answer(dataset, sparql, solutions, language)
        return _with_reasons(dataset, answer, complete, solutions, rules, language, whole=whole)
    said = dataset.store.ask(sparql, prefixes())
    shown = Solutions(("answer",), [(ox.Literal(said),)])
    answer = _answer(dataset, sparql, shown, language)._replace(said=said)
    true = Solutions((), [()])
    return _with_reasons(dataset, answer, complete, true, rules, language, whole=whole)


def construct_triples(dataset: OpenDataset, sparql: str) -> Iterator[ox.Triple] | None:
    """Return the triples of a CONSTRUCT or DESCRIBE query; None for the other forms.

    Takes and raises what `ask_query` does.
    """
    from aidgraph.sparql.parser import parse_query

    if parse_query(sparql).form not in ("CONSTRUCT", "DESCRIBE"):
        return None
    return dataset.store.construct(sparql, prefixes())


def bind_question(dataset: OpenDataset, question: Question, given: Mapping[str, str]) -> str:
    """Return the SPARQL of a question about what people typed; raises as `ask_question` does."""
    return bind(question.sparql, _read_terms(dataset, question, given))


def bind(sparql: str, terms: Mapping[str, ox.NamedNode | ox.Literal]) -> str:
    """Return the query with each variable in `terms` bound to its term.

    >>> bind("SELECT ?x WHERE { ?x ?p ?o }", {"o": ox.Literal("}")})
    'SELECT ?x WHERE { VALUES ?o { "}" } ?x ?p ?o }'

    Each has a VALUES of its own: Virtuoso stumbles over some of several variables.
    """
    if not terms:
        return sparql
    where = _WHERE.search(sparql)
    if where is None:
        en = "The query has no line that begins with SELECT: its parameters cannot be bound."
        raise UsageError(en, "该查询没有以 SELECT 开头的行：无法绑定其参数。")
    values = " ".join(f"VALUES ?{name} {{ {term} }}" for name, term in terms.items())
    head, body = sparql[: where.end()], sparql[where.end() :]
    return f"{head} {values}{body}"


def _read_terms(
    dataset: OpenDataset, question: Question, given: Mapping[str, str]
) -> dict[str, ox.NamedNode | ox.Literal]:
    check_given(question, given)
    return {
        parameter.name: read_value(dataset.store, parameter, given[parameter.name])
        for parameter in question.parameters
        if parameter.name in given
    }


def _show_values(
    dataset: OpenDataset,
    question: Question,
    terms: Mapping[str, ox.NamedNode | ox.Literal],
    given: Mapping[str, str],
    language: Language,
) -> dict[str, str]:
    """Return what fills the blanks: the label of a thing or a choice, else what was typed."""
    things = {name: term.value for name, term in terms.items() if isinstance(term, ox.NamedNode)}
    labels = read_labels(dataset.store, things.values(), language) if things else {}
    shown = {name: labels[iri] for name, iri in things.items()}
    for parameter in question.parameters:
        if parameter.name in terms and parameter.name not in things:
            choice = parameter.values.get(terms[parameter.name].value)
            shown[parameter.name] = choice[language] if choice else given[parameter.name]
    return shown


def show_form(question: Question) -> str:
    """Return how the question is asked, with its parameters' examples."""
    options = (f"--{p.name} {p.example}" for p in question.parameters if not p.optional)
    return " ".join(["aidgraph ask", question.name, *options])


def _answer(dataset: OpenDataset, sparql: str, solutions: Solutions, language: Language) -> Answer:
    return Answer(
        query=None,
        query_hash=hash_query(sparql),
        snapshot=dataset.snapshot,
        params={},
        columns=solutions.columns,
        rows=read_cells(dataset.store, solutions, language),
        searched=_count_searched(dataset),
        said=bool(solutions.rows),
    )


def _count_searched(dataset: OpenDataset) -> int:
    """Return how many passages are looked through: a build has counted them, a store must."""
    if isinstance(dataset, Dataset):
        return dataset.manifest.counts["passages"]
    return count_passages(dataset.store)


def _with_prefixes(sparql: str) -> str:
    """Return the query with the project's prefixes that it may use declared.

    Only evidence is looked for with this text: the query's hash, and where its mistakes are,
    are told of the text as it was typed.
    """
    used = (
        f"PREFIX {name}: <{space}> " for name, space in prefixes().items() if f"{name}:" in sparql
    )
    return "".join(used) + sparql


def _with_reasons(  # noqa: PLR0913, PLR0917  # one table, in its several forms
    dataset: OpenDataset,
    answer: Answer,
    sparql: str,
    solutions: Solutions,
    rules: Mapping[str, str] | None,
    language: Language,
    *,
    whole: bool,
) -> Answer:
    if rules is None:
        return answer
    if not answer.said:
        from aidgraph.answers.absence import find_absence

        return answer._replace(evidence=(find_absence(dataset.store, language),), untraced=((),))
    from aidgraph.answers.why import find_reasons

    found = find_reasons(
        dataset.store,
        sparql,
        solutions,
        rules=rules,
        searched=answer.searched,
        language=language,
        whole=whole,
    )
    return answer._replace(
        evidence=tuple(reasons.evidence for reasons in found),
        untraced=tuple(reasons.untraced for reasons in found),
        is_sample=any(reasons.is_sample for reasons in found),
    )


def check_given(question: Question, given: Mapping[str, str]) -> None:
    """Check that the question has each given parameter, and that none it needs is missing.

    Raises:
        UsageError: as `ask_question` does; the message shows the form.
    """
    known = {parameter.name for parameter in question.parameters}
    for name in given:
        if name not in known:
            listed = ", ".join(sorted(known))
            en = f"{question.name} has no parameter {name}; it has: {listed or 'none'}."
            zh = f"{question.name} 没有参数 {name}；其参数：{listed or '无'}。"
            raise UsageError(en, zh)
    missing = [p for p in question.parameters if not p.optional and p.name not in given]
    if missing:
        form = show_form(question)
        needed = " and ".join(f"--{p.name} ({p.label['en']})" for p in missing)
        en = f"{question.name} needs {needed}. For example: {form}"
        needed = "、".join(f"--{p.name}（{p.label['zh']}）" for p in missing)
        zh = f"{question.name} 需要 {needed}。例如：{form}"
        raise UsageError(en, zh)
