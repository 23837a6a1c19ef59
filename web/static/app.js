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
  document.querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });
})();
