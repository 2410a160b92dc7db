// What this browser holds of one text: `log` (the server has it, up to `cursor`) and `out` (not yet). In IndexedDB on
// a device that the person has called their own, else in memory. One database a person and meeting, so that a sign-out,
// or another person's sign-in, can clear it.
export const PREFIX = "medspil-room:";
const LOG_MOST = 100;

const done = (request) =>
  new Promise((yes, no) => {
    request.onsuccess = () => yes(request.result);
    request.onerror = () => no(request.error);
  });

const committed = (transaction) =>
  new Promise((yes, no) => {
    transaction.oncomplete = yes;
    transaction.onabort = transaction.onerror = () => no(transaction.error);
    // Do not wait for the event loop: the tab may be closing.
    transaction.commit?.();
  });

export const nameOf = (person, meeting) => `${PREFIX}${person}:${meeting}`;

export async function openStore(person, meeting, merge) {
  const opening = indexedDB.open(nameOf(person, meeting), 1);
  opening.onupgradeneeded = () => {
    for (const name of ["log", "out"]) opening.result.createObjectStore(name, { autoIncrement: true });
    opening.result.createObjectStore("meta");
  };
  const base = await done(opening);
  const store = {
    volatile: false,
    onCleared() {},
    async load() {
      const transaction = base.transaction(["log", "out", "meta"]);
      const all = (name) => {
        const rows = transaction.objectStore(name);
        return Promise.all([done(rows.getAllKeys()), done(rows.getAll())]);
      };
      const meta = transaction.objectStore("meta");
      const [[keys, log], [outKeys, out], cursor, frame] = await Promise.all([
        all("log"), all("out"), done(meta.get("cursor")), done(meta.get("frame")),
      ]);
      const waiting = out.map((change, n) => ({ key: outKeys[n], change }));
      if (keys.length <= LOG_MOST) return { log, out: waiting, cursor: cursor || 0, frame };
      const one = merge(log);
      await write((rows) => {
        for (const key of keys) rows("log").delete(key);
        rows("log").add(one);
      });
      return { log: [one], out: waiting, cursor: cursor || 0, frame };
    },
    async addOut(change) {
      const transaction = base.transaction("out", "readwrite");
      const adding = transaction.objectStore("out").add(change);
      await committed(transaction);
      return adding.result;
    },
    sent: (keys, change) =>
      write((rows) => {
        for (const key of keys) rows("out").delete(key);
        rows("log").add(change);
      }),
    addLog: (changes, cursor, fresh) =>
      write((rows) => {
        if (fresh) rows("log").clear();
        for (const change of changes) rows("log").add(change);
        rows("meta").put(cursor, "cursor");
      }),
    keepFrame: (frame) => write((rows) => rows("meta").put(frame, "frame")),
    close: () => base.close(),
  };
  const write = (work) => {
    const transaction = base.transaction(["log", "out", "meta"], "readwrite");
    work((name) => transaction.objectStore(name));
    return committed(transaction);
  };
  // Another tab signs out: let it delete.
  base.onversionchange = () => {
    base.close();
    store.onCleared();
  };
  return store;
}

export function memoryStore() {
  let count = 0;
  return {
    volatile: true,
    onCleared() {},
    load: async () => ({ log: [], out: [], cursor: 0 }),
    addOut: async () => ++count,
    sent: async () => {},
    addLog: async () => {},
    keepFrame: async () => {},
    close() {},
  };
}

export async function databases() {
  if (!self.indexedDB?.databases) return [];
  const all = await indexedDB.databases();
  return all.map((known) => known.name).filter((name) => name?.startsWith(PREFIX));
}

// Everything that was kept on this machine, but what is `person`'s own.
export async function clear(person) {
  const mine = person ? `${PREFIX}${person}:` : null;
  const gone = (await databases()).filter((name) => !mine || !name.startsWith(mine));
  await Promise.all(
    gone.map(
      (name) =>
        new Promise((go) => {
          const request = indexedDB.deleteDatabase(name);
          request.onsuccess = request.onerror = request.onblocked = go;
        }),
    ),
  );
  if (!mine) {
    localStorage.removeItem("medspil-room-person");
    if (self.caches) {
      const names = (await caches.keys()).filter((name) => name.startsWith("medspil-room"));
      await Promise.all(names.map((name) => caches.delete(name)));
    }
  }
  return gone;
}
