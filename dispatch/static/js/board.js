// The board by keyboard: j and k walk through the tasks, o opens one, a shows who fits, ? leads to the list of keys.
// They rest while somebody types and can be switched off for good (WCAG 2.1.4).
(() => {
  const STORE = "board-keys-off";
  let here = null;

  const tasks = () => [...document.querySelectorAll("[data-task]")];
  const isOff = () => localStorage.getItem(STORE) === "1";
  const isTyping = (element) => element.closest("input, select, textarea, [contenteditable]") !== null;

  function stand(task) {
    tasks().forEach((other) => other.classList.toggle("task--here", other === task));
    here = task;
    task.tabIndex = -1;
    task.focus({ preventScroll: true });
    task.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = tasks();
    if (!all.length) return;
    const from = all.findIndex((task) => task === here || (here && here.id && task.id === here.id));
    stand(all[Math.min(Math.max(from + by, 0), all.length - 1)]);
  }

  function go(address) {
    if (address) window.location.assign(address);
  }

  const acts = {
    j: () => step(1),
    k: () => step(-1),
    o: () => here && go(here.dataset.open || here.querySelector(".task__act a")?.href),
    a: () => here && go(here.dataset.people),
    "?": () => {
      const keys = document.getElementById("keys");
      keys.tabIndex = -1;
      keys.focus();
      keys.scrollIntoView({ block: "center" });
    },
  };

  document.addEventListener("keydown", (event) => {
    const act = acts[event.key];
    if (!act || isOff() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    act();
  });

  function showSwitch() {
    for (const button of document.querySelectorAll("[data-keys]")) {
      button.hidden = (button.dataset.keys === "off") === isOff();
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-keys]");
    if (!button) return;
    localStorage.setItem(STORE, button.dataset.keys === "off" ? "1" : "0");
    showSwitch();
    document.querySelector("[data-keys]:not([hidden])").focus();
  });

  showSwitch();
})();
