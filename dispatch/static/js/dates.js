// Days and times are typed; this adds a button that opens the picker of the browser, and writes a typed day with its
// weekday, so that a slip is seen at once. Without it the server reads what was typed.
//
// input[data-day] and input[data-clock], from the macros fields.day and fields.clock.

// Names and order come from the page: not every browser knows every language of the menu.
const words = JSON.parse(document.querySelector('meta[name="words-of-days"]').content);
const two = (number) => String(number).padStart(2, "0");

/** Read a day as people type it; null unless it exists. Without a year the next such day is meant. */
export function readDay(words) {
  const text = words.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  const typed = /(\d{1,2})[./] ?(\d{1,2})[./]? ?(\d{4}|\d{2})?$/.exec(text);
  if (!iso && !typed) return null;
  const [day, month] = iso ? [Number(iso[3]), Number(iso[2])] : [Number(typed[1]), Number(typed[2])];
  const said = iso ? iso[1] : typed[3];
  const today = new Date();
  let year = said ? Number(said) + (said.length === 2 ? 2000 : 0) : today.getFullYear();
  const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate());
  if (!said && new Date(year, month - 1, day) < midnight) year += 1;
  const date = new Date(year, month - 1, day, 12);
  return date.getMonth() === month - 1 && date.getDate() === day ? date : null;
}

const weekdayOf = (date) => words.weekdays[(date.getDay() + 6) % 7];

/** Write a day as a sentence has it: "Di, 1. Dezember 2026". */
export function nameDay(date) {
  const parts = { weekday: weekdayOf(date), day: date.getDate(), month: words.months[date.getMonth()], year: date.getFullYear() };
  return words.day.replace(/\{(\w+)\}/g, (_, name) => parts[name]);
}

/** Write a day as the fields show it: "Di, 01.12.2026". */
export function writeDay(date) {
  return `${weekdayOf(date)}${words.comma} ${two(date.getDate())}.${two(date.getMonth() + 1)}.${date.getFullYear()}`;
}

function tell(input) {
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function toPicker(input, type) {
  if (type === "date") {
    const date = readDay(input.value);
    return date ? `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}` : "";
  }
  const clock = /^(\d{1,2})[:.](\d{2})$/.exec(input.value.trim());
  return clock ? `${two(clock[1])}:${clock[2]}` : "";
}

function fromPicker(value, type) {
  return type === "date" ? writeDay(readDay(value)) : value.replace(/^0(\d)/, "$1");
}

function addPicker(input, type, word) {
  const picker = document.createElement("input");
  const button = document.createElement("button");
  if (!("showPicker" in picker)) return;
  Object.assign(picker, { type, tabIndex: -1, className: "picker__native" });
  if (type === "time") picker.step = "300";
  picker.setAttribute("aria-hidden", "true");
  Object.assign(button, { type: "button", className: "picker__button" });
  button.setAttribute("aria-label", word);
  button.innerHTML = `<span class="kern-icon ${type === "date" ? "kern-icon--calendar-today" : "i-schedule"}" aria-hidden="true"></span>`;
  const frame = document.createElement("div");
  frame.className = "picker";
  input.replaceWith(frame);
  frame.append(input, picker, button);

  button.addEventListener("click", () => {
    picker.value = toPicker(input, type);
    picker.showPicker();
  });
  picker.addEventListener("change", () => {
    if (!picker.value) return;
    input.value = fromPicker(picker.value, type);
    tell(input);
    input.focus();
  });
}

// The page and the request form may both load this under addresses of their own: each field gets one button.
const plain = (kind) => document.querySelectorAll(`:not(.picker) > input[${kind}]`);

for (const input of plain("data-day")) {
  addPicker(input, "date", input.dataset.day);
  input.addEventListener("change", () => {
    const date = readDay(input.value);
    if (date) input.value = writeDay(date);
  });
}
for (const input of plain("data-clock")) addPicker(input, "time", input.dataset.clock);
