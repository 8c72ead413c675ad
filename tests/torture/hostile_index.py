"""Documents whose text, title, name, metadata and speaker are hostile, one for each payload."""

import json
import re
from pathlib import Path

from tests.torture.payloads import PAYLOADS


def party(number: int) -> str:
    """The firm that document ``number`` is about."""
    return f"Mallory{''.join(chr(97 + int(digit)) for digit in f'{number:03}')} Trading"


def file_name(payload: str) -> str:
    """The payload as far as a file can have it as a name."""
    return re.sub(r"[/\0\ud800-\udfff]", "_", payload).encode()[:150].decode("utf-8", "ignore")


def write_hostile(seeds: Path, numbers: range) -> None:
    """Write the documents of these payloads, each with a sidecar."""
    seeds.mkdir()
    for number in numbers:
        payload = PAYLOADS[number]
        path = seeds / f"{number} {file_name(payload)}.txt"
        path.write_text(
            f"On 3 May 2021 {party(number)} agreed to pay a civil penalty of $1,{number:03},000 "
            f"for {payload}\n\n{payload}\n\n{party(number)} denies the charge."
        )
        fields = {
            "id": f"m{number}",
            "title": f"{party(number)} {payload}",
            "speaker": f"{payload} {number}",
            "type": payload,
            "docket": payload,
            "agency": f"A {payload}",
            "url": f"javascript:{payload}",
        }
        path.with_name(path.name + ".toml").write_text(
            "".join(f"{key} = {_toml(value)}\n" for key, value in fields.items())
        )


def _toml(value: str) -> str:
    return json.dumps(value).replace("\x7f", "\\u007f")
