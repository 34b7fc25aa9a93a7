// A net of the page's data with its words put in, and the one layer that all panels show.

function model(net) {
  const { fields, rows, words, seen, boxes, tree } = net.layers;
  const of = Object.fromEntries(fields.map((name, place) => [name, place]));
  const layers = rows.map((row, index) => ({
    index,
    name: row[of.name],
    kind: words[row[of.kind]],
    look: words[row[of.look]],
    what: words[row[of.what]],
    output: words[row[of.output]],
    box: boxes[row[of.box]],
    inputs: row[of.inputs],
    level: row[of.level],
    activations: row[of.activations],
    isNew: row[of.new] === 1,
    params: row[of.params],
    weights: row[of.weights],
    biases: row[of.biases],
    macs: row[of.macs],
    backward: row[of.backward],
    bytes: row[of.bytes],
    field: seen[row[of.field]],
    sizing: words[row[of.sizing]],
    line: row[of.line],
    shares: row[of.shares],
    time: net.measured ? row[of.time] : null,
  }));
  return { ...net, layers, tree: tree.map((node) => treeNode(node, boxes)) };
}

// A layer by its number, or a call with what it holds.
function treeNode(node, boxes) {
  if (!Array.isArray(node)) return node;
  const [name, label, open, box, parts] = node;
  return { name, label, open: open === 1, box: boxes[box], parts: parts.map((one) => treeNode(one, boxes)) };
}

// The layers of a node, in order.
function layersOf(node) {
  return typeof node === "number" ? [node] : node.parts.flatMap(layersOf);
}

// All calls of a tree, outer ones first.
function callsOf(nodes) {
  return nodes.flatMap((node) => (typeof node === "number" ? [] : [node, ...callsOf(node.parts)]));
}

// Who wants to know which layer is chosen, and which one is merely pointed at.
function chooser() {
  const listeners = [];
  const pointers = [];
  const self = {
    layer: null,
    listen: (listener) => listeners.push(listener),
    onPoint: (listener) => pointers.push(listener),
    choose: (layer) => {
      if (layer === self.layer) return;
      self.layer = layer;
      listeners.forEach((listener) => listener(layer));
    },
    point: (layer) => pointers.forEach((listener) => listener(layer)),
  };
  return self;
}

// Channels apart, positions alone: "56x56x256" -> [56, 56].
const sides = (output) => output.split("x").slice(0, -1).map(Number);

// "about " where a field is an estimate: one jump between neighbours, whose branches have several.
const about = (field) => (field.some((axis) => axis[4]) ? "about " : "");

// The size of a field as one number, or one per axis.
function fieldText(field) {
  const sizes = field.map((axis) => axis[0]);
  return about(field) + (new Set(sizes).size === 1 ? String(sizes[0]) : sizes.join("x"));
}
