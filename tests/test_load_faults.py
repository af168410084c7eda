"""Loads that go wrong: nothing lost or doubled, and a sentence that says how to go on."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from aidgraph.cli.app import run
from aidgraph.dataset import open_dataset
from aidgraph.transfer.journal import open_journal
from aidgraph.transfer.stores import STORES
from aidgraph.transfer.stores.oxigraph import OxigraphStore
from fault_proxy import Fault, FaultProxy, run_fault_proxy

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from aidgraph.project import Project
    from servers.server import Server

    Loading = Callable[..., tuple[int, str, str]]

KILLS = int(os.environ.get("AIDGRAPH_KILLS", "3"))
CHUNK = 500
IN_CHUNKS = (
    "from aidgraph.transfer.stores.oxigraph import OxigraphStore\n"
    f"OxigraphStore.chunk_lines = {CHUNK}\n"
    "from aidgraph.cli import main; main()"
)
DEADLINE_S = 60.0
PAGE = Fault(200, "Content-Type: text/html\r\n", "<html>Welcome</html>")


@pytest.fixture
def proxy(oxigraph: Server) -> Generator[FaultProxy]:
    """A proxy before an empty Oxigraph."""
    oxigraph.clear()
    with run_fault_proxy(oxigraph.address) as running:
        yield running


@pytest.fixture
def load(
    load_project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Loading:
    """Load in chunks, in this process; give exit status, standard output and standard error."""
    monkeypatch.setattr(OxigraphStore, "chunk_lines", CHUNK)

    def loading(address: str, *arguments: str, language: str = "en") -> tuple[int, str, str]:
        command = ["--project", str(load_project.root), "--lang", language, "load", address]
        status = run([*command, "--store", "oxigraph", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return loading


def start_load(
    project: Project, address: str, *arguments: str, before: Callable[[], None] | None = None
) -> subprocess.Popen[str]:
    """Start a load in chunks, a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", IN_CHUNKS, "load", address, "--store", "oxigraph", *arguments],
        cwd=project.root,
        env={**os.environ, "PYTHONUTF8": "1"},
        preexec_fn=before,  # noqa: PLW1509  # the child only sets a limit, then becomes the program
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def wait_until_sending(project: Project) -> None:
    """Wait until a load has had a chunk acknowledged."""
    deadline = time.monotonic() + DEADLINE_S
    while not any(
        '"sent": 0' not in path.read_text("utf-8")
        for path in project.output.glob("loads/*/journal.json")
    ):
        assert time.monotonic() < deadline
        time.sleep(0.002)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(429, "Retry-After: 1\r\n"),
        Fault(500, body="out of luck"),
        Fault(503),
        Fault(cut_after=1000),
        Fault(lose_answer=True),
    ],
)
def test_what_passes_is_sent_again(
    proxy: FaultProxy, load: Loading, load_project: Project, fault: Fault
) -> None:
    """A busy store, a fault, a cut in a chunk, a lost acknowledgement: told, and all arrives."""
    proxy.faults += [fault, fault]

    status, out, err = load(proxy.address)

    assert status == 0, err
    assert not proxy.faults
    assert err.count("Trying again in") >= 2  # the proxy closes what a client would keep open
    assert open_dataset(load_project).snapshot in out


def test_retry_after_is_heeded(proxy: FaultProxy, load: Loading) -> None:
    """The store says when to come again; a long time is not waited for, but told."""
    proxy.faults += [Fault(429, "Retry-After: 1\r\n")]
    start = time.monotonic()
    assert load(proxy.address)[0] == 0
    assert time.monotonic() - start > 1

    proxy.faults += [Fault(503, "Retry-After: 3600\r\n")]
    status, _, err = load(proxy.address, "--layout", "triples")

    assert status == 6
    assert "busy (status 503, for 3600 s)" in err


def test_chunks_that_are_too_large_are_halved(
    proxy: FaultProxy, load: Loading, load_project: Project
) -> None:
    """A store or proxy that takes 40 kB a request gets no more, and all arrives."""
    proxy.faults.append(Fault(413, above=40_000))

    status, out, err = load(proxy.address)

    assert status == 0, err
    assert open_dataset(load_project).snapshot in out
    assert max(proxy.written) > 40_000
    assert max(proxy.written[len(proxy.written) // 2 :]) <= 40_000


@pytest.mark.parametrize(
    "case",
    [
        (PAGE, "answers with a web page", "返回的是网页"),
        (Fault(401), "set AIDGRAPH_USER", "AIDGRAPH_USER"),
        (Fault(403), "lets this user not in", "拒绝此用户"),
        (Fault(405), "may only be read", "只可读取"),
        (Fault(404), "There is nothing at", "什么也没有"),
        (Fault(301, "Location: http://e/\r\n"), "has moved to http://e/", "已移至 http://e/"),
    ],
)
def test_a_refusal_says_what_is_there_and_how_to_go_on(
    proxy: FaultProxy, load: Loading, load_project: Project, case: tuple[Fault, str, str]
) -> None:
    """Status 6, one sentence in either language; --resume then sends the rest."""
    fault, words, chinese = case
    proxy.faults += [Fault(500), fault]
    status, out, err = load(proxy.address)
    assert (status, out) == (6, "")
    assert words in err
    assert "--resume" in err

    proxy.faults += [fault]
    status, _, err = load(proxy.address, "--resume", language="zh")
    assert status == 6
    assert chinese in err
    assert "加 --resume 继续" in err

    status, out, err = load(proxy.address, "--resume")
    assert status == 0, err
    assert open_dataset(load_project).snapshot in out


def test_resuming_sends_only_the_rest(proxy: FaultProxy, load: Loading) -> None:
    """Chunks that the store acknowledged are not sent again, and the message counts them."""
    whole = load(proxy.address)[0]
    requests = len(proxy.written)
    proxy.written.clear()
    assert load(proxy.address, "--layout", "triples")[0] == whole == 0
    proxy.written.clear()
    proxy.faults += [Fault(0, above=0, cut_after=None)] * 3 + [PAGE]

    stopped = load(proxy.address)
    sent = len(proxy.written)
    proxy.written.clear()
    resumed = load(proxy.address, "--resume")

    assert stopped[0] == 6
    assert "What stood there stands; 1,500 of" in stopped[2]
    assert sent == 4
    assert resumed[0] == 0, resumed[2]
    assert requests > 4


def test_another_load_is_not_resumed(proxy: FaultProxy, load: Loading) -> None:
    """What stopped was another layout: status 2, and nothing is sent."""
    proxy.faults += [Fault(0), PAGE]
    assert load(proxy.address)[0] == 6
    proxy.written.clear()

    status, _, err = load(proxy.address, "--resume", "--layout", "triples")

    assert status == 2
    assert "leave --resume" in err
    assert not proxy.written


def test_no_server_is_told(load: Loading) -> None:
    """A port at which nobody listens: status 6, the address, and what to do."""
    status, _, err = load("http://127.0.0.1:9")

    assert status == 6
    assert "Nothing listens at http://127.0.0.1:9/" in err.splitlines()[-1]


@pytest.mark.parametrize(
    ("address", "words", "chinese"),
    [
        ("http://127.0.0.1:9", "Nothing listens at http://127.0.0.1:9", "没有服务"),
        ("http://no-such-host.invalid", "The host of", "找不到"),
    ],
)
def test_an_address_where_nothing_answers_is_told(
    load_project: Project,
    capsys: pytest.CaptureFixture[str],
    address: str,
    words: str,
    chinese: str,
) -> None:
    """Without --store, too: not that the store did not say what it is."""
    for language, expected in (("en", words), ("zh", chinese)):
        status = run(["--project", str(load_project.root), "--lang", language, "load", address])

        assert status == 6
        assert expected in capsys.readouterr().err


def test_a_wrong_password_is_told(
    fuseki_basic: Server,
    load_project: Project,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whether the store's kind is given or not: what to set, and nothing is there."""
    fuseki_basic.clear()
    monkeypatch.setenv("AIDGRAPH_USER", fuseki_basic.user)
    monkeypatch.setenv("AIDGRAPH_PASSWORD", "another")
    command = ["--project", str(load_project.root), "load", fuseki_basic.address]

    for more in ([], ["--store", "fuseki"]):
        assert run([*command, *more]) == 6
        assert "lets this user not in" in capsys.readouterr().err
    assert not fuseki_basic.graphs()


def test_a_page_in_place_of_a_store_is_told(
    proxy: FaultProxy, capsys: pytest.CaptureFixture[str], load_project: Project
) -> None:
    """An address that answers, but not as a store does."""
    del proxy
    with run_fault_proxy("http://127.0.0.1:9") as nobody:
        nobody.faults += [PAGE] * (1 + len(STORES))  # a look, and one a kind
        status = run(["--project", str(load_project.root), "load", nobody.address])

    assert status == 6
    assert "does not say which store it is" in capsys.readouterr().err


def test_readers_see_the_old_or_the_new(
    oxigraph: Server, load: Loading, load_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replacement that fits one request is one request, whichever graph is read."""
    oxigraph.clear()
    assert load(oxigraph.address)[0] == 0
    facts = load_project.root / "data/articles/small/facts.trig"
    facts.write_text(facts.read_text("utf-8").replace("aid:Rhetoric", "aid:Background"), "utf-8")
    monkeypatch.setattr(OxigraphStore, "insert", None)

    with run_fault_proxy(oxigraph.address) as proxy:
        status = load(proxy.address)[0]

    assert status == 0
    assert len(proxy.written) == 2  # the second tells which dataset is there


def test_two_loads_at_once_are_one(proxy: FaultProxy, load: Loading, load_project: Project) -> None:
    """The second is refused with status 3, and sends nothing."""
    with open_journal(load_project.output, proxy.address):
        status, _, err = load(proxy.address)

    assert status == 3
    assert "under way" in err
    assert not proxy.written


def test_a_full_disk_is_told(proxy: FaultProxy, load_project: Project) -> None:
    """No space for the journal: status 3, one sentence, and a second load does all."""
    process = start_load(
        load_project,
        proxy.address,
        before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10)),
    )
    _, err = process.communicate(timeout=DEADLINE_S)
    again = start_load(load_project, proxy.address)
    out, _ = again.communicate(timeout=DEADLINE_S)

    assert process.returncode == 3, err
    assert "cannot be written: File too large" in err
    assert "Traceback" not in err
    assert open_dataset(load_project).snapshot in out


def test_control_c_says_how_to_go_on(proxy: FaultProxy, load_project: Project) -> None:
    """Status 130, what is there, and --resume; then the rest arrives."""
    proxy.faults += [Fault(0)] * 4 + [Fault(429, "Retry-After: 30\r\n")]
    process = start_load(load_project, proxy.address)
    wait_until_sending(load_project)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=DEADLINE_S)
    again = start_load(load_project, proxy.address, "--resume")
    out, _ = again.communicate(timeout=DEADLINE_S)

    assert process.returncode == 130
    assert "Traceback" not in err
    assert "are there for sure. Go on with the same command and --resume." in err
    assert open_dataset(load_project).snapshot in out


def test_a_killed_load_goes_on(oxigraph: Server, load_project: Project) -> None:
    """Killed at random moments and resumed, the load ends with the snapshot's own hash.

    The moments lie anywhere in the time that a whole load takes on this machine now; each load is
    killed twice before it may end.
    """
    snapshot = open_dataset(load_project).snapshot
    oxigraph.clear()
    start = time.monotonic()
    start_load(load_project, oxigraph.address).communicate(timeout=DEADLINE_S)
    whole_s = time.monotonic() - start
    moments = random.Random(5)  # noqa: S311  # moments, no secrets
    for _ in range(KILLS):
        oxigraph.clear()
        for _ in range(2):
            process = start_load(load_project, oxigraph.address, "--resume")
            time.sleep(moments.uniform(0, whole_s))
            process.kill()
            process.communicate(timeout=DEADLINE_S)
        last = start_load(load_project, oxigraph.address, "--resume")
        out, err = last.communicate(timeout=DEADLINE_S)
        assert last.returncode == 0, err
        assert snapshot in out


def test_a_killed_server_loses_nothing(
    oxigraph: Server, proxy: FaultProxy, load_project: Project
) -> None:
    """A server killed in a load and started again has everything after --resume."""
    snapshot = open_dataset(load_project).snapshot
    proxy.faults += [Fault(0)] * 3 + [Fault(429, "Retry-After: 2\r\n")]
    process = start_load(load_project, proxy.address)
    wait_until_sending(load_project)
    oxigraph.kill()
    _, err = process.communicate(timeout=DEADLINE_S)
    oxigraph.restart()
    again = start_load(load_project, proxy.address, "--resume")
    out, told = again.communicate(timeout=DEADLINE_S)

    assert process.returncode == 6
    assert "No whole answer from" in err or "Nothing listens at" in err
    assert again.returncode == 0, told
    assert snapshot in out
