"""Errors and notices in both languages: who reads Chinese is told in Chinese."""

from __future__ import annotations

import ast
import os
import pickle
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aidgraph import errors
from aidgraph.errors import AidgraphError, DataError
from aidgraph.findings import Finding
from aidgraph.locks import hold_lock
from aidgraph.project import Project, find_project
from aidgraph.quantities import QuantityError, read_quantity
from running import run_aidgraph, start_aidgraph

if TYPE_CHECKING:
    from collections.abc import Iterator

FACTS = "data/articles/small/facts.trig"
TELLING = {
    "fail",
    "_fail",
    "refuse",
    "say",
    "_bad_header",
    "_bad_rule",
    "Problem",
}  # Chinese comes last
PACKAGE = Path(errors.__file__).parent
CLASSES = {c.__name__ for c in (*AidgraphError.__subclasses__(), QuantityError)} - {"Problem"}
HAN = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”][,;:.!?()]|[;:!?(][\u4e00-\u9fff]")

# Command, exit status, what English says, what Chinese says.
MISTAKES = {
    "UsageError": (
        ["query"],
        2,
        "Give a query: a file, - for standard input, or -e SPARQL.",
        "请给出查询：文件、-（标准输入）或 -e SPARQL。",
    ),
    "UsageError of syntax": (
        ["query", "-e", "SELECT ?x { ?x a }"],
        2,
        "The query cannot be read at line 1, column 18: expected an IRI, found “}”.",
        "查询第 1 行第 18 列无法读取：此处应为 IRI，实为“}”。",
    ),
    "UsageError of form": (
        ["ask", "helpers-of-area"],
        2,
        (
            "helpers-of-area needs --area (recipient area). "
            "For example: aidgraph ask helpers-of-area --area 喀什地区"
        ),
        "helpers-of-area 需要 --area（受援地）。例如：aidgraph ask helpers-of-area --area 喀什地区",
    ),
    "UnreadableError": (
        ["query", "none.rq"],
        3,
        "none.rq cannot be read: No such file or directory. Restore it, or its permissions.",
        "无法读取 none.rq：没有这个文件或文件夹。请恢复它或其权限。",
    ),
    "UnreadableError of output": (
        ["queries", "-o", "none/a.txt"],
        3,
        (
            "none/a.txt cannot be written: No such file or directory. "
            "Free space and make its folder writable, or choose another."
        ),
        "无法写入 none/a.txt：没有这个文件或文件夹。请释放空间并使其文件夹可写，或另选一处。",
    ),
    "LimitError": (
        ["query", "-e", f"ASK {'{' * 65}{'}' * 65}"],
        5,
        (
            "The query cannot be read at line 1, column 69: "
            "it is nested more than 64 deep; take it apart."
        ),
        "查询第 1 行第 69 列无法读取：嵌套超过 64 层；请拆分。",
    ),
    "LimitError of time": (
        ["query", "-e", "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "--timeout", "0.2"],
        5,
        "No answer within 0.2 s: ask for less, or give more time with --timeout.",
        "0.2 秒内没有得出答案：请缩小查询范围，或用 --timeout 给更多时间。",
    ),
    "NotFoundError": (
        ["ask", "zzz"],
        4,
        "There is no question “zzz”. “aidgraph queries” lists them.",
        "没有名为“zzz”的问题。“aidgraph queries”可列出全部问题。",
    ),
    "NotFoundError of name": (
        ["ask", "helpers-of-area", "--area", "火星"],
        4,
        "No recipient area is called “火星”. An example: 喀什地区.",
        "没有名为“火星”的受援地。示例：喀什地区。",
    ),
    "AmbiguousError": (
        ["passages", "xinjiang"],
        4,
        (
            "“xinjiang” is part of several articles' names: "
            "xinjiang-daily-every-blade, xinjiang-daily-shared-purpose. Give more of one."
        ),
        (
            "“xinjiang”是多篇文章名称的一部分："
            "xinjiang-daily-every-blade, xinjiang-daily-shared-purpose。请写得更全。"
        ),
    ),
    "RemoteError": (
        ["ask", "totals-of-aid", "--endpoint", "http://127.0.0.1:9/query"],
        6,
        "Nothing listens at http://127.0.0.1:9/query: start the store, or mend the address.",
        "http://127.0.0.1:9/query 处没有服务：请启动存储，或改正地址。",
    ),
    "DataError": (
        ["query", "latin.rq"],
        1,
        "latin.rq is not UTF-8 at byte 2: save it as UTF-8.",
        "latin.rq 第 2 字节处不是 UTF-8：请存为 UTF-8。",
    ),
}


@pytest.fixture(scope="module")
def project(built_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The repository's project, built, in a folder of its own."""
    root = shutil.copytree(
        built_root, tmp_path_factory.mktemp("messages") / "project", symlinks=True
    )
    (root / "latin.rq").write_bytes(b"# \xe9")
    return find_project(root)


def find_nodes() -> Iterator[tuple[str, ast.AST]]:
    """Yield every node of the program's syntax trees, with its module."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            yield path.stem, node


def find_calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield each call in the program that makes one of its errors, with the class's name."""
    for _, node in find_nodes():
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in CLASSES:
                yield name, node


def find_chinese() -> Iterator[tuple[str, str]]:
    """Yield the Chinese in the program's messages, each with its module."""
    for module, node in find_nodes():
        match node:
            case ast.Assign(targets=[ast.Name(id="zh")], value=text):
                yield module, show_text(text)
            case ast.Assign(
                targets=[ast.Tuple(elts=[_, ast.Name(id="zh")])], value=ast.Tuple(elts=[_, text])
            ):
                yield module, show_text(text)
            case ast.Call(func=ast.Name(id=name), args=[_, text, *_]) if name in CLASSES:
                yield module, show_text(text)
            case (
                ast.Call(func=ast.Name(id=name), args=[*_, text])
                | ast.Call(func=ast.Attribute(attr=name), args=[*_, text])
            ) if name in TELLING:
                yield module, show_text(text)


def show_text(node: ast.expr) -> str:
    """Return a string or f-string, each value in it as one letter."""
    if isinstance(node, ast.JoinedStr):
        return "".join(show_text(part) for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "x"


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_in_the_language_asked_for(project: Project, case: str) -> None:
    """The sentence is in that language, and the status the same in both."""
    arguments, status, english, chinese = MISTAKES[case]

    for language, expected in (("en", english), ("zh", chinese)):
        process = run_aidgraph(project, "--lang", language, *arguments)

        assert (status, "") == (process.returncode, process.stdout)
        assert f"aidgraph: {expected}\n" == process.stderr


def test_every_error_that_is_raised_has_been_tried() -> None:
    """A class that the program begins to raise needs a case above.

    Findings carry a `QuantityError`, so it reaches nobody by itself; a `DifferenceError` needs a
    store, in `test_load`.
    """
    raised = {name for name, _ in find_calls()} - {"QuantityError", "DifferenceError"}

    assert {case.split()[0] for case in MISTAKES} == raised


@pytest.mark.parametrize(
    ("arguments", "environment", "chinese"),
    [
        (["ask", "zzz", "--lang", "zh"], {}, True),
        (["ask", "zzz", "--lang=zh"], {}, True),
        (["--lang", "en", "ask", "zzz", "--lang", "zh"], {}, True),
        (["--lang=zh", "ask", "zzz", "--lang", "en"], {}, False),
        (["ask", "zzz"], {"AIDGRAPH_LANG": "zh"}, True),
        (["ask", "zzz"], {"LC_ALL": "zh_CN.UTF-8"}, True),
        (["ask", "zzz"], {"AIDGRAPH_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, False),
        (["ask", "zzz", "--lang", "en"], {"AIDGRAPH_LANG": "zh"}, False),
        (["review", "zzz", "--reader", "李", "--lang", "zh"], {}, True),
        (["passages", "zzz", "--lang", "zh"], {}, True),
    ],
)
def test_the_language_is_heard_wherever_it_is_said(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    environment: dict[str, str],
    *,
    chinese: bool,
) -> None:
    """The last --lang, before or after the command, else AIDGRAPH_LANG, else the locale."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    process = run_aidgraph(project, *arguments)

    assert process.returncode == 4
    assert chinese == process.stderr.startswith("aidgraph: 没有名为“zzz”的")


def test_a_build_says_in_chinese_what_it_does(small_project: Project) -> None:
    """Why it is begun, on standard error; what it made, on standard output."""
    asked = run_aidgraph(small_project, "--lang", "zh", "query", "-e", "ASK {}")
    facts = small_project.root / FACTS
    facts.write_text(f"{facts.read_text('utf-8')}# later\n", "utf-8")
    again = run_aidgraph(small_project, "--lang", "zh", "query", "-e", "ASK {}")

    assert asked.stderr == "尚无数据集：正在构建。\n"
    assert again.stderr == "数据有变化：正在重新构建。\n"


def test_a_fault_is_told_in_chinese(small_project: Project) -> None:
    """Findings, and the sentence that counts them, are in the language of the command line."""
    facts = small_project.root / FACTS
    text = facts.read_text("utf-8")
    facts.write_text(text.replace("place:653129", "place:650000"), "utf-8")

    process = run_aidgraph(small_project, "build", "--lang", "zh")

    *findings, last = process.stderr.splitlines()
    assert process.returncode == 1
    assert re.fullmatch(r"aidgraph: 11 条事实中有 \d 处错误。未构建任何内容。", last)
    assert all(HAN.search(line) for line in findings)


def test_a_check_tells_its_findings_in_chinese(small_project: Project) -> None:
    """--lang is heard by the findings, the sentence that counts them, and nothing else stands."""
    facts = small_project.root / FACTS
    text = facts.read_text("utf-8")
    facts.write_text(text.replace("place:653129", "place:650000"), "utf-8")

    process = run_aidgraph(small_project, "--lang", "en", "check", "--lang", "zh")

    assert process.returncode == 1
    assert all(HAN.search(line) for line in process.stdout.splitlines())


def test_a_file_that_cannot_be_parsed_is_told_in_chinese(small_project: Project) -> None:
    """A data error of one finding: file, line, what is wrong and the remedy."""
    (small_project.root / FACTS).write_text("oops", "utf-8")

    process = run_aidgraph(small_project, "build", "--lang", "zh")

    last = process.stderr.splitlines()[-1]
    assert process.returncode == 1
    assert last.startswith(f"aidgraph: {FACTS}:1：文件不是有效的 TriG：")
    assert last.endswith("。请改正该行的语法。")


def test_who_waits_for_a_build_is_told_in_chinese(built_small_project: Project) -> None:
    """The sentence names the process that holds the lock."""
    with hold_lock(built_small_project.output / "lock", lambda _en, _zh: None):
        process = start_aidgraph(built_small_project, "build", "--lang", "zh")
        assert process.stderr is not None
        waiting = process.stderr.readline()
    process.communicate(timeout=60)

    assert f"另一个构建正在进行（进程 {os.getpid()}）：等待其结束。\n" == waiting


def test_a_full_disk_behind_standard_output_is_told(project: Project) -> None:
    """Status 3 and one sentence; Python adds nothing at exit."""

    def fill() -> None:
        os.dup2(os.open("/dev/full", os.O_WRONLY), 1)

    for command in (["queries"], ["export"]):
        process = run_aidgraph(project, *command, "--lang", "zh", before=fill)

        assert process.returncode == 3
        assert process.stderr.startswith("aidgraph: 无法写入 /dev/stdout：磁盘已满。")
        assert process.stderr.count("\n") == 1


def test_a_folder_that_went_away_is_told(project: Project, tmp_path: Path) -> None:
    """Status 3 and one sentence where the current folder no longer exists."""
    gone = tmp_path / "gone"
    gone.mkdir()

    def leave() -> None:
        os.chdir(gone)
        gone.rmdir()

    process = run_aidgraph(project, "queries", "--lang", "zh", before=leave)

    assert process.returncode == 3
    assert process.stderr == "aidgraph: 无法读取 .：没有这个文件或文件夹。请恢复它或其权限。\n"


def test_a_part_that_is_missing_is_told_with_its_remedy(built_small_project: Project) -> None:
    """Status 3; what the sentence says to do makes the export whole again."""
    (folder,) = built_small_project.output.glob("datasets/*")
    next(folder.glob("parts/*.nq")).unlink()

    process = run_aidgraph(built_small_project, "export", "--lang", "zh")

    assert process.returncode == 3
    assert f"请删除 {folder}，再运行“aidgraph build”。\n" in process.stderr
    shutil.rmtree(folder)
    assert run_aidgraph(built_small_project, "build").returncode == 0
    assert run_aidgraph(built_small_project, "export").returncode == 0


def test_no_error_is_made_without_chinese() -> None:
    """Each is made with a sentence in either language."""
    calls = list(find_calls())

    assert len(calls) > 30
    assert not [ast.unparse(call) for _, call in calls if len(call.args) < 2]


def test_chinese_is_chinese_to_its_punctuation() -> None:
    """No English words stand where Chinese should, and no half-width mark beside Chinese."""
    texts = list(find_chinese())

    assert len(texts) > 70
    assert not [each for each in texts if ENGLISH.search(each[1]) and not HAN.search(each[1])]
    assert not [each for each in texts if HALF_WIDTH.search(each[1])]


def test_words_that_are_no_quantity_are_refused_in_both_languages() -> None:
    """The finding of such words says the same to either reader."""
    with pytest.raises(QuantityError) as caught:
        read_quantity("3里")

    assert caught.value.text("en").startswith("“3里” cannot be read for sure")
    assert caught.value.text("zh").startswith("“3里”不能确切读作一个有界限和单位的数：")


def test_an_error_survives_the_way_between_processes() -> None:
    """Pickled and read again it says the same, with its findings."""
    finding = Finding(rule="syntax", file="a.ttl", line=2, message_en="No.", message_zh="不。")
    error = DataError.about(finding)

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes

    assert (error.en, error.zh, error.findings) == (copy.en, copy.zh, copy.findings)
    assert (error.zh, (finding,)) == ("a.ttl:2：不。", error.findings)
