"""What a request gets that can't be answered: JSON for programs, a page for people."""

from __future__ import annotations

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable
from werkzeug.wrappers import Response as BaseResponse

from graphviz_backprop.jobs.layout import LayoutError, LayoutTimeout, NotInstalled
from graphviz_backprop.jobs.processes import JobLeft
from graphviz_backprop.language.errors import ExpressionError
from graphviz_backprop.web.alone import Unbuilt
from graphviz_backprop.web.asked.state import Mistake
from graphviz_backprop.web.replies import refusal

_NUMBERS = "/graph.json has every number of it"


def install(app: Flask) -> None:
    app.register_error_handler(ExpressionError, _bad_program)
    app.register_error_handler(Mistake, _bad_parameter)
    app.register_error_handler(LayoutTimeout, _undrawn)
    app.register_error_handler(LayoutError, _undrawn)
    app.register_error_handler(NotInstalled, _unable)
    app.register_error_handler(JobLeft, _left)
    app.register_error_handler(Unbuilt, _unbuilt)
    app.register_error_handler(MemoryError, _too_little_memory)
    app.register_error_handler(HTTPException, refused)


def _bad_program(error: ExpressionError) -> ResponseReturnValue:
    return refusal(error.message, start=error.start, end=error.end, hint=error.hint)


def _bad_parameter(mistake: Mistake) -> ResponseReturnValue:
    return refusal(mistake.message)


def _undrawn(error: Exception) -> ResponseReturnValue:
    reply = refusal(f"this graph is not drawn: {error}", 503, hint=_NUMBERS)
    reply.headers["Retry-After"] = "1"
    return reply


def _unable(error: NotInstalled) -> ResponseReturnValue:
    return refusal(f"this server can't do that: {error}", 501, hint="/graph.svg draws the same")


def _left(error: JobLeft) -> ResponseReturnValue:
    """Nobody reads this."""
    return refused(ServiceUnavailable())


def _unbuilt(error: Unbuilt) -> ResponseReturnValue:
    return refusal(f"this server can't do that: {error}", 501, hint="/graph.svg is the figure alone")


def _too_little_memory(error: MemoryError) -> ResponseReturnValue:
    return refused(ServiceUnavailable("This needs more memory than the server has just now.", retry_after=5))


def refused(error: HTTPException) -> ResponseReturnValue:
    """Also for whatever a view raises unforeseen: Flask has logged it and wrapped it in a 500."""
    if error.response is not None:
        return error
    code = error.code or InternalServerError.code
    message = error.description or error.name
    reply: BaseResponse
    if request.path.startswith(("/api/", "/graph.", "/healthz", "/readyz")):
        reply = refusal(message, code)
    else:
        reply = error.get_response()
        reply.data = render_template("error.html", code=code, name=error.name, message=message)
    told = error.get_response().headers
    for name in ("Allow", "Retry-After"):
        if name in told:
            reply.headers[name] = told[name]
    return reply
