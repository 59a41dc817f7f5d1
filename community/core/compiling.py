"""How templates become Python and run: as Jinja does it, but for the few things that a page does a thousand times."""

from collections.abc import Callable, MutableMapping
from functools import lru_cache
from types import FunctionType
from typing import Any

from flask.templating import Environment
from jinja2 import nodes, pass_eval_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape
from markupsafe import _escape_inner as escaped  # type: ignore[attr-defined] # `escape`, without an object of its own

# What functions ask to be given, as Jinja's decorators note it, and how a call that we write gives it.
_GIVEN = {None: "", getattr(pass_eval_context(lambda: None), "jinja_pass_arg"): "context.eval_ctx"}  # noqa: B009
_PLAIN = (FunctionType, type(lru_cache(lambda: None)))


def written(value: Any) -> str:
    """A value as it is written into HTML: escaped unless it is HTML already."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    if kind is str:
        return escaped(value)
    return str(value) if kind is int else escape(value)


class PageCode(CodeGenerator):
    """Calls functions of ours and looks attributes up at once, and joins what is escaped as plain text.

    Jinja asks at each call what it is that is called, for a template may be given anything; and it makes each text that
    it escapes an object of its own, only to join it with the next.
    """

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - named by Jinja
        """Let the code of a template know `written`."""
        self.writeline(f"from {__name__} import {written.__name__}")
        super().visit_Template(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802 - as above
        """Write a call: at once where a function of all templates is called by its name with nothing unpacked."""
        given = None if forward_caller or node.dyn_args or node.dyn_kwargs else self._given(node.node)
        if given is None:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write(f"({given}")
        for number, argument in enumerate((*node.args, *node.kwargs)):
            self.write(", " if given or number else "")
            self.visit(argument, frame)
        self.write(")")

    def _given(self, called: nodes.Expr) -> str | None:
        """What comes first in a call of this; None where only Jinja can tell."""
        function = self.environment.globals.get(called.name) if isinstance(called, nodes.Name) else None
        return _GIVEN.get(getattr(function, "jinja_pass_arg", None)) if isinstance(function, _PLAIN) else None

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - as above
        """Write what looks an attribute up; Jinja is asked only where there is none, for it may be an item."""
        owner, found = self.temporary_identifier(), self.temporary_identifier()
        self.write(f"({found} if ({found} := getattr(({owner} := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing else environment.getattr({owner}, {node.attr!r}))")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write(f"{written.__name__}(")
        else:
            super()._output_child_pre(node, frame, finalize)


class PageContext(Context):
    """Calls macros at once, as `PageCode` calls functions."""

    def __init__(self, environment: Environment, *others: Any, **_globals: Any) -> None:
        super().__init__(environment, *others)  # no template has globals of its own, for which imports would look

    def call(__self, __obj: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - as Jinja names them
        """Call something from a template, a macro at once."""
        if type(__obj) is not Macro:
            return super().call(__obj, *args, **kwargs)
        if kwargs:
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
        return __obj(__self.eval_ctx, *args, **kwargs)


class PageEnvironment(Environment):
    """Where templates live: all of them have the same globals."""

    code_generator_class = PageCode
    context_class = PageContext

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of all templates themselves, which are copied faster than a chain of two."""
        return super().make_globals(d) if d else self.globals
