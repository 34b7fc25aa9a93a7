// Elements. Texts become text nodes, and nothing here reads markup: a text of a spec stays a text.

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === "style") {
      for (const [property, own] of Object.entries(value)) element.style.setProperty(property, own);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

const el = (tag, attributes, ...children) =>
  filled(document.createElement(tag), attributes, children);

const svg = (tag, attributes, ...children) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

// A name that may be broken behind its dots and underscores.
const breakable = (name) => name.split(/(?<=[._])/).flatMap((part, at) => (at ? [el("wbr"), part] : [part]));

// A section with its heading.
function panel(id, title, ...children) {
  return el("section", { id, "aria-labelledby": `${id}-title`, class: "panel" },
    el("h2", { id: `${id}-title` }, title), ...children);
}

// One of a few choices: buttons of which one is pressed.
function choice(label, options, chosen, changed) {
  const buttons = options.map(([value, text]) =>
    el("button", { type: "button", "aria-pressed": String(value === chosen), on: {
      click: () => {
        buttons.forEach((one, i) => one.setAttribute("aria-pressed", String(options[i][0] === value)));
        changed(value);
      },
    } }, text));
  return el("div", { class: "choice", role: "group", "aria-label": label }, buttons);
}

// Arrow keys go from one element to the next; only one of them is a stop of the Tab key.
function roving(elements, next = "ArrowRight", previous = "ArrowLeft") {
  const keys = { [next]: 1, ArrowDown: 1, [previous]: -1, ArrowUp: -1 };
  elements.forEach((element, place) => {
    element.setAttribute("tabindex", place ? "-1" : "0");
    element.addEventListener("focus", () => {
      elements.forEach((one) => one.setAttribute("tabindex", one === element ? "0" : "-1"));
    });
    element.addEventListener("keydown", (event) => {
      let to = event.key in keys ? place + keys[event.key] : -1;
      if (event.key === "Home") to = 0;
      if (event.key === "End") to = elements.length - 1;
      if (to < 0 || to >= elements.length) return;
      event.preventDefault();
      elements[to].focus();
    });
  });
}
