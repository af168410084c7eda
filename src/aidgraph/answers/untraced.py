"""What could not be traced of a row, in both languages: every reason there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aidgraph.questions import Language


class Untraced(NamedTuple):
    """What else a row may rest on; `is_sample` where all of it is had by asking for all."""

    en: str
    zh: str
    is_sample: bool = False

    def text(self, language: Language) -> str:
        """Return the reason in `language`."""
        return self.zh if language == "zh" else self.en


CUT_GROUP = Untraced(
    "not all members of the group were read",
    "未读取该组的全部成员",
    is_sample=True,
)
CUT_ROW = Untraced(
    "ways to the table's rows were left out: ask for one row alone",
    "得出表中各行的部分途径未列出：请只问一行",
    is_sample=True,
)
NOT_FOUND = Untraced(
    "the row was not found again when its evidence was asked for",
    "查询依据时未能再次得到该行",
)
FREE_START = Untraced(
    "a path of length zero between ends that nothing else in the query names",
    "长度为零的路径，其两端在查询中别无所指",
)
NESTED_IN_GRAPH = Untraced(
    "a sub-select with DISTINCT, groups or LIMIT inside GRAPH ?variable",
    "GRAPH ?变量 之内带有 DISTINCT、分组或 LIMIT 的子查询",
)


def sampled(shown: int, members: int | None) -> Untraced:
    """Say how many of a group's `members` are shown; None: nobody could count them."""
    if members is None:
        return CUT_GROUP
    en = f"{shown:,} of {members:,} members of the group are shown"
    return Untraced(en, f"该组 {members:,} 个成员中只列出 {shown:,} 个", is_sample=True)


def too_many_steps(limit: int) -> Untraced:
    """Say that a path of any length has more steps than are searched."""
    en = f"a path with more than {limit:,} steps to search"
    return Untraced(en, f"路径需查的步数超过 {limit:,}")


def chance(expression: object) -> Untraced:
    """Say that an expression is another each time."""
    return Untraced(f"{expression}: a function of chance", f"{expression}：随机函数")


def cut(limit: str) -> Untraced:
    """Say that nothing shows why LIMIT or OFFSET kept the row."""
    en = f"{limit}: that this row is among those kept"
    return Untraced(en, f"{limit}：该行何以在保留之列")


def open_exists(pattern: object) -> Untraced:
    """Say that an EXISTS cannot be joined to the rest."""
    en = f"{pattern}: it names what is not always bound, or is not a plain pattern"
    return Untraced(en, f"{pattern}：其中的变量未必都有值，或不是简单的图模式")


def exists_inside(element: object) -> Untraced:
    """Say that an EXISTS is a part of an expression."""
    en = f"{element}: EXISTS inside an expression"
    return Untraced(en, f"{element}：表达式之内的 EXISTS")


def nested_negation(group: object) -> Untraced:
    """Say that what was searched in vain negates, too."""
    en = f"{group}: a negation inside a negation, or the like"
    return Untraced(en, f"{group}：否定之内又有否定，或与此相似")


def without_graph(triple: Iterable[object]) -> Untraced:
    """Say that no graph was found for a triple."""
    text = " ".join(map(str, triple))
    en = f"{text}: no named graph was found that holds it"
    return Untraced(en, f"{text}：未找到载有它的命名图")
