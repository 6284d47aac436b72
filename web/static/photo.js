// Cutting a photo out by hand: mouse, finger, arrow keys or sliders. Nothing else needs it.
"use strict";

(() => {
  const cutter = document.querySelector("[data-cutter]");
  if (!cutter) return;
  const ASPECT = Number(cutter.dataset.aspect);
  const STEP = 0.005;
  const LEAST = 0.05;

  const find = (name) => cutter.querySelector(`[data-${name}]`);
  const whole = find("whole");
  const frame = find("frame");
  const words = find("words");
  const form = find("cut");
  const sliders = { x: find("x"), y: find("y"), size: find("size") };

  // Shares of the picture; the width follows from the height and the proportion.
  const at = { left: 0, top: 0, height: 1 };
  const perHeight = () => whole.naturalHeight / whole.naturalWidth / ASPECT;
  const width = () => at.height * perHeight();
  const most = () => Math.min(1, 1 / perHeight());
  const within = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

  const show = (tell) => {
    at.height = within(at.height, LEAST, most());
    at.left = within(at.left, 0, 1 - width());
    at.top = within(at.top, 0, 1 - at.height);
    const shares = { left: at.left, top: at.top, width: width(), height: at.height };
    for (const [edge, share] of Object.entries(shares)) {
      frame.style[edge] = `${100 * share}%`;
      form.querySelector(`[data-cut-${edge}]`).value = share.toFixed(6);
    }
    const room = (share) => (share >= 1 ? 0 : 1 - share);
    sliders.x.value = room(width()) ? Math.round(1000 * at.left / room(width())) : 0;
    sliders.y.value = room(at.height) ? Math.round(1000 * at.top / room(at.height)) : 0;
    sliders.size.value = Math.round(1000 * at.height / most());
    if (!tell) return;
    const pixels = Math.round(at.height * whole.naturalHeight);
    words.textContent = `枠：左から${Math.round(100 * at.left)}％、上から${Math.round(100 * at.top)}％、高さ${Math.round(100 * at.height)}％（${pixels}画素）`;
  };

  // Growing and shrinking keep the middle where it is.
  const resize = (height) => {
    const middle = { x: at.left + width() / 2, y: at.top + at.height / 2 };
    at.height = within(height, LEAST, most());
    at.left = middle.x - width() / 2;
    at.top = middle.y - at.height / 2;
  };

  const begin = () => {
    if (frame.dataset.height) {
      at.left = Number(frame.dataset.left);
      at.top = Number(frame.dataset.top);
      at.height = Number(frame.dataset.height);
    } else {
      at.height = most();
      at.left = (1 - width()) / 2;
    }
    show(false);
    cutter.hidden = false;
  };

  const KEYS = {
    ArrowLeft: (step) => { at.left -= step; },
    ArrowRight: (step) => { at.left += step; },
    ArrowUp: (step) => { at.top -= step; },
    ArrowDown: (step) => { at.top += step; },
    "+": (step) => resize(at.height + step),
    ";": (step) => resize(at.height + step),
    "-": (step) => resize(at.height - step),
  };
  frame.addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act(event.shiftKey && event.key.startsWith("Arrow") ? 10 * STEP : STEP);
    show(true);
  });

  let grip = null;
  frame.addEventListener("pointerdown", (event) => {
    grip = { x: event.clientX, y: event.clientY, left: at.left, top: at.top };
    frame.setPointerCapture(event.pointerId);
  });
  frame.addEventListener("pointermove", (event) => {
    if (!grip) return;
    at.left = grip.left + (event.clientX - grip.x) / whole.clientWidth;
    at.top = grip.top + (event.clientY - grip.y) / whole.clientHeight;
    show(false);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    frame.addEventListener(end, () => { grip = null; show(true); });
  }

  sliders.x.addEventListener("input", () => { at.left = sliders.x.value / 1000 * (1 - width()); show(true); });
  sliders.y.addEventListener("input", () => { at.top = sliders.y.value / 1000 * (1 - at.height); show(true); });
  sliders.size.addEventListener("input", () => { resize(sliders.size.value / 1000 * most()); show(true); });

  // The photo is nowhere but in this page, so it goes along with the frame.
  form.addEventListener("submit", () => {
    const [, encoded] = whole.src.split(",", 2);
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], "photo.jpg", { type: "image/jpeg" }));
    find("file").files = carried.files;
  });

  if (whole.complete && whole.naturalWidth) begin();
  else whole.addEventListener("load", begin);
})();
