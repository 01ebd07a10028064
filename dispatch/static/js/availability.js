// The week by mouse, finger and arrow keys, on the checkboxes that are there anyway. A finger paints after a short rest,
// so that a quick stroke still scrolls the page.
(() => {
  const REST_MS = 180;
  const SLACK_PX = 8;
  const table = document.querySelector("[data-paint]");
  if (!table) return;

  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("input")]);
  const boxes = rows.flat();
  const isRtl = getComputedStyle(table).direction === "rtl";
  let paintAs = null;
  let skipClick = false;

  table.classList.add("paint--live");

  function place(box) {
    const row = rows.findIndex((cells) => cells.includes(box));
    return [row, rows[row].indexOf(box)];
  }

  function round([row, column]) {
    for (const at of [row - 1, row, row + 1]) {
      const box = rows[at]?.[column];
      if (!box) continue;
      const look = box.nextElementSibling.classList;
      look.toggle("paint__box--top", box.checked && !rows[at - 1]?.[column].checked);
      look.toggle("paint__box--end", box.checked && !rows[at + 1]?.[column].checked);
    }
  }

  function set(box, checked) {
    if (!box || box.checked === checked) return;
    box.checked = checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  const boxAt = (x, y) => document.elementFromPoint(x, y)?.closest("[data-paint] td")?.querySelector("input");

  // Mouse
  table.addEventListener("mousedown", (event) => {
    const box = event.target.closest("td")?.querySelector("input");
    if (event.button !== 0 || !box) return;
    event.preventDefault();
    box.focus();
    paintAs = !box.checked;
    set(box, paintAs);
    skipClick = true;
  });
  table.addEventListener("mouseover", (event) => {
    if (paintAs !== null) set(event.target.closest("td")?.querySelector("input"), paintAs);
  });
  document.addEventListener("mouseup", () => {
    paintAs = null;
    setTimeout(() => { skipClick = false; });
  });
  table.addEventListener("click", (event) => {
    if (skipClick && event.detail > 0) event.preventDefault();
  });

  // Finger
  let rest = null;
  let began = null;
  table.addEventListener("touchstart", (event) => {
    const touch = event.touches[0];
    const box = boxAt(touch.clientX, touch.clientY);
    if (event.touches.length > 1 || !box) return;
    began = touch;
    rest = setTimeout(() => {
      paintAs = !box.checked;
      set(box, paintAs);
      navigator.vibrate?.(10);
    }, REST_MS);
  }, { passive: true });
  table.addEventListener("touchmove", (event) => {
    const touch = event.touches[0];
    if (paintAs !== null) {
      event.preventDefault();
      set(boxAt(touch.clientX, touch.clientY), paintAs);
    } else if (began && Math.hypot(touch.clientX - began.clientX, touch.clientY - began.clientY) > SLACK_PX) {
      clearTimeout(rest);
    }
  }, { passive: false });
  for (const name of ["touchend", "touchcancel"]) {
    table.addEventListener(name, (event) => {
      clearTimeout(rest);
      if (paintAs !== null && event.cancelable) event.preventDefault();
      paintAs = null;
      began = null;
    });
  }

  // Keys: one stop of the tab key; arrows move, with shift they paint as the box they come from.
  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, isRtl ? 1 : -1], ArrowRight: [0, isRtl ? -1 : 1] };
  boxes.forEach((box, index) => { box.tabIndex = index ? -1 : 0; });
  table.addEventListener("focusin", (event) => {
    if (!boxes.includes(event.target)) return;
    boxes.forEach((box) => { box.tabIndex = box === event.target ? 0 : -1; });
  });
  table.addEventListener("keydown", (event) => {
    const move = moves[event.key];
    if (!move || !boxes.includes(event.target)) return;
    event.preventDefault();
    const [row, column] = place(event.target);
    const next = rows[row + move[0]]?.[column + move[1]];
    if (!next) return;
    if (event.shiftKey) set(next, event.target.checked);
    next.focus();
  });

  // How the week reads: one line a day, and the hours together.
  const reading = document.querySelector("[data-reading]");
  const language = `${document.documentElement.lang}-u-nu-latn`;
  const known = Intl.NumberFormat.supportedLocalesOf(language).length > 0;
  const list = new Intl.ListFormat(known ? language : "en", { type: known ? "conjunction" : "unit", style: "short" });
  const inWords = new Intl.NumberFormat(language, { style: "unit", unit: "hour", unitDisplay: "long" });
  const hours = (number) => (known ? inWords.format(number) : `${number} h`);

  const inDigits = (number) => String(number).replace(/\d/g, (digit) => reading.dataset.digits[digit]);

  function spansOf(column) {
    const spans = [];
    rows.forEach((cells, row) => {
      if (!cells[column].checked) return;
      const hour = Number(cells[column].value.split("-")[1]);
      if (rows[row - 1]?.[column].checked) spans.at(-1)[1] = hour + 1;
      else spans.push([hour, hour + 1]);
    });
    return spans;
  }

  function read() {
    reading.querySelectorAll("[data-day]").forEach((line) => {
      const spans = spansOf(Number(line.dataset.day));
      const words = spans.map(([start, end]) => reading.dataset.reading.replace("{start}", inDigits(start)).replace("{end}", inDigits(end)));
      line.hidden = !spans.length;
      line.querySelector("dd").textContent = list.format(words);
    });
    const total = reading.querySelector("[data-total]");
    if (total) total.textContent = inDigits(hours(boxes.filter((box) => box.checked).length));
  }

  table.addEventListener("change", (event) => {
    round(place(event.target));
    if (reading) read();
  });
})();
