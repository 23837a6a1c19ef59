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
  // single keys: a link or button with data-key="n" answers to that key, unless they were turned off or one is typing
  const keysOff = () => localStorage.getItem("keys") === "off";
  const sayKeys = (button) => { button.textContent = keysOff() ? "Turn keys on" : "Turn keys off"; };
  document.querySelectorAll("[data-keys-switch]").forEach((button) => {
    sayKeys(button);
    button.addEventListener("click", () => { localStorage.setItem("keys", keysOff() ? "on" : "off"); sayKeys(button); });
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keysOff() || event.target.closest("input, select, textarea, [contenteditable]")) return;
    const wanted = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === event.key);
    if (wanted) wanted.click();
  });
  document.querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });
})();
