"""Logs: one JSON object a line on standard error, events named `noun.verb`, no personal details.

Neither texts of messages nor local variables of a traceback are ever logged: Rasa's own set-up
would do both (knowledge: rasa/utils/log_utils.py, dict_tracebacks with show_locals).
"""

from __future__ import annotations

import logging
import os
import sys
from typing import Any

import structlog

QUIET = ("rasa", "rasa_sdk", "alembic", "apscheduler", "matplotlib", "asyncio", "sanic.access")


def configure_logs(process: str) -> None:
    """Set up logging for one of our processes (front, engine, sender)."""
    level = logging.getLevelName(os.environ.get("PASSAGE_LOG_LEVEL", "INFO").upper())
    level = level if isinstance(level, int) and level >= logging.INFO else logging.INFO
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exception_without_locals,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)


def _exception_without_locals(_: Any, __: str, event: Any) -> Any:
    """Where it broke, as file:line, without values; the message of an exception may hold some."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["exception"] = type(error).__name__
        trace, places = error.__traceback__, []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{os.path.basename(code.co_filename)}:{trace.tb_lineno}")  # noqa: PTH119
            trace = trace.tb_next
        event["where"] = " > ".join(places[-6:])
    return event
