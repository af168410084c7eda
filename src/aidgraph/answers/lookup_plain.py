"""What people type for a parameter that is no thing: a number, a listed value, a flag."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.answers.lookup_names import fold
from aidgraph.errors import UsageError
from aidgraph.terms import XSD

if TYPE_CHECKING:
    from aidgraph.questions import Parameter

_DIGITS, _PLACES = 20, 18  # before and behind the point: what pyoxigraph's decimals hold
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_ENGLISH = re.compile(r"(?P<digits>[0-9.,]+) ?(?P<power>thousand|million|billion|trillion)")
_POWERS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_YES = frozenset({"true", "1", "yes", "是"})


def read_number(parameter: Parameter, text: str) -> ox.Literal:
    """Return a number as an xsd:decimal: digits, 1e9, 1,000,000, 10亿, 5.25亿元, 3 million.

    Raises:
        UsageError: it is none, or one that cannot be compared.
    """
    number = parse_number(text)
    if number is None:
        en = f"--{parameter.name} {text} is no number: give one such as {parameter.example}."
        zh = f"--{parameter.name} {text} 不是数：请给出一个数，如 {parameter.example}。"
        raise UsageError(en, zh)
    written = _write_decimal(number)
    if written is None:
        en = f"at most {_DIGITS} digits before the point and {_PLACES} behind it"
        en = f"--{parameter.name} {text} cannot be compared: give {en}."
        zh = f"小数点前至多 {_DIGITS} 位、小数点后至多 {_PLACES} 位"
        zh = f"--{parameter.name} {text} 无法比较：{zh}，请改正。"
        raise UsageError(en, zh)
    return ox.Literal(written, datatype=ox.NamedNode(f"{XSD}decimal"))


def parse_number(text: str) -> Decimal | None:
    """Return the number that `text` is, None if it is none.

    >>> parse_number("10亿"), parse_number("3 million"), parse_number("近亿元")
    (Decimal('1000000000'), Decimal('3000000'), None)
    """
    english = _ENGLISH.fullmatch(fold(text))
    digits = english["digits"] if english else text
    plain = digits.replace(",", "") if _GROUPED.fullmatch(digits) else digits
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None if english else _read_chinese(text)
    if not number.is_finite():
        return None
    return number * 10 ** _POWERS[english["power"]] if english else number


def read_choice(parameter: Parameter, text: str) -> ox.Literal:
    """Return the value of a choice that `text` is, or is the label of.

    Raises:
        UsageError: it is none of them; the message lists them.
    """
    folded = fold(text)
    for value, label in parameter.values.items():
        if folded in map(fold, (value, *label.values())):
            return ox.Literal(value)
    en = ", ".join(f"{value} ({label['en']})" for value, label in parameter.values.items())
    zh = "、".join(f"{value}（{label['zh']}）" for value, label in parameter.values.items())
    en = f"--{parameter.name} {text} is none of its values: give one of {en}."
    raise UsageError(en, f"--{parameter.name} 没有值 {text}：请取其一：{zh}。")


def read_flag(parameter: Parameter, text: str) -> ox.Literal:
    """Return true. Raises `UsageError` where something else is given."""
    if fold(text) in _YES:
        return ox.Literal(value=True)
    en = f"--{parameter.name} takes no value such as {text}: give it alone, or leave it out."
    raise UsageError(en, f"--{parameter.name} 不带 {text} 之类的值：请单独给出，或不写。")


READERS = {"number": read_number, "choice": read_choice, "flag": read_flag}
"""How to read a value, by the type of its parameter."""


def _read_chinese(text: str) -> Decimal | None:
    from aidgraph.quantities import Bound, QuantityError, read_quantity  # few numbers are so

    try:
        found = read_quantity(text)
    except QuantityError:
        return None
    return found.value if found.bound is Bound.EXACTLY else None


def _write_decimal(number: Decimal) -> str | None:
    """Return a finite number without exponent; None if it is out of the range of decimals."""
    if not number:
        return "0"
    if not -_PLACES <= number.adjusted() < _DIGITS:  # written out, it may have millions of zeros
        return None
    whole, _, places = f"{number:f}".partition(".")
    places = places.rstrip("0")
    if len(places) > _PLACES:
        return None
    return f"{whole}.{places}" if places else whole
