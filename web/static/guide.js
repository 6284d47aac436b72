// Comfort only: a guide works with Tab, Space and Enter without this file.
"use strict";

(() => {
  const main = document.getElementById("main");
  const wanted = () => { try { return localStorage.getItem("madoguchi-keys") !== "off"; } catch { return true; } };

  // Figures choose, letters after the ninth; 0 leads to what else can be done, Esc goes back a question.
  const answers = () => [...document.querySelectorAll("[data-answers] input, [data-answer]")];
  const choose = (index) => {
    const answer = answers()[index];
    if (!answer) return false;
    answer.focus();
    if (answer.type === "radio") answer.checked = true;
    else if (answer.type === "checkbox") answer.checked = !answer.checked;
    return true;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !wanted()) return;
    if (event.key === "Escape") {
      const back = document.querySelector("[data-back]");
      if (back) { event.preventDefault(); back.click(); }
      return;
    }
    const typing = event.target.closest("textarea, select, input:not([type=radio], [type=checkbox])");
    if (typing || !/^[0-9a-z]$/.test(event.key)) return;
    if (event.key === "0") {
      const ways = document.querySelector("[data-ways]");
      if (ways) { event.preventDefault(); ways.focus(); }
    } else if (choose(Number.parseInt(event.key, 36) - 1)) {
      event.preventDefault();
    }
  });
  // Enter on a box goes on, as on every other answer.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.type !== "checkbox") return;
    event.preventDefault();
    event.target.form.requestSubmit(event.target.form.querySelector("button:not([data-back])"));
  });

  // Who goes on within the guide stays; the resident's screen then says nothing of leaving.
  let stays = false;
  document.addEventListener("submit", (event) => { stays = event.target.getAttribute("action").startsWith("/guide/"); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link) stays = link.target === "_blank" ? stays : link.pathname.startsWith("/guide/");
  });
  const reload = () => { stays = true; location.reload(); };
  window.addEventListener("pagehide", () => {
    const away = document.getElementById("display-away");
    if (away && !stays) navigator.sendBeacon(away.action, new URLSearchParams(new FormData(away)));
  });

  // The case may move while it is looked at.
  const live = new EventSource(main.dataset.live);
  live.addEventListener("moved", () => {
    live.close();
    if ("reload" in main.dataset) { reload(); return; }
    document.getElementById("moved").hidden = false;
  });
  document.addEventListener("submit", () => live.close());
})();
