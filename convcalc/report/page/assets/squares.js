// Squarified treemaps (Bruls, Huizing & van Wijk 2000): rectangles of given areas, near to squares.

// [x, y, width, height] for each weight, in order; weights are positive, the largest first.
function squares(weights, x, y, width, height) {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const found = [];
  if (!whole || width <= 0 || height <= 0) return weights.map(() => [x, y, 0, 0]);
  const scale = (width * height) / whole;
  let row = [];
  let at = 0;
  while (at < weights.length) {
    const area = weights[at] * scale;
    const side = Math.min(width, height);
    if (!row.length || worst([...row, area], side) <= worst(row, side)) {
      row.push(area);
      at += 1;
      continue;
    }
    [x, y, width, height] = laid(row, x, y, width, height, found);
    row = [];
  }
  if (row.length) laid(row, x, y, width, height, found);
  return found;
}

// How far the longest rectangle of a row is from a square.
function worst(row, side) {
  const sum = row.reduce((all, area) => all + area, 0);
  return Math.max((side * side * Math.max(...row)) / (sum * sum), (sum * sum) / (side * side * Math.min(...row)));
}

// Lays a row along the shorter side; what is left of the rectangle.
function laid(row, x, y, width, height, found) {
  const sum = row.reduce((all, area) => all + area, 0);
  const isWide = width >= height;
  const thick = sum / (isWide ? height : width);
  let along = isWide ? y : x;
  for (const area of row) {
    const length = area / thick;
    found.push(isWide ? [x, along, thick, length] : [along, y, length, thick]);
    along += length;
  }
  return isWide ? [x + thick, y, width - thick, height] : [x, y + thick, width, height - thick];
}
