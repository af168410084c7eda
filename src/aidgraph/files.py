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
        message = f"{path} cannot be read: {error.strerror}. Restore the file, or its permissions."
        raise UnreadableError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8 at byte {error.start}: save it as UTF-8."
        raise DataError(message) from error
