// A form on a phone with weak signal: what was chosen stays in this tab until the server says it is saved, and a press
// that did not get through is tried again. Without this script the form posts as any other.
(() => {
  "use strict";
  document.querySelectorAll("form[data-keep]").forEach((form) => {
    const key = form.dataset.keep;
    const said = form.querySelector("[data-sending]");
    const fields = () => [...form.elements].filter((one) => one.name && !["csrf", "seen"].includes(one.name));
    const keep = () => {
      const told = {};
      fields().forEach((one) => { if (one.type !== "radio" || one.checked) told[one.name] = one.value; });
      sessionStorage.setItem(key, JSON.stringify(told));
    };
    const kept = JSON.parse(sessionStorage.getItem(key) || "null");
    if (kept) fields().forEach((one) => {
      if (!(one.name in kept)) return;
      if (one.type === "radio") one.checked = one.value === kept[one.name];
      else if (!one.value) one.value = kept[one.name];
    });
    form.addEventListener("input", keep);
    let sending = false;
    const send = async () => {
      try {
        const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual", headers: { "x-csrf-token": form.elements.csrf.value } });
        sending = false;
        if (answer.type === "opaqueredirect" || answer.ok) {
          sessionStorage.removeItem(key);
          location.assign(form.dataset.keep.startsWith("service") ? "/service" : location.pathname);
          return;
        }
        if (answer.status < 500) { form.submit(); return; } // the page says what needs another look
        throw new Error("busy");
      } catch (error) {
        said.textContent = "Not sent yet: no signal. It is kept on screen, and tried again.";
        setTimeout(send, 5000);
      }
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (sending) return;
      sending = true;
      keep();
      said.textContent = "Sending";
      send();
    });
  });
})();
