"""Whether the project's questions give the same rows in a store as here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.answers.ask import bind
from aidgraph.answers.lookup import read_value
from aidgraph.errors import DifferenceError, NotFoundError
from aidgraph.questions import read_questions
from aidgraph.terms import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox

    from aidgraph.dataset import Dataset
    from aidgraph.project import Project
    from aidgraph.questions import Question
    from aidgraph.store.interface import Store


def compare_answers(project: Project, dataset: Dataset, remote: Store) -> int:
    """Ask each question about its example here and there; return how many were asked.

    A question whose example no article here names is left out.

    Raises:
        DifferenceError: some give other rows there; the text names them.
        RemoteError: the store refused, or cannot be reached.
    """
    questions = read_questions(project)[0]
    alike = {each.name: _is_alike(each, dataset, remote) for each in questions}
    others = [name for name, same in alike.items() if same is False]
    if others:
        names = ", ".join(others)
        en = f"{len(others)} questions give other rows there: {names}. Load again."
        raise DifferenceError(en, f"{len(others)} 个问题在该处得出不同的行：{names}。请重新加载。")
    return sum(same is True for same in alike.values())


def _is_alike(question: Question, dataset: Dataset, remote: Store) -> bool | None:
    try:
        terms = _read_examples(question, dataset)
    except NotFoundError:
        return None
    sparql = bind(question.sparql, terms)
    here = dataset.store.select(sparql, prefixes())
    there = remote.select(sparql, prefixes())
    return sorted(map(str, here.rows)) == sorted(map(str, there.rows))


def _read_examples(question: Question, dataset: Dataset) -> dict[str, ox.NamedNode | ox.Literal]:
    return {
        each.name: read_value(dataset.store, each, each.example)
        for each in question.parameters
        if not each.optional
    }
