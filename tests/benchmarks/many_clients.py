"""Many clients ask a server at the same time; each reply is compared with that of Python.

    python tests/benchmarks/many_clients.py INDEX QUESTIONS.jsonl... --clients 50 --seconds 120

Starts `rag serve` over the index. Half of the clients read events. Prints errors, replies that
belong to another question or differ from the answer that Python gives, throughput and latency.
Exits with 1 after any error or difference.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from rag.api import Index

_CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass
class Load:
    """What came of the requests of all clients."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """The time within which this share of the replies came."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


@contextmanager
def serving(index: Path, *options: str) -> Iterator[str]:
    """``rag serve`` over the index, in a process of its own; yield its address."""
    server = subprocess.Popen(
        [sys.executable, "-m", "rag", "serve", "--port", "0", "--index", str(index), *options],
        cwd=_CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(_CHECKOUT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stderr is not None
        address = ""
        for line in server.stderr:
            if line.startswith("listening at "):
                address = line.split()[2]
                break
        # What it logs would fill the pipe and stop it.
        drain = subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if httpx.get(f"{address}/health/ready").status_code == 200:
                break
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)
        drain.wait(timeout=60)


def run(address: str, expected: Mapping[str, Any], *, clients: int, seconds: float) -> Load:
    """Ask the questions of ``expected``, which maps each to its answer, for some seconds."""
    return asyncio.run(_run(address, expected, clients, seconds))


async def _run(address: str, expected: Mapping[str, Any], clients: int, seconds: float) -> Load:
    load = Load()
    questions = list(expected)
    until = time.monotonic() + seconds
    limits = httpx.Limits(max_connections=clients)
    async with httpx.AsyncClient(base_url=address, timeout=300, limits=limits) as http:

        async def one(number: int) -> None:
            turn = number * 7
            while time.monotonic() < until:
                question = questions[turn % len(questions)]
                turn += 1
                began = time.monotonic()
                try:
                    answer = await _ask(http, question, events=bool(number % 2))
                except (httpx.HTTPError, ValueError, KeyError) as error:
                    load.errors.append(f"{question!r}: {error!r}")
                    continue
                load.seconds.append(time.monotonic() - began)
                if answer != expected[question]:
                    load.differences.append(f"{question!r}: answered as {answer['question']!r}")

        await asyncio.gather(*map(one, range(clients)))
    return load


async def _ask(http: httpx.AsyncClient, question: str, *, events: bool) -> Any:
    accept = "text/event-stream" if events else "application/json"
    reply = await http.post("/ask", json={"question": question}, headers={"Accept": accept})
    reply.raise_for_status()
    if not events:
        return reply.json()
    *_, last = (block for block in reply.text.split("\n\n") if block.startswith("event: answer"))
    return json.loads(last.partition("\ndata: ")[2])


def answers(index: Path, questions: Sequence[str]) -> dict[str, Any]:
    """The answer of Python to each question, as JSON gives it back."""
    opened = Index.open(index)
    return {one: json.loads(json.dumps(opened.ask(one).to_dict())) for one in questions}


def main() -> None:
    """Print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path, nargs="+", help="JSON lines with a question each")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--first", type=int, default=40, help="at most this many questions")
    given = parser.parse_args()
    lines = [line for path in given.questions for line in path.read_text().splitlines()]
    step = max(1, len(lines) // given.first)
    questions = [json.loads(line)["question"] for line in lines[::step]][: given.first]
    expected = answers(given.index, questions)
    with serving(given.index) as address:
        began = time.monotonic()
        load = run(address, expected, clients=given.clients, seconds=given.seconds)
        took = time.monotonic() - began
    for line in (*load.errors[:10], *load.differences[:10]):
        print(line)
    print(
        f"{given.clients} clients, {took:.0f} s, {os.cpu_count()} cores (load "
        f"{os.getloadavg()[0]:.1f}): {len(load.seconds)} answers to {len(expected)} questions, "
        f"{len(load.seconds) / took:.2f} a second; {len(load.errors)} errors, "
        f"{len(load.differences)} differences; seconds until the answer: median "
        f"{load.quantile(0.5):.1f}, 95 % {load.quantile(0.95):.1f}, most {load.quantile(1):.1f}"
    )
    sys.exit(bool(load.errors or load.differences))


if __name__ == "__main__":
    main()
