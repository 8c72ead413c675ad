"""Documents in many files, with what a build settles over files: ids, duplicates, short forms."""

import json
from pathlib import Path

_SENTENCES = [
    f"The Commission ordered firm {n} of Ohio to pay a penalty of ${n * 37},000 for claim {n}. "
    f"The Bureau of Market Conduct (BMC{n % 4}) found that it had misled {n * n} customers."
    for n in range(80)
]


def write_documents(folder: Path) -> None:
    """Write some 60 documents in 18 files to ``folder``."""
    (folder / "sub").mkdir(parents=True)
    for number in range(8):
        text = " ".join(_SENTENCES[number * 8 : number * 8 + 20])
        (folder / f"order-{number}.md").write_text(f"# Order {number}\n\n{text}\n")
    (folder / "a-copy.txt").write_text((folder / "order-5.md").read_text().upper())
    (folder / "zz-copy.txt").write_text((folder / "order-0.md").read_text())
    nearly = " ".join([*_SENTENCES[16:30], "Amended on appeal.", *_SENTENCES[31:36]])
    (folder / "near.md").write_text(f"# Order 2\n\n{nearly}\n")
    (folder / "zz-copy.txt.toml").write_text('title = "A copy"\n')
    (folder / "blank.txt").write_text(" \n")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (folder / "sub" / "order.md").write_text("The firm paid. " * 30)
    (folder / "sub" / "order.md.toml").write_text('id = "order-1.md"\n')
    for export in ("first", "second"):
        rows = [
            {
                "id": f"LR-{n % 18}",
                "title": f"Release {n}",
                "text": f"{export if n % 2 else 'Release'}: {_SENTENCES[n]} {_SENTENCES[n + 20]}",
                "agency": "SEC",
            }
            for n in range(20)
        ]
        lines = [*map(json.dumps, rows), "not JSON", '{"id": "none"}']
        (folder / f"{export}.jsonl").write_text("\n".join(lines))
