"""Bytes on their way to a stream: packed, and counted by a hash; the same in give the same out.

The library zstandard is an extra (`aidgraph[zstd]`), imported here alone.
"""

from __future__ import annotations

import hashlib
import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, cast

from aidgraph.errors import UsageError
from aidgraph.transfer.formats import Compression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import ReadableBuffer

FileRecord: TypeAlias = "dict[str, str | int]"
"""What a manifest says of a file: its name, its bytes and their SHA-256."""

_GZIP_LEVEL = 6  # gzip's own
_ZSTD_LEVEL = 9
_BUFFER = 1 << 16


def record_file(name: str, size: int, sha256: str) -> FileRecord:
    """Return what a manifest says of a file of `size` bytes."""
    return {"file": name, "bytes": size, "sha256": sha256}


class Hashing(io.RawIOBase):
    """Passes bytes on and hashes them."""

    def __init__(self, stream: BinaryIO) -> None:
        """Pass them on to `stream`."""
        self._stream = stream
        self._digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def write(self, content: ReadableBuffer, /) -> int:
        """Pass on `content`. Raises `OSError` as the stream does."""
        self._stream.write(content)
        self._digest.update(content)
        self.size += memoryview(content).nbytes
        return memoryview(content).nbytes

    def sha256(self) -> str:
        """Return the SHA-256 of what was passed on, in hexadecimal."""
        return self._digest.hexdigest()


@contextmanager
def pack(stream: BinaryIO, compression: Compression) -> Iterator[BinaryIO]:
    """Give a stream whose bytes are packed into `stream`, complete when the block ends.

    Raises:
        UsageError: zstandard is not installed.
    """
    if compression is Compression.GZIP:
        import gzip

        with gzip.GzipFile("", "wb", _GZIP_LEVEL, stream, mtime=0) as packed:
            yield from _buffer(packed)
    elif compression is Compression.ZSTD:
        with _pack_zstd(stream) as packed:
            yield from _buffer(packed)
    else:
        yield stream


def _buffer(packed: object) -> Iterator[BinaryIO]:
    """Give a buffer before `packed`, to which many small pieces go."""
    buffer = io.BufferedWriter(cast("io.RawIOBase", packed), _BUFFER)
    yield cast("BinaryIO", buffer)
    buffer.flush()
    buffer.detach()


def _pack_zstd(stream: BinaryIO) -> BinaryIO:
    try:
        import zstandard
    except ImportError as error:
        en = "Zstandard files need zstandard: pip install 'aidgraph[zstd]'."
        raise UsageError(
            en, "Zstandard 文件需要 zstandard：pip install 'aidgraph[zstd]'。"
        ) from error
    compressor = zstandard.ZstdCompressor(_ZSTD_LEVEL)
    return cast("BinaryIO", compressor.stream_writer(stream, closefd=False))
