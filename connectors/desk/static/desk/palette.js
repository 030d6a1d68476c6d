/** The command palette: a dialog with a field that narrows a list (combobox pattern of the ARIA APG). */

import { el } from "../chat/dom.js";

/** @typedef {import("./commands.js").Command} Command */

export class Palette {
  /** @param {import("./commands.js").Commands} commands @param {import("../chat/texts.js").Say} say */
  constructor(commands, say) {
    this.commands = commands;
    this.say = say;
    this.chosen = 0;
    /** @type {Command[]} */
    this.shown = [];
    this.list = el("ul", { id: "palette-list", role: "listbox", "aria-label": say("desk.keys.palette") });
    this.input = /** @type {HTMLInputElement} */ (
      el("input", {
        id: "palette-input",
        role: "combobox",
        "aria-expanded": "true",
        "aria-controls": "palette-list",
        "aria-autocomplete": "list",
        autocomplete: "off",
        oninput: () => this.#narrow(),
        onkeydown: (event) => this.#key(/** @type {KeyboardEvent} */ (event)),
      })
    );
    this.none = el("p", { role: "status", class: "quiet" });
    this.dialog = /** @type {HTMLDialogElement} */ (
      el(
        "dialog",
        { class: "palette", "aria-label": say("desk.keys.palette") },
        el("label", { for: "palette-input" }, say("desk.keys.palette_label")),
        this.input,
        this.list,
        this.none,
      )
    );
    document.body.append(this.dialog);
  }

  open() {
    if (this.dialog.open) return this.dialog.close();
    this.input.value = "";
    this.#narrow();
    this.dialog.showModal();
    this.input.focus();
  }

  #narrow() {
    const wanted = plain(this.input.value);
    this.shown = this.commands.ready.filter((one) => plain(one.label).includes(wanted));
    this.chosen = 0;
    this.none.textContent = this.shown.length ? "" : this.say("desk.keys.palette_none");
    this.#draw();
  }

  #draw() {
    this.list.replaceChildren(...this.shown.map((command, place) => this.#row(command, place)));
    const id = this.shown.length ? `palette-${this.chosen}` : "";
    this.input.setAttribute("aria-activedescendant", id);
    this.list.children[this.chosen]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {Command} command @param {number} place */
  #row(command, place) {
    const selected = place === this.chosen;
    return el(
      "li",
      {
        id: `palette-${place}`,
        role: "option",
        "aria-selected": String(selected),
        onclick: () => this.#run(command),
      },
      el("span", {}, command.label),
      command.key ? el("kbd", {}, command.key) : null,
    );
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.shown.length) {
      event.preventDefault();
      this.chosen = (this.chosen + step + this.shown.length) % this.shown.length;
      this.#draw();
    } else if (event.key === "Enter" && this.shown[this.chosen]) {
      event.preventDefault();
      this.#run(this.shown[this.chosen]);
    }
  }

  /** @param {Command} command */
  #run(command) {
    this.dialog.close();
    command.run();
  }
}

/** Without accents and capitals. @param {string} text */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
