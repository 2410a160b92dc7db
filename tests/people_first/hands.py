"""Two ways to use a page: with the keyboard alone, and with a browser that runs no script."""

import re
from collections.abc import Callable
from datetime import date

from playwright.sync_api import Locator, Page, expect


class Hands:
    """What the walks are told in: press something by its name, write in a field by its label."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def at(self, path: str) -> None:
        self.page.goto(self.url + path)

    def press(
        self, role: str, name: str, *, exact: bool = False, within: str = "main, footer, .site-nav"
    ) -> None:
        """A link, a button or the heading of what is folded."""
        places = self.page.locator(within)
        found = (
            places.get_by_role(role, name=name, exact=exact)
            if role != "fold"
            else places.locator("summary", has_text=name)
        )
        self._press(found.locator("visible=true").first)

    def write(self, label: str, words: str) -> None:
        self._write(self._field(label), words)

    def day(self, label: str, day: date) -> None:
        raise NotImplementedError

    def hour(self, label: str, hour: str) -> None:
        raise NotImplementedError

    def choose(self, label: str, words: str) -> None:
        raise NotImplementedError

    def tick(self, label: str) -> None:
        raise NotImplementedError

    def reads(self, words: str) -> None:
        expect(
            self.page.locator("main, .room-head, .room-foot").get_by_text(words).locator("visible=true").first
        ).to_be_visible()

    def _field(self, label: str) -> Locator:
        named = re.compile(rf"^\s*{re.escape(label)}\s*(\(kan udelades\))?\s*$")
        return self.page.locator("main").get_by_label(named).locator("visible=true").first

    def _press(self, found: Locator) -> None:
        raise NotImplementedError

    def _write(self, found: Locator, words: str) -> None:
        raise NotImplementedError


class Keyboard(Hands):
    """Tab, Enter, Space, arrows and letters. There is no mouse."""

    MOST = 120

    def _reach(self, found: Locator) -> None:
        expect(found).to_be_visible()
        # Fresh from a page the focus is at its top; from there on the way goes forward, round past the end if need be.
        for _ in range(self.MOST):
            if found.evaluate("it => it === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not get to {found}")

    def _press(self, found: Locator) -> None:
        self._reach(found)
        self._settled(lambda: self.page.keyboard.press("Enter"))

    def _settled(self, act: Callable[[], None]) -> None:
        act()
        self.page.wait_for_load_state("load")

    def _write(self, found: Locator, words: str) -> None:
        self._reach(found)
        self.page.keyboard.type(words)

    def day(self, label: str, day: date) -> None:
        assert day.day == day.month, "typed the same whether the browser writes day or month first"
        self._reach(self._field(label))
        self.page.keyboard.type(f"{day:%d%m%Y}")
        expect(self._field(label)).to_have_value(day.isoformat())

    def hour(self, label: str, hour: str) -> None:
        # The last letter is for a browser that writes twelve hours; others have no room for it.
        self._write(self._field(label), hour.replace(":", "") + "a")
        expect(self._field(label)).to_have_value(hour)

    def choose(self, label: str, words: str) -> None:
        self._reach(self._field(label))
        self.page.keyboard.type(words)
        expect(self._field(label).locator("option:checked")).to_contain_text(words)

    def tick(self, label: str) -> None:
        self._reach(self.page.get_by_role("radio", name=label))
        self.page.keyboard.press("Space")


class WithoutScripts(Hands):
    """A browser in which no script runs."""

    def _press(self, found: Locator) -> None:
        found.click()

    def _write(self, found: Locator, words: str) -> None:
        found.fill(words)

    def day(self, label: str, day: date) -> None:
        self._field(label).fill(day.isoformat())

    def hour(self, label: str, hour: str) -> None:
        self._field(label).fill(hour)

    def choose(self, label: str, words: str) -> None:
        field = self._field(label)
        field.select_option(field.locator("option", has_text=words).first.get_attribute("value"))

    def tick(self, label: str) -> None:
        self.page.get_by_text(label, exact=True).click()
