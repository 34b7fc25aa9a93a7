// What one position of a layer's output sees of the net's input, drawn on that input.

// First and last input position on an axis, as counted from 0; may begin before the input.
function seen([size, stride, padding, fields], index) {
  if (fields.length) {
    const period = Math.floor(index / fields.length);
    const shift = Math.trunc((stride[0] * fields.length) / stride[1]) * period;
    return fields[index % fields.length].map((end) => end + shift);
  }
  const first = Math.trunc((index * stride[0] * padding[1] - padding[0] * stride[1]) / (stride[1] * padding[1]));
  return [first, first + size - 1];
}

// What of a field lies on the input.
const within = (spans, axes) => spans.map(([first, end], at) => [Math.max(first, 0), Math.min(end, axes[at] - 1)]);

// What one position of a layer depends on, in words.
function dependence(layer, names, place, axes) {
  const spans = layer.field.map((axis, at) => seen(axis, place[at]));
  const inside = within(spans, axes);
  const words = inside.map(([first, end], at) => `${names[at]}s ${first} to ${end}`).join(", ");
  const share = inside.map(([first, end]) => end - first + 1);
  const some = about(layer.field);
  return ` ${layer.name} at ${names.map((name, at) => `${name} ${place[at]}`).join(", ")} depends on ${some}${words}: `
    + `${some}${share.join("x")} of the input's ${axes.join("x")}`
    + (spans.some(([first, end], at) => first < 0 || end >= axes[at]) ? ", the rest of its field is padding" : "");
}

function fieldPanel(net, chosen) {
  const image = net.image[0] || [];
  const axes = image.slice(0, -1);
  const many = net.layers.filter((layer) => layer.inputs.length && sides(layer.output).length === axes.length);
  const fitting = many.filter((layer) => layer.field.every((axis, at) => 2 * axis[0] <= axes[at]));
  const last = fitting.pop() || many.filter((layer) => sides(layer.output).some((side) => side > 1)).pop() || many.pop();
  if (!axes.length || net.image.length !== 1 || !last) return null;
  const drawing = el("div", { class: "field" });
  const status = el("p", { class: "figure", "aria-live": "polite" });
  const sliders = el("div", { class: "sliders" });
  const names = axes.length === 3 ? ["depth", "row", "column"] : axes.length === 2 ? ["row", "column"] : ["position"];
  let layer = last;
  let place = [];
  const select = el("select", { on: { change: () => show(net.layers[Number(select.value)]) } },
    net.layers.filter((one) => one.field.length === axes.length && one.inputs.length)
      .map((one) => el("option", { value: one.index }, one.name)));

  function show(chosenLayer) {
    layer = chosenLayer;
    const output = outputSides();
    place = output.map((side) => Math.floor(side / 2));
    select.value = String(layer.index);
    sliders.replaceChildren(...output.map((side, axis) => (side < 2 ? "" : el("label", null, `${names[axis]} `,
      el("input", { type: "range", min: 0, max: side - 1, value: place[axis], "data-axis": axis, on: {
        input: (event) => { place[axis] = Number(event.target.value); draw(); } } })))));
    draw();
  }

  function outputSides() {
    const own = sides(layer.output);
    return own.length === axes.length ? own : axes.map(() => 1);
  }

  function draw() {
    const spans = layer.field.map((axis, at) => seen(axis, place[at]));
    const inside = within(spans, axes);
    const output = outputSides();
    drawing.replaceChildren(
      fieldPicture(axes, spans, inside, "input", null, about(layer.field)),
      fieldPicture(output, place.map((at) => [at, at]), place.map((at) => [at, at]), layer.name, (to) => {
        place = to;
        for (const slider of sliders.querySelectorAll("input")) slider.value = String(place[Number(slider.dataset.axis)]);
        draw();
      }));
    status.replaceChildren(
      el("strong", null, `${fieldText(layer.field)} positions`), dependence(layer, names, place, axes));
  }

  chosen.listen((index) => {
    if (net.layers[index].field.length === axes.length && net.layers[index].inputs.length) show(net.layers[index]);
  });
  show(last);
  return panel("field", "Receptive field",
    el("div", { class: "tools" }, el("label", null, "Layer ", select), sliders), status, drawing);
}

// A plane with a part of it marked; the last two axes, or the only one.
function fieldPicture(axes, spans, inside, name, picked, some = "") {
  const two = (list, none) => (list.length === 1 ? [none, list[0]] : list.slice(-2));
  const [height, width] = two(axes, Math.max(Math.floor(axes[0] / 8), 1));
  const [[top, bottom], [left, right]] = two(spans, [0, height - 1]);
  const [[t, b], [l, r]] = two(inside, [0, height - 1]);
  const margin = 0.06 * Math.max(width, height);
  const most = Math.max(width, height);
  const low = Math.max(Math.min(left, top, 0), -most / 2) - margin;
  const high = Math.max(Math.min(Math.max(right - width, bottom - height, 0), most / 2), 0) + margin;
  const root = svg("svg", {
    viewBox: `${low} ${low} ${width + high - low} ${height + high - low}`, role: "img",
    "aria-label": `${axes.join(" by ")} positions of ${name}, ${some}the part from ${l},${t} to ${r},${b} marked`,
    class: picked ? "plane picked" : "plane",
  },
  svg("rect", { class: "whole", x: 0, y: 0, width, height }),
  lines(width, height),
  svg("rect", { class: "beyond", x: left, y: top, width: right - left + 1, height: bottom - top + 1 }),
  svg("rect", { class: some ? "inside about" : "inside", x: l, y: t, width: Math.max(r - l + 1, 0), height: Math.max(b - t + 1, 0) }));
  if (picked) {
    root.addEventListener("click", (event) => {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(root.getScreenCTM().inverse());
      const to = [Math.floor(point.y), Math.floor(point.x)].slice(axes.length === 1 ? 1 : 0);
      const before = spans.slice(0, -2).map((span) => span[0]);
      picked([...before, ...to].map((at, axis) => Math.min(Math.max(at, 0), axes[axis] - 1)));
    });
  }
  return el("figure", null, root, el("figcaption", null, `${name}: ${axes.join("x")}`));
}

// A grid, where its cells are large enough to be seen.
function lines(width, height) {
  if (Math.max(width, height) > 64) return null;
  let path = "";
  for (let x = 1; x < width; x += 1) path += `M${x} 0V${height}`;
  for (let y = 1; y < height; y += 1) path += `M0 ${y}H${width}`;
  return svg("path", { class: "grid", d: path });
}
