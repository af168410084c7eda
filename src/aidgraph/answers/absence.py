"""What an answer rests on that says nothing: the passages that were looked through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.answers.results import Evidence
from aidgraph.terms import ARTICLE, aid

if TYPE_CHECKING:
    from aidgraph.questions import Language
    from aidgraph.store import Store

_WORDS = {
    "en": "no match in any of the {number} passages of {article}",
    "zh": "{article} 的全部 {number} 个句段中均无匹配",
}


def find_absence(store: Store, language: Language) -> tuple[Evidence, ...]:
    """Return one piece of evidence an article: all its passages were searched, in vain."""
    query = f"""PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT ?article (COUNT(?passage) AS ?number) WHERE {{
  {{ SELECT DISTINCT ?article ?passage WHERE {{
    ?passage a {aid("Passage")} ; oa:hasSource ?article .
  }} }}
}} GROUP BY ?article ORDER BY ?article"""
    found = []
    for article, number in store.select(query).rows:
        if isinstance(article, ox.NamedNode) and isinstance(number, ox.Literal):
            name = article.value.removeprefix(ARTICLE)
            text = _WORDS[language].format(number=number.value, article=name)
            found.append(Evidence(kind="absence", text=text, article=name))
    return tuple(found)
