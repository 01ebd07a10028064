// Passkeys: the browser is asked when the form is sent, and its answer goes along. Without this script codes work.
// Recovery codes: [data-copy="id"] copies the words of an element.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (every = []) => every.map((one) => ({ ...one, id: bytes(one.id) }));

  function asked(options) {
    const publicKey = { ...options, challenge: bytes(options.challenge) };
    if (options.user) publicKey.user = { ...options.user, id: bytes(options.user.id) };
    if (options.excludeCredentials) publicKey.excludeCredentials = listed(options.excludeCredentials);
    if (options.allowCredentials) publicKey.allowCredentials = listed(options.allowCredentials);
    return { publicKey };
  }

  function answered(made) {
    const response = { clientDataJSON: text(made.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) response[name] = text(made.response[name]);
    }
    if (made.response.getTransports) response.transports = made.response.getTransports();
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
  }

  function enhance(form) {
    if (!window.PublicKeyCredential || !window.isSecureContext) return;
    const answer = form.querySelector("[name=passkey]");
    const failed = form.querySelector("[data-passkey-failed]");
    form.querySelector("[data-passkey-able]").hidden = false;
    form.querySelector("[data-passkey-unable]").hidden = true;
    form.addEventListener("submit", async (event) => {
      if (answer.value) return;
      event.preventDefault();
      failed.hidden = true;
      try {
        answer.value = answered(await navigator.credentials[form.dataset.passkey](asked(JSON.parse(form.dataset.options))));
      } catch {
        failed.hidden = false;
        return;
      }
      form.requestSubmit();
    });
  }

  document.querySelectorAll("form[data-passkey]").forEach(enhance);

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const items = [...document.getElementById(button.dataset.copy).children];
      await navigator.clipboard.writeText(items.map((item) => item.textContent.trim()).join("\n"));
      button.querySelector(".kern-label").textContent = button.dataset.copied;
    });
  }
})();
