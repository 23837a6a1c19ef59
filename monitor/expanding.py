"""A statement's text for so many values of its lists is made once, and not at each run.

Where a statement has ``in``, SQLAlchemy writes its text anew whenever it runs, a mark for each value: a sixth of what a
page's statement costs beside the database's own work. The text rests on how many values each list has and on nothing
else; no value is kept. Should SQLAlchemy come to go about it otherwise, this step is passed over and costs what it did.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.sql.compiler import ExpandedState, SQLCompiler
from sqlalchemy.types import NullType, TupleType

MOST: Final = 16  # texts of one compiled statement: a page's lists have few lengths, those of a docket as many as cases


class RememberingCompiler(SQLCompiler):
    """Before the compiler of a dialect (`remember`)."""

    _lists: tuple[str, ...] | None = None
    texts: dict[tuple[int, ...], ExpandedState]

    def _process_parameters_for_postcompile(
        self, parameters: Any, _populate_self: bool = False
    ) -> ExpandedState:
        if self._lists is None:
            self.texts, self._lists = {}, self._plain_lists()
        if _populate_self or not self._lists:
            return super()._process_parameters_for_postcompile(parameters, _populate_self)
        shape = tuple([len(parameters[name]) for name in self._lists])
        known = self.texts.get(shape)
        if known is None:
            made = super()._process_parameters_for_postcompile(parameters)
            if len(self.texts) < MOST:
                self.texts[shape] = made._replace(parameters={})
            return made
        for name, marks in known.parameter_expansion.items():
            parameters.update(zip(marks, parameters.pop(name), strict=True))
        return known._replace(parameters=parameters)

    def _plain_lists(self) -> tuple[str, ...]:
        """Names of the lists; none where the text rests on more than their lengths."""
        lists = self.post_compile_params
        if self.literal_execute_params or any(isinstance(one.type, NullType | TupleType) for one in lists):
            return ()
        return tuple([self.bind_names[one] for one in lists])


def remember(engine: Engine) -> None:
    """Have what is compiled for this engine remember its texts; saying so twice changes nothing."""
    compiler = engine.dialect.statement_compiler
    if not issubclass(compiler, RememberingCompiler):
        engine.dialect.statement_compiler = type(compiler.__name__, (RememberingCompiler, compiler), {})
