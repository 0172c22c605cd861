"""Dates as people write them, in three languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.core.date_text import Duration, Span, order_shown, read_date_text
from sheets_sync.core.model import DateProblem


def written(text: str, **means) -> str:
    """What a text was understood as: "2026-09-30", "2026-12-31 month", "30 day", "not_a_date"."""
    found = read_date_text(text, **means)
    match found:
        case Span(period, precision):
            return f"{period.last}" + ("" if precision == "day" else f" {precision}")
        case Duration(number, unit, working):
            return f"{number} {'working ' if working else ''}{unit}"
    return str(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-30", "2026-11-30"),
        ("2026/11/30", "2026-11-30"),
        ("20261130", "2026-11-30"),
        ("2026-11-30T10:00:00Z", "2026-11-30"),
        ("13.11.2026 14:30", "2026-11-13"),
        ("30/09/2026", "2026-09-30"),
        ("09/30/2026", "2026-09-30"),
        ("30-9-26", "2026-09-30"),
        ("05/05/2026", "2026-05-05"),
        ("September 30, 2020", "2020-09-30"),
        ("Sep 30 2026", "2026-09-30"),
        ("30 de setembro de 2026", "2026-09-30"),
        ("30 de septiembre del 2026", "2026-09-30"),
        ("30/Sep/26", "2026-09-30"),
        ("30-set-26", "2026-09-30"),
        ("30.set.2026", "2026-09-30"),
        ("15 dic. 2026", "2026-12-15"),
        ("1º de outubro de 2026", "2026-10-01"),
        ("1st of October 2026", "2026-10-01"),
        ("Friday, November 13, 2026", "2026-11-13"),
        ("sexta-feira, 13/11/2026", "2026-11-13"),
        ("vie. 13/11/2026", "2026-11-13"),
        ("2026-Nov-13", "2026-11-13"),
        ("até 30/11/2026", "2026-11-30"),
        ("a más tardar el 30 de noviembre de 2026", "2026-11-30"),
        ("no later than 30 November 2026", "2026-11-30"),
        ("31/12/2026 (adiado)", "2026-12-31"),
        ("31/12/2026*", "2026-12-31"),
        ("29/02/2028", "2028-02-29"),
        ("30/11/1026", "1026-11-30"),
        ("30/09/85", "1985-09-30"),
    ],
)
def test_days(text: str, expected: str) -> None:
    """A text that can only be one day is that day."""
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-12", "2023-12-31 month"),
        ("12/2026", "2026-12-31 month"),
        ("Dec 2023", "2023-12-31 month"),
        ("dez/23", "2023-12-31 month"),
        ("Dec-26", "2026-12-31 month"),
        ("Dec '26", "2026-12-31 month"),
        ("By December 2024", "2024-12-31 month"),
        ("Até dezembro de 2026", "2026-12-31 month"),
        ("fines de marzo de 2026", "2026-03-31 month"),
        ("fim de fevereiro de 2028", "2028-02-29 month"),
        ("By 2023", "2023-12-31 year"),
        ("By end of 2022", "2022-12-31 year"),
        ("2026", "2026-12-31 year"),
        ("Q4 2026", "2026-12-31 quarter"),
        ("4T26", "2026-12-31 quarter"),
        ("3º trimestre de 2026", "2026-09-30 quarter"),
        ("cuarto trimestre de 2026", "2026-12-31 quarter"),
        ("II Trimestre 2026", "2026-06-30 quarter"),
        ("2026 Q1", "2026-03-31 quarter"),
        ("H2 2026", "2026-12-31 half"),
        ("2024h2", "2024-12-31 half"),
        ("1º semestre de 2026", "2026-06-30 half"),
        ("S1 2026", "2026-06-30 half"),
        ("first half of 2026", "2026-06-30 half"),
        ("Jan-Mar 2026", "2026-03-31 month"),
        ("Nov 2025 – Feb 2026", "2026-02-28 month"),
        ("de janeiro a março de 2026", "2026-03-31 month"),
        ("nov/dez 2026", "2026-12-31 month"),
        ("Q3/Q4 2026", "2026-12-31 quarter"),
        ("2025 to 2028", "2028-12-31 year"),
        ("entre marzo y mayo de 2026", "2026-05-31 month"),
        ("1 a 15 de março de 2026", "2026-03-15"),
        ("15 Sep - 30 Oct 2026", "2026-10-30"),
        ("01/01/2026 - 31/03/2026", "2026-03-31"),
    ],
)
def test_periods_and_ranges(text: str, expected: str) -> None:
    """A period keeps its precision; a range stands for its end."""
    assert written(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30 dias", "30 day"),
        ("within 30 days", "30 day"),
        ("10 dias úteis", "10 working day"),
        ("10 working days", "10 working day"),
        ("15 días hábiles", "15 working day"),
        ("60 dias corridos", "60 day"),
        ("2 semanas", "2 week"),
        ("12 months", "12 month"),
        ("1 ano", "1 year"),
    ],
)
def test_durations(text: str, expected: str) -> None:
    """A number of days, weeks, months or years is a duration."""
    assert written(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("Ongoing", "Annually", "ASAP", "TBC", "a definir", "Permanente", "(See Above)", "n/a", "?", "Contínuo"),
        *("Fall 2027", "By winter 2025", "By early 2026", "late 2026", "mid-2026", "início de 2026"),
        *("90 days after approval", "Biannually until 2029", "May 2023 and ongoing", "2026-27", "FY2026"),
        *("By fiscal year 2023-24", "By February 2022 and February 2023", "Annually, by March 31"),
        *("31/02/2026", "13/13/2026", "99/99/2026", "2026-02-30", "31 de fevereiro de 2026", "2026/13/01"),
        *("30 Sep", "Dec 23", "12/26", "week 48", "semana 48", "Q5 2026", "H3 2026"),
        *("Q4", "T4", "dezembro", "1º semestre", "1 activity per quarter, any order encouraged"),
        *("01/03/2026; 01/06/2026", "Mar 2026 - Jan 2026", "2", "0", "-"),
    ],
)
def test_no_dates(text: str) -> None:
    """Whatever is more, less or other than one date is no date: never a guess."""
    assert written(text) == "not_a_date"


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("03/04/2026", "", "ambiguous"),
        ("03/04/26", "", "ambiguous"),
        ("3.4.2026", "", "ambiguous"),
        ("03/04/2026", "dmy", "2026-04-03"),
        ("03/04/2026", "mdy", "2026-03-04"),
        ("26-04-03", "ymd", "2026-04-03"),
        ("03/04/2026", "ymd", "ambiguous"),
        ("09/30/2026", "dmy", "2026-09-30"),
        ("01/02/2026 - 28/02/2026", "", "2026-02-28"),
        ("01/02/2026 - 03/02/2026", "", "ambiguous"),
    ],
)
def test_order(text: str, order: str, expected: str) -> None:
    """Day and month are told apart by the order given, else only where one order makes a date."""
    assert written(text, order=order) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Q4", "2026-12-31 quarter"),
        ("T1", "2026-03-31 quarter"),
        ("H1", "2026-06-30 half"),
        ("2º semestre", "2026-12-31 half"),
        ("dezembro", "2026-12-31 month"),
        ("30 Sep", "not_a_date"),
        ("Q4 2025", "2025-12-31 quarter"),
    ],
)
def test_a_period_without_a_year(text: str, expected: str) -> None:
    """A period alone takes the year given; a day alone stays no date."""
    assert written(text, year=2026) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30/09/2026", "dmy"),
        ("09/30/26", "mdy"),
        ("03/04/2026", ""),
        ("05/05/2026", ""),
        ("30 Sep 2026", ""),
        ("x", ""),
    ],
)
def test_order_shown(text: str, expected: str) -> None:
    """A text shows an order when only that order makes a date."""
    assert order_shown(text) == expected


@given(st.dates())
def test_every_iso_date_reads_as_itself(day) -> None:
    """An ISO date is never misread, whatever order the plan has."""
    for order in ("", "dmy", "mdy", "ymd"):
        assert written(day.isoformat(), order=order) == day.isoformat()


@given(st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    """Any text is a date, a duration or a reason why not."""
    assert isinstance(read_date_text(text), Span | Duration | DateProblem)


@given(st.from_regex(r"\A[0-9a-zà-ú/. -]{1,20}\Z"))
def test_no_date_like_text_raises(text: str) -> None:
    """Nor does a text made of the letters and signs dates are made of."""
    assert isinstance(read_date_text(text, order="dmy", year=2026), Span | Duration | DateProblem)
