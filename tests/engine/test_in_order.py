"""The graph run in order comes to what Rasa's own runner comes to."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.understanding.lines import dev_lines


@pytest.fixture
def by_dask(engine: Any) -> Any:
    """The engine's nodes, run by Rasa's own runner as well."""
    from rasa.engine.runner.dask import DaskGraphRunner

    runner = engine._agent.processor.graph_runner
    rasas = object.__new__(DaskGraphRunner)
    rasas._instantiated_nodes, rasas._graph_schema = runner.nodes, runner._schema
    rasas._execution_context = None
    return rasas


async def test_each_message_is_understood_alike(
    engine: Any, by_dask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    processor, lines = engine._agent.processor, list(itertools.islice(dev_lines(), 0, None, 40))
    ours = [await engine._agent.parse_message(line.text) for line in lines]
    monkeypatch.setattr(processor, "graph_runner", by_dask)
    theirs = [await engine._agent.parse_message(line.text) for line in lines]
    assert len(lines) > 40
    assert ours == theirs


async def test_the_next_action_is_the_same(engine: Any, by_dask: Any) -> None:
    from rasa.core.processor import PLACEHOLDER_TRACKER
    from rasa.shared.core.events import ActionExecuted, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    processor = engine._agent.processor
    metadata = processor.model_metadata
    said = UserUttered("hello", {"name": "greet", "confidence": 1.0})
    tracker = DialogueStateTracker.from_events(
        "somebody", [ActionExecuted("action_listen"), said], slots=processor.domain.slots
    )
    given = {PLACEHOLDER_TRACKER: tracker}
    ours = processor.graph_runner.run(inputs=given, targets=[metadata.core_target])
    theirs = by_dask.run(inputs=given, targets=[metadata.core_target])
    (name,) = ours
    assert list(theirs) == [name]
    assert ours[name].probabilities == theirs[name].probabilities
    assert ours[name].policy_name == theirs[name].policy_name


async def test_what_nobody_brought_is_named(engine: Any) -> None:
    from rasa.engine.exceptions import GraphRunError

    runner = engine._agent.processor.graph_runner
    with pytest.raises(GraphRunError, match="needs __message__"):
        runner.run(targets=[engine._agent.processor.model_metadata.nlu_target])
