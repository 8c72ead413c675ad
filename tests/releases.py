"""Five releases of two agencies with sums of money, and an index of them."""

from pathlib import Path

from rag import Index, build_index, load_settings

RELEASES = {
    "2019-04-01": ("OFAC", "Alder Bank has agreed to pay $500,000 to settle its liability."),
    "2019-07-02": (
        "OFAC",
        "Birch Shipping has agreed to pay $1,250,000.50 to settle its liability. The statutory "
        "maximum civil monetary penalty was $9,000,000.",
    ),
    "2019-09-03": ("SEC", "The court ordered Cedar Bank to pay a civil penalty of $80,000."),
    "2018-01-04": ("OFAC", "OFAC assessed a civil penalty of $70,000 against Dogwood Bank."),
    "2019-11-05": ("OFAC", "OFAC issued a finding of violation to Elm Travel and no penalty."),
}


def index_of_releases(folder: Path) -> Index:
    """The index of the releases, built in ``folder``."""
    for date, (agency, text) in RELEASES.items():
        (folder / f"{date}.txt").write_text(f"Enforcement release of {date}.\n\n{text}\n")
        (folder / f"{date}.txt.toml").write_text(
            f'agency = "{agency}"\ndate = "{date}"\ntype = "enforcement release"\n'
        )
    settings = load_settings(index=folder / "index", seeds=folder)
    build_index(settings=settings)
    return Index.open(settings=settings)
