// The officer's pages with fewer fields in sight. Without this script every field shows, each with a word on when it counts.
(() => {
  "use strict";
  document.querySelectorAll("form[data-decide]").forEach((form) => {
    const parts = form.querySelectorAll("[data-only-for]");
    const show = () => {
      const chosen = form.querySelector("input[name=decision]:checked");
      parts.forEach((part) => { part.hidden = !chosen || !part.dataset.onlyFor.split(" ").includes(chosen.value); });
    };
    form.addEventListener("change", show);
    show();
  });
})();
