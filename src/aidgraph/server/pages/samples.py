"""How programs ask what a page shows: the same answer with curl, Python and R."""

from __future__ import annotations

from typing import NamedTuple


class Sample(NamedTuple):
    """A piece of code: its language, and its text."""

    name: str
    code: str


def write_samples(address: str) -> tuple[Sample, ...]:
    """Return code that fetches the answer at `address` (of CSV, absolute, percent-encoded).

    An encoded address has no quotation mark or backslash, so it is a string in each language.
    """
    json = address.replace(".csv", ".json", 1)
    return (
        Sample("curl", f"curl '{json}'"),
        Sample(
            "Python",
            f"import json\nfrom urllib.request import urlopen\n\n"
            f'answer = json.load(urlopen("{json}"))\n'
            f'for row in answer["rows"]:\n    print(row)',
        ),
        Sample("R", f'answer <- read.csv("{address}")\nprint(answer)'),
    )
