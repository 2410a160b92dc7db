// The room without a network, on a device of one's own: the empty page and what it is drawn with. No word of any meeting
// is in this cache; the words are in the browser's own copy, which a sign-out clears together with it.
"use strict";

const CACHE = "medspil-room-1";
const SHELL = "/sag/rum/uden-net/";
const ROOM = /^\/sag\/\d+\/moede\/\d+\/rum\/$/;

async function keepShell() {
  const cache = await caches.open(CACHE);
  const page = await fetch(SHELL, { cache: "no-store" });
  if (!page.ok) throw new Error(`shell ${page.status}`);
  const html = await page.clone().text();
  await cache.put(SHELL, page);
  const files = [...html.matchAll(/(?:href|src)="(\/static\/[^"#]+)/g)].map((found) => found[1]);
  await Promise.all([...new Set(files)].map((file) => cache.add(file).catch(() => null)));
}

self.addEventListener("install", (event) => event.waitUntil(keepShell().then(() => self.skipWaiting())));

self.addEventListener("activate", (event) =>
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith("medspil-room") && name !== CACHE))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  ),
);

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && ROOM.test(url.pathname)) {
    event.respondWith(fetch(event.request).catch(() => caches.match(SHELL)));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(
      fetch(event.request)
        .then(async (answer) => {
          if (answer.ok) {
            const cache = await caches.open(CACHE);
            if (await cache.match(SHELL)) await cache.put(event.request, answer.clone());
          }
          return answer;
        })
        .catch(async () => (await caches.match(event.request)) ?? Response.error()),
    );
  }
});
