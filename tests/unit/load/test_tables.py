"""Tables as text."""

from rag.load.tables import table_rows


def test_a_row_names_its_columns_and_an_empty_cell_stays_empty() -> None:
    rows = [
        ["Fund", "Penalty", "Interest"],
        ["Curlew", "$7", ""],
        ["", "", ""],
        ["Avocet", "", "$2"],
    ]

    assert table_rows(rows, headers=1) == [
        "Fund: Curlew; Penalty: $7; Interest:",
        "Fund: Avocet; Penalty:; Interest: $2",
    ]
    assert table_rows(rows, headers=0)[1:] == ["Curlew | $7 |", "Avocet |  | $2"]


def test_names_above_each_other_are_joined_and_a_title_stands_alone() -> None:
    rows = [
        ["Fines by year", None, None],
        ["Firm", "2022", None],
        ["", "Number", "Sum"],
        ["Alder", "3", "$9"],
        ["All figures unaudited", None, None],
    ]

    assert table_rows(rows, headers=3) == [
        "Fines by year",
        "Firm: Alder; 2022 Number: 3; 2022 Sum: $9",
        "All figures unaudited",
    ]


def test_an_unmarked_header_is_known_by_the_numbers_below_it() -> None:
    fines = [["Firm", "Date", "Fine"], ["Alder", "May", "$9"]]
    people = [["Ms Roe", "Paris", "cook"], ["Mr Doe", "Rome", "clerk"]]
    values = [["Respondent", "Alder"], ["Fine", "$9"]]

    assert table_rows(fines) == ["Firm: Alder; Date: May; Fine: $9"]
    assert table_rows(people) == ["Ms Roe | Paris | cook", "Mr Doe | Rome | clerk"]
    assert table_rows(values) == ["Respondent | Alder", "Fine | $9"]
    assert table_rows([["Name:", "Alder", "Fine:", "$9"]]) == ["Name: Alder | Fine: $9"]
    assert table_rows([["Firm", "Date", "Fine"]], headers=1) == ["Firm | Date | Fine"]
