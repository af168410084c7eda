"""What people give for a parameter: names and numbers, as they type them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from aidgraph.answers.lookup import read_value
from aidgraph.errors import AmbiguousError, NotFoundError, UsageError
from aidgraph.questions import Parameter
from few_places import open_few_places

if TYPE_CHECKING:
    from aidgraph.dataset import Dataset

AREA = Parameter("area", "aid:Place", {"en": "area", "zh": "地区"}, "喀什地区")

NUMBER = Parameter("minimum", "number", {"en": "sum", "zh": "金额"}, "1000")


@pytest.fixture
def small() -> Dataset:
    """Four places and one sum; to be read only."""
    return open_few_places()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("1000", "1000"),
        ("1e3", "1000"),
        ("-2.50", "-2.5"),
        ("1e-18", "0.000000000000000001"),
        ("99999999999999999999.999999999999999999", "99999999999999999999.999999999999999999"),
        ("0e-9999999", "0"),
    ],
)
def test_a_number_is_compared_as_a_decimal(small: Dataset, given: str, expected: str) -> None:
    """Whatever its notation; the store takes it for a number."""
    term = read_value(small.store, NUMBER, given)

    assert isinstance(term, ox.Literal)
    assert term.value == expected
    assert small.store.ask(f"ASK {{ FILTER({term} = {term} + 0) }}")


@pytest.mark.parametrize(
    "given", ["-1e30", "1e20", "1e-40", "1e9999999", "1e-9999999", "0.1234567890123456789"]
)
def test_a_number_out_of_range_is_refused(small: Dataset, given: str) -> None:
    """The store could not compare it, and the answer would be nothing, wrongly."""
    with pytest.raises(UsageError, match="at most 20 digits before the point and 18 behind it"):
        read_value(small.store, NUMBER, given)


@pytest.mark.parametrize(
    "given",
    [
        "喀什地区",
        "喀什",
        "Kashgar",
        "kashgar prefecture",
        "653100",
        "６５３１００",
        "place:653100",
        "https://w3id.org/aidgraph/id/place/653100",
        " 《喀什》 ",
    ],
)
def test_a_thing_is_found_by_any_of_its_names(small: Dataset, given: str) -> None:
    """Full or short, Chinese or English, code, CURIE or IRI."""
    expected = ox.NamedNode("https://w3id.org/aidgraph/id/place/653100")
    assert expected == read_value(small.store, AREA, given)


def test_a_name_that_fits_several_things_lists_them(small: Dataset) -> None:
    """疏勒 is a short name of two: neither is chosen in silence."""
    with pytest.raises(AmbiguousError, match=r"place:653101.*place:653122"):
        read_value(small.store, AREA, "疏勒")


def test_an_unknown_name_is_answered_with_near_ones(small: Dataset) -> None:
    """A slip of one character is met with the name that was meant."""
    with pytest.raises(NotFoundError, match="喀什地区"):
        read_value(small.store, AREA, "喀什地")


def test_a_thing_of_another_class_is_not_found(small: Dataset) -> None:
    """Beijing is no place in this graph, though it has a name."""
    with pytest.raises(NotFoundError):
        read_value(small.store, AREA, "北京市")


@pytest.mark.parametrize(("text", "value"), [("100000000", "100000000"), ("1e3", "1000")])
def test_a_number_is_a_decimal(small: Dataset, text: str, value: str) -> None:
    """Numbers are bound as decimals, however they are typed."""
    number = Parameter("minimum", "number", AREA.label, "1")
    kind = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    assert ox.Literal(value, datatype=kind) == read_value(small.store, number, text)


@pytest.mark.parametrize("text", ["many", "NaN", "inf", ""])
def test_what_is_no_number_is_refused(small: Dataset, text: str) -> None:
    """Neither words nor infinities can be compared with sums."""
    with pytest.raises(UsageError):
        read_value(small.store, Parameter("minimum", "number", AREA.label, "1"), text)
