// The text, this browser's copy and the server: down by an EventSource, up by one POST at a time.
import * as Y from "yjs";
import { fromBase64 } from "lib0/buffer";

// Milliseconds. At most one POST in GAP: what is typed meanwhile goes together in the next.
const GAP = 150;
const LET_GO = 30000;
const SILENCE = 40000; // the server says something every fifteen seconds
const LONGEST = 30000;
const FINAL = new Set([400, 401, 403, 404, 409, 413]);
const TOO_LARGE = 413;

export async function start({ doc, store, loaded, urls, givesBack, onState }) {
  const state = { online: false, refused: 0 };
  let { cursor } = loaded;
  const out = [...loaded.out];
  const tell = () => onState({ ...state, unsent: out.length });
  let stopped = false;

  // --- a composition keeps what others write away
  let holds = 0;
  let held = [];
  const apply = (changes) =>
    doc.transact(() => {
      for (const change of changes) {
        try {
          Y.applyUpdate(doc, change, "server");
        } catch (error) {
          console.error(error); // one that cannot be read must not keep the rest away
        }
      }
    }, "server");
  const hold = {
    on: () => {
      holds++;
    },
    off: () => {
      if (--holds > 0) return;
      const waiting = held;
      held = [];
      apply(waiting);
    },
  };

  // --- up
  let sending = false;
  let wait = 0;
  let together = Infinity; // so many changes go in one
  const keep = (change) => {
    const one = { key: null, change };
    one.kept = store.addOut(change).then(
      (key) => {
        one.key = key;
      },
      (error) => {
        console.error(error); // no room on the machine: it is in this tab alone
        store.volatile = true;
        tell();
      },
    );
    out.push(one);
    tell();
    send();
  };
  doc.on("update", (change, origin) => {
    if (origin !== "server" && origin !== "store") keep(change);
  });

  const post = (body) =>
    fetch(urls.push, {
      method: "POST",
      body,
      redirect: "error",
      signal: AbortSignal.timeout(15000),
      headers: {
        "Content-Type": "application/octet-stream",
        "X-CSRFToken": (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || "",
      },
    });

  async function send() {
    if (sending || state.refused || stopped) return;
    sending = true;
    try {
      while (out.length && !stopped) {
        const now = out.slice(0, together);
        const change = now.length === 1 ? now[0].change : Y.mergeUpdates(now.map((one) => one.change));
        const began = Date.now();
        const answer = await post(change);
        if (answer.status === TOO_LARGE && now.length > 1) {
          together = Math.ceil(now.length / 2);
          continue;
        }
        if (FINAL.has(answer.status)) {
          refuse(answer.status);
          return;
        }
        if (!answer.ok) throw new Error(`push ${answer.status}`);
        await Promise.all(now.map((one) => one.kept));
        out.splice(0, now.length);
        await store.sent(now.map((one) => one.key).filter((key) => key != null), change).catch(console.error);
        wait = 0;
        state.online = true;
        tell();
        if (out.length) await new Promise((go) => setTimeout(go, Math.max(0, GAP - (Date.now() - began))));
      }
    } catch {
      state.online = false;
      tell();
      wait = Math.min(LONGEST, (wait || 500) * 2);
      setTimeout(send, wait * (0.5 + Math.random() / 2));
    } finally {
      sending = false;
    }
  }

  // --- down
  let source = null;
  let heard = 0;
  let again = 1000;
  let hidden = false;
  const close = () => {
    source?.close();
    source = null;
  };
  const refuse = (status) => {
    state.refused = status;
    state.online = false;
    close();
    tell();
  };
  const take = (changes, seq, fresh) => {
    heard = Date.now();
    again = 1000;
    if (changes.length) {
      if (holds) held.push(...changes);
      else apply(changes);
    }
    if (changes.length || seq !== cursor) {
      cursor = seq;
      store.addLog(changes, cursor, fresh).catch(console.error);
    }
    if (!state.online) {
      state.online = true;
      wait = 0;
      tell();
      send();
    }
  };
  const changesIn = (event) => (event.data ? event.data.split(",").map(fromBase64) : []);

  function listen() {
    if (source || state.refused || hidden || stopped) return;
    heard = Date.now();
    source = new EventSource(`${urls.stream}?after=${cursor}`);
    source.addEventListener("u", (event) => take(changesIn(event), +event.lastEventId, false));
    source.addEventListener("snap", (event) => take(changesIn(event), +event.lastEventId, true));
    source.addEventListener("beat", () => take([], cursor, false));
    source.addEventListener("end", () => {
      close();
      setTimeout(listen, 500);
    });
    source.addEventListener("gone", () => {
      close();
      why();
    });
    source.addEventListener("reset", () => {
      // The server was set back to an older copy: give it back what it lost.
      close();
      cursor = 0;
      store.addLog([], 0, true).catch(console.error);
      // The citizen's browser does not vouch for the words of others; theirs give those back.
      if (givesBack) keep(Y.encodeStateAsUpdate(doc));
      setTimeout(listen, 500);
    });
    source.onerror = () => {
      if (source && source.readyState !== EventSource.CLOSED) {
        if (Date.now() - heard > 5000) {
          state.online = false;
          tell();
        }
        return;
      }
      // An answer that was no stream: no sign-in, no such meeting, or a proxy's 502. For good, unless we ask again.
      close();
      state.online = false;
      tell();
      why();
    };
  }

  async function why() {
    const answer = await fetch(urls.stream, { method: "HEAD", redirect: "manual", cache: "no-store" }).catch(() => null);
    if (answer && FINAL.has(answer.status)) {
      refuse(answer.status);
      return;
    }
    again = Math.min(LONGEST, again * 2);
    setTimeout(listen, again);
  }

  setInterval(() => {
    if (!state.refused && !hidden && !stopped && Date.now() - heard > SILENCE) {
      close();
      listen();
    }
  }, 5000);
  addEventListener("online", () => {
    close();
    wait = 0;
    listen();
    send();
  });
  addEventListener("offline", () => {
    state.online = false;
    tell();
  });
  // A stream holds one of a browser's six connections to a host: a tab that nobody looks at gives it back.
  let later;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(later);
    if (document.hidden) {
      later = setTimeout(() => {
        hidden = true;
        close();
      }, LET_GO);
      return;
    }
    hidden = false;
    // Signed in again in another tab, perhaps.
    if (state.refused === 401) {
      state.refused = 0;
      send();
    }
    listen();
  });
  addEventListener("beforeunload", (event) => {
    if (out.length && store.volatile) event.preventDefault();
  });

  listen();
  send();
  tell();
  return {
    hold,
    unsent: () => out.length,
    stop: () => {
      stopped = true;
      close();
    },
  };
}
