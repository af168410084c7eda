"""An answer that takes too long, or that nobody waits for, ends at once.

The query is a product of all triples with themselves, twice: years of work for the store, which
hears neither clock nor Ctrl-C.
"""

from __future__ import annotations

import re
import signal
import time
from typing import TYPE_CHECKING

import pytest

from aidgraph.errors import LimitError, NotFoundError
from aidgraph.store.deadline import run_within
from running import run_aidgraph, start_aidgraph

if TYPE_CHECKING:
    from aidgraph.project import Project

PRODUCT = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ENDLESS = {
    "count": f"SELECT (COUNT(*) AS ?n) {PRODUCT}",
    "rows": f"SELECT * {PRODUCT}",
    "ask": f"ASK {PRODUCT[:-1]} FILTER(CONCAT(STR(?a), STR(?d), STR(?g)) = '') }}",
    "construct": f"CONSTRUCT {{ ?a ?e ?i }} {PRODUCT}",
}
START_S = 5.0
"""What Python may take to start, end, and the store to open, on a busy machine."""


@pytest.mark.parametrize("shape", ENDLESS)
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "No answer within 0.5 s: ask for less, or give more time with --timeout."),
        ("zh", "0.5 秒内没有得出答案：请缩小查询范围，或用 --timeout 给更多时间。"),
    ],
)
def test_a_query_ends_at_its_deadline(
    built_small: Project, shape: str, language: str, sentence: str
) -> None:
    """Status 5, one sentence and nothing else, in time; whichever part of the answer is slow."""
    began = time.monotonic()
    process = run_aidgraph(
        built_small, "query", "-e", ENDLESS[shape], "--timeout", "0.5", "--lang", language
    )

    ended = (process.returncode, process.stdout)
    assert ended == (5, "")
    assert f"aidgraph: {sentence}\n" == process.stderr
    assert time.monotonic() - began < 0.5 + START_S


def test_a_question_has_a_deadline_too(built_small: Project) -> None:
    """A canned question takes --timeout; a moment is not enough for it."""
    slow = run_aidgraph(built_small, "ask", "agreements", "--why", "--timeout", "0.000001")
    quick = run_aidgraph(built_small, "ask", "agreements", "--why", "--timeout", "1e30")

    assert slow.returncode == 5
    assert quick.returncode == 0, quick.stderr


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf"])
def test_a_deadline_is_a_time(built_small: Project, seconds: str) -> None:
    """What is none is refused as wrong use."""
    process = run_aidgraph(built_small, "query", "-e", "ASK {}", "--timeout", seconds)

    assert process.returncode == 2
    assert re.fullmatch(r"aidgraph: --timeout \S+ is no time: .*\n", process.stderr)


@pytest.mark.parametrize("shape", ENDLESS)
def test_control_c_ends_a_query_at_once(built_small: Project, shape: str) -> None:
    """Status 130 and one line while the store is at work; pressed twice in haste, the same."""
    process = start_aidgraph(built_small, "query", "-e", ENDLESS[shape], "--timeout", "60")
    time.sleep(1.5)
    assert process.poll() is None
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=60)

    assert process.returncode == 130
    assert not out
    assert said == "Interrupted; the last dataset is intact. 已中断；最近的数据集完好。\n"
    assert time.monotonic() - began < 1.0


def test_work_in_time_gives_what_it_returns() -> None:
    """None is a result like any other."""
    assert run_within(60, lambda: 7) == 7
    assert run_within(60, lambda: None) is None


def test_work_that_fails_raises_what_it_raised() -> None:
    """The error is the caller's to handle, as if there were no thread."""

    def fail() -> int:
        raise NotFoundError("None.", "无。")  # noqa: EM101  # that very error comes back

    with pytest.raises(NotFoundError, match="None"):
        run_within(60, fail)


def test_work_out_of_time_is_left() -> None:
    """The caller goes on."""
    began = time.monotonic()
    with pytest.raises(LimitError):
        run_within(0.05, lambda: time.sleep(1))
    assert time.monotonic() - began < 0.9
