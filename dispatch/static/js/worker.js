// Keep what a mediator may read offline: the files of the pages, and the few pages that the server marks for it.
// The network comes first; a copy is shown only where it does not answer. Copies belong to one session: they are thrown
// away when it ends, when its time is over, and when a page shows that somebody else or nobody is signed in.
const PAGES = "pages-";
const FILES = "files";
const MAY_BE_KEPT = /^\/(appointments(\/\d+)?|offers|offline)$/;
const NEVER_TOUCHED = /^\/(o|a|r|m|calendar|help-request|join|api)(\/|$)/;
const FILE = /^\/static\/[0-9a-f]{12}\/(.+)$/;
const INSTEAD = "/offline";
const FRESH_MS = 60 * 60 * 1000;
const CLOCK_MS = 5 * 60 * 1000;

let line = Promise.resolve(); // what changes the copies waits for what came before
let era = 0; // raised whenever copies are thrown away: what was asked for before is not kept any more

const isOfPages = (name) => name.startsWith(PAGES);

function inTurn(job) {
  line = line.then(job, job);
  return line;
}

async function throwAway(but = "") {
  const names = (await caches.keys()).filter((name) => isOfPages(name) && name !== but);
  if (names.length || !but) era += 1;
  await Promise.all(names.map((name) => caches.delete(name)));
}

const forget = () => inTurn(() => throwAway());

function copyOf(text, headers) {
  const kept = new Headers(headers);
  for (const name of ["Content-Length", "Content-Encoding", "Set-Cookie"]) kept.delete(name);
  kept.set("X-Kept-At", String(Date.now()));
  const words = text
    .replace("<html ", "<html data-offline ")
    .replace(/(name="csrf_token" value=")[^"]*/g, "$1");
  return new Response(words, { headers: kept });
}

const note = (path, response, began) => inTurn(() => noteNow(path, response, began));

async function noteNow(path, response, began) {
  const mark = response.headers.get("X-Session-Mark");
  if (!mark || began !== era) return;
  if (mark === "none") {
    await throwAway();
    return;
  }
  const name = PAGES + mark;
  await throwAway(name);
  if (!MAY_BE_KEPT.test(path)) return;
  const cache = await caches.open(name);
  if (Number(response.headers.get("X-Offline")) > 0) await cache.put(path, copyOf(await response.text(), response.headers));
  else await cache.delete(path);
}

function ageOf(copy) {
  return Date.now() - Number(copy.headers.get("X-Kept-At"));
}

function holds(copy) {
  const age = ageOf(copy);
  return age > -CLOCK_MS && age < Number(copy.headers.get("X-Offline")) * 1000;
}

async function kept(path) {
  for (const name of (await caches.keys()).filter(isOfPages)) {
    const copy = await (await caches.open(name)).match(path, { ignoreVary: true });
    if (copy && holds(copy)) return copy;
    if (copy) await forget();
  }
  return undefined;
}

async function page(event, url) {
  const began = era;
  try {
    const response = await fetch(event.request);
    const path = url.search ? "" : url.pathname;
    event.waitUntil(note(path, response.clone(), began).catch(() => {}));
    return response;
  } catch {
    const isKept = !url.search && MAY_BE_KEPT.test(url.pathname);
    return (isKept && (await kept(url.pathname))) || (await kept(INSTEAD)) || Response.error();
  }
}

async function shelve(url, response) {
  const cache = await caches.open(FILES);
  const [, name] = FILE.exec(new URL(url).pathname);
  for (const request of await cache.keys()) {
    if (request.url !== url && new URL(request.url).pathname.endsWith(`/${name}`)) await cache.delete(request);
  }
  await cache.put(url, response);
}

async function file(event) {
  const url = event.request.url;
  const found = await (await caches.open(FILES)).match(url, { ignoreVary: true });
  if (found) return found;
  const response = await fetch(event.request);
  if (response.ok && response.type === "basic") event.waitUntil(shelve(url, response.clone()).catch(() => {}));
  return response;
}

async function fetchPages(paths) {
  for (const path of paths.filter((one) => MAY_BE_KEPT.test(one))) {
    const copy = await kept(path);
    if (copy && ageOf(copy) < FRESH_MS) continue;
    const began = era;
    const response = await fetch(path, { redirect: "manual", cache: "no-store" });
    if (response.type === "basic") await note(path, response, began);
  }
}

async function fetchFiles(urls) {
  const cache = await caches.open(FILES);
  for (const url of urls.filter((one) => FILE.test(new URL(one).pathname))) {
    if (await cache.match(url, { ignoreVary: true })) continue;
    const response = await fetch(url);
    if (response.ok) await shelve(url, response);
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { forget: isOver = false, pages = [], files = [] } = event.data;
  if (isOver) event.waitUntil(forget());
  else event.waitUntil(fetchPages(pages).then(() => fetchFiles(files)).catch(() => {}));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || NEVER_TOUCHED.test(url.pathname)) return;
  if (request.method !== "GET") {
    if (url.pathname === "/logout") event.waitUntil(forget());
  } else if (request.mode === "navigate") {
    event.respondWith(page(event, url));
  } else if (FILE.test(url.pathname)) {
    event.respondWith(file(event));
  }
});
