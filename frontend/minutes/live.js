// The words of a meeting, written by several at once. Without this script the same page is a form that the server merges.
import * as Y from "yjs";
import { fromBase64 } from "lib0/buffer";
import { bind } from "./field.js";
import { keepTime, parts } from "./parts.js";
import { clear, databases, memoryStore, nameOf, openStore } from "./store.js";
import { start } from "./sync.js";

const PATIENCE = 3000;
const KEY = /^[0-9a-f]{16}$/;
const newKey = () => [...crypto.getRandomValues(new Uint8Array(8))].map((n) => n.toString(16).padStart(2, "0")).join("");
const sentences = { ...(document.querySelector("[data-sentences]")?.dataset ?? {}) };
const say = (sentence, name) => sentence.replace("{name}", name);
const json = (words, none) => {
  try {
    return JSON.parse(words);
  } catch {
    return none;
  }
};

async function storeFor(person, meeting, isOwn) {
  if (!isOwn || !self.indexedDB) return memoryStore();
  try {
    return await openStore(person, meeting, Y.mergeUpdates);
  } catch {
    return memoryStore(); // a private window
  }
}

// What the screen knows beside the text: told by the page, or without a network by this browser's own copy of that.
function frameOf(root) {
  const told = root.dataset;
  return {
    title: told.title,
    names: json(told.names, {}),
    points: json(told.points, []),
    item: told.item,
    me: told.me,
    person: told.person,
    citizen: told.citizen,
    isStaff: told.staff === "1",
    voice: told.voice,
    acts: json(told.acts, []),
    mayWrite: told.mayWrite === "1",
  };
}

async function room(root) {
  const isShell = root.dataset.offline === "1";
  if (isShell) {
    const [, kase, meeting] = location.pathname.match(/^\/sag\/(\d+)\/moede\/(\d+)\/rum\//) ?? [];
    const url = `/sag/${kase}/moede/${meeting}/rum/`;
    Object.assign(root.dataset, {
      meeting, url, push: `${url}skriv/`, stream: `${url}strom/`, person: localStorage.getItem("medspil-room-person") ?? "",
    });
  }
  const isOwn = isShell || root.dataset.ownDevice === "1";
  const { person, meeting } = root.dataset;
  const trouble = document.querySelector("[data-trouble]");
  const store = await storeFor(person, meeting, isOwn && person);
  const loaded = await store.load();
  const frame = isShell ? loaded.frame : frameOf(root);
  if (!frame) {
    trouble.textContent = sentences.nothing;
    return;
  }
  if (!isShell && isOwn) {
    localStorage.setItem("medspil-room-person", person);
    store.keepFrame(frame).catch(console.error);
  }

  const doc = new Y.Doc();
  const spoken = doc.getMap("utterances");
  const order = doc.getArray("order");
  const shared = doc.getMap("room");
  const hands = doc.getMap("hands");
  doc.transact(() => {
    const kept = [...loaded.log, ...loaded.out.map((one) => one.change)];
    if (root.dataset.state) {
      const state = fromBase64(root.dataset.state);
      kept.push(state);
      if (+root.dataset.seq >= loaded.cursor) {
        loaded.cursor = +root.dataset.seq;
        store.addLog([state], loaded.cursor, true).catch(console.error);
      }
    }
    for (const change of kept) Y.applyUpdate(doc, change, "store");
  }, "store");

  // --- what is told beside the words
  const saved = document.querySelector(".room-saved");
  let over = false;
  let around = null;
  let told = "";
  const tell = (words, link) => {
    const key = words + (link?.href ?? "");
    if (key === told) return; // only a change is read out
    told = key;
    trouble.textContent = words;
    if (!link) return;
    const a = Object.assign(document.createElement("a"), { href: link.href, textContent: link.text });
    if (link.apart) a.target = "_blank";
    trouble.append(" ", a);
  };
  const lock = () => {
    for (const field of root.querySelectorAll("textarea")) field.readOnly = true;
    const acts = "[data-keep], [data-foot], [data-next], [data-pause], [data-end], .room-more, [data-part=agreements] form";
    for (const act of document.querySelectorAll(acts)) act.hidden = true;
  };
  // Ended, called off or missed: the page that came instead says which.
  const close = (ended = null) => {
    over = true;
    lock();
    sync.stop();
    const text = ended?.querySelector("a")?.textContent ?? sentences.readMinutes;
    const words = ended?.querySelector("h1")?.textContent ?? sentences.over;
    tell(sync.unsent() ? sentences.overUnsent : words, root.dataset.minutes ? { href: root.dataset.minutes, text } : null);
  };
  const began = Date.now();
  let wasHere = false;
  let wasAway = false;
  let savingSince = 0;
  let last;
  const onState = (state) => {
    last = state;
    root.dataset.unsent = state.unsent;
    root.dataset.online = state.online ? "1" : "";
    if (over) return;
    savingSince = state.unsent ? savingSince || Date.now() : 0;
    if (saved) {
      saved.hidden = !state.online;
      saved.querySelector("span").textContent =
        state.unsent && Date.now() - savingSince > 600 ? sentences.saving : sentences.saved;
    }
    if (state.refused === 409) {
      close();
      around?.refresh();
    }
    else if (state.refused === 401) signedOut();
    else if (state.refused) {
      lock();
      tell(sentences.noLonger);
    } else if (!state.online) {
      // The first moments of a page are no outage.
      if (!wasHere && Date.now() - began < PATIENCE) {
        setTimeout(() => onState(last), PATIENCE);
        return;
      }
      wasAway = true;
      tell(store.volatile ? sentences.awayMemory : sentences.away);
    } else {
      wasHere = true;
      if (!wasAway || state.unsent) return;
      wasAway = false;
      tell(sentences.back);
      setTimeout(() => told === sentences.back && tell(""), 10000);
    }
  };
  const signedOut = () => {
    tell(sentences.signedOut, root.dataset.signIn && { href: root.dataset.signIn, text: sentences.signIn, apart: true });
    // Signed out by the header alone: what was kept is gone, and so should the screen be.
    if (!store.volatile) databases().then((names) => names.includes(nameOf(person, meeting)) || store.onCleared());
  };

  let sync = { unsent: () => loaded.out.length, stop() {}, hold: { on() {}, off() {} } };
  const blocks = root.querySelector("[data-blocks]");
  store.onCleared = () => {
    over = true;
    sync.stop();
    blocks.replaceChildren();
    for (const more of document.querySelectorAll("[data-work] > section:not([data-room]), .room-more, .room-side")) more.remove();
    tell(sentences.cleared);
  };
  sync = await start({
    doc, store, loaded, urls: { push: root.dataset.push, stream: root.dataset.stream }, givesBack: frame.isStaff, onState,
  });

  // --- blocks
  const voiceOf = (said) => (["citizen", "relative"].includes(said.get("voice")) ? said.get("voice") : "professional");
  const isMine = (said) => voiceOf(said) === frame.voice && (frame.voice !== "relative" || said.get("writer") === +frame.person);
  const mayWriteIn = (said) => frame.mayWrite && (frame.isStaff || isMine(said));
  const nameIn = (said) => {
    const who = voiceOf(said) === "citizen" ? frame.citizen : said.get("writer");
    return frame.names[who] ?? [frame.isStaff ? frame.me : "", ""];
  };
  // Who acts for the citizen says so on every block from their first key there.
  const iAct = frame.voice === "citizen" && frame.acts.includes(+frame.person);
  const marks = (said) => iAct && said.get("by") !== +frame.person && said.set("by", +frame.person);
  const rows = new Map();

  const blank = (key, said) => {
    const block = document.querySelector(`template[data-blank="${voiceOf(said)}"]`).content.firstElementChild.cloneNode(true);
    const field = block.querySelector("textarea");
    const label = block.querySelector("label");
    const [name, letters] = nameIn(said);
    block.dataset.block = key;
    field.id = label.htmlFor = `ord-${key}`;
    label.textContent = say(sentences.says, name);
    field.placeholder = mayWriteIn(said) ? say(sentences.ask, name) : "";
    field.readOnly = !mayWriteIn(said);
    const face = block.querySelector(".face");
    if (face) face.textContent = letters;
    return block;
  };

  const row = (key) => {
    const said = spoken.get(key);
    const there = blocks.querySelector(`[data-block="${key}"]`);
    const block = there ?? blank(key, said);
    const field = block.querySelector("textarea");
    const foot = block.querySelector("[data-foot]");
    const note = block.querySelector("[data-writing]");
    const write = block.querySelector("[data-write]");
    const acted = block.querySelector("[data-acted]");
    field.removeAttribute("name");
    const size = () => {
      block.classList.toggle("said-empty", !field.value.trim());
      // An empty field says for itself what it is for.
      write.hidden = field.readOnly || !field.value.trim();
      if (CSS.supports("field-sizing", "content")) return;
      field.style.height = "auto";
      field.style.height = `${field.scrollHeight + 2}px`;
    };
    let quiet;
    const onOthers = (event) => {
      const before = event.transaction.beforeState;
      const names = [...event.transaction.afterState]
        .filter(([client, at]) => client !== doc.clientID && (before.get(client) ?? 0) < at)
        .map(([client]) => hands.get(String(client)))
        .filter((name) => typeof name === "string" && name);
      if (!names.length) return;
      note.textContent = say(sentences.writing, names[0]);
      note.hidden = false;
      clearTimeout(quiet);
      quiet = setTimeout(() => {
        note.hidden = true;
      }, 3000);
    };
    const drawActed = () => {
      const by = said.get("by");
      if (!acted || !frame.acts.includes(by) || !frame.names[by]) return;
      acted.textContent = sentences.acted.replace("{writer}", frame.names[by][0]).replace("{name}", nameIn(said)[0]);
      acted.hidden = false;
    };
    said.observe(drawActed);
    drawActed();
    foot.hidden = false;
    write.addEventListener("click", () => {
      field.focus();
      field.setSelectionRange(field.value.length, field.value.length);
    });
    const free = bind(said.get("text"), field, { hold: sync.hold, onOthers, onWrite: () => marks(said), onChange: size });
    requestAnimationFrame(size);
    const letGo = () => {
      said.unobserve(drawActed);
      free();
    };
    return { block, letGo };
  };

  const isFine = (said) => said instanceof Y.Map && said.get("text") instanceof Y.Text && !said.get("gone");
  const draw = () => {
    if (over) return;
    const listed = order.toArray().filter((key) => typeof key === "string" && spoken.has(key));
    const keys = [...new Set([...listed, ...[...spoken.keys()].sort()])].filter(
      (key) => KEY.test(key) && isFine(spoken.get(key)) && spoken.get(key).get("item") === root.dataset.item,
    );
    for (const [key, known] of rows) {
      if (keys.includes(key)) continue;
      known.letGo();
      known.block.remove();
      rows.delete(key);
    }
    let before = null;
    for (const key of keys) {
      if (!rows.has(key)) rows.set(key, row(key));
      const { block } = rows.get(key);
      const next = before ? before.nextElementSibling : blocks.firstElementChild;
      // What is in its place stays untouched, and so do focus and caret.
      if (block !== next) blocks.insertBefore(block, next);
      before = block;
    }
    while (before?.nextElementSibling) before.nextElementSibling.remove();
  };
  spoken.observeDeep((events) => {
    if (events.some((e) => e.target === spoken || (e.path.length === 1 && e.keysChanged))) draw();
  });
  order.observe(draw);

  // My name beside what this browser writes, once it does. To read what another changed is a transaction too, without a
  // change of its own; and who only reads along has nothing to send.
  doc.on("afterTransaction", (transaction) => {
    if (!frame.mayWrite || !transaction.changed.size) return;
    if (transaction.local && !hands.has(String(doc.clientID)) && !["store", "server", "name"].includes(transaction.origin)) {
      setTimeout(() => hands.has(String(doc.clientID)) || doc.transact(() => hands.set(String(doc.clientID), frame.me), "name"));
    }
  });

  const add = (voice, writer) => {
    const key = newKey();
    doc.transact(() => {
      const said = new Y.Map();
      said.set("item", root.dataset.item);
      said.set("voice", voice);
      said.set("writer", writer);
      said.set("text", new Y.Text());
      spoken.set(key, said);
      order.push([key]);
    });
    document.getElementById(`ord-${key}`)?.focus();
  };

  // --- points
  const listOf = () => [...document.querySelectorAll(".room-agenda-wide [data-point], [data-shell-points] [data-point]")];
  const titleOf = (point) => (point.querySelector("[data-go]") ?? point.querySelector(".agenda-name")).firstChild.textContent.trim();
  const following = () => {
    const keys = listOf().map((point) => point.dataset.point);
    return keys[keys.indexOf(root.dataset.item) + 1];
  };
  const drawPoints = () => {
    const next = document.querySelector("[data-next]");
    const end = document.querySelector("[data-end]");
    const isLast = !following();
    if (next) next.hidden = isLast;
    end?.classList.toggle("btn-first", isLast);
    end?.classList.toggle("btn-second", !isLast);
  };
  const goTo = (key, isMine = true) => {
    const point = listOf().find((one) => one.dataset.point === key);
    if (!point || key === root.dataset.item) return;
    root.dataset.item = key;
    for (const input of document.querySelectorAll("[data-item]")) if (input !== root) input.value = key;
    const title = document.getElementById("point-title");
    title.textContent = titleOf(point);
    history.replaceState(null, "", `${root.dataset.url}?punkt=${key}`);
    draw();
    drawPoints();
    if (isMine) title.focus();
    around?.refresh();
  };

  around = isShell
    ? null
    : parts({ root, sentences, onOver: close, onPoints: drawPoints, onTrouble: (words) => tell(words) });
  document.addEventListener("click", (event) => {
    const go = event.target.closest("[data-go]");
    if (!go) return;
    event.preventDefault();
    go.closest("details")?.removeAttribute("open");
    goTo(go.dataset.go);
  });
  const ask = (then, redirect) => {
    const form = new FormData();
    form.set("csrfmiddlewaretoken", root.querySelector("[name=csrfmiddlewaretoken]").value);
    form.set("item", root.dataset.item);
    form.set("then", then);
    return fetch(root.dataset.save, { method: "POST", body: form, redirect });
  };
  const next = () => {
    ask("videre", "manual").catch(() => tell(sentences.notSent));
    goTo(following());
  };
  // The two points that a meeting ends with are put on by the server; the first of them is where it leads.
  const roundOff = () =>
    ask("rund-af", "follow")
      .then(async (answer) => {
        const key = new URL(answer.url).searchParams.get("punkt");
        // Another refresh, by the same news on the stream, may have overtaken ours; a slow line gets longer each time.
        for (let n = 0; n < 12 && !listOf().some((point) => point.dataset.point === key); n++) {
          around?.refresh();
          await new Promise((go) => setTimeout(go, 200 * (n + 1)));
        }
        goTo(key);
      })
      .catch(() => tell(sentences.notSent));

  // --- a pause
  const pauseBlock = document.querySelector("[data-pause-block]");
  const work = document.querySelector("[data-work]");
  const drawPause = (isNews) => {
    if (!pauseBlock || over) return;
    const by = shared.get("pause");
    const isOn = typeof by === "string" && by !== "";
    if (pauseBlock.hidden === !isOn) return;
    pauseBlock.hidden = !isOn;
    work.hidden = isOn;
    document.querySelector("[data-pause]")?.toggleAttribute("hidden", isOn);
    pauseBlock.querySelector("[data-paused-by]").textContent = isOn ? say(sentences.paused, by) : "";
    if (isNews) document.getElementById(isOn ? "pause-title" : "point-title").focus();
  };
  shared.observe((event) => {
    if (event.keysChanged.has("pause")) drawPause(true);
    if (event.keysChanged.has("turned") && !event.transaction.local) around?.refresh();
  });

  document.getElementById("words").addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const then = event.submitter?.value ?? "";
    if (over) return;
    if (then.startsWith("tal-")) add(event.submitter.dataset.add, +event.submitter.dataset.writer);
    else if (then === "videre") next();
    else if (then === "rund-af") roundOff();
    else if (then === "pause") shared.set("pause", frame.me);
    else if (then === "i-gang") shared.set("pause", "");
  });

  if (isShell) drawShell(root, frame);
  draw();
  drawPoints();
  drawPause(false);
  keepTime(sentences);
  document.querySelector(".room-save")?.setAttribute("hidden", "");
  root.dataset.ready = "1";
  addEventListener("pagehide", () => store.close());
}

// Without a network there is no page to take the points from.
function drawShell(root, frame) {
  const wanted = new URLSearchParams(location.search).get("punkt");
  const known = frame.points.find(([key]) => key === wanted) ?? frame.points.find(([key]) => key === frame.item) ?? frame.points[0];
  root.dataset.item = known?.[0] ?? "";
  document.querySelector("[data-meeting-title]").textContent = frame.title;
  document.getElementById("point-title").textContent = known?.[1] ?? "";
  const list = document.querySelector("[data-shell-points]");
  for (const [key, words, from] of frame.points) {
    const point = document.createElement("li");
    point.dataset.point = key;
    point.className = key === root.dataset.item ? "agenda-now" : "agenda-open";
    const name = Object.assign(document.createElement("p"), { className: "agenda-name" });
    const go = Object.assign(document.createElement("button"), { className: "agenda-go", type: "button", textContent: words });
    go.dataset.go = key;
    name.append(go);
    const source = Object.assign(document.createElement("p"), { className: "agenda-from", textContent: from });
    const around = document.createElement("div");
    around.append(name, source);
    point.append(around);
    list.append(point);
  }
}

// The meeting is over, and this browser still has words that came too late: they are shown, to be copied.
async function leftOver(root) {
  const { person, meeting, ownDevice } = root.dataset;
  if (ownDevice !== "1" || !(await databases()).includes(nameOf(person, meeting))) return;
  const store = await openStore(person, meeting, Y.mergeUpdates);
  const { log, out } = await store.load();
  const doc = new Y.Doc();
  const spoken = doc.getMap("utterances");
  for (const change of log) Y.applyUpdate(doc, change);
  const late = new Set();
  spoken.observeDeep((events) => events.forEach((event) => late.add(event.path[0] ?? [...event.keysChanged][0])));
  for (const { change } of out) Y.applyUpdate(doc, change);
  const words = [...late].map((key) => spoken.get(key)?.get("text")?.toString()).filter((text) => text?.trim());
  if (!words.length) return;
  const box = root.querySelector("[data-unsent]");
  box.append(Object.assign(document.createElement("p"), { textContent: sentences.overUnsent }));
  for (const text of words) {
    const field = Object.assign(document.createElement("textarea"), { className: "form-input", readOnly: true, value: text, rows: 4 });
    field.setAttribute("aria-label", sentences.overUnsent);
    box.append(field);
  }
}

async function main() {
  const root = document.querySelector("[data-room]");
  const ended = document.querySelector("[data-ended]");
  const told = (root ?? ended)?.dataset;
  // A shared machine: what the one before left goes. On a machine that is not one's own nothing stays at all.
  if (told?.person && told.offline !== "1") await clear(told.ownDevice === "1" ? told.person : null);
  if (root) await room(root);
  if (ended) await leftOver(ended);
  if (root?.dataset.ownDevice === "1" && navigator.serviceWorker) {
    navigator.serviceWorker.register(root.dataset.worker).catch((error) => console.warn(error.message));
  }
}
main();
