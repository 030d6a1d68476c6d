"""What an action answers is checked, with a schema that is read once."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize("events", [[{"name": "language"}], [{"event": "nothing"}], "none"])
def test_an_answer_that_rasa_cannot_read_is_refused(engine: Any, events: Any) -> None:
    from jsonschema import ValidationError
    from rasa.core.actions.action import RemoteAction

    action = RemoteAction("action_status", engine.actions)
    right = {"events": [{"event": "slot", "name": "language", "value": "fr"}], "responses": []}
    assert action._validate_action_result(right)
    with pytest.raises(ValidationError):
        action._validate_action_result({"events": events, "responses": []})
