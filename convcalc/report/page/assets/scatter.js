// Two numbers of all rows, the front marked; a rectangle that is dragged filters both.

const PLOT = { left: 74, right: 18, top: 14, bottom: 40 };
const NEAR = 14;

function scatterPanel(model, objectives) {
  const numbers = model.varying.filter((column) => column.isNumber);
  if (numbers.length < 2) return null;
  const state = { x: model.column(objectives[0][0]), y: model.column(objectives[1][0]),
    largest: [objectives[0][1], objectives[1][1]], rest: objectives.slice(2), box: null };
  const status = el("p", { class: "figure", role: "status" });
  const { canvas, draw } = picture2d("", 440, paint);
  let points = [];

  const goals = () => [[state.x, state.largest[0]], [state.y, state.largest[1]],
    ...state.rest.map(([name, isLargest]) => [model.column(name), isLargest])];

  function paint(pen, width, height, ink) {
    const to = {
      x: (place) => PLOT.left + state.x.along(place) * (width - PLOT.left - PLOT.right),
      y: (place) => height - PLOT.bottom - state.y.along(place) * (height - PLOT.top - PLOT.bottom),
    };
    axes(pen, width, height, ink, to);
    const shown = model.shown();
    const front = frontOf(shown, goals());
    points = shown.flatMap((item) => {
      const [x, y] = [state.x.place(item), state.y.place(item)];
      return x === null || y === null ? [] : [{ item, x: to.x(x), y: to.y(y), isFront: front.has(item) }];
    });
    pen.globalAlpha = points.length > 2000 ? 0.35 : 0.6;
    for (const point of points) if (!point.isFront) dot(pen, point, 3, ink.accent);
    pen.globalAlpha = 1;
    for (const point of points) if (point.isFront) dot(pen, point, 5, ink.front);
    const own = points.find((point) => point.item === model.chosen);
    if (own) {
      pen.strokeStyle = ink.ink;
      pen.lineWidth = 2;
      pen.beginPath();
      pen.arc(own.x, own.y, 8, 0, 7);
      pen.stroke();
    }
    if (state.box) {
      const [[x, y], [u, v]] = state.box;
      pen.strokeStyle = ink.ink;
      pen.lineWidth = 1;
      pen.strokeRect(x, y, u - x, v - y);
    }
    canvas.setAttribute("aria-label", `${plural(points.length, "row")} by ${state.x.name} and ${state.y.name}, ${exact(front.size)} on the front`);
    status.replaceChildren(el("strong", null, exact(front.size)), ` on the front of ${plural(shown.length, "row")}: ${
      goals().map(([column, isLargest]) => `${isLargest ? "large" : "small"} ${column.name}`).join(", ")}`);
  }

  function axes(pen, width, height, ink, to) {
    pen.strokeStyle = ink.line;
    pen.fillStyle = ink.faint;
    pen.lineWidth = 1;
    pen.textAlign = "center";
    for (const place of ticks(state.x, Math.max(Math.floor(width / 110), 2))) {
      line(pen, [to.x(place), PLOT.top], [to.x(place), height - PLOT.bottom]);
      pen.fillText(state.x.written(place), to.x(place), height - PLOT.bottom + 16);
    }
    pen.fillText(state.x.name, (PLOT.left + width) / 2, height - 6);
    pen.textAlign = "right";
    for (const place of ticks(state.y, 7)) {
      line(pen, [PLOT.left, to.y(place)], [width - PLOT.right, to.y(place)]);
      pen.fillText(state.y.written(place), PLOT.left - 8, to.y(place) + 4);
    }
    pen.textAlign = "left";
    pen.fillText(state.y.name, 4, 11);
  }

  function nearest([x, y]) {
    let best = null;
    let least = NEAR * NEAR;
    for (const point of points) {
      const far = (point.x - x) ** 2 + (point.y - y) ** 2;
      if (far < least) [best, least] = [point, far];
    }
    return best;
  }

  dragged(canvas, {
    during: (start, now) => {
      state.box = [start, now];
      draw();
    },
    done: (start, end) => {
      state.box = null;
      if (Math.abs(end[0] - start[0]) < 4 && Math.abs(end[1] - start[1]) < 4) {
        const point = nearest(end);
        if (point) model.choose(point.item);
        else draw();
        return;
      }
      const width = canvas.clientWidth - PLOT.left - PLOT.right;
      const height = canvas.clientHeight - PLOT.top - PLOT.bottom;
      model.filter(state.x.name, [start, end].map(([x]) => state.x.back((x - PLOT.left) / width)));
      model.filter(state.y.name, [start, end].map(([, y]) => state.y.back(1 - (y - PLOT.top) / height)));
      model.tell();
    },
  });
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const point = nearest([event.clientX - box.left, event.clientY - box.top]);
    canvas.title = point ? model.varying.map((column) => `${column.name} ${column.show(point.item)}`).join("\n") : "";
  });

  const axis = (at, key) => [
    el("label", null, `${key === "x" ? "across" : "up"} `, el("select", { on: { change: (event) => {
      state[key] = model.column(event.target.value);
      state.rest = [];
      draw();
    } } }, numbers.map((column) => el("option", { value: column.name, selected: column === state[key] }, column.name)))),
    choice(`best ${key}`, [[false, "small is best"], [true, "large is best"]], state.largest[at], (value) => {
      state.largest[at] = value;
      draw();
    }),
  ];
  model.listen(draw);
  return panel("scatter", "Two numbers and the front",
    el("div", { class: "tools" }, axis(0, "x"), axis(1, "y")), status, canvas,
    el("p", { class: "hint" }, "Drag a rectangle to filter by both numbers; click a row to mark it everywhere."));
}

function dot(pen, { x, y }, radius, colour) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 7);
  pen.fill();
}

function line(pen, [x, y], [u, v]) {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(u, v);
  pen.stroke();
}
