"""A page: rows of text, some of which can be selected, drawn by one widget.

The arrows go to the next row that can be selected, or scroll where there is none nearby, so one
page serves a list, a long text with a few choices in it, and a plain text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style

from launchready_tui.widgets.typeset import Layout, Line, Row, lay_out

_REACH = 5  # a row this far below the fold is still "nearby"
_STEP = 2  # lines that an arrow scrolls where nothing can be selected

FOCUSED = "bold $paper on $ink"
BLURRED = "bold $ink on $line"
HOVERED = "underline"


class Page(ScrollView, can_focus=True):
    """Shows rows; says which one is highlighted, and which one was chosen by enter or click."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("pagedown,space", "page_down", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
        Binding("enter", "choose", show=False),
    ]

    cursor: reactive[str] = reactive("", repaint=False)

    @dataclass
    class Highlighted(Message):
        """Another row is under the cursor."""

        page: Page
        key: str

        @property
        def control(self) -> Page:
            return self.page

    @dataclass
    class Chosen(Message):
        """A row was chosen by enter, or by a click."""

        page: Page
        key: str
        clicked: bool = False

        @property
        def control(self) -> Page:
            return self.page

    def __init__(self, rows: Iterable[Row] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[Row, ...] = tuple(rows)
        self._layout = Layout()
        self._laid: tuple[tuple[Row, ...], int] = ((), -1)
        self._hover = ""

    def show(self, rows: Iterable[Row], *, top: bool = False) -> None:
        """Put other rows on the page. Cursor and scroll position stay, unless `top` is asked."""
        rows = tuple(rows)
        if rows == self._rows:
            if top:
                self.scroll_to(y=0, animate=False)
            return
        self._rows = rows
        self._lay()
        if self.cursor and self.cursor not in self.selectable:
            self.set_reactive(Page.cursor, "")
        if top:
            self.scroll_to(y=0, animate=False)
        self.refresh(layout=self.styles.is_auto_height)

    def point_at(self, key: str) -> None:
        """Put the cursor on a row and bring it into view. Does nothing for a key not on the page.

        An empty key takes the cursor away.
        """
        if not key or key in self.selectable:
            self.cursor = key
            self._into_view(key)

    @property
    def plain(self) -> str:
        """The whole page as text, as drawn: what tests and the clipboard read."""
        return "\n".join(line.plain for line in self._layout.lines)

    @property
    def text_width(self) -> int:
        """How many cells a line of text may take."""
        return max(self.scrollable_content_region.width - 1, 1)

    @property
    def selectable(self) -> tuple[str, ...]:
        return tuple(row.key for row in self._rows if row.key)

    def _lay(self, width: int | None = None) -> Layout:
        width = self.scrollable_content_region.width if width is None else width
        width -= 1  # air between the text and the scrollbar
        if width < 1:  # not on the screen yet: the first resize comes soon
            return self._layout
        if self._laid[1] != width or self._laid[0] is not self._rows:
            self._layout = lay_out(self._rows, width)
            self._laid = (self._rows, width)
            self.virtual_size = Size(width, len(self._layout.lines))
        return self._layout

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lay(width).lines)

    def on_resize(self) -> None:
        width = self._laid[1]
        self._lay()
        if width != self._laid[1]:
            self.scroll_to(y=0, animate=False)
        self._into_view(self.cursor)

    # Drawing

    def render_line(self, y: int) -> Strip:
        lines = self._layout.lines
        number = self.scroll_offset.y + y
        width = self.size.width
        base = self.visual_style
        if number >= len(lines):
            return Strip.blank(width, base.rich_style)
        line = lines[number]
        parse = self.app.stylesheet.parse_style
        content = Content.assemble(line.head, self._body(line), line.tail)
        selection = self.text_selection
        if selection is not None and (span := selection.get_span(number)) is not None:
            start, end = span
            mark = self.screen.get_visual_style("screen--selection", partial=True)
            content = content.stylize(mark, start, len(content.plain) if end == -1 else end)
        segments = [
            Segment(text, style.rich_style)
            for text, style in content.render(base, end="", parse_style=_parser(parse))
        ]
        strip = Strip(segments, content.cell_length)
        return strip.adjust_cell_length(width, base.rich_style).apply_offsets(0, number)

    def _body(self, line: Line) -> Content:
        key = self._rows[line.row].key if 0 <= line.row < len(self._rows) else ""
        if not key:
            return line.body
        if key == self.cursor:
            return Content.styled(line.body.plain, FOCUSED if self.has_focus else BLURRED)
        return line.body.stylize(HOVERED, 1) if key == self._hover else line.body

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        return selection.extract(self.plain), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.refresh()

    # The cursor

    def watch_cursor(self, cursor: str) -> None:
        self.refresh()
        if cursor:
            self.post_message(self.Highlighted(self, cursor))

    def _into_view(self, key: str) -> None:
        span = self._layout.span(key)
        if span is None:
            return
        start, end = span
        above = 2 if self._layout.selectable[0] == key else 0
        self.scroll_to_region(
            Region(0, max(start - above, 0), 1, end - start + above),
            animate=False,
            force=True,
            immediate=True,
        )

    def _visible(self, key: str) -> bool:
        span = self._layout.span(key)
        top = self.scroll_offset.y
        return span is not None and span[1] > top and span[0] < top + self.size.height

    def action_move(self, step: int) -> None:
        """The next row that can be selected, or some lines further where there is none nearby."""
        keys = self._layout.selectable
        if self.cursor and self._visible(self.cursor):
            place = keys.index(self.cursor) + step
            wanted = keys[place] if 0 <= place < len(keys) else ""
        else:
            seen = [key for key in keys if self._near(key)]
            wanted = (seen[0] if step > 0 else seen[-1]) if seen else ""
        if wanted and self._near(wanted):
            self.point_at(wanted)
        else:
            self.scroll_relative(y=step * _STEP, animate=False)

    def _near(self, key: str) -> bool:
        span = self._layout.span(key)
        if span is None:
            return False
        top = self.scroll_offset.y
        return span[0] <= top + self.size.height + _REACH and span[1] >= top - _REACH

    def action_first(self) -> None:
        self.scroll_home(animate=False)
        if self._layout.selectable and self._near(self._layout.selectable[0]):
            self.point_at(self._layout.selectable[0])

    def action_last(self) -> None:
        self.scroll_end(animate=False)
        if self._layout.selectable:
            self.point_at(self._layout.selectable[-1])

    def action_page_down(self) -> None:
        self.scroll_relative(y=max(self.size.height - 2, 1), animate=False)

    def action_page_up(self) -> None:
        self.scroll_relative(y=-max(self.size.height - 2, 1), animate=False)

    def action_choose(self) -> None:
        if self.cursor:
            self.post_message(self.Chosen(self, self.cursor))

    # The mouse

    def _key_at(self, event: events.MouseEvent) -> str:
        offset = event.get_content_offset(self)
        number = self.scroll_offset.y + offset.y if offset else -1
        if not 0 <= number < len(self._layout.lines):
            return ""
        row = self._layout.lines[number].row
        return self._rows[row].key if row >= 0 else ""

    def on_click(self, event: events.Click) -> None:
        key = self._key_at(event)
        if key:
            event.stop()
            self.point_at(key)
            self.post_message(self.Chosen(self, key, clicked=True))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._set_hover(self._key_at(event))

    def on_leave(self) -> None:
        self._set_hover("")

    def _set_hover(self, key: str) -> None:
        if key != self._hover:
            self._hover = key
            self.refresh()


def _parser(parse: Callable[[str], Style]) -> Callable[[str | Style], Style]:
    return lambda style: style if isinstance(style, Style) else parse(style)
