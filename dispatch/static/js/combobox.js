// A text field that offers what the service finds for the words typed so far. Without it the field is a plain one with a
// list of the browser, and the server understands the words by itself.
//
// input[data-search="/address"] asks /address?q=words; the answer is JSON: [{"value": "Dari", "word": "Dari", "note": "دری"}].
(() => {
  const PAUSE_MS = 150;

  function enhance(input) {
    const frame = document.createElement("div");
    const list = document.createElement("ul");
    let shown = [];
    let active = -1;
    let pause = null;
    let asked = 0;

    list.className = "choices";
    list.id = `${input.id}-choices`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0].textContent);
    list.hidden = true;
    frame.className = "choices__frame";
    const hasFocus = document.activeElement === input; // moving it in the page would lose it
    input.replaceWith(frame);
    frame.append(input, list);
    if (hasFocus) input.focus();
    input.removeAttribute("list");
    for (const [name, value] of Object.entries({ role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })) {
      input.setAttribute(name, value);
    }

    function close() {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function mark(index) {
      active = (index + shown.length) % shown.length;
      [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
      input.setAttribute("aria-activedescendant", list.children[active].id);
      list.children[active].scrollIntoView({ block: "nearest" });
    }

    function take(index) {
      input.value = shown[index].value;
      close();
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
      clearTimeout(pause);
    }

    function show(found) {
      shown = found;
      list.replaceChildren(...found.map((entry, index) => {
        const item = document.createElement("li");
        const note = document.createElement("bdi");
        item.id = `${list.id}-${index}`;
        item.className = "choices__item";
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        note.className = "choices__note";
        note.textContent = entry.note || "";
        item.append(`${entry.word} `, note);
        item.addEventListener("mousedown", (event) => event.preventDefault());
        item.addEventListener("click", () => take(index));
        return item;
      }));
      list.hidden = !found.length;
      active = -1;
      input.setAttribute("aria-expanded", String(found.length > 0));
      input.removeAttribute("aria-activedescendant");
    }

    async function ask() {
      const mine = ++asked;
      const words = input.value.trim();
      if (!words) return close();
      const address = new URL(input.dataset.search, window.location.href);
      address.searchParams.set("q", words);
      try {
        const answer = await fetch(address, { headers: { Accept: "application/json" } });
        const found = answer.ok ? await answer.json() : [];
        if (mine === asked && document.activeElement === input) show(found);
      } catch {
        close();
      }
      return undefined;
    }

    input.addEventListener("input", (event) => {
      if (!event.isTrusted) return;
      clearTimeout(pause);
      pause = setTimeout(ask, PAUSE_MS);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (list.hidden || !shown.length) return;
      if (event.key === "ArrowDown") mark(active + 1);
      else if (event.key === "ArrowUp") mark(active < 0 ? shown.length - 1 : active - 1);
      else if (event.key === "Enter" && active >= 0) take(active);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
  }

  document.querySelectorAll("input[data-search]").forEach(enhance);
})();
