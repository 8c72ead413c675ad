"""Building wide: machines load, split and embed a shard each, and one merges the shards."""

import fcntl
import gzip
import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from rag.config import Settings, load_settings
from rag.errors import BusyError, RagError, UsageError, told_of_disk
from rag.hashing import read_sha256
from rag.index.passage_cache import PassageCache
from rag.index.store import open_store
from rag.index.vector_cache import VectorCache
from rag.index.waiting_texts import WaitingTexts
from rag.ingest import (
    BuildReport,
    Progress,
    changes_since,
    inputs_of,
    report_of,
    scratch_folder,
    unchanged_build,
    write_build,
)
from rag.load import LOADER_VERSION, Source, hashed, listed
from rag.load.documents import limits_of, read_files
from rag.load.resolve import Resolver, traits_from_dict, traits_of
from rag.load.serialization import item_from_json, item_to_json
from rag.models.embedder import Embedder, load_embedder
from rag.shared_storage import SharedStorage
from rag.text.split import SPLITTER_VERSION, embedded_texts
from rag.text.visible import visible
from rag.types import Document, Passage, Skipped, counted

SHARD_FORMAT = 1
"""Raised whenever shards of the older layout can no longer be merged."""

_KINDS = ("traits.jsonl.gz", "documents.jsonl.gz", "vectors")
"""The files of a shard: what decides ids and duplicates; documents with passages; vectors."""
_A_FILE = 4096
"""Bytes that are added to the size of each file: opening it takes time too."""
_MOST_SHARDS = 10_000
_NAMED = 20
"""Shards with a fault that an error names at most."""
_FAST = 1  # level of gzip: text shrinks to 45 %, at 100 MB/s


@dataclass(frozen=True, slots=True)
class ShardReport:
    """The result of one call of :func:`write_shard`.

    Attributes
    ----------
    shard, of
        Number of the shard, from 0, and of all shards.
    files, documents, passages
        In the shard, before duplicates are merged.
    embedded
        Texts embedded by this call.
    seconds
        Duration of the call.
    unchanged
        True if the storage already had this shard, so that nothing was written.
    skipped
        Files and parts of files that cannot be read.
    """

    shard: int
    of: int
    files: int
    documents: int
    passages: int
    embedded: int
    seconds: float
    unchanged: bool
    skipped: tuple[Skipped, ...]

    @property
    def summary(self) -> str:
        """One line for people."""
        name = f"shard {self.shard}/{self.of}"
        skipped = f" ({len(self.skipped)} skipped)" if self.skipped else ""
        holds = (
            f"{counted(self.files, 'file')}, {counted(self.documents, 'document')}{skipped}, "
            f"{counted(self.passages, 'passage')}"
        )
        if self.unchanged:
            return f"{name}: nothing changed: {holds}"
        return f"{name}: {holds}, {self.embedded:,} newly embedded, in {self.seconds:.1f} s"

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


def write_shard(
    sources: Sequence[Path | str] | None,
    shard: int,
    of: int,
    shards: str,
    *,
    settings: Settings | None = None,
    on_progress: Progress | None = None,
) -> ShardReport:
    """Load, split and embed one of ``of`` shares of the files, and put the result on storage.

    Every machine lists all files and reads those of its own share: neighbours in the list, of about
    the same size in all. A shard that was killed is started again; the texts that it had embedded
    are kept in the cache of the index on its machine.

    Parameters
    ----------
    sources
        Files and folders, at the same path on every machine; ``settings.seeds`` where None.
    shard, of
        Number of the share, from 0, and of all shares.
    shards
        The storage, as in ``rag.shared_storage.SharedStorage``; the same for all shards.
    settings
        ``load_settings()`` where None.
    on_progress
        Called with the stage (``load``, ``embed``), the items done and the items in all.

    Raises
    ------
    UsageError
        If there is no such share.
    BusyError
        If this machine is making the same shard.
    RagError
        If a file or the storage cannot be read or written.
    """
    began = time.monotonic()
    settings = settings or load_settings()
    report = on_progress or (lambda stage, done, total: None)
    if not 1 <= of <= _MOST_SHARDS or not 0 <= shard < of:
        raise UsageError(
            f"no shard {shard}/{of}: of {of} shards the first is 0/{of}, the last {of - 1}/{of}."
        )
    storage = SharedStorage(shards)
    given = [Path(path) for path in (sources or [settings.seeds])]
    own = [hashed(source) for source in _shares(listed(given), of)[shard]]
    embedder = load_embedder(settings.model)
    wanted = _wanted(shard, of, own, settings, embedder)
    earlier = storage.record(_record_name(shard, of))
    if earlier and not _fault(earlier, wanted) and not _missing(storage, earlier):
        return _report(earlier, embedded=0, began=began, unchanged=True)
    cache = open_store(settings.index).cache
    with told_of_disk(cache), _working(cache, wanted) as folder, scratch_folder(folder) as scratch:
        vectors = VectorCache(folder, embedder.fingerprint, embedder.dimension)
        with closing(WaitingTexts(scratch, vectors)) as texts:
            found = _write_texts(own, texts, folder, scratch, settings, partial(report, "load"))
            embedded = texts.embed(embedder, partial(report, "embed"))
        paths = (scratch / _KINDS[0], scratch / _KINDS[1], vectors.path)
        files = {}
        for kind, path in zip(_KINDS, paths, strict=True):
            digest = read_sha256(path)
            # Named by its content: who writes the shard again never alters what is complete.
            name = f"{_name(shard, of)}.{digest[:16]}.{kind}"
            storage.put(name, path)
            files[kind] = {"name": name, "sha256": digest, "size": path.stat().st_size}
        record = {**wanted, **found, "files": files}
        storage.put_record(_record_name(shard, of), {**record, "sha256": _digest(record)})
        kept = {file["name"] for file in files.values()} | {_record_name(shard, of)}
        for name in storage.names(f"{_name(shard, of)}."):
            if name not in kept:
                storage.delete(name)
    return _report(record, embedded=embedded, began=began, unchanged=False)


def merge_shards(
    sources: Sequence[Path | str] | None,
    of: int,
    shards: str,
    *,
    settings: Settings | None = None,
    on_progress: Progress | None = None,
) -> BuildReport:
    """Make one live build of all shards: the same as ``build_index`` makes of the same files.

    Ids, duplicates, abbreviations and the frequencies of words are settled over all documents. The
    vectors go to the cache of the index, so that a later ``build_index`` embeds only what is new.

    Parameters
    ----------
    sources
        As for the shards. Names and sizes are compared with those in the shards; nothing is read.
    of
        Number of shards.
    shards, settings, on_progress
        As in :func:`write_shard`; the stages are ``collect``, ``write`` and ``embed``.

    Raises
    ------
    RagError
        If a shard is missing, damaged, or of other files, settings or versions: the message names
        each and says how it is made again. The live build does not change.
    """
    began = time.monotonic()
    settings = settings or load_settings()
    report = on_progress or (lambda stage, done, total: None)
    if not 1 <= of <= _MOST_SHARDS:
        raise UsageError(f"{of} shards cannot be merged: 1 to {_MOST_SHARDS:,} can.")
    storage = SharedStorage(shards)
    given = [Path(path) for path in (sources or [settings.seeds])]
    embedder = load_embedder(settings.model)
    records = _records(storage, _shares(listed(given), of), given, settings, embedder)
    found = [_source(values) for record in records for values in record["sources"]]
    inputs = inputs_of(given, found, settings, embedder)
    builds = open_store(settings.index)
    with told_of_disk(builds.cache), builds.writing():
        live = builds.current()
        unchanged = unchanged_build(builds, inputs, began, keep=settings.keep)
        if unchanged is not None:
            return unchanged
        with (
            scratch_folder(builds.cache) as scratch,
            (scratch / "sketches").open("x+b") as sketches,
        ):
            resolver = Resolver(sketches)
            skipped: list[Skipped] = []
            vectors = VectorCache(builds.cache, embedder.fingerprint, embedder.dimension)
            for done, record in enumerate(records, start=1):
                skipped.extend(_resolve(storage, record, resolver, scratch))
                with _file(storage, record, "vectors", scratch) as path:
                    vectors.adopt(path)
                report("collect", done, of)
            manifest, embedded = write_build(
                builds,
                _documents(storage, records, resolver, scratch),
                resolver.kept,
                skipped,
                inputs,
                WaitingTexts(scratch, vectors),
                settings=settings,
                embedder=embedder,
                report=report,
            )
    return report_of(manifest, embedded, began, changes_since(builds, live, manifest.build))


def _shares(found: Sequence[Source], of: int) -> list[list[Source]]:
    """The files of each shard: neighbours, so that the merge reads the shards one after another.

    A file belongs to the shard in which its middle lies if all are laid end to end.
    """
    weights = [_size(source) + _A_FILE for source in found]
    total = sum(weights)
    shares: list[list[Source]] = [[] for _ in range(of)]
    before = 0
    for source, weight in zip(found, weights, strict=True):
        shares[(2 * before + weight) * of // (2 * total)].append(source)
        before += weight
    return shares


def _size(source: Source) -> int:
    try:
        return source.path.stat().st_size
    except OSError:
        return 0


def _write_texts(
    own: Sequence[Source],
    texts: WaitingTexts,
    folder: Path,
    scratch: Path,
    settings: Settings,
    report: Callable[[int, int], None],
) -> dict[str, Any]:
    """Write the documents of a shard with their passages; return its counts and what is skipped."""
    cache = PassageCache(settings.passage_size)
    skipped: list[Skipped] = []
    documents = passages = 0
    with _zipped(scratch / _KINDS[0]) as traits, _zipped(scratch / _KINDS[1]) as written:
        for source, item in read_files(own, settings, report, folder / "read", scratch):
            if isinstance(item, Skipped):
                skipped.append(Skipped(visible(item.source), visible(item.reason)))
                _write(traits, asdict(skipped[-1]))
                continue
            pieces, amounts = cache.split(item)
            rows = [
                (piece.start, piece.end, amount, piece.heading)
                for piece, amount in zip(pieces, amounts, strict=True)
            ]
            _write(traits, traits_of(source, item).to_dict())
            _write(written, {"document": json.loads(item_to_json(item)), "passages": rows})
            if pieces:
                texts.add(embedded_texts(pieces))
            documents += 1
            passages += len(pieces)
    return {
        "documents": documents,
        "passages": passages,
        "skipped": [asdict(one) for one in skipped],
    }


def _resolve(
    storage: SharedStorage, record: Mapping[str, Any], resolver: Resolver, scratch: Path
) -> Iterator[Skipped]:
    """Add the documents of a shard to the resolver; yield what is skipped."""
    with _file(storage, record, _KINDS[0], scratch) as path, gzip.open(path) as lines:
        for line in lines:
            values = json.loads(line)
            if "reason" in values:
                yield Skipped(**values)
            elif skipped := resolver.add(traits_from_dict(values)):
                yield skipped


def _documents(
    storage: SharedStorage, records: Sequence[Mapping[str, Any]], resolver: Resolver, scratch: Path
) -> Iterator[tuple[Document, list[Passage], list[bool]]]:
    """The documents that are kept, each with its passages and whether they name sums of money."""
    resolutions = resolver.resolved()
    for record in records:
        with _file(storage, record, _KINDS[1], scratch) as path, gzip.open(path) as lines:
            for line in lines:
                resolved = next(resolutions)
                if resolved is None:
                    continue
                values = json.loads(line)
                item = item_from_json(values["document"])
                assert isinstance(item, Document)
                document = resolved.of(item)
                passages = [
                    Passage(document, start, end, tuple(heading))
                    for start, end, _, heading in values["passages"]
                ]
                yield document, passages, [amount for _, _, amount, _ in values["passages"]]


def _wanted(
    shard: int, of: int, own: Sequence[Source], settings: Settings, embedder: Embedder
) -> dict[str, Any]:
    """What the record of a shard says about its inputs."""
    return {
        "format": SHARD_FORMAT,
        "shard": shard,
        "of": of,
        "loader version": LOADER_VERSION,
        "splitter version": SPLITTER_VERSION,
        "passage_size": settings.passage_size,
        "model": embedder.fingerprint,
        "limits": asdict(limits_of(settings)),
        "sources": [
            {**asdict(source), "path": str(source.path), "size": _size(source)} for source in own
        ],
    }


def _fault(record: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """Why a record is not of these inputs; "" if it is. Digests are compared if both have them."""
    if record.get("sha256") != _digest(record):
        return "damaged"
    for key in ("format", "shard", "of", "loader version", "splitter version", "passage_size"):
        if record.get(key) != wanted[key]:
            return f"of {key} {record.get(key)!r} instead of {wanted[key]!r}"
    if record["model"] != wanted["model"]:
        return f"of another embedding model ({record['model'][:12]}…)"
    for key, limit in wanted["limits"].items():
        if record["limits"].get(key) != limit:
            return f"made with another setting {key}"
    own, others = (
        {source["path"]: source for source in one["sources"]} for one in (wanted, record)
    )
    if odd := sorted(own.keys() ^ others.keys()):
        return f"of other files: {visible(odd[0])} is {'new' if odd[0] in own else 'gone'}"
    for path, source in own.items():
        keys = (
            "name",
            "size",
            "fault",
            *(("sha256", "sidecar_sha256") if source["sha256"] else ()),
        )
        if any(source[key] != others[path][key] for key in keys):
            return f"of another state of {visible(path)}"
    return ""


def _missing(storage: SharedStorage, record: Mapping[str, Any]) -> str:
    """The name of a file of the shard that is missing or has another size; "" for none."""
    for file in record["files"].values():
        if storage.size(file["name"]) != file["size"]:
            return str(file["name"])
    return ""


def _records(
    storage: SharedStorage,
    shares: Sequence[Sequence[Source]],
    given: Sequence[Path],
    settings: Settings,
    embedder: Embedder,
) -> list[dict[str, Any]]:
    """The records of all shards, compared with the files as they are listed now."""
    records: list[dict[str, Any]] = []
    faults: dict[int, str] = {}
    of = len(shares)
    for shard, own in enumerate(shares):
        record = storage.record(_record_name(shard, of))
        fault = "missing" if record is None else ""
        if record is not None:
            fault = _fault(record, _wanted(shard, of, own, settings, embedder))
            if not fault and (name := _missing(storage, record)):
                fault = f"damaged: {name} is missing or cut"
            records.append(record)
        if fault:
            faults[shard] = f"shard {shard}/{of} is {fault}"
    if faults:
        more = len(faults) - _NAMED
        named = [*list(faults.values())[:_NAMED], *([f"and {more:,} more"] if more > 0 else [])]
        which = "i" if len(faults) > 1 else str(*faults)
        raise RagError("\n".join((*named, _again(which, of, storage.place, given))))
    return records


@contextmanager
def _file(
    storage: SharedStorage, record: Mapping[str, Any], kind: str, scratch: Path
) -> Iterator[Path]:
    """A file of a shard on this machine, compared with its digest."""
    name, digest = record["files"][kind]["name"], record["files"][kind]["sha256"]
    shard, of = record["shard"], record["of"]
    with ExitStack() as opened:
        try:
            path = opened.enter_context(storage.local(name, scratch))
            fault = "" if read_sha256(path) == digest else "altered"
        except FileNotFoundError:
            fault = "missing"
        if fault:
            raise RagError(
                f"shard {shard}/{of} is damaged: {name} is {fault}\n"
                + _again(str(shard), of, storage.place, ())
            )
        yield path


def _again(shard: str, of: int, place: str, given: Sequence[Path]) -> str:
    where = " ".join(map(str, given)) or "…"
    return f"Make it again with: rag index {where} --shard {shard}/{of} --shards {place}"


@contextmanager
def _working(cache: Path, wanted: Mapping[str, Any]) -> Iterator[Path]:
    """The working folder of a shard: kept if the shard is not completed, deleted if it is.

    It is named by all that decides the content, so that what was embedded is of use.
    """
    digest = hashlib.sha256(json.dumps(wanted).encode()).hexdigest()
    folder = cache / "shards" / f"{_name(wanted['shard'], wanted['of'])}-{digest[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(f"{folder}: the same shard is being made. Wait for it.") from error
        yield folder
        shutil.rmtree(folder)


@contextmanager
def _zipped(path: Path) -> Iterator[BinaryIO]:
    """A new file for lines; the same lines give the same bytes."""
    with (
        path.open("xb") as file,
        gzip.GzipFile("", "wb", _FAST, file, mtime=0) as zipped,
    ):
        yield zipped  # type: ignore[misc]


def _write(file: BinaryIO, values: Mapping[str, Any]) -> None:
    file.write(json.dumps(values).encode() + b"\n")


def _name(shard: int, of: int) -> str:
    return f"{shard:04}-of-{of:04}"


def _record_name(shard: int, of: int) -> str:
    return f"{_name(shard, of)}.json"


def _digest(record: Mapping[str, Any]) -> str:
    own = {key: value for key, value in record.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(own, sort_keys=True).encode()).hexdigest()


def _source(values: Mapping[str, Any]) -> Source:
    known = {key: value for key, value in values.items() if key not in ("path", "size")}
    return Source(path=Path(values["path"]), **known)


def _report(
    record: Mapping[str, Any], *, embedded: int, began: float, unchanged: bool
) -> ShardReport:
    return ShardReport(
        shard=record["shard"],
        of=record["of"],
        files=len(record["sources"]),
        documents=record["documents"],
        passages=record["passages"],
        embedded=embedded,
        seconds=round(time.monotonic() - began, 2),
        unchanged=unchanged,
        skipped=tuple(Skipped(**values) for values in record["skipped"]),
    )
