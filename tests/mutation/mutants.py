"""Small faults put into the rules on purpose: which there are, and a module's tree with one of them.

A mutant is named by its file, the function it stands in, and what became of what; not by its line, which moves.
"""

from __future__ import annotations

import ast
import copy
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
SWAPPED = {
    "min": "max", "max": "min", "min_horizontal": "max_horizontal", "max_horizontal": "min_horizontal",
    "cum_min": "cum_max", "cum_max": "cum_min", "any": "all", "all": "any",
}  # fmt: skip
WORDS = {"left": "inner", "inner": "left", "semi": "anti", "anti": "semi", "first": "last", "last": "first"}
WORD = re.compile(r"[A-Za-z_]+")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Place(NamedTuple):
    """A node of a tree, where it hangs, and the outermost function around it ("" at the top of the module)."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST
    scope: str


class Mutant(NamedTuple):
    """One fault: the `variant`-th change of the `number`-th place of a file."""

    file: str
    scope: str
    line: int
    operator: str
    before: str
    after: str
    number: int
    variant: int

    @property
    def name(self) -> str:
        """What it is called in the list of equivalent mutants."""
        return f"{self.file} {self.scope or '(module)'}: {self.before} -> {self.after}"


def places(tree: ast.AST) -> Iterator[Place]:
    """Every place of a tree where the code says something, in a fixed order; no annotation, decorator or docstring."""
    yield from _below(tree, "", False)


def _below(parent: ast.AST, scope: str, inside: bool) -> Iterator[Place]:
    for name, value in ast.iter_fields(parent):
        if name in {"annotation", "returns", "decorator_list", "type_params"}:
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or _says_nothing(parent, node):
                continue
            yield Place(parent, name, index, node, scope)
            yield from _below(node, *_scope_below(node, scope, inside))


def _scope_below(node: ast.AST, scope: str, inside: bool) -> tuple[str, bool]:
    """The scope of what a node holds, and whether a function is already around it."""
    if inside or not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return scope, inside
    return (f"{scope}.{node.name}" if scope else node.name), isinstance(node, FUNCTIONS)


def _says_nothing(parent: ast.AST, node: ast.AST) -> bool:
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.JoinedStr, ast.Raise)):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets)
    return isinstance(parent, ast.keyword) and parent.arg == "return_dtype"


def variants(place: Place) -> list[tuple[str, ast.AST]]:
    """What may be put in a place instead: (operator of the mutation, node)."""
    node, found = place.node, list[tuple[str, ast.AST]]()
    if isinstance(node, ast.Compare):
        found += _compared(node)
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC and not _text(node):
        found.append(("arithmetic", _with(node, op=ARITHMETIC[type(node.op)]())))
    elif isinstance(node, ast.BoolOp):
        found.append(("and/or", _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())))
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):
        found.append(("negation dropped", node.operand))
    elif isinstance(node, ast.Constant):
        found += _constants(place)
    elif isinstance(node, ast.Call):
        found += _called(node)
    elif isinstance(node, ast.stmt):
        found += _stated(node)
    return found


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _text(node: ast.BinOp) -> bool:
    return any(isinstance(side, ast.JoinedStr) for side in (node.left, node.right))


def _compared(node: ast.Compare) -> Iterator[tuple[str, ast.AST]]:
    for number, op in enumerate(node.ops):
        other = COMPARISONS[type(op)]()
        yield "comparison", _with(node, ops=[*node.ops[:number], other, *node.ops[number + 1 :]])


def _constants(place: Place) -> Iterator[tuple[str, ast.AST]]:
    value = place.node.value  # type: ignore[attr-defined]
    if isinstance(value, bool):
        yield "true/false", ast.Constant(not value)
    elif isinstance(value, int):
        yield "constant + 1", ast.Constant(value + 1)
        yield "constant - 1", ast.Constant(value - 1)
    elif isinstance(value, str) and WORD.fullmatch(value):
        how = isinstance(place.parent, ast.keyword) and place.parent.arg in {"how", "keep"}
        yield ("join" if how else "word"), ast.Constant(WORDS.get(value, "inner") if how else value + "_")


def _called(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in SWAPPED:
        swapped = {"attr" if isinstance(node.func, ast.Attribute) else "id": SWAPPED[name]}
        yield "min/max", _with(node, func=_with(node.func, **swapped))
    if name in {"filter", "fill_null"} and isinstance(node.func, ast.Attribute):
        yield f"{name} dropped", node.func.value
    if name == "fill_null" and node.args and isinstance(node.args[0], ast.Name):
        yield "fill_null value", _with(node, args=[ast.Constant(0)])


def _stated(node: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, (ast.Expr, ast.AugAssign)) or (isinstance(node, ast.Assign) and _about_itself(node)):
        yield "statement dropped", ast.Pass()
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "returns None", ast.Return(ast.Constant(None))


def _about_itself(node: ast.Assign) -> bool:
    """`x = f(x)`: without it, x is still there."""
    names = {target.id for target in node.targets if isinstance(target, ast.Name)}
    return bool(names & {below.id for below in ast.walk(node.value) if isinstance(below, ast.Name)})


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def mutants_of(root: Path, file: str) -> list[Mutant]:
    """Every mutant of a file, in order."""
    found = []
    for number, place in enumerate(places(ast.parse((root / file).read_text(encoding="utf-8")))):
        for variant, (operator, node) in enumerate(variants(place)):
            line, texts = getattr(place.node, "lineno", 0), (ast.unparse(place.node), ast.unparse(node))
            found.append(Mutant(file, place.scope, line, operator, *texts, number, variant))
    return found


def mutated(root: Path, mutant: Mutant) -> ast.Module:
    """The tree of the mutant's file with its fault in it."""
    tree = ast.parse((root / mutant.file).read_text(encoding="utf-8"))
    place = next(place for number, place in enumerate(places(tree)) if number == mutant.number)
    node = ast.copy_location(variants(place)[mutant.variant][1], place.node)
    if place.index is None:
        setattr(place.parent, place.field, node)
    else:
        getattr(place.parent, place.field)[place.index] = node
    return ast.fix_missing_locations(tree)


def sampled(each: dict[str, Sequence[Mutant]], size: int, seed: int) -> list[Mutant]:
    """`size` mutants, each file by its share of all of them (at least one), drawn by `seed`."""
    draw, total = random.Random(seed), sum(map(len, each.values()))
    found = []
    for file in sorted(each):
        share = min(len(each[file]), max(1, round(size * len(each[file]) / max(total, 1))))
        found += draw.sample(list(each[file]), share)
    return found
