// Out of here at once: the target takes the place of this page, also when Escape is pressed three times in a row.
// Without this script the same link simply leads there.
const link = document.querySelector("[data-quick-exit]");
const TIMES = 3;
const WITHIN_MS = 3000;
let pressed = [];

function leave() {
  document.body.hidden = true;
  location.replace(link.href);
}

link?.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});

document.addEventListener("keydown", (event) => {
  if (!link || event.key !== "Escape" || event.repeat) return;
  pressed = [...pressed.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
  if (pressed.length >= TIMES) leave();
});

for (const words of document.querySelectorAll("[data-quick-exit-keys]")) words.hidden = false;
