"""Dates as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.collect import dates


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("CET", 9), ("CEST", 8), ("MET", 9), ("MEZ", 9), ("MESZ", 8), ("BST", 9), ("WEST", 9), ("EET", 8), ("EEST", 7),
        ("EST", 15), ("EDT", 14), ("CDT", 15), ("MST", 17), ("PDT", 17), ("JST", 1), ("GMT", 10), ("UT", 10), ("Z", 10),
        ("GMT+1", 9), ("UTC+02:00", 8), ("+1", 9), ("+01", 9), ("-0100", 11), ("+0100 (CET)", 9), ("", 10), ("X", 10),
    ],
)  # fmt: skip
def test_zones(zone: str, hour: int) -> None:
    """H52"""
    assert dates.parse(f"Tue, 03 Dec 2024 10:05:06 {zone}") == datetime(2024, 12, 3, hour, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "mar., 03 déc. 2024 04:05:06 +0100", "Di, 03 Dez 2024 04:05:06 +0100", "mar, 03 dic 2024 04:05:06 +0100",
        "Dienstag, 3. Dezember 2024 04:05:06 MEZ", "3 de dezembro de 2024 04:05:06 CET", "di, 3 dec 2024 03:05:06",
        "martedì 3 dicembre 2024 04.05.06 CET", "3 december 2024 04:05:06 CET", "Tue, 03-Dec-24 03:05:06 GMT",
        "Tue Dec  3 03:05:06 2024", "Tue Dec  3 04:05:06 CET 2024", "December 3rd, 2024 at 3:05:06 am",
        "20241203T030506Z", "2024-12-03 04:05:06 CET", "2024-W49-2T03:05:06Z", "2024-338T03:05:06Z",
        "2024/12/03 03:05:06", "03.12.2024 03:05:06", "2024-12-03t03:05:06z",
    ],
)  # fmt: skip
def test_one_moment_in_many_ways(written: str) -> None:
    """H52"""
    assert dates.parse(written) == datetime(2024, 12, 3, 3, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("month", "number"),
    [
        ("janvier", 1), ("Jänner", 1), ("enero", 1), ("gennaio", 1), ("févr.", 2), ("Mär", 3), ("maart", 3), ("mrt", 3),
        ("avril", 4), ("abril", 4), ("mai", 5), ("maggio", 5), ("mei", 5), ("juin", 6), ("giugno", 6), ("junho", 6),
        ("juil.", 7), ("luglio", 7), ("août", 8), ("agosto", 8), ("setembro", 9), ("settembre", 9), ("Okt", 10),
        ("ottobre", 10), ("outubro", 10), ("novembre", 11), ("diciembre", 12), ("DÉCEMBRE", 12),
    ],
)  # fmt: skip
def test_months(month: str, number: int) -> None:
    assert dates.parse_words(f"le 1 {month} 2024 à 10h15") == datetime(2024, number, 1, 10, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "day"),
    [("Tue, 03 Dec 2024 24:00:00 GMT", 4), ("2024-12-03T24:00:00Z", 4), ("2024-12-03T23:59:60Z", 4), ("2024-338", 3)],
)
def test_the_end_of_a_day_is_the_next(written: str, day: int) -> None:
    assert dates.parse(written) == datetime(2024, 12, day, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["Tue, 30 Feb 2024 12:00:00 GMT", "2024-13-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "12/03/2024 04:05",
     "0000-00-00T00:00:00Z", "Mon, 1 Jan 0001 00:00:00 CET", "x" * 60, "3 foo 2024 10:00", "03 Dec 2024 25:00:00",
     "", None, 20241203],
)  # fmt: skip
def test_what_is_no_date(written: object) -> None:
    """H52"""
    assert dates.parse(written) is None


@given(st.text(alphabet="0123456789:+-.,/ TZWGMTCEjanfvrdeécou", max_size=70))
def test_any_text_is_a_date_or_none(text: str) -> None:
    for found in (dates.parse(text), dates.parse_words(text)):
        assert found is None or 1980 <= found.year < 2200
