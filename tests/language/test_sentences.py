"""Every sentence stands in the code whole, where the catalogs find it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import make_catalogs

MODULES = sorted(make_catalogs.SOURCE.rglob("*.py"))

SAYING = {name: said for name, said in make_catalogs.KEYWORDS.items() if said is not None}


def templates(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield what is given as a template to functions that say it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            for place in SAYING.get(name, ()):
                number = place[0] if isinstance(place, tuple) else place
                if len(node.args) >= number:
                    yield node.args[number - 1]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_nothing_is_said_inside_an_f_string(path: Path) -> None:
    """Before Python 3.12 what stands there is found in no catalog."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for text in (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)):
        said = [one.lineno for one in templates(text) if isinstance(one, ast.Constant)]
        assert said == [], path


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_sentence_is_glued(path: Path) -> None:
    """An f-string, a sum or a join would be found in no catalog."""
    glued = (ast.JoinedStr, ast.BinOp)
    for template in templates(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(template, ast.IfExp):  # Babel would take both texts for one
            glued_texts = [
                isinstance(one, ast.Constant) for one in (template.body, template.orelse)
            ]
            assert not any(glued_texts), f"{path}:{template.lineno}"
        is_joined = isinstance(template, ast.Call) and getattr(template.func, "attr", "") == "join"
        assert not isinstance(template, glued), f"{path}:{template.lineno}"
        assert not is_joined, f"{path}:{template.lineno}"
