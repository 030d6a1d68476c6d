"""From start to up and to ready, beside stock Rasa with the very same model, interleaved."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import psutil

from bench.running import fresh_service
from bot.model import ROOT
from tests.support.processes import environment, free_port

ROUNDS = 5


def run(rounds: int = ROUNDS) -> list[str]:
    """Rows of the report; medians of `rounds` rounds, ours and stock Rasa's taking turns."""
    ours, stock = [], []
    for number in range(rounds):
        ours.append(_ours())
        stock.append(_stock())
        print(f"  round {number + 1}: ours {ours[-1]}, stock Rasa {stock[-1]}")
    up, ready, memory = (_median(ours, column) for column in range(3))
    stock_ready, stock_memory = (_median(stock, column) for column in range(2))
    return [
        f"| front up | {up:.1f} s | |",
        f"| engine ready | {ready:.1f} s | stock Rasa, same model: {stock_ready:.1f} s |",
        f"| engine memory | {memory:.0f} MB | stock Rasa, same model: {stock_memory:.0f} MB |",
    ]


def _median(rows: list[tuple[float, ...]], column: int) -> float:
    return statistics.median(row[column] for row in rows)


def _ours() -> tuple[float, float, float]:
    """Seconds until the front is up, seconds until the engine is ready, engine MB."""
    with fresh_service() as service, (service.settings.home / "serve.log").open("wb") as log:
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            cwd=ROOT,
            env=environment(service.settings),
            stdout=log,
            stderr=log,
        )
        try:
            _wait(f"{service.url}/healthz")
            up = time.monotonic() - began
            _wait(f"{service.url}/readyz")
            ready = time.monotonic() - began
            memory = psutil.Process(service.engine_process()).memory_info().rss / 1e6
        finally:
            process.terminate()
            process.wait()
    return round(up, 2), round(ready, 1), round(memory)


def _stock() -> tuple[float, float]:
    """Seconds until stock Rasa's server answers for the model, and its MB."""
    port = free_port()
    command = [sys.executable, "-m", "rasa", "run", "--enable-api", "--port", str(port)]
    model = str(ROOT / "models" / "passage.tar.gz")
    # Bound to loopback: this server is a peer for a moment, never part of the service.
    command += ["--interface", "127.0.0.1", "--model", model]
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("wb") as log:
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/status")
            ready = time.monotonic() - began
            memory = psutil.Process(process.pid).memory_info().rss / 1e6
        finally:
            process.terminate()
            process.wait()
    return round(ready, 1), round(memory)


def _wait(url: str, seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise TimeoutError(url)
