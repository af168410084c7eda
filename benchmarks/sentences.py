"""How many sentences are answered right, as people put their questions.

    python benchmarks/sentences.py

`phrasings/*.tsv` were written by three readers who knew the articles and not the questions of this
project; `../tests/phrasings.py` says what is right. Of each list the table gives how many are
answered right, how many are answered otherwise and how many are asked back; and, over all but
the list that is set aside, how the answers fare by the score of the reading. `set-aside.tsv` is
for measuring only: what is read in it is no longer a measure.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from aidgraph.answers.understand import Interpreter
from aidgraph.answers.why import read_rules
from aidgraph.dataset import open_dataset
from aidgraph.project import find_project
from aidgraph.questions import read_questions

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from phrasings import put, read_all_names, read_phrasings  # noqa: E402  # a script beside the tests

SET_ASIDE = "set-aside"


def main() -> None:
    """Print the table, then the answers by score."""
    project = find_project(HERE.parent)
    dataset, (questions, _) = open_dataset(project), read_questions(project)
    rules, names = read_rules(project), read_all_names(dataset)
    interpreter = Interpreter(dataset.store, questions)
    right: Counter[int] = Counter()
    put_in_all: Counter[int] = Counter()
    print("list        right  other  asked back")
    for path in sorted((HERE / "phrasings").glob("*.tsv")):
        found: Counter[str] = Counter()
        for phrasing in read_phrasings(path):
            outcome = put(dataset, interpreter, rules, phrasing, names)
            how = "right" if not outcome.fault else "other" if outcome.understood else "back"
            found[how] += 1
            if path.stem != SET_ASIDE:
                tenth = int(10 * interpreter.rank(phrasing.question)[0].score)
                right[tenth] += how == "right"
                put_in_all[tenth] += 1
        print(f"{path.stem:<10}{found['right']:7}{found['other']:7}{found['back']:12}")
    print("\nscore  right  of")
    for tenth, number in sorted(put_in_all.items()):
        print(f"{tenth / 10:5.1f}{right[tenth]:7}{number:4}")


if __name__ == "__main__":
    main()
