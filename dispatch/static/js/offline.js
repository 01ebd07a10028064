// A mediator's pages: keep them for reading offline, say plainly when they are a copy, and hold back what needs a
// connection. Nothing here is needed while there is one.
const root = document.documentElement;
const banner = document.getElementById("offline");
const isCopy = root.hasAttribute("data-offline");
const AHEAD = 5;

function say(words) {
  const told = document.getElementById("offline-told");
  told.textContent = "";
  setTimeout(() => { told.textContent = words; }, 200); // a live region speaks of what changes, not of what it begins with
}

function hold(element) {
  element.setAttribute("aria-disabled", "true");
  element.setAttribute("aria-describedby", "offline-why");
}

async function isKept(link) {
  const url = new URL(link.href);
  if (url.origin !== location.origin || (url.hash && url.pathname === location.pathname)) return true;
  return !url.search && "caches" in window && Boolean(await caches.match(url.pathname, { ignoreVary: true }));
}

async function holdBack() {
  const links = [...document.querySelectorAll("a[href]")];
  const kept = await Promise.all(links.map(isKept));
  if (!root.hasAttribute("data-offline")) return; // meanwhile the connection is back
  document.querySelectorAll("form:not([action$='/logout']) button:not([type=button])").forEach(hold);
  links.filter((_, number) => !kept[number]).forEach(hold);
}

function letGo() {
  for (const element of document.querySelectorAll("[aria-describedby=offline-why]")) {
    element.removeAttribute("aria-disabled");
    element.removeAttribute("aria-describedby");
  }
}

function offline() {
  root.setAttribute("data-offline", "");
  say(banner.textContent);
  holdBack();
}

function online() {
  if (isCopy) location.reload();
  root.removeAttribute("data-offline");
  say("");
  letGo();
}

function refuse(event) {
  const held = event.target.closest("[aria-describedby=offline-why]");
  if (!held) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  say(document.getElementById("offline-why").textContent);
}

async function keep() {
  await navigator.serviceWorker.register("/service-worker.js");
  const { active } = await navigator.serviceWorker.ready;
  const ahead = [...document.querySelectorAll("[data-keep]")].slice(0, AHEAD).map((link) => link.pathname);
  const others = navigator.connection?.saveData ? [] : ["/appointments", "/offers", ...ahead];
  const here = location.search ? [] : [location.pathname];
  const files = performance.getEntriesByType("resource").map((entry) => entry.name);
  const own = files.filter((name) => name.startsWith(`${location.origin}/static/`));
  active.postMessage({ pages: [...new Set([...here, "/offline", ...others])], files: own });
}

document.addEventListener("click", refuse, true);
window.addEventListener("offline", offline);
window.addEventListener("online", online);
if (isCopy || !navigator.onLine) offline();

if ("serviceWorker" in navigator) {
  document.addEventListener("submit", (event) => {
    const isLeaving = event.target.getAttribute("action")?.endsWith("/logout");
    if (isLeaving) navigator.serviceWorker.controller?.postMessage({ forget: true });
  });
  if (!isCopy) window.addEventListener("load", () => keep().catch(() => {}));
}
