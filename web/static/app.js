// Small comforts on top of pages that work without any script.
(() => {
  "use strict";
  const say = (text) => {
    const box = document.getElementById("page-alert");
    if (box) box.textContent = text;
  };
  // after a swap, the keyboard and the reader go to the new heading or the first error
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target.querySelector("[data-focus]");
    if (target) target.focus();
  });
  document.addEventListener("htmx:sendError", () => say("Not saved: the connection is lost. What you typed is still here. Try again."));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  // a shared terminal: what another left half told in this tab is let go of by whatever page is opened first. Its key ends in whose it is.
  const { user } = document.body.dataset;
  if (user) Object.keys(sessionStorage)
    .filter((one) => /^(service|receipt)-/.test(one) && one.split("-").pop() !== user)
    .forEach((one) => sessionStorage.removeItem(one));
  // a double click sends once: the second would come to a page that the first has changed, and say that nothing was saved.
  // Another button of the same form is another act: a paper to sign, then "the judge has signed", both on one page.
  // What renews the session is sent once, however late: the second would find it over, and sign the person out.
  let sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    const before = sent.get(form), once = form.dataset.once !== undefined;
    const again = before && before.button === event.submitter && event.timeStamp - before.at < 1500;
    if (before && (once || again)) event.preventDefault();
    else sent.set(form, { button: event.submitter, at: event.timeStamp });
  });
  window.addEventListener("pageshow", () => { sent = new WeakMap(); });
  // single keys: a link or button with data-key="n" answers to that key, unless they were turned off or one is typing
  const keysOff = () => localStorage.getItem("keys") === "off";
  const sayKeys = (button) => { button.textContent = keysOff() ? "Turn keys on" : "Turn keys off"; };
  document.querySelectorAll("[data-keys-switch]").forEach((button) => {
    sayKeys(button);
    button.addEventListener("click", () => { localStorage.setItem("keys", keysOff() ? "on" : "off"); sayKeys(button); });
  });
  let went = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keysOff() || event.target.closest("input, select, textarea, [contenteditable]")) return;
    const link = (path) => document.querySelector(`.site-header__nav a[href="${path}"]`);
    const going = went && event.timeStamp - went < 1500;
    went = event.key === "g" ? event.timeStamp : 0;
    // g, then t or c: to Today, to the caseload; only to pages that the header offers
    const there = going ? link({ t: "/today", c: "/caseload" }[event.key]) : null;
    const search = event.key === "/" && document.querySelector("[data-search]");
    if (search) { event.preventDefault(); search.focus(); return; }
    const wanted = there || (event.key === "?" && document.querySelector('a[href="/help"]'))
      || (event.key === "/" && link("/caseload"))
      || [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === event.key);
    if (wanted) wanted.click();
  });
  // while an answer has the focus, a letter that is typed already stands in the field of the next question
  document.querySelectorAll("[data-typing-goes-to]").forEach((answer) => answer.addEventListener("keydown", (event) => {
    if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
      document.getElementById(answer.dataset.typingGoesTo).focus();
    }
  }));
  document.querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });
})();
