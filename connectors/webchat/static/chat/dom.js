/** Building elements. Text goes in as text nodes only: nothing here, or anywhere, parses markup. */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] `on…` are listeners, booleans set or leave out
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    setAttribute(element, name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** An icon from the page's own drawings (24 by 24), hidden from screen readers.
 * @param {string[]} paths outlines, as in an SVG path's `d`
 */
export function icon(...paths) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  for (const outline of paths) {
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", outline);
    svg.append(path);
  }
  return svg;
}

/** A button of the design system.
 * @param {string} label
 * @param {(event: Event) => void} onclick
 * @param {Record<string, unknown>} [attributes]
 */
export function button(label, onclick, attributes = {}) {
  return el("gcds-button", { type: "button", size: "small", onclick, ...attributes }, label);
}

/** A button that sends the form it is in; so does Enter in a field.
 * @param {string} label
 */
export function submit(label) {
  return el("gcds-button", { type: "submit", size: "small" }, label);
}

/** Put the focus on an element or, for one of the design system's, on the control inside it.
 * @param {HTMLElement | null | undefined} element
 */
export async function focus(element) {
  if (!element) return;
  await customElements.whenDefined("gcds-button");
  await /** @type {any} */ (element).componentOnReady?.();
  const inner = element.shadowRoot?.querySelector("button, input, select, a[href], [tabindex]");
  /** @type {HTMLElement} */ (inner ?? element).focus();
}

/** @param {HTMLElement} element @param {string} name @param {unknown} value */
function setAttribute(element, name, value) {
  if (typeof value === "function") {
    element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
  } else if (value === true) {
    element.setAttribute(name, "");
  } else if (value !== false && value !== null && value !== undefined) {
    element.setAttribute(name, String(value));
  }
}
