"""Where answers go, and bytes that are no text: files, pipes, links, terminals, closed streams.

Nothing here writes to a device by its name: who runs the tests as root would lose it.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import stat
import struct
import subprocess
import sys
import termios
import threading
from typing import TYPE_CHECKING

import pytest

from aidgraph.cli.output import open_output, terminal_width, write_text
from aidgraph.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aidgraph.project import Project

COMMAND = (sys.executable, "-c", "from aidgraph.cli import main; main()")
QUERY = "SELECT ?x { ?x a aid:Article } ORDER BY ?x"
WIDE = "SELECT ?words { VALUES ?words { '发挥辐射带动作用，提升冷链物流能力' } }"


def run_bytes(
    project: Project,
    *arguments: str | bytes,
    given: bytes | None = None,
    environment: dict[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run `aidgraph` with arguments and standard input of any bytes."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=project.root,
        env={**os.environ, "PYTHONUTF8": "1", **(environment or {})},
        input=given,
        preexec_fn=before,
        capture_output=True,
        timeout=60,
        check=False,
    )


# Files


def test_a_named_pipe_is_written_and_stays_one(tmp_path: Path) -> None:
    """What is no file is opened as it stands."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(path.read_bytes()))
    reader.start()

    write_text("答案\n", path)

    reader.join(60)
    assert read == ["答案\n".encode()]
    assert stat.S_ISFIFO(path.stat().st_mode)
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_leads_to_the_file_that_is_written(tmp_path: Path) -> None:
    """The link stays a link; so does one to a file that is not there yet."""
    target, link = tmp_path / "there" / "a.txt", tmp_path / "link.txt"
    target.parent.mkdir()
    link.symlink_to(target)

    for text in ("new", "newer"):
        write_text(text, link)

        assert link.is_symlink()
        assert target.read_text("utf-8") == text
        assert not target.is_symlink()


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_a_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    """Who may read a file is the owner's choice."""
    path = tmp_path / "a.txt"
    path.write_text("old")
    path.chmod(mode)

    write_text("new", path)

    assert path.read_text("utf-8") == "new"
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_new_file_has_the_mode_of_the_umask(tmp_path: Path) -> None:
    """As any program's."""
    before = os.umask(0o027)
    try:
        write_text("new", tmp_path / "a.txt")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o640


def write_half(path: Path) -> None:
    """Begin to write a file, and fail."""
    with open_output(path) as file:
        file.write(b"half")
        raise KeyboardInterrupt


def test_what_is_not_written_whole_leaves_the_file(tmp_path: Path) -> None:
    """An error halfway: what stood there still does, and nothing else lies about."""
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        write_half(path)

    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_links_in_a_circle_are_told(tmp_path: Path) -> None:
    """Status 3 as for any file that cannot be written."""
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")

    with pytest.raises(UnreadableError, match="Too many levels of symbolic links"):
        write_text("x", tmp_path / "a")


def test_a_log_that_is_standard_output_too_is_not_replaced(
    built_small: Project, tmp_path: Path
) -> None:
    """`aidgraph … -o log >> log` appends, as the shell was asked to."""
    path = tmp_path / "log"
    path.write_text("before\n")
    with path.open("ab") as log:
        command = [*COMMAND, "query", "-e", "ASK {}", "-f", "csv", "-o", str(path)]
        subprocess.run(command, cwd=built_small.root, stdout=log, check=True)

    assert path.read_text("utf-8").splitlines() == ["before", "answer", "True"]


# Standard streams


@pytest.mark.parametrize("arguments", [["query", "-e", QUERY], ["queries"], ["export"]])
def test_a_closed_standard_output_is_told(built_small: Project, arguments: list[str]) -> None:
    """Status 3 and one sentence."""
    process = run_bytes(built_small, *arguments, before=lambda: os.close(1))

    assert process.returncode == 3
    assert process.stderr.decode().startswith("aidgraph: Standard output is closed: ")
    assert process.stderr.count(b"\n") == 1


def test_a_file_is_written_without_a_standard_output(built_small: Project, tmp_path: Path) -> None:
    """Nothing but the file is needed."""
    path = tmp_path / "a.csv"
    process = run_bytes(
        built_small, "query", "-e", QUERY, "-o", str(path), before=lambda: os.close(1)
    )

    assert (process.returncode, process.stderr) == (0, b"")
    assert path.read_text("utf-8").startswith("x,x_iri")


def fill_standard_output() -> None:
    """Let standard output lead to a full disk; called in a new process, before its program."""
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)


@pytest.mark.parametrize("arguments", [["--help"], ["ask", "--help"], ["queries"]])
def test_a_full_disk_behind_standard_output_is_told_by_help_too(
    built_small: Project, arguments: list[str]
) -> None:
    """Status 3 and one sentence; Python adds nothing at exit."""
    process = run_bytes(built_small, *arguments, before=fill_standard_output)

    assert process.returncode == 3
    assert process.stderr.decode().startswith("aidgraph: /dev/stdout cannot be written: No space")
    assert process.stderr.count(b"\n") == 1


def test_standard_input_that_is_closed_is_told(built_small: Project) -> None:
    """Status 3 and one sentence."""
    process = run_bytes(built_small, "query", "-", before=lambda: os.close(0))

    assert process.returncode == 3
    assert process.stderr.decode().startswith("aidgraph: Standard input is closed: ")


# Bytes that are no text


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "helpers-of-area", "--area", b"\xff\xfe"],
        ["ask", "passages-with-words", "--words", b"\xff"],
        ["query", "-e", b"ASK { ?x ?y '\xff' }"],
        ["passages", b"small\xff"],
        ["review", "small", "--reader", b"\xff"],
        ["review", b"\xff", "--reader", "x"],
    ],
)
def test_an_argument_that_is_not_utf8_is_refused(
    built_small: Project, arguments: list[str | bytes]
) -> None:
    """Status 2, and the bytes are shown."""
    process = run_bytes(built_small, *arguments)

    assert process.returncode == 2, process.stderr
    assert b"\\xff" in process.stderr
    assert process.stderr.endswith(b"is not UTF-8: type it in UTF-8.\n")


@pytest.mark.parametrize("arguments", [[b"\xff"], ["ask", b"\xff"], ["query", b"\xff"]])
def test_a_name_that_is_not_utf8_can_be_named_in_an_error(
    built_small: Project, arguments: list[str | bytes]
) -> None:
    """A command, question or file of that name is not there: no traceback says so."""
    process = run_bytes(built_small, *arguments)

    assert process.returncode in {2, 3, 4}
    assert b"Traceback" not in process.stderr
    assert re.search(rb"\\(udc|x)ff", process.stderr)


def test_standard_input_that_is_not_utf8_is_refused(built_small: Project) -> None:
    """As a file that is not: the byte is named."""
    process = run_bytes(built_small, "query", "-", given=b"ASK { ?x ?y '\xff' }")

    assert process.returncode == 1
    assert process.stderr == (
        b"aidgraph: Standard input is not UTF-8 at byte 13: give the query in UTF-8.\n"
    )


def test_chinese_is_read_whatever_the_locale(built_small: Project) -> None:
    """Arguments, standard input and output are UTF-8 in the POSIX locale as well."""
    plain = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    typed = run_bytes(
        built_small, "query", "-e", "SELECT ?x { VALUES ?x { '金华' } }", environment=plain
    )
    piped = run_bytes(
        built_small,
        "query",
        "-",
        given="SELECT ?x { VALUES ?x { '金华' } }".encode(),
        environment=plain,
    )

    assert typed.returncode == piped.returncode == 0
    assert "金华" in typed.stdout.decode()
    assert typed.stdout == piped.stdout


# Width


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("60", 60),
        ("20", 20),
        ("", 100),
        *((n, 100) for n in ("0", "1", "19", "²", "-5", "9" * 5000)),
    ],
)
def test_the_width_is_what_columns_says_if_it_can_be(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, columns: str, expected: int
) -> None:
    """Too few to be true, no number, or too many digits: as if nothing was said."""
    monkeypatch.setenv("COLUMNS", columns)

    assert terminal_width(tmp_path / "a.txt") == expected


@pytest.mark.parametrize(("columns", "lines"), [(0, 3), (24, 4)])
def test_a_terminal_that_does_not_know_its_width_gets_the_default(
    built_small: Project, columns: int, lines: int
) -> None:
    """34 columns of words are one line, where no terminal of 24 columns says otherwise."""
    here, there = pty.openpty()
    fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    try:
        subprocess.run(
            [*COMMAND, "query", "-e", WIDE], cwd=built_small.root, stdout=there, check=True
        )
        shown = os.read(here, 4096).decode()
    finally:
        os.close(here)
        os.close(there)

    assert len(shown.splitlines()) == lines
