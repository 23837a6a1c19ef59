// A contact in few touches: only the fields that count, templates, Ctrl+Enter, and a draft that outlives a locked screen.
(() => {
  "use strict";
  const form = document.querySelector("form[data-contact]");
  if (!form) return;
  const next = form.querySelector("[data-when-not]");
  const kept = form.querySelector("[data-kept]");
  const chosen = (name) => (form.querySelector(`input[name=${name}]:checked`) || {}).value;
  const show = () => { next.hidden = !chosen("result") || chosen("result") === next.dataset.whenNot; };
  // a field that does not fit how the contact was made is put away, and what was chosen in it goes with it
  const fit = () => form.querySelectorAll("[data-only-for]").forEach((part) => {
    part.hidden = !part.dataset.onlyFor.split(" ").includes(chosen("way"));
    if (part.hidden) part.querySelectorAll("input:checked").forEach((input) => { input.checked = false; });
  });
  let waiting = 0;
  const keep = () => {
    const headers = { ...JSON.parse(document.body.getAttribute("hx-headers") || "{}") };
    const told = new URLSearchParams();
    new FormData(form).forEach((value, name) => { if (value && name !== "csrf" && name !== "anyway") told.append(name, value); });
    fetch(form.dataset.draft, { method: "POST", headers, body: told, keepalive: true })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error("not kept"))))
      .then((answer) => { kept.textContent = answer.kept === true ? "Draft kept." : "Draft kept without the note: look at its words before you save."; })
      .catch(() => { kept.textContent = "Not saved. What you typed stays on this page; it is tried again with the next change."; });
  };
  const later = () => { clearTimeout(waiting); waiting = setTimeout(keep, 1200); };
  form.addEventListener("change", () => { show(); fit(); later(); });
  form.addEventListener("input", later);
  form.addEventListener("submit", () => clearTimeout(waiting));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button:not([name])"));
  });
  form.querySelectorAll("[data-template]").forEach((button) => button.addEventListener("click", () => {
    const note = form.elements.note;
    note.value = [note.value.trim(), button.textContent].filter(Boolean).join(" ");
    note.focus();
    later();
  }));
  show();
  fit();
})();
