"""What supervisors remarked, as files for data/nlu and data/answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml
from sqlalchemy import select

from bot.clock import now
from bot.store import Remark

# In Rasa's examples these mark entities, and in YAML lists and maps: a message must mark nothing.
_MARKS = re.compile(r"[\[\]{}()`|<>]|⟦\w*⟧")


@dataclass(frozen=True)
class Remarks:
    """`nlu` is a file of data/nlu as it is; `answers` is a list for whoever writes data/answers.
    Either is empty when there is nothing for it."""

    nlu: str
    answers: str
    count: int


def take_remarks(session: Any, again: bool = False) -> Remarks:
    """The remarks that were not taken before, or all of them; they count as taken from now on."""
    query = select(Remark).order_by(Remark.intent, Remark.language, Remark.id)
    if not again:
        query = query.where(Remark.exported_at.is_(None))
    rows = list(session.scalars(query))
    moment = now()
    for row in rows:
        row.exported_at = moment
    session.flush()
    return Remarks(_nlu(rows), _answers(rows), len(rows))


def _nlu(rows: list[Remark]) -> str:
    blocks: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        example = plain(row.said)
        examples = blocks.setdefault((row.intent, row.language), [])
        if example and example not in examples:
            examples.append(example)
    written = [
        f"- intent: {intent}  # {language}\n  examples: |\n"
        + "".join(f"    - {example}\n" for example in examples)
        for (intent, language), examples in blocks.items()
        if examples
    ]
    return 'version: "3.1"\nnlu:\n' + "".join(written) if written else ""


def _answers(rows: list[Remark]) -> str:
    wanted = [
        {
            "intent": row.intent,
            "language": row.language,
            "said": plain(row.said),
            "should": row.should,
        }
        for row in rows
        if row.kind == "answer"
    ]
    return yaml.safe_dump(wanted, allow_unicode=True, sort_keys=False) if wanted else ""


def plain(text: str) -> str:
    """A message as one line that marks nothing and is no command of Rasa's."""
    return " ".join(_MARKS.sub(" ", text).split()).lstrip("-/# ")
