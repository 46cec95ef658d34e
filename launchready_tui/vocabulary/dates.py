"""Dates as a founder reads them."""

from __future__ import annotations

from datetime import date

# Written out: month names must not follow the language of the machine.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def say_day(day: date, today: date) -> str:
    """ "3 November", with the year where it is not this year's."""
    text = f"{day.day} {MONTHS[day.month - 1]}"
    return text if day.year == today.year else f"{text} {day.year}"


def say_minutes(count: int) -> str:
    """A rough time as people say it: "1 minute", "45 minutes", and from two hours on "5 hours"."""
    if count >= 120:
        return f"{(count + 30) // 60} hours"
    return "1 minute" if count == 1 else f"{count} minutes"
