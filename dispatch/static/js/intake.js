// The coordination's request form: choosing an organisation fills in its usual field of work, place and contact. What was
// typed already stays. Without this a button does the same.
//
// input[data-defaults="/address"] asks /address?unit=words; the answer is JSON: {"place": "Nünchritz", …}.
(() => {
  const unit = document.querySelector("input[data-defaults]");
  if (!unit) return;
  const { form } = unit;
  const given = new Map();

  for (const part of form.querySelectorAll("[data-without-script]")) part.hidden = true;

  function fill(values) {
    for (const name of new Set([...given.keys(), ...Object.keys(values)])) {
      const field = form.elements[name];
      if (!field || (field.value && field.value !== given.get(name))) continue;
      field.value = values[name] || "";
      given.set(name, field.value);
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  unit.addEventListener("change", async () => {
    const address = new URL(unit.dataset.defaults, window.location.href);
    address.searchParams.set("unit", unit.value);
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (answer.ok) fill(await answer.json());
    } catch {
      // the connection is gone for a moment; the fields can be typed
    }
  });
})();
