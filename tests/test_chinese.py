"""Help and mistakes of use for who reads Chinese: no English sentence among them."""

from __future__ import annotations

import re

import pytest

from aidgraph.cli.app import run

HAN = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")
TYPED = re.compile(r"aidgraph( [a-z-]+)+")  # what is typed is the same in either language
COMMANDS = ["ask", "build", "check", "export", "passages", "queries", "query", "review"]


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS), ["ask", "sums-above"]])
def test_help_is_in_chinese(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Every option and command is told in Chinese; in English afterwards nothing is left of it."""
    assert run(["--lang", "zh", *command, "--help"]) == 0
    chinese = capsys.readouterr().out
    assert run(["--lang", "en", *command, "--help"]) == 0
    english = capsys.readouterr().out

    assert chinese.startswith("用法：aidgraph")
    assert "选项：\n" in chinese
    lines = [line for line in chinese.splitlines() if re.search(r"\S {2,}\S", line)]
    assert lines
    assert all(HAN.search(line) for line in lines)
    assert not ENGLISH.search(TYPED.sub("", chinese))
    assert english.startswith("Usage: aidgraph")
    assert re.search(r"--help +Show this message and exit\.", english)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["fetch"], "没有命令“fetch”"),
        (
            ["ask", "agreements", "-f", "pdf"],
            "--format 的值无效：可取 table、json、csv、tsv、md、xlsx、srj、srx。",
        ),
        (["ask", "agreements", "--timout", "3"], "没有选项 --timout。最接近的有：--timeout"),
        (["ask", "agreements", "-f"], "选项 -f 用法有误"),
        (["ask", "agreements", "more", "x"], "多了参数：more x。"),
        (["ask", "agreements", "--timeout", "x"], "--timeout 的值无效：请给出一个数。"),
        (["queries", "-o", "/"], "--output 的值无效：文件夹与文件不可混用。"),
        (["review", "x"], "缺少 --reader。"),
        (["passages"], "缺少 ARTICLE。"),
        ([], "命令：\n  ask "),
    ],
)
def test_a_mistake_of_use_is_told_in_chinese(
    arguments: list[str],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Status 2, and the mistake in a sentence."""
    monkeypatch.setenv("AIDGRAPH_LANG", "zh")
    assert run(arguments) == 2

    captured = capsys.readouterr()
    assert not captured.out
    assert sentence in captured.err
    assert not ENGLISH.search(TYPED.sub("", captured.err))
