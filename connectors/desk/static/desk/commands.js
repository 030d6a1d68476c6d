/**
 * Everything that can be done by keyboard. A part of the page adds its commands; the palette lists
 * them, single keys run them outside of text fields. Single keys can be switched off (WCAG 2.1.4).
 */

/** @typedef {{id: string, label: string, key?: string, run: () => void, ready?: () => boolean}} Command */

const SWITCH = "desk.single-keys";

export class Commands {
  constructor() {
    /** @type {Command[]} */
    this.all = [];
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {...Command} commands */
  add(...commands) {
    const ids = new Set(commands.map((command) => command.id));
    this.all = [...this.all.filter((command) => !ids.has(command.id)), ...commands];
  }

  /** Those that can be run now. */
  get ready() {
    return this.all.filter((command) => command.ready?.() ?? true);
  }

  get single() {
    return localStorage.getItem(SWITCH) !== "off";
  }

  set single(on) {
    localStorage.setItem(SWITCH, on ? "on" : "off");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return this.all.find((command) => command.id === "palette")?.run();
    }
    if (!this.single || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    const found = this.ready.find((command) => command.key === event.key);
    if (!found) return;
    event.preventDefault();
    found.run();
  }
}

/** @param {Event} event */
function isTyping(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  return target.closest("input, textarea, select, dialog, [contenteditable]") !== null;
}
