"""Files as everything here lists and reads them: no hidden ones, UTF-8 to the character."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from aidgraph.errors import DataError, UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

BYTE_ORDER_MARK = "\ufeff"
_CAUSES_ZH = {
    os.strerror(number): words
    for number, words in {
        errno.ENOENT: "没有这个文件或文件夹",
        errno.EACCES: "没有权限",
        errno.EPERM: "系统不允许",
        errno.EISDIR: "它是文件夹",
        errno.ENOTDIR: "路径中有一段不是文件夹",
        errno.EEXIST: "已有同名文件",
        errno.ENOSPC: "磁盘已满",
        errno.EDQUOT: "磁盘配额已用完",
        errno.EFBIG: "文件过大",
        errno.EROFS: "文件系统只读",
        errno.ENAMETOOLONG: "名称过长",
        errno.ELOOP: "链接绕成了圈",
        errno.EADDRINUSE: "地址已被占用",
        errno.EADDRNOTAVAIL: "本机没有这个地址",
        errno.ECONNABORTED: "连接被中止",
        errno.ECONNRESET: "连接被重置",
        errno.EHOSTUNREACH: "主机不可达",
        errno.ENETUNREACH: "网络不可达",
        errno.EPIPE: "连接已断开",
        errno.ETIMEDOUT: "连接超时",
    }.items()
} | {
    "Name or service not known": "没有这个主机名",
    "No address associated with hostname": "该主机名没有地址",
    "Temporary failure in name resolution": "暂时无法解析主机名",
}
"""By the system's words, since RocksDB gives those at the end of its own, without a number."""


def list_files(folder: Path, suffix: str) -> list[Path]:
    """Return the files of `folder` whose names end in `suffix` (`.ttl`), by name.

    Raises:
        UnreadableError: the folder is missing, cannot be read, or has no such file. Without
            its files a gate would pass everything in silence.
    """
    found = [path for path in list_folder(folder) if path.suffix == suffix]
    if not found:
        en = f"{folder} has no {suffix} file: restore its files."
        raise UnreadableError(en, f"{folder} 中没有 {suffix} 文件：请恢复其中的文件。")
    return found


def list_folder(folder: Path) -> list[Path]:
    """Return what is in `folder`, by name, without hidden names: those are no work of people.

    Editors and file managers leave files such as `.#facts.ttl` and `._facts.ttl`.

    Raises:
        UnreadableError: the folder is missing or cannot be read.
    """
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise unreadable(folder, error) from error


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file: line ends are kept, a byte order mark is not.

    Raises:
        UnreadableError: the file is missing or cannot be read.
        DataError: it is not UTF-8.
    """
    try:
        return read_bytes(path).decode("utf-8").removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        en = f"{path} is not UTF-8 at byte {error.start}: save it as UTF-8."
        zh = f"{path} 第 {error.start} 字节处不是 UTF-8：请存为 UTF-8。"
        raise DataError(en, zh) from error


def read_bytes(path: Path) -> bytes:
    """Return what is in a file.

    Raises:
        UnreadableError: the file is missing or cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error


def name_cause(error: OSError) -> tuple[str, str]:
    """Return why the system or network refused: in its words, and in Chinese, or as `EIO`.

    >>> name_cause(FileNotFoundError(2, "No such file or directory"))
    ('No such file or directory', '没有这个文件或文件夹')
    """
    words = error.strerror or str(error).rpartition(": ")[2]
    name = errno.errorcode.get(error.errno or 0, words)
    return words, _CAUSES_ZH.get(words, name)


def unreadable(path: Path, error: OSError) -> UnreadableError:
    """Return what is raised where the file or folder `path` cannot be read."""
    en, zh = name_cause(error)
    return UnreadableError(
        f"{path} cannot be read: {en}. Restore it, or its permissions.",
        f"无法读取 {path}：{zh}。请恢复它或其权限。",
    )


def unwritable(path: Path, error: OSError) -> UnreadableError:
    """Return what is raised where the file `path` cannot be written."""
    en, zh = name_cause(error)
    return UnreadableError(
        f"{path} cannot be written: {en}. Free space and make its folder writable, "
        "or choose another.",
        f"无法写入 {path}：{zh}。请释放空间并使其文件夹可写，或另选一处。",
    )
