"""A page: rows of text, some of which can be selected, drawn by one widget.

The arrows go to the next row that can be selected, or scroll where there is none nearby, so one
page serves a list, a long text with a few choices in it, and a plain text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style

from launchready_tui.tui.widgets.typeset import Layout, Line, Row, lay_out

_REACH = 5  # a row this far below the fold is still "nearby"
_STEP = 2  # lines that an arrow scrolls where nothing can be selected

_SCROLL_MARK = "▐"

FOCUSED = "bold $paper on $ink"
BLURRED = "bold $ink on $line"
# Without colours (NO_COLOR) the cursor has to show by other means.
PLAIN_FOCUSED, PLAIN_BLURRED = "bold reverse", "bold underline"
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

    @dataclass(eq=False, repr=False)
    class Highlighted(Message):
        """Another row is under the cursor."""

        page: Page
        key: str

        @property
        def control(self) -> Page:
            return self.page

    @dataclass(eq=False, repr=False)
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
        self._drawn = False
        self._hover = ""
        self._strips: LRUCache[tuple[Line, int, str, Style, int, str], Strip] = LRUCache(512)

    def show(self, rows: Iterable[Row], *, top: bool = False) -> None:
        """Put other rows on the page. Cursor and scroll position stay, unless `top` is asked."""
        rows = tuple(rows)
        if rows == self._rows:
            if top:
                self.scroll_to(y=0, animate=False)
            return
        before, self._rows = self._layout.lines, rows
        self._lay()
        if self.cursor and self.cursor not in self.selectable:
            self.set_reactive(Page.cursor, "")
        if top:
            self.scroll_to(y=0, animate=False)
        self._redraw(before)

    def _redraw(self, before: tuple[Line, ...]) -> None:
        """Draw only the lines that changed, where all others stand where they stood."""
        after = self._layout.lines
        if len(before) != len(after):
            self.refresh(layout=self.styles.is_auto_height)
            return
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            if old != new:
                self.refresh_line(number)

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
        """How many cells a line of text may take: air and the scroll mark come after it."""
        return self.scrollable_content_region.width - 2

    @property
    def selectable(self) -> tuple[str, ...]:
        return tuple(row.key for row in self._rows if row.key)

    def _lay(self, width: int | None = None) -> Layout:
        width = self.text_width if width is None else width - 2
        if width < 1:  # not on the screen yet: the first resize comes soon
            return self._layout
        if self._laid[1] != width or self._laid[0] is not self._rows:
            self._layout = lay_out(self._rows, width)
            self._laid = (self._rows, width)
            self._resize_content(Size(width, len(self._layout.lines)))
        return self._layout

    def _resize_content(self, size: Size) -> None:
        """Setting `virtual_size` alone would lay out the whole screen anew, which nothing needs:
        the page draws where it is by itself, in its last column."""
        self.set_reactive(Page.virtual_size, size)
        if self.is_mounted and self.scroll_y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lay(width).lines)

    def on_resize(self) -> None:
        if self._stale or not self._drawn:
            self._settle()
            self.refresh()
        self._into_view(self.cursor)

    @property
    def _stale(self) -> bool:
        """Whether other rows, or another width, came while the page could not be seen."""
        return self._laid[1] != self.text_width or self._laid[0] is not self._rows

    def _settle(self) -> None:
        """Wrap to the width that the page has got, from the top."""
        self._lay()
        self._drawn = True
        self.scroll_to(y=0, animate=False)

    # Drawing

    def render_line(self, y: int) -> Strip:
        if self._stale:
            self._settle()  # the first paint comes before the first resize
        lines = self._layout.lines
        number = self.scroll_offset.y + y
        width = self.size.width
        base = self.visual_style
        mark = _SCROLL_MARK if self._marked(y) else ""
        if number >= len(lines):
            return Strip.blank(width, base.rich_style)
        selection = self.text_selection
        span = selection.get_span(number) if selection is not None else None
        look = self._look(number)
        if span is not None:
            return self._draw(number, look, base, mark, span)
        key = (lines[number], number, look, base, width, mark)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = self._draw(number, look, base, mark)
        return strip

    def _marked(self, y: int) -> bool:
        """Whether the scroll mark stands in line `y` of the window: what is seen, of the whole."""
        seen, whole = self.size.height, len(self._layout.lines)
        if whole <= seen:
            return False
        length = max(seen * seen // whole, 1)
        start = round(self.scroll_offset.y * (seen - length) / max(whole - seen, 1))
        return start <= y < start + length

    def _look(self, number: int) -> str:
        """The style of the body of a line: under the cursor, under the mouse, or its own."""
        key = self._layout.owners[number]
        if key and key == self.cursor:
            if self.app.no_color:
                return PLAIN_FOCUSED if self.has_focus else PLAIN_BLURRED
            return FOCUSED if self.has_focus else BLURRED
        return HOVERED if key and key == self._hover else ""

    def _draw(
        self,
        number: int,
        look: str,
        base: Style,
        mark: str,
        span: tuple[int, int] | None = None,
    ) -> Strip:
        line = self._layout.lines[number]
        body = line.body
        if look == HOVERED:
            body = body.stylize(look, 1)
        elif look:
            body = Content.styled(body.plain, look)
        content = Content.assemble(line.head, body, line.tail)
        if span is not None:
            start, end = span
            chosen = self.screen.get_visual_style("screen--selection", partial=True)
            content = content.stylize(chosen, start, len(content.plain) if end == -1 else end)
        if mark:
            space = " " * max(self.size.width - content.cell_length - 1, 0)
            content = Content.assemble(content, space, (mark, "$line"))
        parse = self.app.stylesheet.parse_style
        segments = [
            Segment(text, style.rich_style)
            for text, style in content.render(base, end="", parse_style=parse)
        ]
        strip = Strip(segments, content.cell_length)
        strip = strip.adjust_cell_length(self.size.width, base.rich_style)
        return strip.apply_offsets(0, number)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        return selection.extract(self.plain), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self._refresh_row(self.cursor)

    # The cursor

    def _refresh_row(self, key: str) -> None:
        span = self._layout.spans.get(key)
        if span is not None:
            self.refresh_lines(span[0], span[1] - span[0])

    def watch_cursor(self, before: str, cursor: str) -> None:
        self._refresh_row(before)
        self._refresh_row(cursor)
        if cursor:
            self.post_message(self.Highlighted(self, cursor))

    def _into_view(self, key: str) -> None:
        span = self._layout.spans.get(key)
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
        span = self._layout.spans.get(key)
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
        span = self._layout.spans.get(key)
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
        return self._layout.owners[number]

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None and offset.x >= self.size.width - 1 and self.max_scroll_y:
            event.stop()
            place = self.max_scroll_y * offset.y / max(self.size.height - 1, 1)
            self.scroll_to(y=place, animate=False)
            return
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
            before, self._hover = self._hover, key
            self._refresh_row(before)
            self._refresh_row(key)
