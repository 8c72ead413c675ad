"""The table of the documentation, from the results that were noted."""

from typing import Any

from tests.torture.rows import ROWS
from tests.torture.runner import results


def table() -> str:
    """A Markdown table: of each row its last run, and how many trials the full row has."""
    latest: dict[str, dict[str, Any]] = {}
    for result in results():
        latest[result["row"]] = result
    lines = [
        "| row | trials run | full | faults | minutes | seed | commit | what came of them |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, row in ROWS.items():
        if (result := latest.get(name)) is None:
            lines.append(f"| {name} | 0 | {row.count:,} | | | | | not run yet |")
            continue
        outcomes = dict(result["outcomes"])
        faults = outcomes.pop("fault", 0)
        told = ", ".join(f"{many:,} {what}" for what, many in sorted(outcomes.items()))
        lines.append(
            f"| {name} | {result['done']:,} | {row.count:,} | {faults:,} | "
            f"{result['seconds'] / 60:.1f} | {result['seed']} | {result['commit']} | {told} |"
        )
    return "\n".join(lines) + "\n"
