// A form on a phone with weak signal: what was chosen stays in this tab until the server says it is saved, and a press
// that did not get through is tried again. Without this script the form posts as any other.
// data-keep: under this name the tab keeps it, too; it ends in whose it is (app.js lets go of what another left). Without it nothing is
// kept outside the page. data-then: where it goes on. data-zone: whose clock a return is told in. data-now: the server's when the page came, in seconds.
(() => {
  "use strict";
  // The device's clock may be wrong; how long ago the page came is not, told by two clocks of it: one stands still while a phone
  // sleeps, the other may be set meanwhile, so the longer counts, and where they differ it is said whose time it is.
  const [{ responseStart } = { responseStart: 0 }] = performance.getEntriesByType("navigation");
  const came = { ran: responseStart, clock: Date.now() - (performance.now() - responseStart) };
  const moment = (form) => {
    const ran = performance.now() - came.ran, clock = Date.now() - came.clock, now = Number(form.dataset.now) * 1000;
    return now ? { at: new Date(now + Math.max(ran, clock)), sure: Math.abs(ran - clock) < 60000 } : { at: new Date(), sure: false };
  };
  document.querySelectorAll("form[data-then]").forEach((form) => {
    const key = form.dataset.keep;
    const said = form.querySelector("[data-sending]");
    const fields = () => [...form.elements].filter((one) => one.name && !["csrf", "seen"].includes(one.name));
    const keep = (pressed) => {
      if (!key) return;
      const told = {};
      fields().forEach((one) => { if (one.type !== "radio" || one.checked) told[one.name] = one.value; });
      sessionStorage.setItem(key, JSON.stringify({ told, pressed }));
    };
    // what a deputy chose stands, whatever the page that came meanwhile would propose
    const kept = (key && JSON.parse(sessionStorage.getItem(key) || "null")) || {};
    if (kept.told) fields().forEach((one) => {
      if (!(one.name in kept.told)) return;
      if (one.type === "radio") one.checked = one.value === kept.told[one.name];
      else one.value = kept.told[one.name];
    });
    const showWhen = () => { const when = form.elements.on; if (when && when.value) when.closest("details").open = true; };
    if (kept.told) showWhen();
    if (kept.pressed) said.textContent = "Not known to be on record: it was pressed, and no answer came. Look at it, and press again.";
    // "now" is when it was pressed, not when the signal came back
    let unsure = "";
    const stamp = ({ at, sure }) => {
      const { on, hour } = form.elements;
      if (!on || on.value || hour.value) return;
      const zone = { timeZone: form.dataset.zone };
      on.value = at.toLocaleDateString("en-US", zone);
      hour.value = at.toLocaleTimeString("en-US", { ...zone, hour: "numeric", minute: "2-digit" }).replace(/\s/g, " ");
      if (!sure) unsure = " Its time is by this device's clock: see whether it is right.";
      showWhen();
      keep(true);
    };
    const over = (path) => {
      if (key) { location.assign(`${path}?next=${encodeURIComponent(location.pathname)}`); return; }
      said.textContent = "Not sent: you were signed out or locked meanwhile. Note what is typed here, then sign in or unlock, and enter it again.";
    };
    const submitAsEver = (pressed) => {
      // the button that was pressed belongs to what is sent
      if (pressed && pressed.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: pressed.name, value: pressed.value }));
      form.submit();
    };
    let sending = false;
    const send = async (pressed, at) => {
      try {
        // as htmx asks, so that an ended session is answered as one and is not taken for a saved form
        const headers = { "x-csrf-token": form.elements.csrf.value, "hx-request": "true" };
        const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, pressed)), redirect: "manual", headers });
        if (answer.status >= 500 || answer.status === 408) throw new Error("busy");
        sending = false;
        if (answer.type === "opaqueredirect" || answer.ok) {
          if (key) sessionStorage.removeItem(key);
          location.assign(form.dataset.then);
        } else if (answer.status === 401) {
          over(answer.headers.get("hx-redirect") || "/sign-in");
        } else if (answer.status === 403 && key) {
          location.reload(); // unlocked or signed in again in another tab: the page has another token now
        } else {
          submitAsEver(pressed); // the page says what needs another look
        }
      } catch (error) {
        stamp(at);
        said.textContent = "Not sent yet: no signal. It is kept on screen, and tried again." + unsure;
        setTimeout(() => send(pressed, at), 5000);
      }
    };
    form.addEventListener("input", () => keep(false));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (sending) return;
      sending = true;
      keep(true);
      said.textContent = "Sending";
      send(event.submitter, moment(form));
    });
  });
})();
