// Where parameters, MACs, activations, bytes and, if it was measured, time go: areas by block and by layer.

const HEAD = 17;
const SMALLEST = 9;

const QUANTITIES = [
  ["params", "parameters", (layer) => layer.params, exact],
  ["macs", "MACs", (layer) => layer.macs, exact],
  ["step", "MACs of a training step", (layer) => total([layer.macs, layer.backward]), exact],
  ["activations", "activations", (layer) => (layer.isNew ? layer.activations : 0), exact],
];

function treemapPanel(net, chosen) {
  const holder = el("div", { class: "treemap" });
  const status = el("p", { class: "figure", "aria-live": "polite" });
  const quantities = [...QUANTITIES];
  const run = net.memory && net.memory.runs[0];
  if (run) quantities.push(["peak", "bytes at the peak", (layer) => bytesAtPeak(net, run)[layer.index], size]);
  if (net.measured) quantities.push(["time", "time of one NumPy pass", (layer) => layer.time, milliseconds]);
  const note = net.measured ? el("p", { class: "hint" }) : null;
  let current = quantities[0];

  function draw() {
    const [key, name, of, written] = current;
    if (note) note.replaceChildren(key === "time" ? net.measured : "");
    const values = net.layers.map(of);
    const isWhole = !values.includes(null);
    const sumOf = (layers) => total(layers.map((layer) => values[layer] ?? 0));
    const whole = sumOf(net.layers.map((layer) => layer.index));
    const sum = (node) => sumOf(layersOf(node));
    const buttons = [];
    const box = holder.getBoundingClientRect();
    const [width, height] = [box.width || 640, box.height || 360];
    const cells = Number(whole) ? placed(net, net.tree, "", sum, 0, 0, width, height) : [];
    holder.replaceChildren(...cells.map((cell) => drawnCell(cell, buttons)));
    roving(buttons);
    status.replaceChildren(el("strong", null, written(whole)),
      ` ${name} ${isWhole ? "in all" : "in the layers that have a size"}`);

    function drawnCell(cell, all) {
      const parts = { left: cell.x / width, top: cell.y / height, width: cell.w / width, height: cell.h / height };
      const style = Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, `${(100 * part).toFixed(3)}%`]));
      const label = `${cell.name}: ${written(cell.value)} ${name}, ${percent(cell.value, whole)}`;
      if (cell.isCall) return el("div", { class: "group", style, title: label }, cell.h > 2 * HEAD ? cell.label : "");
      const tell = () => status.replaceChildren(el("strong", null, cell.name),
        ` ${written(cell.value)} ${name}, ${percent(cell.value, whole)}`);
      const button = el("button", {
        type: "button", class: `cell is-${net.layers[cell.layer].look}`, style, "aria-label": label, title: label,
        on: { click: () => chosen.choose(cell.layer), focus: tell, pointerenter: tell },
      }, cell.w > 44 && cell.h > 15 ? cell.label : "");
      all.push(button);
      return button;
    }
  }

  new ResizeObserver(() => draw()).observe(holder);
  const change = (key) => {
    current = quantities.find((one) => one[0] === key);
    draw();
  };
  return panel("shares", "Where it goes",
    el("div", { class: "tools" }, choice("quantity", quantities.map(([key, name]) => [key, name]), "params", change)),
    status, note, holder);
}

// What each layer's tensors take at the peak of a run.
function bytesAtPeak(net, run) {
  if (run.byLayer) return run.byLayer;
  const at = run.moments.findIndex((moment) => Number(moment[2]) === Number(run.peak));
  const found = net.layers.map(() => []);
  for (const [, step, , first, last, bytes] of run.lifetimes) {
    if (step >= 0 && first <= at && at <= last) found[step].push(bytes);
  }
  run.byLayer = found.map((each) => total(each));
  return run.byLayer;
}

// Rectangles of a list of nodes, those of a call around those inside it.
function placed(net, nodes, inside, sum, x, y, width, height) {
  const parts = nodes.map((node) => ({ node, value: sum(node) })).filter((part) => Number(part.value) > 0);
  parts.sort((a, b) => compared(b.value, a.value));
  const places = squares(parts.map((part) => Number(part.value)), x, y, width, height);
  return parts.flatMap(({ node, value }, at) => {
    const [left, top, w, h] = places[at];
    if (typeof node === "number") {
      const { name } = net.layers[node];
      return { layer: node, name, label: shortName(name, inside), value, x: left, y: top, w, h };
    }
    const own = { isCall: true, name: node.name, label: node.label, value, x: left, y: top, w, h };
    const head = h > 2 * HEAD && w > 30 ? HEAD : 2;
    if (w < SMALLEST || h < SMALLEST) {
      const members = layersOf(node);
      return { ...own, isCall: false, layer: members[members.length - 1] };
    }
    return [own, ...placed(net, node.parts, node.name, sum, left + 2, top + head, w - 4, h - head - 2)];
  });
}
