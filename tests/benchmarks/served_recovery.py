"""Rebuilds under readers, a primary that is killed, a standby that takes over: times and mistakes.

python -m tests.benchmarks.served_recovery [--rebuilds 20] [--readers 4] [--kills 5]
"""

import argparse
import json
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable

from rag.address import ServerAddress
from rag.errors import RagError
from rag.index.postgresql.builds import ServedBuilds
from rag.question.understanding import understand
from rag.types import Document
from tests import postgres
from tests.unit.index.test_contract import write

_DOCUMENTS = 50


def main() -> None:
    """Run the three trials; print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rebuilds", type=int, default=20)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--kills", type=int, default=5)
    options = parser.parse_args()
    folder = postgres.folder()
    primary = postgres.Server.new(folder / "data")
    standby = None
    try:
        url = primary.database("cases")
        store = ServedBuilds(ServerAddress(url))
        write(store, _corpus(0), "2026-000")
        result: dict[str, object] = {
            "rebuilds": _under_readers(
                url,
                options.readers,
                lambda: [
                    write(store, _corpus(n), f"2026-{n:03}", keep=2)
                    for n in range(1, options.rebuilds + 1)
                ],
            )
        }
        times: list[float] = []
        result["killed"] = _under_readers(
            url, options.readers, lambda: times.extend(_kill(primary, url, options.kills))
        )
        result["seconds from the restart to an answer"] = _summary(times)
        standby = primary.standby(folder / "standby")
        two = url.replace(f":{primary.port}/", f":{primary.port},127.0.0.1:{standby.port}/")
        took: list[float] = []

        def promote() -> None:
            assert standby is not None
            primary.kill()
            began = time.perf_counter()
            standby.promote()
            write(ServedBuilds(ServerAddress(two)), _corpus(900), "2026-900", keep=2)
            took.append(time.perf_counter() - began)

        result["promoted"] = _under_readers(two, options.readers, promote)
        result["seconds from the promotion to a new build"] = _summary(took)
        print(json.dumps(result, indent=1))
    finally:
        primary.stop()
        if standby is not None:
            standby.stop()
        postgres.remove(folder)


def _corpus(number: int) -> list[Document]:
    return [
        Document(f"{number}-{n}", f"Fact {n}", f"Fact {n} of build {number}.", "", "0" * 64, {})
        for n in range(_DOCUMENTS)
    ]


def _under_readers(url: str, readers: int, act: Callable[[], object]) -> dict[str, object]:
    """Do something while threads read; what came of their reads."""
    found: Counter[str] = Counter()
    done = threading.Event()
    threads = [threading.Thread(target=_read, args=(url, done, found)) for _ in range(readers)]
    for thread in threads:
        thread.start()
    began = time.perf_counter()
    act()
    time.sleep(1)
    done.set()
    for thread in threads:
        thread.join()
    return {"seconds": round(time.perf_counter() - began, 1), **found}


def _read(url: str, done: threading.Event, found: Counter[str]) -> None:
    """Open and read builds: each is whole, or there is an error of ours."""
    store = ServedBuilds(ServerAddress(url))
    while not done.is_set():
        try:
            build = store.open()
            number = int(build.manifest.build[-3:])
            texts = [document.text for document in build.documents.all()]
            rows = [row for row, _ in build.lexical.passages(understand("fact of build"), 99)]
            passages = sorted(passage.text for passage in build.documents.passages(rows))
            right = [document.text for document in _corpus(number)]
            found["right" if texts == right and passages == sorted(right) else "WRONG"] += 1
        except RagError as error:
            found[f"told: {type(error).__name__}"] += 1
            time.sleep(0.05)
        except Exception as error:  # noqa: BLE001 - counted by its name
            found[f"RAW: {type(error).__name__}"] += 1


def _kill(primary: postgres.Server, url: str, times: int) -> list[float]:
    """Kill and restart the primary; the seconds until an open store answers again."""
    store = ServedBuilds(ServerAddress(url))
    build = store.open()
    took = []
    for _ in range(times):
        primary.kill()
        time.sleep(0.5)
        primary.start(wait=False)
        began = time.perf_counter()
        while True:
            try:
                list(build.documents.all())
                break
            except RagError:
                time.sleep(0.02)
        took.append(time.perf_counter() - began)
    return took


def _summary(seconds: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(seconds), 2), "most": round(max(seconds), 2)}


if __name__ == "__main__":
    main()
