// Live bytes of a run, moment by moment; under the cursor, every tensor that is alive.

const LISTED = 14;

function memoryPanel(net, chosen) {
  const { memory } = net;
  if (!memory) return panel("memory", "Memory", el("p", null, "A net without sizes has no bytes to count."));
  const body = el("div");
  const show = (place) => body.replaceChildren(...runView(net, memory.runs[place], memory.parts, chosen));
  show(0);
  return panel("memory", "Memory",
    el("div", { class: "tools" },
      choice("run", memory.runs.map((run, place) => [place, run.name]), 0, show),
      el("p", { class: "hint" }, `On a GPU ${size(memory.device[0])} to ${size(memory.device[1])}, CUDA's context included.`)),
    body);
}

function runView(net, run, parts, chosen) {
  const stacks = stacked(run, parts.length);
  const peak = run.moments.findIndex((moment) => Number(moment[2]) === Number(run.peak));
  const head = el("p", { class: "figure" });
  const list = el("div", { class: "alive" });
  const cursor = svg("line", { class: "cursor", y1: 0, y2: 100 });
  const chart = svg("svg", {
    class: "profile", viewBox: `0 0 ${run.moments.length} 100`, preserveAspectRatio: "none", role: "img",
    "aria-label": `live bytes through ${run.name}: ${size(run.peak)} at the peak ${run.at}`,
    on: {
      pointermove: (event) => at(event),
      pointerdown: (event) => at(event),
      pointerleave: () => chosen.point(null),
    },
  }, areas(run, stacks), svg("line", { class: "peak", x1: peak + 0.5, x2: peak + 0.5, y1: 0, y2: 100 }), cursor);
  const slider = el("input", {
    type: "range", min: 0, max: run.moments.length - 1, value: peak, "aria-label": `moment of ${run.name}`,
    on: { input: () => move(Number(slider.value)) },
  });

  function at(event) {
    const box = chart.getBoundingClientRect();
    const place = Math.floor(((event.clientX - box.left) / box.width) * run.moments.length);
    move(Math.min(Math.max(place, 0), run.moments.length - 1));
  }

  function move(place) {
    const [, step, live] = run.moments[place];
    const words = momentWords(net, run, place);
    slider.value = String(place);
    slider.setAttribute("aria-valuetext", `${words}: ${size(live)}`);
    cursor.setAttribute("x1", place + 0.5);
    cursor.setAttribute("x2", place + 0.5);
    head.replaceChildren(el("strong", null, size(live)), ` ${words}${place === peak ? ", the peak" : ""}`,
      el("span", { class: "exact" }, `${exact(live)} bytes`));
    list.replaceChildren(...alive(net, run, parts, stacks, place));
    chosen.point(step);
  }

  const phases = el("div", { class: "phases", "aria-hidden": "true" }, phasesOf(run).map(([name, length]) =>
    el("span", { style: { "flex-grow": String(length) } }, length * 12 > run.moments.length ? name : "")));
  move(peak);
  chosen.point(null);
  return [el("div", { class: "split" },
    el("div", null, head,
      el("div", { class: "plot" }, el("span", { class: "axis" }, size(run.peak)), chart), phases, slider),
    list)];
}

// For each part its bytes at every moment; doubles are enough to draw.
function stacked(run, parts) {
  const stacks = Array.from({ length: parts }, () => new Float64Array(run.moments.length + 1));
  for (const [, , part, first, last, bytes] of run.lifetimes) {
    stacks[part][first] += Number(bytes);
    stacks[part][last + 1] -= Number(bytes);
  }
  for (const stack of stacks) for (let i = 1; i < stack.length; i += 1) stack[i] += stack[i - 1];
  return stacks;
}

function areas(run, stacks) {
  const length = run.moments.length;
  const below = new Float64Array(length);
  const top = (bytes) => (100 - (100 * bytes) / Number(run.peak)).toFixed(2);
  return stacks.map((stack, part) => {
    let line = "";
    let back = "";
    for (let i = 0; i < length; i += 1) {
      back = `L${i + 1} ${top(below[i])}L${i} ${top(below[i])}${back}`;
      below[i] += stack[i];
      line += `${i ? "L" : "M"}${i} ${top(below[i])}L${i + 1} ${top(below[i])}`;
    }
    return svg("path", { class: `part part${part}`, d: `${line}${back}Z` });
  });
}

function phasesOf(run) {
  const found = [];
  for (const [phase] of run.moments) {
    const last = found[found.length - 1];
    if (last && last[0] === run.words[phase]) last[1] += 1;
    else found.push([run.words[phase], 1]);
  }
  return found;
}

function momentWords(net, run, place) {
  const [phase, step] = run.moments[place];
  const word = run.words[phase];
  if (word === "step") return step < 0 ? "in the optimizer's step" : `in the optimizer's step for ${net.layers[step].name}`;
  return `in the ${word} pass of ${step < 0 ? "loss" : net.layers[step].name}`;
}

// What is alive at a moment, the largest first; all of it adds up to the live bytes.
function alive(net, run, parts, stacks, place) {
  const there = run.lifetimes.filter((one) => one[3] <= place && place <= one[4]);
  there.sort((a, b) => compared(b[5], a[5]));
  const rest = there.slice(LISTED);
  const legend = parts.map((name, part) => [name, part, total(there.filter((one) => one[2] === part).map((one) => one[5]))]);
  return [
    el("ul", { class: "legend" }, legend.filter((one) => one[2]).map(([name, part, bytes]) =>
      el("li", null, el("span", { class: `swatch part${part}` }), `${name} `, el("b", null, size(bytes))))),
    el("table", null, el("caption", null, `${plural(there.reduce((sum, one) => sum + one[6], 0), "tensor")} alive`),
      el("thead", null, el("tr", null, ["layer", "tensor", "bytes"].map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", null, there.slice(0, LISTED).map(([role, step, part, , , bytes, many]) => el("tr", null,
        el("th", { scope: "row" }, el("span", { class: `swatch part${part}` }), step < 0 ? "loss" : breakable(net.layers[step].name)),
        el("td", null, `${run.words[role]}${many > 1 ? ` (${many})` : ""}`),
        el("td", { class: "number" }, size(bytes)))),
      rest.length ? el("tr", null, el("th", { scope: "row" }, `${plural(rest.length, "smaller entry", "smaller entries")}`),
        el("td"), el("td", { class: "number" }, size(total(rest.map((one) => one[5]))))) : null)),
  ];
}
