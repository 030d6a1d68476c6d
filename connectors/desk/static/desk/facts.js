/** Who, what and why; and the notes for colleagues. */

import { el } from "../chat/dom.js";
import { action, panel, theirs } from "./controls.js";
import { ago, clock, isLate, left } from "./times.js";

export class Facts {
  /** @param {import("./main.js").Room} room */
  constructor(room) {
    this.room = room;
    this.list = el("dl", { class: "facts" });
    this.tried = el("div");
    this.warning = el("p", { class: "wrong", role: "alert", hidden: true }, room.say("desk.talk.representative"));
    const title = room.say("desk.talk.facts");
    this.element = panel("facts", title, true, this.warning, this.list, this.tried);
  }

  /** @param {any} view */
  show(view) {
    const { say, language } = this.room;
    this.warning.hidden = !view.representative;
    const rows = [
      ["desk.column.reason", view.reason],
      ["desk.column.topic", view.topic],
      ["desk.column.language", say(`desk.language.of_${view.language}`)],
      ["desk.column.channel", view.channel_label],
      ["desk.talk.proven", say(view.proven ? "desk.talk.proven_yes" : "desk.talk.proven_no")],
      ["desk.talk.asked_at", `${clock(view.asked_at, language)} (${ago(view.asked_at, say)})`],
      ["desk.column.left", left(view.due_at, say), isLate(view.due_at) ? "late" : ""],
      ["desk.column.agent", view.mine ? say("desk.you") : (view.owner ?? say("desk.nobody"))],
    ];
    this.list.replaceChildren(
      ...rows.map(([key, value, kind]) =>
        el("div", {}, el("dt", {}, say(key)), el("dd", { class: kind ?? "" }, value)),
      ),
    );
    const items = view.tried.map((one) => el("li", {}, one));
    const title = el("h3", {}, say("desk.talk.tried"));
    this.tried.replaceChildren(...(items.length ? [title, el("ol", {}, ...items)] : []));
  }
}

export class Notes {
  /** @param {import("./main.js").Room} room @param {(text: string) => Promise<boolean>} save */
  constructor(room, save) {
    const { say } = room;
    this.room = room;
    this.save = save;
    /** What was unread when this page first showed it stays marked as long as the page is there. */
    this.unread = new Set();
    this.list = el("ol", { class: "notes" });
    this.input = /** @type {HTMLTextAreaElement} */ (
      el("textarea", { id: "note", rows: 2, maxlength: 4_000 })
    );
    this.element = panel(
      "notes",
      say("desk.notes.title"),
      true,
      el("p", { class: "quiet" }, say("desk.notes.lead")),
      this.list,
      el("label", { for: "note" }, say("desk.notes.label")),
      this.input,
      action(say("desk.notes.save"), () => this.#save(), { class: "button button--second button--small" }),
    );
  }

  open() {
    this.element.setAttribute("open", "");
  }

  focus() {
    this.open();
    this.input.focus();
  }

  /** @param {any[]} notes */
  show(notes) {
    const { say } = this.room;
    for (const note of notes) if (note.unread) this.unread.add(note.id);
    const items = notes.map((note) => this.#note(note));
    const none = el("li", { class: "quiet" }, say("desk.notes.none"));
    this.list.replaceChildren(...(items.length ? items : [none]));
  }

  /** @param {any} note */
  #note(note) {
    return el(
      "li",
      { class: `note-item note-item--${note.kind}` },
      el(
        "p",
        { class: "quiet" },
        this.unread.has(note.id) ? el("span", { class: "tag" }, this.room.say("desk.notes.unread")) : null,
        theirs(note.by),
        ` · ${note.kind_label} · `,
        el("time", { datetime: note.at }, clock(note.at, this.room.language)),
      ),
      el("p", { class: "kept" }, theirs(note.text)),
    );
  }

  async #save() {
    const text = this.input.value.trim();
    if (!text) return this.input.focus();
    if (await this.save(text)) this.input.value = "";
  }
}
