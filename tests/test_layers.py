"""Imports point one way: a module uses its own tier and those below it, and never in a circle."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "aidgraph"
TIERS = (
    {"errors", "files", "findings", "layout", "project", "terms"},
    {"articles", "headers", "names", "quantities", "questions", "sources"},
    {"sparql", "store"},
    {"gates"},
    {
        "build",
        "collection",
        "dataset",
        "description",
        "inputs",
        "locks",
        "parts",
        "passages_rdf",
        "shelf",
    },
    {"answers", "transfer"},
    {"cli", "server"},
)
TIER_OF = {name: tier for tier, names in enumerate(TIERS) for name in names}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def name_of(path: Path) -> str:
    """Return the dotted name of a module below the package: `gates.checks`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def find_imports(path: Path, *, for_types: bool) -> set[str]:
    """Return the modules of the package that a file imports, in functions too.

    `for_types`: those under TYPE_CHECKING as well, which are never run.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        node
        for test in ast.walk(tree)
        if isinstance(test, ast.If) and ast.unparse(test.test) == "TYPE_CHECKING"
        for node in ast.walk(test)
    }
    return {
        (node.module or "").removeprefix("aidgraph.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("aidgraph.")
        and (for_types or node not in skipped)
    }


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_no_higher_tier(path: Path) -> None:
    """What a lower tier knows of a higher one would tie the two together."""
    tier = TIER_OF[name_of(path).split(".")[0]]

    higher = {
        name for name in find_imports(path, for_types=True) if TIER_OF[name.split(".")[0]] > tier
    }

    assert not higher


def test_no_module_imports_itself_by_a_detour() -> None:
    """The modules can be put in an order in which each comes after what it imports."""
    known = {name_of(path) for path in MODULES}
    graph = {name_of(path): find_imports(path, for_types=False) & known for path in MODULES}

    order = list(TopologicalSorter(graph).static_order())

    assert len(known) == len(order)
