// Parallel coordinates: a line a row through all that varies; a drag along an axis filters it.

const MOST_AXES = 12;
const FRAME = { side: 60, top: 52, bottom: 26 };

function parallelPanel(model) {
  const columns = model.varying.slice(0, MOST_AXES);
  if (columns.length < 2) return null;
  const label = `rows as lines through ${columns.map((column) => column.name).join(", ")}`;
  const { canvas, draw } = picture2d(label, 360, paint);
  let brush = null;

  const across = (place, width) => FRAME.side + (place * (width - 2 * FRAME.side)) / (columns.length - 1);
  const up = (part, height) => height - FRAME.bottom - part * (height - FRAME.top - FRAME.bottom);
  const down = (y, height) => Math.min(Math.max((height - FRAME.bottom - y) / (height - FRAME.top - FRAME.bottom), 0), 1);

  function paint(pen, width, height, ink) {
    const shown = new Set(model.shown());
    const rows = (items, colour, alpha, thick) => {
      pen.strokeStyle = colour;
      pen.globalAlpha = alpha;
      pen.lineWidth = thick;
      for (const item of items) {
        pen.beginPath();
        let isOpen = false;
        columns.forEach((column, place) => {
          const at = column.place(item);
          if (at === null) isOpen = false;
          else if (isOpen) pen.lineTo(across(place, width), up(column.along(at), height));
          else pen.moveTo(across(place, width), up(column.along(at), height));
          if (at !== null) isOpen = true;
        });
        pen.stroke();
      }
      pen.globalAlpha = 1;
    };
    if (shown.size < model.items.length) rows(model.items.filter((item) => !shown.has(item)), ink.line, 0.6, 1);
    rows(shown, ink.accent, Math.max(Math.min(40 / shown.size, 0.7), 0.08), 1.2);
    if (model.chosen) rows([model.chosen], ink.front, 1, 2.5);
    pen.textAlign = "center";
    columns.forEach((column, place) => axis(pen, column, across(place, width), place, height, ink));
  }

  function axis(pen, column, x, place, height, ink) {
    pen.strokeStyle = ink.faint;
    pen.lineWidth = 1;
    line(pen, [x, FRAME.top], [x, height - FRAME.bottom]);
    const range = model.filters.get(column.name);
    if (range) {
      pen.strokeStyle = ink.front;
      pen.lineWidth = 6;
      line(pen, [x, up(column.along(Math.max(range[0], column.low)), height)], [x, up(column.along(Math.min(range[1], column.high)), height)]);
    }
    if (brush && brush.place === place) {
      pen.strokeStyle = ink.ink;
      pen.lineWidth = 3;
      line(pen, [x, brush.from], [x, brush.to]);
    }
    pen.fillStyle = ink.ink;
    pen.fillText(column.name, x, place % 2 ? 12 : 27);
    pen.fillStyle = ink.faint;
    pen.fillText(column.written(column.high), x, FRAME.top - 8);
    pen.fillText(column.written(column.low), x, height - FRAME.bottom + 15);
  }

  const nearestAxis = (x) => {
    const part = (x - FRAME.side) / ((canvas.clientWidth - 2 * FRAME.side) / (columns.length - 1));
    return Math.min(Math.max(Math.round(part), 0), columns.length - 1);
  };

  dragged(canvas, {
    during: (start, now) => {
      brush = { place: nearestAxis(start[0]), from: start[1], to: now[1] };
      draw();
    },
    done: (start, end) => {
      brush = null;
      const column = columns[nearestAxis(start[0])];
      const height = canvas.clientHeight;
      const range = [start, end].map(([, y]) => column.back(down(y, height)));
      model.filter(column.name, Math.abs(end[1] - start[1]) < 4 ? null : range);
      model.tell();
    },
  });
  model.listen(draw);
  canvas.style.setProperty("min-width", `${columns.length * 76}px`);
  return panel("parallel", "All that varies",
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "parallel coordinates" }, canvas),
    el("p", { class: "hint" }, "Drag along an axis to filter by it, click the axis to take the filter away."));
}
