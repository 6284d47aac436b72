// Comfort only: every booking page does its work without this file.
"use strict";

(() => {
  const SOON_MS = 2 * 60 * 1000;

  const wrong = document.querySelector("[data-focus]");
  if (wrong) wrong.focus();

  // A form is sent once; going back to the page makes it sendable again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
  });

  // The end of a hold is told twice, politely: two minutes before, and when it has come.
  const hold = document.querySelector("[data-hold]");
  const words = document.querySelector("[data-hold-now]");
  if (hold && words) {
    // The server's clock counts: a telephone may be minutes off.
    const left = Date.parse(hold.dataset.until) - Date.parse(hold.dataset.now);
    const over = () => {
      words.textContent = hold.dataset.over;
      const again = document.querySelector("[data-hold-again]");
      if (again) again.textContent = hold.dataset.again;
    };
    if (left > SOON_MS) setTimeout(() => { words.textContent = hold.dataset.soon; }, left - SOON_MS);
    setTimeout(over, Math.max(0, left));
  }

  // Arrow keys walk through the days that can be chosen; Tab does as well.
  const month = document.querySelector("[data-month]");
  if (month) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
    month.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (!step) return;
      const cells = [...month.querySelectorAll("td")];
      let place = cells.indexOf(event.target.closest("td")) + step;
      while (place >= 0 && place < cells.length) {
        const day = cells[place].querySelector("a");
        if (day) { event.preventDefault(); day.focus(); return; }
        place += step;
      }
    });
  }
})();
