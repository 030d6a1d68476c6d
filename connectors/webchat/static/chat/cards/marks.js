/** What a check found, drawn over the photo. Each mark differs by its shape, not by colour alone. */

import { el } from "../dom.js";

/** @typedef {import("./pixels.js").Box} Box */
/** @typedef {{width: number, height: number, face?: Box, frame?: Box, not_white?: Box[]}} Report */
/** @typedef {import("../texts.js").Say} Say */

const SPACE = "http://www.w3.org/2000/svg";
// Stripes across the shorter side of the photo, and how large a sample in the legend is.
const STRIPES = 26;
const SAMPLE = { width: 32, height: 22 };

/** The marks as a layer over the picture; the words beside it say the same.
 * @param {Report} report @param {string} id
 */
export function marks(report, id) {
  const { width, height } = report;
  const layer = shape("svg", {
    class: "marks",
    viewBox: `0 0 ${width} ${height}`,
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  layer.append(hatching(`${id}-hatching`, Math.min(width, height) / STRIPES));
  for (const box of report.not_white ?? []) layer.append(...notWhite(scaled(box, report), id));
  if (report.frame) layer.append(...frame(scaled(report.frame, report), width, height));
  if (report.face) layer.append(...face(scaled(report.face, report)));
  return layer;
}

/** What each mark that is drawn means. @param {Report} report @param {string} id @param {Say} say */
export function legend(report, id, say) {
  const { width, height } = SAMPLE;
  const sample = { x: 4, y: 3, width: width - 8, height: height - 6 };
  /** @type {[string, SVGElement[]][]} */
  const entries = [];
  if (report.face) entries.push(["face", face(sample)]);
  if (report.frame) entries.push(["frame", frame(sample, width, height)]);
  if (report.not_white?.length) entries.push(["not_white", notWhite(sample, `${id}-key`)]);
  if (!entries.length) return null;
  return el(
    "ul",
    { class: "legend", "aria-label": say("cards.photo.legend") },
    ...entries.map(([name, drawn]) => {
      const drawing = shape("svg", { class: "marks", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
      drawing.append(hatching(`${id}-key-hatching`, 7), ...drawn);
      return el("li", {}, drawing, say(`cards.photo.mark_${name}`));
    }),
  );
}

/** A line that shows on light and on dark: a wide one below a narrow one.
 * @param {string} tag @param {string} name @param {Record<string, unknown>} where
 */
function twice(tag, name, where) {
  return ["under", "over"].map((part) => shape(tag, { class: `mark mark--${name} mark--${part}`, ...where }));
}

/** @param {any} where */
function face(where) {
  return twice("rect", "face", { ...where, rx: where.width / 5 });
}

/** Outside it is dimmed. @param {any} where @param {number} width @param {number} height */
function frame(where, width, height) {
  const { x, y } = where;
  const hole = `M${x} ${y}h${where.width}v${where.height}h${-where.width}z`;
  const outside = shape("path", {
    class: "mark__outside",
    d: `M0 0h${width}v${height}h${-width}z${hole}`,
    "fill-rule": "evenodd",
  });
  return [outside, ...twice("rect", "frame", where)];
}

/** @param {any} where @param {string} id of the hatching */
function notWhite(where, id) {
  return [
    shape("rect", { ...where, fill: `url(#${id}-hatching)` }),
    shape("rect", { class: "mark mark--not-white", ...where }),
  ];
}

/** @param {string} id @param {number} size */
function hatching(id, size) {
  const pattern = shape("pattern", {
    id,
    width: size,
    height: size,
    patternUnits: "userSpaceOnUse",
    patternTransform: "rotate(45)",
  });
  const stripe = { width: size / 2, height: size };
  pattern.append(
    shape("rect", { class: "mark__stripe", ...stripe }),
    shape("rect", { class: "mark__gap", x: size / 2, ...stripe }),
  );
  return pattern;
}

/** @param {Box} box @param {Report} report */
function scaled({ left, top, width, height }, report) {
  return {
    x: left * report.width,
    y: top * report.height,
    width: width * report.width,
    height: height * report.height,
  };
}

/** @param {string} tag @param {Record<string, unknown>} attributes @returns {SVGElement} */
function shape(tag, attributes) {
  const made = /** @type {SVGElement} */ (document.createElementNS(SPACE, tag));
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
