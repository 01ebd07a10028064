// The request form while it is filled in: the sentence beside it, the letters left, the draft. The form works without it.
//
// [data-slot] in the summary shows a field:  data-slot="place"               its value, or the words of its choice
//                                            data-slot="day" data-as="day"    a date with its weekday
//                                            data-slot="start end" data-as="range" data-pattern="{start}–{end}"
// textarea[data-limit] counts down in the .count below it.
// form[data-autosave="/address"] is sent there a while after each change; its field `kept` then says that sending it
// must drop what is kept.
import { nameDay, readDay } from "./dates.js";

(() => {
  const AUTOSAVE_MS = 4000;
  const form = document.querySelector("form[data-live]");
  if (!form) return;

  function wordsOf(name) {
    const field = form.elements[name];
    if (!field) return "";
    if (field instanceof RadioNodeList) {
      const chosen = [...field].find((option) => option.checked);
      return chosen ? chosen.labels[0].firstChild.textContent.trim() : "";
    }
    if (field instanceof HTMLSelectElement) return field.value ? field.selectedOptions[0].text.trim() : "";
    return field.value.trim();
  }

  function day(typed) {
    const date = readDay(typed);
    if (!date) return typed;
    return nameDay(date);
  }

  const clock = (value) => value.replace(/^0(\d)/, "$1");

  function fill(slot) {
    const [first, second] = slot.dataset.slot.split(" ").map(wordsOf);
    let words = first;
    if (slot.dataset.as === "day") words = day(first);
    if (slot.dataset.as === "range") {
      words = first && second ? slot.dataset.pattern.replace("{start}", clock(first)).replace("{end}", clock(second)) : clock(first);
    }
    slot.textContent = words;
    (slot.closest(".sentence__part") || slot).hidden = !words;
  }

  function summarise() {
    document.querySelectorAll("[data-slot]").forEach(fill);
    document.querySelectorAll(".sentence__part:has([data-slot])").forEach((part) => {
      part.hidden = [...part.querySelectorAll("[data-slot]")].every((slot) => !slot.textContent);
    });
  }

  function count(area) {
    let note = area.parentElement.querySelector(".count");
    if (!note) {
      note = document.createElement("p");
      note.className = "count";
      note.setAttribute("aria-hidden", "true"); // the limit stands in the hint; counting aloud would disturb
      area.after(note);
    }
    const words = document.createElement("bdi");
    words.dir = "ltr";
    words.textContent = `${[...area.value].length} / ${area.dataset.limit}`;
    note.replaceChildren(words);
  }

  let due = null;
  let saving = null;
  async function save() {
    form.elements.kept.value = "1"; // before the answer: it may be lost on the way although the draft is kept
    saving = new AbortController();
    const { signal } = saving;
    try {
      await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), redirect: "error", signal });
    } catch {
      // the connection is gone for a moment; the next change tries again, and sending keeps everything anyway
    }
  }

  form.addEventListener("input", (event) => {
    summarise();
    if (event.target.dataset.limit) count(event.target);
    if (!form.dataset.autosave) return;
    clearTimeout(due);
    due = setTimeout(save, AUTOSAVE_MS);
  });
  form.addEventListener("submit", () => {
    clearTimeout(due);
    saving?.abort(); // what is sent must not be kept as a draft afterwards
  });

  form.querySelectorAll("textarea[data-limit]").forEach(count);
  summarise();
})();
