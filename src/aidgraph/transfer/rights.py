"""How a dataset may be used and is cited, as its own description says."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from aidgraph.description import DATASET
from aidgraph.transfer.things import read_quads

if TYPE_CHECKING:
    from collections.abc import Iterable

_DCTERMS = "http://purl.org/dc/terms/"
_SUBJECT = f"{DATASET} ".encode()
_WANTED = {
    f"{_DCTERMS}license": "license",
    f"{_DCTERMS}rights": "rights",
    f"{_DCTERMS}bibliographicCitation": "citation",
}


def read_rights(lines: Iterable[bytes]) -> dict[str, str]:
    """Return `license`, `rights` and `citation` of the dataset in N-Quads, English before Chinese.

    What its description does not say is left out.
    """
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    own = (line for line in lines if line.startswith(_SUBJECT))
    for _, quad in read_quads(sorted(own)):
        name = _WANTED.get(quad.predicate.value)
        if name is not None:
            found[name][str(getattr(quad.object, "value", ""))] = None
    return {name: " ".join(found[name]) for name in _WANTED.values() if name in found}
