"""The two palettes, the tone of each state, and how a moment reads on a screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from textual.content import Content
from textual.theme import Theme

from launchready_tui.verdict.readiness import GLYPHS, State
from launchready_tui.vocabulary.dates import MONTHS, say_minutes
from launchready_tui.vocabulary.findings import Verdict

DARK = "launchready-dark"
LIGHT = "launchready-light"


def _theme(name: str, dark: bool, colours: Mapping[str, str]) -> Theme:
    """A theme from nine colours; the rest of Textual's variables follow from them."""
    return Theme(
        name=name,
        dark=dark,
        primary=colours["accent"],
        secondary=colours["quiet"],
        accent=colours["accent"],
        foreground=colours["text"],
        background=colours["background"],
        surface=colours["panel"],
        panel=colours["panel"],
        success=colours["good"],
        warning=colours["soon"],
        error=colours["today"],
        variables={
            "quiet": colours["quiet"],
            "line": colours["line"],
            "good": colours["good"],
            "soon": colours["soon"],
            "today": colours["today"],
            "ink": colours["text"],
            "paper": colours["background"],
            "border": colours["accent"],
            "border-blurred": colours["line"],
            "text-muted": colours["quiet"],
            "block-cursor-foreground": colours["background"],
            "block-cursor-background": colours["text"],
            "block-cursor-text-style": "bold",
            # Reversed, so that the cursor shows without colours too.
            "input-cursor-background": colours["background"],
            "input-cursor-foreground": colours["text"],
            "input-cursor-text-style": "reverse",
            "input-selection-background": f"{colours['accent']} 35%",
            "scrollbar": colours["line"],
            "scrollbar-hover": colours["quiet"],
            "scrollbar-active": colours["accent"],
            "scrollbar-background": colours["background"],
            "scrollbar-background-hover": colours["background"],
            "scrollbar-background-active": colours["background"],
            "scrollbar-corner-color": colours["background"],
        },
    )


PALETTES: Mapping[str, Mapping[str, str]] = {
    DARK: {
        "background": "#14161b",
        "panel": "#1c1f26",
        "text": "#d7dae0",
        "quiet": "#8a919d",
        "line": "#2a2e37",
        "accent": "#7cc4b8",
        "good": "#8ccf7e",
        "soon": "#e5c76b",
        "today": "#ef7e7e",
    },
    LIGHT: {
        "background": "#fbfaf7",
        "panel": "#f1efe9",
        "text": "#23262d",
        "quiet": "#646971",
        "line": "#dcd8ce",
        "accent": "#1d766b",
        "good": "#2b742e",
        "soon": "#8a6100",
        "today": "#b3261e",
    },
}


def themes() -> tuple[Theme, Theme]:
    """The dark and the light theme."""
    return _theme(DARK, True, PALETTES[DARK]), _theme(LIGHT, False, PALETTES[LIGHT])


# What we saw is green; what a person told us never is.
STATE_TONE: Mapping[State, str] = {
    State.OK: "$good",
    State.TOLD: "$accent",
    State.TODAY: "$today",
    State.SOON: "$soon",
    State.LATER: "$quiet",
    State.UNKNOWN: "$quiet",
    State.OPEN: "$quiet",
    State.SKIPPED: "$quiet",
}

VERDICT_STATE: Mapping[Verdict, State] = {
    Verdict.PASS: State.OK,
    Verdict.WARN: State.SOON,
    Verdict.FAIL: State.TODAY,
    Verdict.UNKNOWN: State.OPEN,
    Verdict.SKIPPED: State.SKIPPED,
}

LAUNCH_TONE = {"ready": "$good", "not-yet": "$today", "cannot-tell": "$soon"}


def glyph(state: State) -> Content:
    """The glyph of a state in its colour. The word stands beside it: see `word`."""
    return Content.styled(GLYPHS[state][0], STATE_TONE[state])


def word(state: State) -> str:
    """The word of a state, beside its glyph."""
    return GLYPHS[state][1]


def short_day(day: date | datetime | None) -> str:
    """A day as it fits a column: "23 Nov". Empty for none."""
    return f"{day.day} {MONTHS[day.month - 1][:3]}" if day else ""


def long_day(day: date | datetime | None) -> str:
    """A day in full, without its year: "23 November". Empty for none."""
    return f"{day.day} {MONTHS[day.month - 1]}" if day else ""


def moment(at: datetime | None) -> str:
    """A moment in local time: "24 Nov, 14:01"."""
    if at is None:
        return ""
    local = at.astimezone()
    return f"{short_day(local)}, {local:%H:%M}"


def clock_time(at: datetime) -> str:
    """The time of day, local: "14:01"."""
    return f"{at.astimezone():%H:%M}"


def minutes(count: int) -> str:
    """A number of minutes in words."""
    return say_minutes(count)
