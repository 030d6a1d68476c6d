"""A trained model that is only asked what a text means, as bench and tests/understanding do."""

from __future__ import annotations

from pathlib import Path

from rasa.core.agent import Agent

from bot.engine.in_order import run_in_order


def load_to_read(model: Path, in_order: bool = True) -> Agent:
    """Rasa's agent, without conversations; `in_order` as in the service, else as Rasa has it."""
    agent = Agent.load(str(model))
    if in_order:
        assert agent.processor is not None
        run_in_order(agent.processor)
    return agent
