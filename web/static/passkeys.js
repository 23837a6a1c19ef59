// Passkeys: asks the device, puts its answer into the form, and sends the form as any other.
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
  const forCreate = (told) => ({ ...told, challenge: bytes(told.challenge), user: { ...told.user, id: bytes(told.user.id) }, excludeCredentials: known(told.excludeCredentials) });
  const forGet = (told) => ({ ...told, challenge: bytes(told.challenge), allowCredentials: known(told.allowCredentials) });
  const packed = (made) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) response[name] = text(made.response[name]);
    }
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
  };
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const said = form.querySelector("[data-said]");
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      said.textContent = "Your device asks you now.";
      try {
        const answer = await fetch(form.dataset.options, { headers: { accept: "application/json" } });
        if (!answer.ok || answer.redirected) throw new Error("no options");
        const told = await answer.json();
        const made = form.dataset.passkey === "create"
          ? await navigator.credentials.create({ publicKey: forCreate(told) })
          : await navigator.credentials.get({ publicKey: forGet(told) });
        form.elements.credential.value = packed(made);
        form.submit();
      } catch (_error) {
        said.textContent = "The device did not answer. Try again, or use another way.";
      }
    });
  });
})();
