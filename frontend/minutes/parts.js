// What stands around the words: points, agreements, the clock. The server draws it; here the pieces are exchanged.

const page = (html) => new DOMParser().parseFromString(html, "text/html");

export function parts({ root, sentences, onOver, onPoints, onTrouble }) {
  let later = false;
  let asked = 0;

  // A piece in which somebody is busy waits until they leave it; on the way to a button they have not left.
  const isBusy = (part) =>
    part.contains(document.activeElement) &&
    document.activeElement.matches("input, select, textarea, summary, [data-part-form] button");

  const actionOf = (details) => details.querySelector("form")?.getAttribute("action");
  // What was opened stays open, and what was typed and not sent yet stays typed.
  function carryOver(old, fresh) {
    for (const details of old.querySelectorAll("details[open]")) {
      const same = [...fresh.querySelectorAll("details")].find((one) => actionOf(one) === actionOf(details));
      if (!same) continue;
      same.open = true;
      for (const field of details.querySelectorAll("input:not([type=hidden]), textarea")) {
        const now = field.value === field.defaultValue ? null : same.querySelector(`[name="${field.name}"]`);
        if (now) now.value = field.value;
      }
    }
  }

  function exchange(from) {
    const ended = from.querySelector("[data-ended]");
    if (ended) {
      onOver(ended);
      return;
    }
    for (const old of document.querySelectorAll("[data-part]")) {
      const fresh = from.querySelector(`[data-part="${old.dataset.part}"]`);
      if (!fresh || fresh.innerHTML === old.innerHTML) continue;
      if (isBusy(old)) {
        later = true;
        continue;
      }
      const focused = old.contains(document.activeElement) ? document.activeElement.dataset : null;
      const drawn = document.importNode(fresh, true);
      carryOver(old, drawn);
      old.replaceChildren(...drawn.childNodes);
      if (focused?.go) old.querySelector(`[data-point="${focused.go}"]`)?.closest("[data-part]")?.focus?.();
    }
    const told = from.querySelector(".page-messages");
    document.querySelector(".page-messages")?.remove();
    if (told) document.querySelector("main").prepend(document.importNode(told, true));
    onPoints();
  }

  async function refresh() {
    const mine = ++asked;
    const answer = await fetch(`${root.dataset.url}?punkt=${root.dataset.item}`, { redirect: "manual" }).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    exchange(page(await answer.text()));
  }
  document.addEventListener("focusout", () => {
    if (!later) return;
    setTimeout(() => {
      later = false;
      refresh();
    }, 300);
  });

  let soon;
  const refreshSoon = () => {
    clearTimeout(soon);
    soon = setTimeout(refresh, 150);
  };

  async function submit(form) {
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    const around = form.closest("details");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      if (answer.status >= 500) throw new Error(String(answer.status));
      const from = page(await answer.text());
      const same = from.querySelector(`form[action="${form.getAttribute("action")}"]`);
      if (answer.status === 422 && around && same) {
        const fresh = document.importNode(same.closest("details"), true);
        around.replaceWith(fresh);
        fresh.querySelector("[aria-describedby*=error], .form-error input, .form-error select")?.focus();
        return;
      }
      if (!from.querySelector("[data-room], [data-ended]")) {
        // Somebody signed in again in another tab: what was written waits where the answer led.
        location.assign(answer.redirected ? answer.url : root.dataset.url);
        return;
      }
      const inPart = form.closest("[data-part]");
      // The answer may come late: whoever has moved on meanwhile keeps their place.
      const isStillHere = [document.body, null].includes(document.activeElement) || form.contains(document.activeElement);
      if (isStillHere) document.activeElement?.blur();
      exchange(from);
      if (around?.matches("[data-keep]")) {
        form.reset();
        around.open = false;
        if (isStillHere) around.querySelector("summary").focus();
      } else if (isStillHere) {
        inPart?.closest("section")?.querySelector("summary")?.focus();
      }
    } catch {
      onTrouble(sentences.notSent);
    } finally {
      delete form.dataset.busy;
    }
  }
  // Before anybody else hears of it, so that nothing else counts the press.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (form.id === "words" || !form.closest("[data-part], [data-keep]")) return;
      event.preventDefault();
      event.stopPropagation();
      submit(form);
    },
    true,
  );
  return { refresh: refreshSoon };
}

// »Kl. 10.24 · 36 minutter tilbage«, as the page said it when it came.
export function keepTime(sentences) {
  const clock = document.querySelector("[data-time]");
  if (!clock) return;
  const starts = Date.parse(clock.dataset.starts);
  const long = +clock.dataset.minutes;
  const danish = document.documentElement.lang !== "en";
  const tick = () => {
    const now = new Date();
    if (now < starts) return;
    const [hour, minute] = [now.getHours(), String(now.getMinutes()).padStart(2, "0")];
    clock.querySelector("[data-now]").textContent = danish
      ? `Kl.\u00a0${hour}${minute === "00" ? "" : `.${minute}`}`
      : `At\u00a0${hour}:${minute}`;
    const left = Math.round((starts + long * 60000 - now) / 60000);
    const words = left <= 0 ? sentences.leftNone : left === 1 ? sentences.leftOne : sentences.leftMany;
    clock.querySelector("[data-left]").textContent = words.replace("{n}", left).replace(" ", "\u00a0");
    const arc = clock.querySelector(".dial-arc");
    if (arc && left < long) arc.setAttribute("stroke-dasharray", `${((Math.max(left, 0) / long) * 100).toFixed(1)} 200`);
  };
  setInterval(tick, 15000);
}
