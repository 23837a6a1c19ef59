// Asks every two seconds how far a long sheet is. Plain fetch, no htmx: asking must not count as somebody being there.
(() => {
  "use strict";
  const box = document.querySelector("[data-progress]");
  if (!box) return;
  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { "hx-request": "true" }, redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect") { location.replace(box.dataset.progress); return; }
      if (answer.ok) box.innerHTML = await answer.text();
    } catch { /* the connection is lost: the sheet goes on without us, and we ask again */ }
    setTimeout(ask, 2000);
  };
  setTimeout(ask, 1000);
})();
