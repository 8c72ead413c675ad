"""The register of authorities, and where a text names them."""

import pytest

from rag.load.metadata.authorities import register
from rag.load.metadata.data import table


def test_each_authority_has_names_and_no_name_means_two_of_them() -> None:
    entries = table("authorities.toml")
    names = [name.casefold() for entry in entries.values() for name in entry["names"]]

    assert len(entries) >= 60
    assert len(names) == len(set(names))


def test_a_name_is_found_over_line_ends_and_inside_letter_spaced_words() -> None:
    known = register()

    assert known.named("OFFICE OF FOREIGN ASSETS C ONTROL") == "OFAC"
    assert known.named("the Financial\nConduct Authority") == "FCA"


def test_a_name_inside_a_longer_one_is_not_found() -> None:
    mentions = register().mentions("Personal Data Protection Commission of Singapore")

    assert [mention.key for mention in mentions] == ["PDPC"]


def test_an_ambiguous_abbreviation_counts_only_beside_a_full_name() -> None:
    known = register()

    assert known.named("investors in the ICO lost money") == ""
    assert [one.key for one in known.mentions("Information Commissioner (ICO): the ICO")] == [
        "ICO"
    ] * 3


def test_a_users_entry_replaces_and_adds() -> None:
    known = register('["FCA"]\nnames = ["Falkland Conduct Authority"]\n')

    assert known.named("Falkland Conduct Authority") == "FCA"
    assert known.named("Financial Conduct Authority") == ""


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ('["SEM"]\nshort = ["SEM"]\n', r"\[SEM\] has no names"),
        ('["SEM"]\nnames = ["Exchange"]\nland = "MT"\n', r"\[SEM\] has an unknown key 'land'"),
        ("SEM =", "Invalid value"),
    ],
)
def test_a_mistake_in_a_users_file_names_the_entry(own: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        register(own)


@pytest.mark.parametrize(
    ("heading", "agency"),
    [
        ("Data Protection Commission", "DPC"),
        ("Irish Data Protection Commission", "DPC"),
        ("Data Protection Commission of Ghana", ""),
        ("GHANA DATA PROTECTION COMMISSION", ""),
        ("Office of the Data Protection Commissioner\nNairobi, Kenya", ""),
        ("Federal Competition and Consumer Protection Commission", ""),
        ("Securities and Exchange Commission of Pakistan", ""),
        ("The Philippine Securities and Exchange Commission", ""),
        ("U.S. Securities and Exchange Commission", "SEC"),
        ("Securities and Exchange Commission\nDenver, Colorado", "SEC"),
        ("Ohio Environmental Protection Agency", ""),
        ("Ireland's Data Protection Commission", "DPC"),
    ],
)
def test_a_name_beside_another_country_is_another_authority(heading: str, agency: str) -> None:
    assert register().named(f"{heading}\n") == agency


def test_an_entry_of_a_country_without_names_is_found_beside_any() -> None:
    known = register(
        '[ODPC]\nnames = ["Office of the Data Protection Commissioner"]\ncountry = "KE"'
    )

    assert known.named("Office of the Data Protection Commissioner\nNairobi, Kenya\n") == "ODPC"
