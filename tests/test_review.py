"""The second reading: a passage is locked as it was read, and a change unlocks it."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

import pytest

from aidgraph.errors import NotFoundError, UnreadableError
from aidgraph.findings import Severity
from aidgraph.gates.review import check_review, choose_passages, hash_passages, write_locks
from grounded import Sample

if TYPE_CHECKING:
    from pathlib import Path

    from aidgraph.findings import Finding
    from aidgraph.sources import ArticleSource

WITH_FACTS = ["p2.1", "p3.1", "p3.2", "p4.1", "p4.2", "p5.1", "p5.2", "p5.3"]
BASE = "https://w3id.org/aidgraph"
DAY = date(2026, 11, 23)


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    """The sample project, which nobody has reviewed."""
    return Sample(tmp_path / "sample")


def read(sample: Sample) -> ArticleSource:
    """Read the sample's article."""
    return sample.read().articles[0]


def lock(sample: Sample, *passages: str, reader: str = "阿依古丽") -> None:
    """Lock passages, or all, in the sample's review.ttl."""
    path = sample.path("facts.trig").with_name("review.ttl")
    article = read(sample)
    chosen = choose_passages(article, passages)
    write_locks(path, article, reader=reader, day=DAY, passages=chosen)


def unread(sample: Sample) -> list[Finding]:
    """Return the findings of the sample's passages that nobody has read as they are."""
    return check_review(read(sample))


def test_passages_with_facts_are_to_be_read(sample: Sample) -> None:
    """Where there is no review.ttl, each is counted, as information."""
    findings = unread(sample)

    assert [finding.graph for finding in findings] == WITH_FACTS
    assert {(each.rule, each.severity) for each in findings} == {
        ("passage-not-reviewed", Severity.INFO)
    }


def test_the_hash_is_of_the_sorted_n_triples_lines(sample: Sample) -> None:
    """Anyone can work it out with sort and sha256sum."""
    line = (
        f"<{BASE}/article/sample/p5.1-joint> <{BASE}/ont#by> <{BASE}/id/place/340000> .\n"
    ).encode()

    assert hash_passages(read(sample))["p5.1"] == hashlib.sha256(line).hexdigest()


def test_a_locked_article_has_nothing_to_read(sample: Sample) -> None:
    """All locks are written, read again and found right."""
    lock(sample)

    assert unread(sample) == []


def test_a_change_unlocks_its_passage(sample: Sample) -> None:
    """Only the changed one; the finding says who read it when."""
    lock(sample)
    sample.change("facts.trig", "aid:carries product:white-goods ; ", "")

    (finding,) = unread(sample)

    assert finding.graph == "p5.3"
    assert "阿依古丽" in finding.message_en
    assert "2026-11-23" in finding.message_en


def test_a_lock_is_renewed_and_the_others_kept(sample: Sample) -> None:
    """One reads a passage again; whoever read the rest is still named."""
    lock(sample)
    sample.change("facts.trig", "aid:carries product:white-goods ; ", "")

    lock(sample, "p5.3", reader='B. "Quote" \\ Reader')

    text = sample.path("facts.trig").with_name("review.ttl").read_text(encoding="utf-8")
    assert unread(sample) == []
    assert text.count("阿依古丽") == len(WITH_FACTS) - 1


def test_only_passages_with_facts_can_be_locked(sample: Sample) -> None:
    """The heading has none; the error names it."""
    with pytest.raises(NotFoundError, match=r"no passage with facts named p1\.1"):
        lock(sample, "p1.1")


def test_a_folder_that_is_not_there_is_said(sample: Sample) -> None:
    """What cannot be written is named."""
    path = sample.path("facts.trig").parent / "none" / "review.ttl"

    with pytest.raises(UnreadableError, match="cannot be written"):
        write_locks(path, read(sample), reader="A", day=DAY, passages=["p5.3"])
