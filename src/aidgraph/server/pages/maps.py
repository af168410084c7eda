"""A schematic map: where the things of an answer lie, and arcs from who helps to there.

A thing without a point of its own is shown at the smallest area around it that has one. There
are no boundaries: a base map published in China needs approval. Other seats are drawn faintly,
so that one sees where one is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from aidgraph.answers.lookup import read_value
from aidgraph.answers.results import Thing, read_labels
from aidgraph.errors import AidgraphError
from aidgraph.terms import aid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aidgraph.answers.results import Answer
    from aidgraph.questions import Language, Question
    from aidgraph.server.desk import Desk
    from aidgraph.server.pages.frame import Frame
    from aidgraph.store import Store

_GEO = "PREFIX geo: <http://www.opengis.net/ont/geosparql#>"
_POINT = re.compile(r"POINT\s*\(\s*(-?[0-9.]+)\s+(-?[0-9.]+)\s*\)")
_HELPER = "aid:Helper"
_MOST_SEATS = 400


class Point(NamedTuple):
    """A place with its longitude and latitude, in degrees."""

    iri: str
    longitude: float
    latitude: float


def draw_map(
    desk: Desk, question: Question, given: Mapping[str, str], answer: Answer, frame: Frame
) -> dict[str, Any] | None:
    """Return the points of an answer, with arcs from its helper; None where nothing has a point."""
    store = desk.dataset.store
    things = [*dict.fromkeys(c for row in answer.rows for c in row if isinstance(c, Thing))]
    points = find_points(store, [thing.iri for thing in things])
    at: dict[Point, dict[str, str]] = {}
    for row in answer.rows:
        cells = [cell for cell in row if isinstance(cell, Thing)]
        place = next((points[c.iri] for c in reversed(cells) if c.iri in points), None)
        if place is not None:
            at.setdefault(place, {})[cells[0].iri] = cells[0].label
    if not at:
        return None
    source = _find_source(store, question, given)
    named = {point.iri for point in at} | ({source.iri} if source else set())
    labels = read_labels(store, named, frame.language)
    return {
        "view": "map",
        "data": {
            "points": [
                {**_place(point, labels, frame), "things": [*dict.fromkeys(found.values())]}
                for point, found in at.items()
            ],
            "source": _place(source, labels, frame) if source else None,
            "seats": _read_seats(desk, frame.language),
        },
    }


def find_points(store: Store, iris: Iterable[str]) -> dict[str, Point]:
    """Return the point of each thing that has one, or lies within or is directed to what has."""
    values = " ".join(str(ox.NamedNode(iri)) for iri in iris if re.match("https?://", iri))
    query = f"""{_GEO}
SELECT DISTINCT ?thing ?place ?wkt (COUNT(DISTINCT ?around) AS ?depth) WHERE {{
  VALUES ?thing {{ {values} }}
  {{ ?thing {aid("within")} ?place }}
  UNION {{ ?thing {aid("directedTo")}/{aid("within")} ?place }}
  ?place geo:hasGeometry/geo:asWKT ?wkt ; {aid("within")} ?around .
}} GROUP BY ?thing ?place ?wkt ORDER BY ?thing DESC(?depth) ?place"""
    found: dict[str, Point] = {}
    for thing, place, wkt, _ in store.select(query).rows:
        if isinstance(thing, ox.NamedNode) and isinstance(place, ox.NamedNode):
            point = _read_point(place.value, wkt)
            if point is not None:
                found.setdefault(thing.value, point)
    return found


def _read_point(iri: str, wkt: object) -> Point | None:
    read = _POINT.fullmatch(wkt.value) if isinstance(wkt, ox.Literal) else None
    return Point(iri, float(read[1]), float(read[2])) if read else None


def _find_source(store: Store, question: Question, given: Mapping[str, str]) -> Point | None:
    """Return the point of the helper that a question is asked about, if it is about one."""
    for parameter in question.parameters:
        if parameter.type == _HELPER and parameter.name in given:
            try:
                term = read_value(store, parameter, given[parameter.name])
            except AidgraphError:
                return None
            return find_points(store, [term.value]).get(term.value)
    return None


def _place(point: Point, labels: Mapping[str, str], frame: Frame) -> dict[str, Any]:
    return {
        "label": labels[point.iri],
        "at": [point.longitude, point.latitude],
        "url": frame.page_of(point.iri),
    }


def _read_seats(desk: Desk, language: Language) -> list[dict[str, Any]]:
    """Return the seats of provinces and prefectures, read once a dataset."""
    key = ("seats", language)
    if key not in desk.kept:
        query = f"""{_GEO}
SELECT DISTINCT ?place ?kind ?wkt WHERE {{
  VALUES ?kind {{ {aid("Province")} {aid("Prefecture")} }}
  ?place a ?kind ; geo:hasGeometry/geo:asWKT ?wkt .
}} ORDER BY ?place LIMIT {_MOST_SEATS}"""
        rows = desk.dataset.store.select(query).rows
        read = [
            (_read_point(p.value, w), k == aid("Province"))
            for p, k, w in rows
            if isinstance(p, ox.NamedNode)
        ]
        named = read_labels(desk.dataset.store, [p.iri for p, _ in read if p], language)
        desk.kept[key] = [
            {"label": named[p.iri], "at": [p.longitude, p.latitude], "province": is_province}
            for p, is_province in read
            if p
        ]
    seats: list[dict[str, Any]] = desk.kept[key]
    return seats
