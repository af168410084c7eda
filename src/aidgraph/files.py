"""Text files as everything here reads them: UTF-8, to the character."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.errors import DataError, UnreadableError

if TYPE_CHECKING:
    from pathlib import Path


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file to the character: line ends are kept.

    Raises:
        UnreadableError: the file is missing or cannot be read.
        DataError: it is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise unreadable(path, error) from error
    except UnicodeDecodeError as error:
        en = f"{path} is not UTF-8 at byte {error.start}: save it as UTF-8."
        zh = f"{path} 第 {error.start} 字节处不是 UTF-8：请存为 UTF-8。"
        raise DataError(en, zh) from error


def unreadable(path: Path, error: OSError) -> UnreadableError:
    """Return what is raised where the file or folder `path` cannot be read."""
    return UnreadableError(
        f"{path} cannot be read: {error.strerror}. Restore it, or its permissions.",
        f"无法读取 {path}：{error.strerror}。请恢复它或其权限。",
    )


def unwritable(path: Path, error: OSError) -> UnreadableError:
    """Return what is raised where the file `path` cannot be written."""
    return UnreadableError(
        f"{path} cannot be written: {error.strerror}. Free space and make its folder writable, "
        "or choose another.",
        f"无法写入 {path}：{error.strerror}。请释放空间并使其文件夹可写，或另选一处。",
    )
