"""I1: where the system's own colours rule, the ring of focus, the dials and the two voices are still told apart."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = {
    "front": ("ida", "/sag/"),
    "promises": ("ida", "/sag/loefter/"),
    "life": ("ida", "/sag/{pk}/liv/home/"),
    "minutes": ("ida", "/sag/{pk}/moede/{held}/"),
    "room": ("karen", "/sag/{pk}/moede/{meeting}/rum/"),
    "desk": ("karen", "/arbejde/"),
    "case": ("karen", "/arbejde/sag/{pk}/"),
    "gap": ("lena", "/ledelse/"),
    "sign-in": (None, "/ind/"),
}
RING = """() => {
  const e = document.activeElement;
  if (e === document.body) return null;
  const style = getComputedStyle;
  const ring = (of) => style(of).outlineStyle !== 'none' && parseFloat(style(of).outlineWidth) >= 2;
  const label = (e.labels || [])[0];
  const box = (label && !e.getClientRects().length ? label : e).getBoundingClientRect();
  const bar = document.querySelector('.room-foot');
  const fixed = bar && !bar.contains(e) && getComputedStyle(bar).position === 'fixed';
  const top = fixed ? bar.getBoundingClientRect().top : innerHeight;
  return {
    what: `${e.tagName.toLowerCase()}.${e.className} ${(e.innerText || e.name || '').slice(0, 40)}`,
    ring: ring(e) || !!label && ring(label), hidden: box.top >= top || box.bottom <= 0,
  };
}"""
DIALS = """() => [...document.querySelectorAll('svg.dial')].filter((d) => d.checkVisibility()).map((dial) => {
  const paper = getComputedStyle(document.body).backgroundColor;
  const drawn = [...dial.querySelectorAll('*')].filter((part) => {
    const s = getComputedStyle(part);
    const seen = (colour) => colour !== 'none' && colour !== paper;
    return seen(s.stroke) && parseFloat(s.strokeWidth) > 0 || seen(s.fill);
  });
  const colours = new Set(drawn.map((part) => getComputedStyle(part).stroke)
    .filter((c) => c !== 'none' && c !== paper));
  return { drawn: drawn.length, colours: [...colours], width: dial.getBoundingClientRect().width };
})"""
BARS = """() => Object.fromEntries(['said-citizen', 'said-prof'].map((name) => {
  const e = document.querySelector(`.${name}`);
  const s = e && getComputedStyle(e);
  return [name, e && `${s.borderLeftStyle} ${s.borderLeftWidth}`];
}))"""


def opened(site, filled, name, **more):
    who, path = PAGES[name]
    page = site.window(getattr(filled.cast, who) if who else None, **more)
    page.goto(site.url + path.format(**vars(filled)))
    return page


@pytest.mark.parametrize("forced", ["active", "none"])
@pytest.mark.parametrize("name", PAGES)
def test_the_focus_is_seen_wherever_the_keyboard_takes_it(site, filled, name, forced):
    page = opened(site, filled, name, forced_colors=forced, viewport={"width": 1280, "height": 800})
    seen, wrong = 0, []
    for _ in range(45):
        page.keyboard.press("Tab")
        found = page.evaluate(RING)
        if found is None:
            break
        seen += 1
        if not found["ring"] or found["hidden"]:
            wrong.append(found)
    assert seen >= 8
    assert not wrong
    page.context.close()


@pytest.mark.parametrize("name", ["front", "promises", "desk", "case"])
def test_dials_are_drawn_in_the_colours_of_the_system(site, filled, name):
    page = opened(site, filled, name, forced_colors="active", color_scheme="light")
    dials = page.evaluate(DIALS)
    assert len(dials) >= 3
    ink = page.evaluate(
        "() => { const s = document.body.style; s.color = 'CanvasText'; return getComputedStyle(document.body).color; }"
    )
    assert all(d["drawn"] and d["width"] >= 36 for d in dials)
    assert {colour for d in dials for colour in d["colours"]} <= {ink}
    page.context.close()


def test_the_two_voices_have_bars_of_their_own_kind(site, filled):
    page = opened(site, filled, "life", forced_colors="active")
    assert page.evaluate(BARS) == {"said-citizen": "solid 8px", "said-prof": "dashed 8px"}
    page.context.close()
