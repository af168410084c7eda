#!/usr/bin/env bash
# OWL: the ontology is in the profile OWL 2 RL, and with all data and facts it is consistent.
#
#     .ci/check_ontology.sh BIN     BIN is the folder of the Python that aidgraph is installed in
#
# ROBOT does both (HermiT reasons over all of OWL 2 DL, so it sees more than our own RL checks).
# Needs Java 11 or later and Maven; the first run fetches 180 MB, in half a minute.
set -euo pipefail
bin=$(cd "${1:?give the folder of the Python that aidgraph is installed in}" && pwd)
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mvn --batch-mode --quiet -Dstyle.color=never --file .ci/robot.xml \
  org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath \
  -Dmdep.outputFile="$work/classpath"
robot() { java -cp "$(<"$work/classpath")" org.obolibrary.robot.CommandLineInterface "$@"; }

# The topics are one ontology: their own headers go, for the OWL API takes one header a file.
"$bin/python" - "$work" <<'PYTHON'
import sys
from pathlib import Path

import pyoxigraph as ox

from aidgraph.project import find_project
from aidgraph.sources import read_sources

work, sources = Path(sys.argv[1]), read_sources(find_project(Path.cwd()))
topics = {
    quad.object
    for source in sources.ontology
    for quad in source.quads
    if quad.predicate.value == "http://purl.org/dc/terms/hasPart"
}
authored = [*sources.reference, *sources.entities]
authored += [source for article in sources.articles for source in article.sources()]
ontology = {q.triple for s in sources.ontology for q in s.quads if q.subject not in topics}
# No reasoner knows the datatype of points.
facts = {q.triple for s in authored for q in s.quads if not q.predicate.value.endswith("#asWKT")}
for name, triples in (("ontology", ontology), ("dataset", ontology | facts)):
    lines = sorted(f"{triple} ." for triple in triples)
    (work / f"{name}.ttl").write_text("\n".join(lines) + "\n", encoding="utf-8")
PYTHON

if ! robot validate-profile --input "$work/ontology.ttl" --profile RL --output "$work/report" \
  >"$work/log" 2>&1; then
  cat "$work/log" "$work/report" >&2 || true
  echo "The ontology is not in OWL 2 RL: take out what the report names." >&2
  exit 1
fi
echo "OWL 2 RL: in profile"

if ! robot reason --reasoner hermit --input "$work/dataset.ttl" --output "$work/reasoned.ttl" \
  >"$work/log" 2>&1; then
  cat "$work/log" >&2
  robot explain --reasoner hermit --input "$work/dataset.ttl" --mode inconsistency \
    --max 1 --explanation "$work/why.md" >/dev/null && cat "$work/why.md" >&2
  echo "Ontology and facts contradict each other: mend the axiom or the fact at fault." >&2
  exit 1
fi
echo "HermiT: ontology, reference data and facts are consistent"
