// Drawing many rows at once, sharp on every screen, in the colours of the theme.

// A canvas that draws itself again when its size or the theme changes.
function picture2d(label, height, paint) {
  const canvas = el("canvas", { role: "img", "aria-label": label, class: "rows", style: { height: `${height}px` } });

  function draw() {
    const width = canvas.clientWidth;
    if (!width) return;
    const dense = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * dense);
    canvas.height = Math.round(height * dense);
    const pen = canvas.getContext("2d");
    pen.scale(dense, dense);
    pen.clearRect(0, 0, width, height);
    pen.font = "12px system-ui, sans-serif";
    paint(pen, width, height, colours(canvas));
  }

  new ResizeObserver(draw).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  document.addEventListener("theme", draw);
  return { canvas, draw };
}

// What CSS variables are now; light-dark() is resolved by an element that has them as its colours.
function colours(element) {
  const probe = el("span");
  element.after(probe);
  const of = (name) => {
    probe.style.setProperty("color", `var(--${name})`);
    return getComputedStyle(probe).color;
  };
  const found = { ink: of("ink"), faint: of("faint"), line: of("line"), accent: of("accent"), front: of("front"), barely: of("barely") };
  probe.remove();
  return found;
}

// From where to where a pointer was dragged on an element; a click is a drag of no length.
function dragged(element, { during, done }) {
  let start = null;
  const at = (event) => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  element.addEventListener("pointerdown", (event) => {
    start = at(event);
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    if (start) during(start, at(event));
  });
  element.addEventListener("pointerup", (event) => {
    if (start) done(start, at(event));
    start = null;
  });
  element.addEventListener("pointercancel", () => { start = null; });
}
