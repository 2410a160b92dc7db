// On the pages of signing out: nothing of a meeting stays on the machine, also where the browser does not heed the header
// that says so. Words that never reached the server are told of first: [data-unsent-words] holds the sentence, hidden.
(async () => {
  "use strict";
  const PREFIX = "medspil-room:";
  if (!self.indexedDB?.databases) return;
  const names = (await indexedDB.databases()).map((known) => known.name).filter((name) => name?.startsWith(PREFIX));

  const warning = document.querySelector("[data-unsent-words]");
  if (warning) {
    const counts = await Promise.all(
      names.map(
        (name) =>
          new Promise((go) => {
            const opening = indexedDB.open(name);
            opening.onerror = () => go(0);
            opening.onsuccess = () => {
              const base = opening.result;
              if (!base.objectStoreNames.contains("out")) return go(0);
              const counting = base.transaction("out").objectStore("out").count();
              counting.onerror = () => go(0);
              counting.onsuccess = () => {
                base.close();
                go(counting.result);
              };
              return undefined;
            };
          }),
      ),
    );
    warning.hidden = !counts.some((count) => count > 0);
  }
  if (!document.querySelector("[data-forget]")) return;
  for (const name of names) indexedDB.deleteDatabase(name);
  localStorage.removeItem("medspil-room-person");
  if (self.caches) for (const name of await caches.keys()) if (name.startsWith("medspil-room")) await caches.delete(name);
  const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  for (const worker of workers) await worker.unregister();
})();
