"""How many sentences are answered right, as people put their questions.

    python benchmarks/sentences.py

`phrasings/*.tsv` were written by ten readers who knew the articles and not the questions of this
project; `../tests/phrasings.py` says what is right. Of each list the table gives how many are
answered right; in how many more what is expected stands in the passages that are shown beside a
doubtful answer, or with the question back; how many are answered otherwise, and how many are asked
back. Then, over all but the lists that are set aside, how the answers fare by the score of the
reading. `set-aside*.tsv` are for measuring only: what is read in them is no longer a measure.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from aidgraph.answers.understand import Interpreter
from aidgraph.answers.why import read_rules
from aidgraph.dataset import open_dataset
from aidgraph.errors import AidgraphError
from aidgraph.project import find_project
from aidgraph.questions import read_questions

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from phrasings import (  # noqa: E402  # a script beside the tests
    Phrasing,
    put,
    read_all_names,
    read_phrasings,
    stands,
)

SET_ASIDE = "set-aside"


def main() -> None:
    """Print the table, then the answers by score."""
    project = find_project(HERE.parent)
    dataset, (questions, _) = open_dataset(project), read_questions(project)
    rules, names = read_rules(project), read_all_names(dataset)
    interpreter = Interpreter(dataset.store, questions)
    right: Counter[int] = Counter()
    put_in_all: Counter[int] = Counter()
    print("list          right  shown  other  asked back")
    for path in sorted((HERE / "phrasings").glob("*.tsv")):
        found: Counter[str] = Counter()
        for phrasing in read_phrasings(path):
            outcome = put(dataset, interpreter, rules, phrasing, names)
            how = "right" if not outcome.fault else "other" if outcome.understood else "back"
            if outcome.fault and is_shown(interpreter, phrasing):
                how = "shown"
            found[how] += 1
            if not path.stem.startswith(SET_ASIDE):
                tenth = int(10 * interpreter.rank(phrasing.question)[0].score)
                right[tenth] += how == "right"
                put_in_all[tenth] += 1
        counts = found["right"], found["shown"], found["other"], found["back"]
        print(f"{path.stem:<12}{counts[0]:7}{counts[1]:7}{counts[2]:7}{counts[3]:12}")
    print("\nscore  right  of")
    for tenth, number in sorted(put_in_all.items()):
        print(f"{tenth / 10:5.1f}{right[tenth]:7}{number:4}")


def is_shown(interpreter: Interpreter, phrasing: Phrasing) -> bool:
    """Tell whether the passages shown beside a doubtful reading have what is expected."""
    try:
        nearest = interpreter.understand(phrasing.question, phrasing.language).nearest
    except AidgraphError:
        nearest = interpreter.find_passages(phrasing.question)
    texts = [each.text or "" for each in nearest]
    expected = phrasing.expected
    return bool(expected) and all(any(stands(w, text) for text in texts) for w in expected)


if __name__ == "__main__":
    main()
