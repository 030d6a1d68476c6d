/** Plain controls. Text goes in as text nodes; what people wrote stands isolated in <bdi>. */

import { el } from "../chat/dom.js";

/** @param {string} label @param {() => void} onclick @param {Record<string, unknown>} [attributes] */
export function action(label, onclick, attributes = {}) {
  return el("button", { type: "button", class: "button button--small", onclick, ...attributes }, label);
}

/** The same, less prominent. @param {string} label @param {() => void} onclick @param {Record<string, unknown>} [attributes] */
export function second(label, onclick, attributes = {}) {
  const shape = { class: "button button--second button--small" };
  return action(label, onclick, { ...shape, ...attributes });
}

/** @param {string} id @param {string} label @param {[string, string][]} options value and label
 * @param {Record<string, unknown>} [attributes]
 */
export function choice(id, label, options, attributes = {}) {
  const select = el(
    "select",
    { id, ...attributes },
    ...options.map(([value, text]) => el("option", { value }, text)),
  );
  return el("p", { class: "field" }, el("label", { for: id }, label), select);
}

/** What a person wrote. @param {string} text */
export function theirs(text) {
  return el("bdi", {}, text);
}

/** A part of the side column that opens and closes.
 * @param {string} name @param {string} title @param {boolean} open @param {...(Node | null)} children
 */
export function panel(name, title, open, ...children) {
  return el(
    "details",
    { class: `panel panel--${name}`, open },
    el("summary", {}, el("h2", {}, title)),
    el("div", { class: "panel__body" }, ...children),
  );
}
