// Where the boxes of a graph are, as convcalc/report/page/layout.py places them.

function layout(net, geometry) {
  const { gap, pitch, edge, arc, head, foot, back } = geometry;
  const visible = [];
  const opened = [];
  const boxOf = new Map();

  function walk(nodes, inside, depth) {
    for (const node of nodes) {
      if (typeof node !== "number" && node.open) {
        const first = visible.length;
        walk(node.parts, node.name, depth + 1);
        opened.push({ node, depth, first, last: visible.length - 1 });
        continue;
      }
      for (const layer of layersOf(node)) boxOf.set(layer, visible.length);
      visible.push({ node, inside });
    }
  }

  walk(net.tree, "", 0);
  const left = [];
  let x = edge;
  const shown = visible.map(({ node, inside }) => {
    const found = shownNode(net, node, inside);
    const room = Math.max(found.box[0] + gap, pitch);
    left.push(x);
    found.x = x + Math.floor(room / 2);
    x += room;
    return found;
  });
  left.push(x);
  opened.sort((a, b) => a.depth - b.depth); // outer ones lie below
  const bands = opened.map(({ node, depth, first, last }) => ({
    node, depth, name: node.name, label: node.label, start: left[first], end: left[last + 1],
  }));
  const { arcs, above, skipping } = arcsOf(net, boxOf);
  shown.forEach((one, place) => { one.skips = skipping.has(place); });
  const tallest = shown.reduce((most, one) => Math.max(most, one.box[1]), 0);
  const heads = bands.reduce((most, band) => Math.max(most, band.depth + 1), 0) * head;
  const half = Math.floor((tallest + 1) / 2);
  const middle = edge + heads + above * arc + 2 * back + half;
  const width = x + edge + Math.floor(foot / 2);
  return { shown, bands, arcs, width, height: middle + half + foot, middle, tallest };
}

function shownNode(net, node, inside) {
  const members = layersOf(node);
  const layer = members[members.length - 1];
  const own = net.layers[layer];
  if (typeof node === "number") {
    return { node, layer, name: own.name, label: shortName(own.name, inside), look: own.look, box: own.box };
  }
  return { node, layer, name: node.name, label: node.label, look: "block", box: node.box };
}

const shortName = (name, inside) =>
  inside && name.startsWith(`${inside}.`) ? name.slice(inside.length + 1) : name;

// The edges between boxes, levels counted without gaps; and the boxes with edges inside, or from the
// box before, that skip some of their layers.
function arcsOf(net, boxOf) {
  const pairs = new Map();
  const skipping = new Set();
  for (const layer of net.layers) {
    for (const source of layer.inputs) {
      const from = boxOf.get(source);
      const to = boxOf.get(layer.index);
      const isSkip = layer.index > source + 1 && boxOf.get(layer.index - 1) === to && from >= to - 1;
      if (isSkip) skipping.add(to);
      if (from === to) continue;
      const key = from * net.layers.length + to;
      const level = Math.max(pairs.has(key) ? pairs.get(key).level : 0, net.layers[source].level);
      pairs.set(key, { source: from, target: to, level });
    }
  }
  const edges = [...pairs.entries()].sort((a, b) => a[0] - b[0]).map((entry) => entry[1]);
  const raised = [...new Set(edges.filter((one) => one.target > one.source + 1).map((one) => one.level))];
  raised.sort((a, b) => a - b);
  const rank = new Map(raised.map((level, place) => [level, place + 1]));
  const arcs = edges.map((one) => ({
    ...one, level: one.target > one.source + 1 ? rank.get(one.level) : 0,
  }));
  return { arcs, above: raised.length, skipping };
}

// The line from one box to another: straight to the next, else up, across and down.
function arcPath(found, arc, geometry) {
  const source = found.shown[arc.source];
  const target = found.shown[arc.target];
  if (!arc.level) {
    const start = source.x - Math.floor(source.box[0] / 2) + source.box[0];
    return `M${start} ${found.middle}H${target.x - Math.floor(target.box[0] / 2)}`;
  }
  const top = found.middle - Math.floor(found.tallest / 2) - 2 * geometry.back - arc.level * geometry.arc + 4;
  const [start, end] = [source.x, target.x];
  return `M${start} ${found.middle - Math.floor(source.box[1] / 2)}V${top + 6}Q${start} ${top} ${start + 6} ${top}`
    + `H${end - 6}Q${end} ${top} ${end} ${top + 6}V${found.middle - Math.floor(target.box[1] / 2)}`;
}

// The arc above a closed call, from the middle of its box.
function skipPath([w, h], deep) {
  const [left, right] = [-Math.floor(w / 4), Math.floor(w / 4) + deep];
  return `M${left} ${-Math.floor(h / 2) - Math.floor(deep / 2)}v-6q0 -5 5 -5H${right - 5}q5 0 5 5v6`;
}
