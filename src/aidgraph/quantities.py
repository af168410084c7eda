"""Read and find Chinese quantities as newspapers print them.

What counts as a figure, for `find_quantities` and `stands_whole`:

- Arabic digits, with measure word, power of ten or approximator, or bare before punctuation;
  but not in a date, ordinal or version, and not where they name something (9810跨境, 5G).
- Chinese numerals with a listed measure word; but not after 第, not the article 一 (一条, 一批)
  and not bare 百 千 万 亿 (千家万户), unless an approximator says that they count (近亿元).

`read_quantity` is stricter: it refuses what it cannot read for sure. 近3年 is nearly three years
or the latest three; 两三年 数十 十几 上百 have no one number; 三成 3倍 3年半 不足 以下 have
no unit or bound in the ontology. Ordinals, dates, versions and numbers without a unit are refused
as well. Sources: GB/T 15835 (numerals in print); QUDT local names of units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from aidgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable


class QuantityError(UsageError):
    """Words that are no quantity, or none that can be read for sure."""


class Bound(StrEnum):
    """How a figure bounds the truth; the values are local names of the ontology's individuals."""

    EXACTLY = "Exactly"
    MORE_THAN = "MoreThan"
    NEARLY = "Nearly"
    ABOUT = "About"
    AT_LEAST = "AtLeast"

    def __repr__(self) -> str:
        """Write the member as source code does."""
        return f"Bound.{self.name}"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure: `value` in `unit`, as `bound` says.

    `unit` is CNY or the local name of a QUDT unit (NUM for things counted one by one).
    """

    value: Decimal
    bound: Bound
    unit: str


class Figure(NamedTuple):
    """Where a figure stands in a text (code points, end exclusive), and its words."""

    start: int
    end: int
    text: str


_CLASSIFIERS = (*"个家名人位项种类条座所处户次份台套件辆列架艘头只棵株款场支笔趟批", "人次", "批次")
_DIVISIONS = ("省市", *"省市县州")  # counted without a measure word, after Arabic digits
_TIMES = {"年": "YR", "个月": "MO", "天": "DAY"}
_MEASURES = {"元": "CNY", "吨": "TONNE", "公里": "KiloM"}
UNITS = dict.fromkeys(_CLASSIFIERS + _DIVISIONS, "NUM") | _TIMES | _MEASURES
"""Each measure word that can be read, with the unit that it stands for."""

# Found, so that no figure is missed or cut short, but not read: no unit is settled for them.
_PHYSICAL = (*"亩米克瓦", "公顷", "平方米", "平方公里", "公斤", "瓦时")
_UNREAD = (*_PHYSICAL, *"倍成", "美元", "欧元", "小时", "分钟", "个百分点", "个多月", "个半月")

_BOUNDS_BEFORE = {
    **dict.fromkeys(("超过", "超", "逾", "突破", "多于", "高于", "大于"), Bound.MORE_THAN),
    **dict.fromkeys(("将近", "接近", "近"), Bound.NEARLY),
    **dict.fromkeys(("大约", "大概", "约"), Bound.ABOUT),
    **dict.fromkeys(("不少于", "不低于", "至少"), Bound.AT_LEAST),
}
_BOUNDS_INSIDE = {"多": Bound.MORE_THAN, "余": Bound.MORE_THAN, "来": Bound.ABOUT}
_BOUNDS_AFTER = {
    **dict.fromkeys(("多", "余"), Bound.MORE_THAN),
    **dict.fromkeys(("左右", "上下"), Bound.ABOUT),
    "以上": Bound.AT_LEAST,
}
# Part of a figure, but the ontology has no such bound.
_VAGUE_BEFORE = ("不足", "不到", "不超过", "低于", "少于", "至多", "最多")
_VAGUE_AFTER = ("以下", "以内", "不等")

# Where a character before or after makes another word of it: 签约10个, 90年代, 3家上下游企业.
_NOT_AFTER = {
    "近": "最附临邻靠远",
    "约": "签合节条契预特履公违纽",
    "数": "人总次户",
    "上": "以网线",
}
_NOT_BEFORE = {
    "年": "代度级产均",
    "人": "民均才口",
    "种": "植子质苗",
    "位": "一",
    "成": "立",
    "多": "元样种方渠功层边维式",
    "余": "额",
    "上下": "游",
    "以上": "海",
    "来": "自源临到",
}


def _any_of(words: Iterable[str]) -> str:
    """Write a pattern for any of `words`, the longest first, not as part of another word."""
    return "|".join(
        (f"(?<![{_NOT_AFTER[word]}])" if word in _NOT_AFTER else "")
        + word
        + (f"(?![{_NOT_BEFORE[word]}])" if word in _NOT_BEFORE else "")
        for word in sorted(words, key=len, reverse=True)
    )


_DIGITS = "零一二三四五六七八九"
_BEFORE = _any_of([*_BOUNDS_BEFORE, *_VAGUE_BEFORE])
_NUMERAL = "(?:[零〇二两三四五六七八九十百千万亿]|(?<![统唯单同])一)"
_PART = r"[0-9]+(?:,[0-9]{3}(?![0-9]))*(?:\.[0-9]+)*(?:[多余]?[百千万亿]+)?[%‰]?"
_ARABIC = f"{_PART}(?:[-—–~～至到]?{_PART})*[多余]?"
_SECTION = f"{_NUMERAL}+(?:点[{_DIGITS}〇]+[百千万亿]*)?"
_CHINESE = (
    "成[百千]上[千万]"
    f"|(?:百分之|千分之)?(?:(?:几|{_any_of('数上')})(?=[十百千万亿]))?"
    f"{_SECTION}(?:(?:分之|[至到]){_SECTION})?"
    "(?:[多余几]|来(?=[个家名人位年天万亿]))?[百千万亿]*"
)
_DATE = (
    "(?:1[0-9]|20)[0-9]{2}(?:[-–—~～至][0-9]{4})?年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?"
    "|[0-9]{1,2}(?:[-–—~～至][0-9]{1,2})?[月日号](?:[0-9]{1,2}[日号])?"
    f"|[0-9]{{1,2}}(?:[时点](?:[0-9]{{1,2}}分)?|[:：][0-9]{{2}}(?![0-9]))|[{_DIGITS}〇]{{4}}年"
)
_NAME = "(?:[百千万亿](?!分)[^\\W0-9百千万亿多余]){2,}|四处"  # 百城百网千店, 万亩亿元
# What lengthens a measure: 5年多, 3年半, 3年2个月 (which is not 3年).
_MORE = _any_of("多余半") + "|[0-9]+(?:个月|小时|分钟|角)"
# No possessive quantifier: around groups they fail in Python before 3.11.5 (SystemError).
# The longest stretch that digits, numerals, approximators and a measure word make together.
_STRETCH = re.compile(
    rf"(?P<other>第(?:[0-9]+|{_NUMERAL}+)|[0-9]+(?:\.[0-9]+)*版"
    rf"|(?:{_BEFORE})?(?:{_DATE})|{_NAME})"
    rf"|(?P<before>(?:{_BEFORE}){{0,2}})(?P<number>(?P<arabic>{_ARABIC})|{_CHINESE})"
    rf"(?:(?P<lasting>{_any_of([*_TIMES, *_MEASURES, *_UNREAD])})(?P<more>{_MORE})?"
    rf"|(?P<counted>{_any_of(_CLASSIFIERS)}|(?(arabic)(?:{_any_of(_DIVISIONS)})|(?!))))?"
    rf"(?P<after>{_any_of([*_BOUNDS_AFTER, *_VAGUE_AFTER])})?"
    rf"(?P<since>(?<=[年月天多余])(?:以来|{_any_of('来')}))?"
)
_READABLE = re.compile(
    "(?P<percent>百分之)?"
    r"(?:(?P<arabic>(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?)"
    f"|(?P<chinese>[{_DIGITS}〇两十百千万亿]+)(?:点(?P<fraction>[{_DIGITS}〇]+))?)"
    "(?P<inside>[多余来])?(?P<power>[百千]?万?亿?)(?P<sign>%)?(?P<late>[多余])?"
)
_ARTICLE_OR_ROUND = re.compile("一+|[百千万亿]+")
_POWERS = {"亿": 8, "万": 4, "千": 3, "百": 2, "十": 1}
_LONGEST = 40  # characters: no numeral below 10^16 is longer
_HALF_WIDTH = str.maketrans("０１２３４５６７８９％．", "0123456789%.")


def read_quantity(text: str) -> Quantity:
    """Read one Chinese quantity as newspapers print it.

    >>> read_quantity("190多亿元")
    Quantity(value=Decimal('19000000000'), bound=Bound.MORE_THAN, unit='CNY')

    Args:
        text: The whole figure and nothing else, with its measure word (or 万 or 亿).

    Raises:
        QuantityError: `text` has no number, a unit that `UNITS` does not list, or
            more than one reading.

    Source: 现代汉语 approximate numerals (多, 余, 近, 左右, 以上).
    Cases: tests/data/quantities.tsv.
    """
    stretch = _STRETCH.match(text.translate(_HALF_WIDTH))
    if stretch and stretch.end() == len(text) <= _LONGEST:
        number = _READABLE.fullmatch(stretch["number"] or "")
        if number:
            value = _read_value(number)
            bound = _read_bound(stretch, number)
            unit = _read_unit(stretch, number)
            if value is not None and bound and unit:
                return Quantity(value, bound, unit)
    raise _refusal(text, stretch)


def find_quantities(text: str) -> list[Figure]:
    """Find every stretch of `text` that is certainly a figure, as the module's rule says.

    A stretch is maximal: no digit, numeral or approximator touches it. Not all that is
    found can be read: 近3年 is a figure, but of two readings.

    >>> find_quantities("去年,第十批投入近亿元。")
    [Figure(start=8, end=11, text='近亿元')]
    """
    plain = text.translate(_HALF_WIDTH)
    return [
        Figure(*stretch.span(), text[stretch.start() : stretch.end()])
        for stretch in _STRETCH.finditer(plain)
        if _is_figure(stretch)
    ]


def stands_whole(words: str, text: str) -> bool:
    """Tell whether the quantity words stand in `text` and nothing numeric touches them.

    A digit, numeral or approximator, a percent sign, or the rest of a date, ordinal or
    version would make another figure of them; a measure word would not.

    >>> stands_whole("1344个", "项目1344个"), stands_whole("344个", "项目1344个")
    (True, False)
    """
    plain_words, plain = words.translate(_HALF_WIDTH), text.translate(_HALF_WIDTH)
    stretches = list(_STRETCH.finditer(plain))
    starts = [found.start() for found in re.finditer(f"(?={re.escape(plain_words)})", plain)]
    return bool(words) and any(
        not any(_cuts(stretch, start, start + len(words)) for stretch in stretches)
        for start in starts
    )


def _cuts(stretch: re.Match[str], start: int, end: int) -> bool:
    """Tell whether a numeric stretch reaches into the words at `start` and out of them."""
    if stretch.end() <= start or end <= stretch.start():
        return False
    last = next(group for group in ("after", "more", "number", "other") if stretch[group])
    return last == "other" or stretch.start() < start or end < stretch.end(last)


def _is_figure(stretch: re.Match[str]) -> bool:
    """Tell whether a numeric stretch is certainly a figure."""
    if stretch["other"]:
        return False
    number = stretch["number"]
    measured = stretch["lasting"] or stretch["counted"]
    approximate = stretch["before"] or stretch["more"] or stretch["after"] or stretch["since"]
    if stretch["arabic"]:
        return bool(measured or approximate or set("多余百千万亿%‰") & set(number)) or (
            _stands_bare(stretch)
        )
    if "分之" in number:
        return True
    return bool(measured and (approximate or not _ARTICLE_OR_ROUND.fullmatch(number)))


def _stands_bare(stretch: re.Match[str]) -> bool:
    """Tell whether a whole number stands alone: nothing after it that it could be the name of."""
    before = stretch.string[: stretch.start()][-1:]
    after = stretch.string[stretch.end() :][:1]
    named = (before.isascii() and before.isalpha()) or after.isalnum()
    return "." not in stretch["number"] and not (
        named or before in {*"-+/._"} or after in {*"-+/_"}
    )


def _read_value(number: re.Match[str]) -> Decimal | None:
    """Read the number; None if its numeral is not well formed, as in 两三 or 5多亿."""
    if number["arabic"]:
        digits = number["arabic"].replace(",", "")
    else:
        whole = _read_numeral(number["chinese"])
        if whole is None:
            return None
        fraction = "".join(str(_DIGITS.index(d)) for d in _plain(number["fraction"] or ""))
        digits = f"{whole}.{fraction}".rstrip(".")
    if number["inside"] and ("." in digits or not digits.endswith("0")):
        return None
    zeros = sum(_POWERS[power] for power in number["power"])
    written = format(Decimal(f"{digits}E{zeros}"), "f")
    return Decimal(written.rstrip("0").rstrip(".") if "." in written else written)


def _read_bound(stretch: re.Match[str], number: re.Match[str]) -> Bound | None:
    """Read the approximators; None if they contradict each other or have no sure meaning."""
    if stretch["before"] == "近" and stretch["lasting"] in _TIMES:
        return None
    bounds = {
        table.get(word)
        for word, table in (
            (stretch["before"], _BOUNDS_BEFORE),
            (number["inside"], _BOUNDS_INSIDE),
            (number["late"], _BOUNDS_AFTER),
            (stretch["more"], _BOUNDS_AFTER),
            (stretch["after"], _BOUNDS_AFTER),
        )
        if word
    } or {Bound.EXACTLY}
    return bounds.pop() if len(bounds) == 1 else None


def _read_unit(stretch: re.Match[str], number: re.Match[str]) -> str | None:
    """Read the unit; None if it is not settled, or if a small number has none."""
    measure = stretch["lasting"] or stretch["counted"]
    if number["percent"] or number["sign"]:
        return None if measure or (number["percent"] and number["sign"]) else "PERCENT"
    if measure:
        return UNITS.get(measure)
    return "NUM" if {*"万亿"} & {*number[0]} else None


def _plain(numeral: str) -> str:
    """Write 〇 as 零, and 两 as 二 where it stands for it: alone or before a power of ten."""
    return re.sub("(?<!.)两(?!.)|两(?=[百千万亿])", "二", numeral.replace("〇", "零"))


def _read_numeral(numeral: str) -> int | None:
    """Read a whole Chinese numeral; None unless it is written as the number is (not 三千五)."""
    plain = _plain(numeral)
    value = _sum_numeral(plain)
    return value if value is not None and _write_numeral(value) in {plain, "一" + plain} else None


def _sum_numeral(plain: str) -> int | None:
    """Add up a numeral without asking whether it is well formed."""
    for sign, power in _POWERS.items():
        if sign in plain:
            head, _, tail = plain.partition(sign)
            left = _sum_numeral(head) if head else 1
            right = _sum_numeral(tail.lstrip("零")) if tail.lstrip("零") else 0
            return None if left is None or right is None else left * 10**power + right
    return _DIGITS.index(plain) if len(plain) == 1 and plain in _DIGITS else None


def _write_numeral(value: int) -> str:
    """Write a whole number in full, as 一十五 or 一千零五."""
    for sign, power in _POWERS.items():
        head, rest = divmod(value, 10**power)
        if head:
            gap = "零" if 0 < rest < 10 ** (power - 1) else ""
            return _write_numeral(head) + sign + gap + (_write_numeral(rest) if rest else "")
    return _DIGITS[value]


def _refusal(text: str, stretch: re.Match[str] | None) -> QuantityError:
    """Return the error that says why `text` is refused and what to do."""
    measure = stretch["lasting"] if stretch else None
    if not stretch:
        en, zh = "has no number at its start", "开头没有数"
    elif measure and measure not in UNITS:
        en, zh = f"has a unit, {measure}, that is not in UNITS", f"的单位“{measure}”不在 UNITS 中"
    else:
        en = "cannot be read for sure as one number with a bound and a unit"
        zh = "不能确切读作一个有界限和单位的数"
    return QuantityError(
        f"“{text[:_LONGEST]}” {en}: quote one whole figure with its measure word, "
        "such as 190多亿元 or 3年来, or leave it out of the graph and say why.",
        f"“{text[:_LONGEST]}”{zh}：请完整引用一个带量词的数，如 190多亿元、3年来，"
        "或不收入图中并说明理由。",
    )
