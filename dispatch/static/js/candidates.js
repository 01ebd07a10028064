// Candidates: the number of the people ticked stands in the dock ([data-picks]).
(() => {
  const picks = () => [...document.querySelectorAll(".rank__pick")];

  function tell() {
    const chosen = picks().filter((box) => box.checked).length;
    document.querySelectorAll("[data-picks]").forEach((place) => { place.textContent = chosen; });
    document.querySelectorAll("[data-needs-pick]").forEach((button) => { button.setAttribute("aria-disabled", String(!chosen)); });
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches(".rank__pick")) tell();
  });
  if (picks().length) tell();
})();
