// A contact in few touches: only the fields that count, templates, Ctrl+Enter, and a draft that outlives a locked screen.
(() => {
  "use strict";
  const form = document.querySelector("form[data-contact]");
  if (!form) return;
  const next = form.querySelector("[data-when-not]");
  const kept = form.querySelector("[data-kept]");
  const chosen = (name) => (form.querySelector(`input[name=${name}]:checked`) || {}).value;
  const show = () => { next.hidden = !chosen("result") || chosen("result") === next.dataset.whenNot; };
  // who did not show is tried again on a day, unless somebody says otherwise; for any other result that is taken out again
  const again = form.querySelector("input[name=after][value=TRY_AGAIN]");
  const day = form.elements.after_on;
  const begin = () => {
    if (chosen("result") === "NO_SHOW") {
      if (chosen("after") || day.value) return;
      again.checked = true;
      day.value = next.dataset.againOn;
      next.dataset.begun = "yes";
    } else if (next.dataset.begun && again.checked && day.value === next.dataset.againOn) {
      again.checked = false;
      day.value = "";
      delete next.dataset.begun;
    }
  };
  // a field that does not fit how the contact was made is put away, and what was chosen in it goes with it
  const fit = () => form.querySelectorAll("[data-only-for]").forEach((part) => {
    part.hidden = !part.dataset.onlyFor.split(" ").includes(chosen("way"));
    if (part.hidden) part.querySelectorAll("input:checked").forEach((input) => { input.checked = false; });
  });
  let waiting = 0;
  let lost = false;
  const tell = (text) => { kept.textContent = text; kept.classList.toggle("contact__lost", lost); };
  const later = (wait = 1200) => { clearTimeout(waiting); waiting = setTimeout(keep, wait); };
  // resolves to whether anybody is there: any answer will do, for the page that a save leads to says what is wrong
  const keep = () => {
    const headers = { ...JSON.parse(document.body.getAttribute("hx-headers") || "{}") };
    const told = new URLSearchParams();
    new FormData(form).forEach((value, name) => { if (value && name !== "csrf" && name !== "anyway") told.append(name, value); });
    return fetch(form.dataset.draft, { method: "POST", headers, body: told, keepalive: true }).then((answer) => {
      const back = lost ? "The connection is back: save the contact. " : "";
      lost = false;
      if (!answer.ok) { tell("The draft was not kept. What you typed stays on this page."); return true; }
      return answer.json().then((said) => {
        tell(back + (said.kept === true ? "Draft kept." : "Draft kept without the note: look at its words before you save."));
        return true;
      });
    }, () => {
      lost = true;
      tell("Not saved: no connection. What you typed stays in this tab, and we try again every few seconds.");
      later(4000);
      return false;
    });
  };
  form.addEventListener("change", ({ target }) => { if (target.name === "result") begin(); show(); fit(); later(); });
  form.addEventListener("input", () => later());
  // a save that cannot arrive would lead to the browser's own error page and take the words along: ask first
  let sending = false;
  let there = false;
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    if (there) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    keep().catch(() => true).then((anybody) => {
      there = anybody;
      if (anybody) form.requestSubmit(event.submitter);
      else sending = false;
    });
  });
  window.addEventListener("online", () => { if (lost) keep(); });
  window.addEventListener("pageshow", () => { sending = there = false; });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[type=submit]:not([name])"));
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
