// Every page: open menus close again, a button may print, and what is typed outlives another language. Nothing here is
// needed to use a page.
const openMenus = () => document.querySelectorAll("details.drop[open], .menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

for (const button of document.querySelectorAll("[data-print][hidden]")) button.hidden = false;

// What is typed and not yet sent is put aside for the moment in which the page comes in another language, and forgotten
// then. A form with data-unkept keeps nothing in the browser, not even for that.
const aside = `typed ${location.pathname}`;
const fields = () =>
  [...document.querySelectorAll("main form:not([data-unkept]) :is(input, select, textarea)[name]")].filter(
    (field) => !["hidden", "password", "file", "submit"].includes(field.type),
  );

document.querySelector(".drop--languages")?.addEventListener("click", (event) => {
  if (!event.target.closest(".drop__item")) return;
  const typed = fields().map((field) => [field.name, field.value, field.checked === true]);
  if (typed.length) sessionStorage.setItem(aside, JSON.stringify(typed));
});

const typed = JSON.parse(sessionStorage.getItem(aside) || "[]");
sessionStorage.removeItem(aside);
fields().forEach((field, place) => {
  const [name, value, checked] = typed[place] || [];
  if (name !== field.name) return;
  const changed = ["checkbox", "radio"].includes(field.type) ? field.checked !== checked : field.value !== value;
  if (!changed) return;
  if (["checkbox", "radio"].includes(field.type)) field.checked = checked;
  else field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

// The links of an error summary lead into the field itself: for a group of choices, to its first one.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".errors a[href^='#']");
  const place = link && document.getElementById(link.hash.slice(1));
  if (!place) return;
  const field = place.matches("input, select, textarea") ? place : place.querySelector("input:not([type=hidden]), select, textarea");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.scrollIntoView({ block: "center" });
});

// What is rendered anew while somebody stands in it must not lose the place: the same thing, else the next in its list.
let stood = null;
document.addEventListener("htmx:before:swap", () => {
  const item = document.activeElement.closest("[data-task], li, tr");
  const place = item && [...item.parentElement.children].indexOf(item);
  stood = document.activeElement === document.body ? null : { element: document.activeElement, list: item?.parentElement, place };
});
document.addEventListener("htmx:after:swap", () => {
  if (!stood || document.activeElement !== document.body) return;
  const { element, list, place } = stood;
  const same = element.isConnected ? element : element.id && document.getElementById(element.id);
  const near = list?.isConnected ? list.children[Math.min(place, list.children.length - 1)] : null;
  const next = same || near || document.querySelector("h1");
  if (!next.matches("a, button, input, select, textarea, summary, [tabindex]")) next.tabIndex = -1;
  next.focus({ preventScroll: true });
});
