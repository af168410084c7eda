"""Where text goes: standard output or a file, how wide it may be there, and in which style."""

from __future__ import annotations

import os
import re
import stat
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from aidgraph.errors import UnreadableError
from aidgraph.files import unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

STDOUT = Path("/dev/stdout")
"""What standard output is called in messages."""

_WIDTH = 100  # columns where it is not known how many there are
_LEAST_WIDTH = 20  # a terminal that tells of fewer does not know
_COLUMNS = re.compile(r"[0-9]{1,6}")
_OWN_MODE = 0o777  # the permission bits that are kept
_STDOUT_NUMBER = 1


@contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Open standard output (None or `-`), or a file that is written whole or not at all.

    Where `path` is a link, the file that it leads to is written; a file that exists keeps its
    mode. What is no file, a named pipe or a device, is opened and written as it stands.

    Raises:
        UnreadableError: it cannot be written; of a file, what stood there before still does.
        BrokenPipeError: the reader of standard output went away.
    """
    if path is None or str(path) == "-":
        with _open_stdout() as stream:
            yield stream
        return
    try:
        with _open_file(path, _stat(path)) as file:
            yield file
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(path, error) from error


def write_text(text: str, path: Path | None) -> None:
    """Write `text` in UTF-8 as `open_output` does."""
    write_bytes(text.encode("utf-8"), path)


def write_bytes(content: bytes, path: Path | None) -> None:
    """Write `content` as `open_output` does."""
    with open_output(path) as file:
        file.write(content)


def drop_stdout() -> None:
    """Have standard output lead nowhere: Python flushes it at exit, and would complain again."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def terminal_width(path: Path | None) -> int:
    """Return how many columns a table may take where it goes."""
    given = os.environ.get("COLUMNS", "")
    columns = int(given) if _COLUMNS.fullmatch(given) else 0
    if is_terminal(path):
        columns = os.get_terminal_size(sys.stdout.fileno()).columns
    return columns if columns >= _LEAST_WIDTH else _WIDTH


def is_styled(path: Path | None) -> bool:
    """Tell whether text may have colours where it goes."""
    return is_terminal(path) and not os.environ.get("NO_COLOR")


def is_terminal(path: Path | None) -> bool:
    """Tell whether what is written there is seen at once."""
    return path is None and sys.stdout is not None and sys.stdout.isatty()


@contextmanager
def _open_stdout() -> Iterator[BinaryIO]:
    if sys.stdout is None:  # closed by who called
        en = "Standard output is closed: open it, or name a file with -o."
        raise UnreadableError(en, "标准输出已关闭：请打开它，或用 -o 指定文件。")
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        drop_stdout()
        raise unwritable(STDOUT, error) from error


def _open_file(path: Path, found: os.stat_result | None) -> AbstractContextManager[BinaryIO]:
    if found is not None and _is_stdout(found):
        return _open_stdout()
    if found is not None and not stat.S_ISREG(found.st_mode):
        return path.open("wb")
    return _replace(path.resolve(), found)


@contextmanager
def _replace(path: Path, found: os.stat_result | None) -> Iterator[BinaryIO]:
    """Open a draft that takes the place of the file `path` when all of it is written."""
    import tempfile  # slow to import, and an answer on the terminal needs none

    if found is not None:
        path.open("ab").close()  # what may not be written may not be replaced either
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        draft.chmod(found.st_mode & _OWN_MODE if found is not None else 0o666 & ~_umask())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _stat(path: Path) -> os.stat_result | None:
    """Return what `path` leads to; None if nothing is there yet."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is_stdout(found: os.stat_result) -> bool:
    """Tell whether this is what standard output is: it may hold something already."""
    return sys.stdout is not None and os.path.samestat(found, os.fstat(_STDOUT_NUMBER))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
