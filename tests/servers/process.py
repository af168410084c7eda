"""A server's process: started in a folder of its own, waited for, and ended by its own id."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_LOG_LINES = 40
_PAUSE_S = 0.1
_START_S = 180
_STOP_S = 60


class UnavailableError(Exception):
    """What a server needs is not on this machine; the message says how to get it."""

    def __init__(self, missing: str, remedy: str) -> None:
        """Say what is missing, and the command that gets it."""
        super().__init__(f"{missing} is not on this machine: {remedy}")


class StartError(Exception):
    """A server that did not come up; the message ends with its log."""

    def __init__(self, command: Sequence[str], fault: str, log: str) -> None:
        """Say what was run, what went wrong, and what the server said of it."""
        super().__init__(f"{' '.join(command)} {fault}:\n{log}")


class ServerProcess:
    """One command that runs until it is stopped or killed, and may then be started again."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        is_ready: Callable[[], bool],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Take a command to run in `folder`, which holds its data and `server.log`.

        `is_ready` tells whether it answers; `environment` is the whole of it, or None for ours.
        """
        self.command = list(command)
        self._folder = folder
        self._is_ready = is_ready
        self._environment = environment
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The id of the running process.

        Raises:
            ProcessLookupError: none runs.
        """
        if self._running is None:
            raise ProcessLookupError(self.command)
        return self._running.pid

    def start(self) -> None:
        """Start, and return when the server answers.

        Raises:
            StartError: it ended, or did not answer in three minutes.
        """
        with (self._folder / "server.log").open("ab") as log:
            self._running = subprocess.Popen(
                [*_ending_with_us(), *self.command],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + _START_S
        while not self._is_ready():
            ended = self._running.poll() is not None
            if ended or time.monotonic() > deadline:
                self.kill()
                fault = "ended at once" if ended else f"does not answer after {_START_S} s"
                raise StartError(self.command, fault, self._read_log())
            time.sleep(_PAUSE_S)

    def stop(self) -> None:
        """Ask the server to end (SIGTERM) and wait; kill it if it does not. Twice is once."""
        if self._running is None:
            return
        self._running.terminate()
        try:
            self._running.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()
        self._running = None

    def kill(self) -> None:
        """End the server in the midst of whatever it does (SIGKILL). Twice is once."""
        if self._running is None:
            return
        self._running.kill()
        self._running.wait()
        self._running = None

    def _read_log(self) -> str:
        log = (self._folder / "server.log").read_text("utf-8", errors="replace")
        return "\n".join(log.splitlines()[-_LOG_LINES:])


def find_free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def find_program(name: str, remedy: str) -> str:
    """Return the path of a program on the PATH.

    Raises:
        UnavailableError: it is not there; the message ends with `remedy`.
    """
    path = shutil.which(name)
    if path is None:
        raise UnavailableError(name, remedy)
    return path


def _ending_with_us() -> list[str]:
    """Return what to put before a command so that it ends with us, even if we are killed."""
    setpriv = shutil.which("setpriv")  # of Linux only
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []
