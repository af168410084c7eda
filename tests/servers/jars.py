"""The Java servers from Maven Central: which, where they lie, and how they come there.

They are 110 MB, so no plain test run fetches them: `.ci/fetch_servers` does, once a version.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from servers.process import UnavailableError, find_program

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = user_cache_path("aidgraph") / "servers"

# group:artifact:version:type. Jena 6 needs Java 21, which Debian 12 does not have. No later war of
# RDF4J is published there; it needs servlets under their old name, so Jetty 10.
FUSEKI = "org.apache.jena:jena-fuseki-server:5.6.0:jar"
RDF4J = "org.eclipse.rdf4j:rdf4j-http-server:4.1.3:war"
JETTY = "org.eclipse.jetty:jetty-runner:10.0.26:jar"

_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"


def find_jar(artifact: str) -> Path:
    """Return the path of an artifact that was fetched.

    Raises:
        UnavailableError: it was not.
    """
    _, name, version, suffix = artifact.split(":")
    path = FOLDER / f"{name}-{version}.{suffix}"
    if not path.exists():
        raise UnavailableError(str(path), ".ci/fetch_servers fetches it")
    return path


def java(*options: str) -> list[str]:
    """Return a command that begins with Java, with 2 GB at most for its objects.

    It compiles in a hurry and collects garbage simply: tests are over before more would pay.

    Raises:
        UnavailableError: there is no Java.
    """
    program = find_program("java", "apt-get install default-jre-headless")
    return [program, "-Xmx2g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", *options]


def fetch_jars() -> None:
    """Fetch what is not there yet; Maven compares checksums and fails if they differ.

    Raises:
        UnavailableError: there is no Maven.
        CalledProcessError: Maven failed, and has said why.
    """
    maven = find_program("mvn", "apt-get install maven")
    options = ["--batch-mode", "--quiet", "-Dstyle.color=never", "--strict-checksums"]
    for artifact in (FUSEKI, RDF4J, JETTY):
        command = [maven, *options, _COPY, f"-Dartifact={artifact}", f"-DoutputDirectory={FOLDER}"]
        try:
            find_jar(artifact)
        except UnavailableError:
            subprocess.run(command, check=True)


if __name__ == "__main__":
    fetch_jars()
