"""The pictures of README and docs, taken in a real browser from a running demo, so that they stay true.

Needs the environment; `python3 dev.py pictures` starts the demo and runs this.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Picture:
    """A page as one person of the cast sees it; the path may be where a click on a link leads."""

    name: str
    person: str | None
    path: str
    width: int = 1280
    english: bool = False
    whole: bool = True


# The person is the name that stands in the demo's links, or None for somebody who has not signed in.
TAKEN = (
    Picture("citizen", "Ida", "/"),
    Picture("citizen-phone", "Ida", "/", width=390),
    Picture("citizen-english", "Ida", "/", english=True),
    Picture("desk", "Karen", "/"),
    Picture("case", "Karen", "/arbejde/sag/1/"),
    Picture("leader", "Lena", "/"),
)


def links(text: str) -> dict[str, str]:
    """First names and sign-in addresses, from the lines that the demo prints."""
    found = {}
    for line in text.splitlines():
        address = re.search(r"https?://\S+", line)
        if address and (name := re.search(r"\w+", line.replace(address.group(0), ""))):
            found[name.group(0)] = address.group(0)
    return found


def take(browser: Browser, picture: Picture, *, site: str, signs_in: dict[str, str], folder: Path) -> Path:
    """Takes one picture and returns its file. Raises SystemExit when the page does not answer as a page."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": 844 if picture.width < 640 else 900},
        locale="en-GB" if picture.english else "da-DK",
        timezone_id="Europe/Copenhagen",
        reduced_motion="reduce",
    )
    try:
        page = context.new_page()
        if picture.person:
            if picture.person not in signs_in:
                raise SystemExit(f"{picture.name}: the demo prints no link for {picture.person}.")
            page.goto(signs_in[picture.person])
        if not (picture.person and picture.path == "/"):
            answer = page.goto(site + picture.path)
            if answer is None or not answer.ok:
                raise SystemExit(f"{picture.name}: {picture.path} answers {answer and answer.status}.")
        # Somebody signed in has chosen a language, so it is switched as they would, and back again.
        switched = picture.english and page.locator("html").get_attribute("lang") != "en"
        if switched:
            page.get_by_role("button", name="English").first.click()
        page.evaluate("document.fonts.ready")
        target = folder / f"{picture.name}.png"
        page.screenshot(path=target, full_page=picture.whole)
        if switched:
            page.get_by_role("button", name="Dansk").first.click()
        return target
    finally:
        context.close()


def main(arguments: list[str]) -> int:
    import os

    site, link_file, *only = arguments
    signs_in = links(Path(link_file).read_text())
    known = {picture.name for picture in TAKEN}
    if unknown := set(only) - known:
        raise SystemExit(
            f"There is no picture {', '.join(sorted(unknown))}. There is: {', '.join(sorted(known))}."
        )
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["MEDSPIL_CHROMIUM"], args=list(FLAGS))
        for picture in TAKEN:
            if only and picture.name not in only:
                continue
            target = take(browser, picture, site=site, signs_in=signs_in, folder=PICTURES)
            print(f"  {target.relative_to(ROOT)}", flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
