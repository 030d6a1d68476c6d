"""Builds the body of multilingual-e5-small, or some layers of it, as an ONNX file of 8-bit weights.

Input `before`: float32 (1, tokens, 384), what the layers before gave; for the first layer, pieces
and positions added up. Output `means`: float32 (1, layers * 384), the mean over the tokens after
each layer that is asked for; `after`: float32 (1, tokens, 384), what the last layer gave.
Onnxruntime's fused operators and dynamic 8-bit weights make one short sentence about five times
quicker than the package's own engine (docs/adr/0016).
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from bot.understanding.arrays import Array
from bot.understanding.weights import Weights

_FUSED = "com.microsoft"


def build_body(weights: Weights, first: int, layers: Sequence[int]) -> bytes:
    """The ONNX file from layer `first`, counted from 0, to the last of `layers`, with the means
    after each of these; twelve layers take about 20 seconds."""
    graph = _Graph(weights)
    if first == 0:
        graph.layer_norm_first()
    for layer in range(first, max(layers) + 1):
        graph.layer(f"l{layer}")
        if layer in layers:
            graph.mean(f"mean{layer}")
    with tempfile.TemporaryDirectory() as folder:
        whole, small = Path(folder) / "whole.onnx", Path(folder) / "small.onnx"
        onnx.save(graph.model(), str(whole))
        with _silence():
            quantize_dynamic(
                str(whole),
                str(small),
                op_types_to_quantize=["MatMul", "Attention"],
                per_channel=True,
                weight_type=QuantType.QInt8,
            )
        return small.read_bytes()


@contextmanager
def _silence() -> Iterator[None]:
    """It says a line for every number that it leaves as it is, which is what we want of it."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


class _Graph:
    """Nodes and weights on their way; `_last` is the name of what the last node gave."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._last = "before"
        self._means: list[str] = []

    def layer_norm_first(self) -> None:
        gamma, beta = self._vector("emb.ln.w"), self._vector("emb.ln.b")
        self._node(
            "LayerNormalization", [self._last, gamma, beta], "first", "", epsilon=self._epsilon
        )

    def layer(self, name: str) -> None:
        """Attention and feed-forward of one layer, each added to its input and normed after."""
        shape, before = self._weights.shape, self._last
        mixed = np.concatenate([self._across(f"{name}.{p}", shape.hidden) for p in "qkv"], axis=1)
        bias = np.concatenate([self._weights.vector(f"{name}.{p}.b") for p in "qkv"])
        inputs = [before, self._keep(f"{name}.qkv.w", mixed), self._keep(f"{name}.qkv.b", bias)]
        self._node("Attention", inputs, f"{name}.attention", _FUSED, num_heads=shape.heads)
        self._matmul(f"{name}.ao", shape.hidden)
        self._skip_norm(name, "aln", "ao", before)
        middle = self._last
        self._matmul(f"{name}.fi", shape.hidden)
        bias_name = self._vector(f"{name}.fi.b")
        self._node("BiasGelu", [self._last, bias_name], f"{name}.gelu", _FUSED)
        self._matmul(f"{name}.fo", shape.inner)
        self._skip_norm(name, "oln", "fo", middle)

    def mean(self, name: str) -> None:
        before = self._last
        self._node("ReduceMean", [before], name, axes=[1], keepdims=0)
        self._means.append(self._last)
        self._last = before

    def model(self) -> onnx.ModelProto:
        size = self._weights.shape.hidden
        tokens, means = [1, "tokens", size], [1, len(self._means) * size]
        self._nodes.append(helper.make_node("Identity", [self._last], ["after"]))
        self._nodes.append(helper.make_node("Concat", self._means, ["means"], axis=1))
        graph = helper.make_graph(
            self._nodes,
            "e5",
            [helper.make_tensor_value_info("before", TensorProto.FLOAT, tokens)],
            [
                helper.make_tensor_value_info("means", TensorProto.FLOAT, means),
                helper.make_tensor_value_info("after", TensorProto.FLOAT, tokens),
            ],
            self._constants,
        )
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_FUSED, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8)

    @property
    def _epsilon(self) -> float:
        return self._weights.shape.epsilon

    def _matmul(self, name: str, width: int) -> None:
        self._node("MatMul", [self._last, self._keep(f"{name}.w", self._across(name, width))], name)

    def _skip_norm(self, layer: str, norm: str, bias: str, skip: str) -> None:
        inputs = [
            self._last, skip, self._vector(f"{layer}.{norm}.w"), self._vector(f"{layer}.{norm}.b"),
            self._vector(f"{layer}.{bias}.b"),
        ]  # fmt: skip
        self._node(
            "SkipLayerNormalization", inputs, f"{layer}.{norm}", _FUSED, epsilon=self._epsilon
        )

    def _across(self, name: str, width: int) -> Array:
        """Stored as outputs by inputs; multiplied the other way round."""
        return np.ascontiguousarray(self._weights.matrix(f"{name}.w", width).T)

    def _vector(self, name: str) -> str:
        return self._keep(name, self._weights.vector(name))

    def _keep(self, name: str, values: Array) -> str:
        self._constants.append(numpy_helper.from_array(values.astype(np.float32), name))
        return name

    def _node(
        self, kind: str, inputs: list[str], name: str, domain: str = "", **settings: Any
    ) -> None:
        output = f"{name}.out"
        self._nodes.append(
            helper.make_node(kind, inputs, [output], name=name, domain=domain, **settings)
        )
        self._last = output
