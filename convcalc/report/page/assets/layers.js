// The layers as a table, narrowed by words and by kind.

const COLUMNS = [
  { key: "name", text: "layer", value: (layer) => layer.index, show: (layer) => layer.name },
  { key: "what", text: "what it is", value: (layer) => layer.what, show: (layer) => layer.what },
  { key: "output", text: "output", value: (layer) => layer.output, show: (layer) => layer.output || "?" },
  { key: "activations", text: "activations", bar: true, value: (layer) => (layer.isNew ? layer.activations : 0),
    show: (layer) => (layer.isNew || layer.activations === null ? exact(layer.activations) : "in place") },
  { key: "params", text: "parameters", bar: true, value: (layer) => layer.params, show: (layer) => exact(layer.params) },
  { key: "macs", text: "MACs", bar: true, value: (layer) => layer.macs, show: (layer) => exact(layer.macs) },
  { key: "field", text: "field", number: true, value: (layer) => (layer.field.length ? layer.field[0][0] : null),
    show: (layer) => (layer.field.length ? fieldText(layer.field) : "") },
  { key: "bytes", text: "bytes", number: true, value: (layer) => layer.bytes, show: (layer) => (layer.bytes ? size(layer.bytes) : "") },
];

// Beside them where the net was run.
const TIME = { key: "time", text: "NumPy time", bar: true, value: (layer) => layer.time, written: milliseconds,
  show: (layer) => (layer.kind === "input" ? "" : milliseconds(layer.time)) };

function tablePanel(net, chosen) {
  const columns = net.measured ? [...COLUMNS, TIME] : COLUMNS;
  const state = { words: "", kind: "" };
  const table = sortable({
    columns, caption: `layers of ${net.title}`, label: "table of layers", sort: "name",
    largest: largestOf(columns, net.layers), tail: (found) => sums(columns, found),
    firstCell: (layer) => el("button", { type: "button", class: "link", on: { click: () => chosen.choose(layer.index) } },
      el("span", { class: `swatch is-${layer.look}` }), breakable(layer.name)),
    ofRow: (layer) => ({ "data-layer": layer.index, class: chosen.layer === layer.index ? "chosen" : null }),
  });

  function fill() {
    const words = state.words.toLowerCase().split(/\s+/).filter(Boolean);
    table.show(net.layers.filter((layer) => {
      if (state.kind && layer.kind !== state.kind) return false;
      const text = `${layer.name} ${layer.kind} ${layer.what} ${layer.output}`.toLowerCase();
      return words.every((word) => text.includes(word));
    }));
  }

  chosen.listen(() => {
    for (const row of table.body.rows) row.classList.toggle("chosen", Number(row.dataset.layer) === chosen.layer);
  });
  const kinds = [...new Set(net.layers.map((layer) => layer.kind))];
  fill();
  return panel("layers", "Layers",
    el("div", { class: "tools" },
      el("label", null, "Filter ", el("input", { type: "search", placeholder: "conv4 3x3", on: {
        input: (event) => { state.words = event.target.value; fill(); } } })),
      el("label", null, "Kind ", el("select", { on: { change: (event) => { state.kind = event.target.value; fill(); } } },
        el("option", { value: "" }, "all"), kinds.map((kind) => el("option", { value: kind }, kind)))),
      el("p", { class: "hint" }, table.status, ` of ${exact(net.layers.length)}`)),
    net.measured ? el("p", { class: "hint" }, net.measured) : null,
    table.root);
}

// The sums of the rows that are shown.
function sums(columns, found) {
  const rest = found.filter((layer) => layer.kind !== "input");
  const cells = columns.map((column) => {
    if (column.key === "name") return el("th", { scope: "row" }, "sum");
    if (!column.bar) return el("td", null, column.key === "what" ? plural(rest.length, "layer") : "");
    const sum = total(found.map((layer) => column.value(layer)));
    return el("td", { class: "number" }, sum === null ? "?" : (column.written ?? exact)(sum));
  });
  return el("tr", null, cells);
}
