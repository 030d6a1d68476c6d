"""Runs the nodes of Rasa's graph one after the other.

Rasa has Dask plan each run anew and hand each node to a pool of threads. A message needs seven
small nodes that wait for each other anyhow: planning them took nearly half of the time in which a
usual message is understood (docs/adr/0016).
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from rasa.core.processor import MessageProcessor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner

# A node, what it is called, and the names of what it needs, in the order of its arguments.
Step = tuple[str, GraphNode, tuple[str, ...]]


class InOrder:
    """In place of the runner that Rasa loaded, with its nodes; `run` is Rasa's own GraphRunner.run.
    Not to be called by several threads at once."""

    def __init__(self, loaded: DaskGraphRunner) -> None:
        self.nodes: dict[str, GraphNode] = loaded._instantiated_nodes
        self._schema = loaded._graph_schema
        self._plans: dict[tuple[str, ...], list[Step]] = {}

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """The outcome of each of `targets`, of all targets of the graph without them.

        Raises:
            GraphRunError: a node needs something that nobody brought.
        """
        wanted = tuple(targets or self._schema.target_names)
        found: dict[str, tuple[str, Any]] = {
            name: (name, value) for name, value in (inputs or {}).items()
        }
        for name, node, needs in self._plan(wanted):
            missing = [need for need in needs if need not in found]
            if missing:
                raise GraphRunError(f"{name} needs {', '.join(missing)}")
            found[name] = node(*[found[need] for need in needs])
        return dict(found[name] for name in wanted)

    def _plan(self, wanted: tuple[str, ...]) -> list[Step]:
        if wanted not in self._plans:
            nodes = self._schema.minimal_graph_schema(list(wanted)).nodes
            needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
            order = TopologicalSorter(needs).static_order()
            self._plans[wanted] = [
                (name, self.nodes[name], needs[name]) for name in order if name in nodes
            ]
        return self._plans[wanted]


def run_in_order(processor: MessageProcessor) -> list[GraphNode]:
    """Have the processor of a loaded model run its graph in order; the nodes of the graph."""
    runner = InOrder(processor.graph_runner)
    processor.graph_runner = runner
    # Rasa warns of a meaning that is not in the domain, and makes an empty domain for each message
    # to see whether ours is one. Training checks that both agree.
    processor._check_for_unseen_features = lambda _parsed: None
    return list(runner.nodes.values())
