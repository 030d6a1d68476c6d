/** Where the person is signed in: a dialog that lists it, and ends what they do not know. */

import { button, el } from "./dom.js";

/** @typedef {{id: string, opened_at: string, seen_at: string, this: boolean}} Session */
/** @typedef {import("./view.js").Room} Room */

export class Sessions {
  /** @param {Room} room */
  constructor(room) {
    const { say } = room;
    this.room = room;
    this.title = el("h2", { id: "sessions-title", tabindex: "-1" }, say("page.chat.sessions.title"));
    this.list = el("ul", {});
    // Inside the dialog: a screen reader hears nothing from outside while it is open.
    this.status = el("p", { class: "sessions__status", role: "status" });
    this.others = button(say("page.chat.sessions.end_others"), () => this.#endOthers());
    this.element = this.#dialog();
  }

  async open() {
    if (!(await this.#look())) return;
    this.status.textContent = "";
    this.element.showModal();
    this.title.focus();
  }

  #dialog() {
    const { say } = this.room;
    const back = button(say("page.chat.sessions.back"), () => this.element.close(), {
      "button-role": "secondary",
    });
    return /** @type {HTMLDialogElement} */ (
      el(
        "dialog",
        { class: "sessions", "aria-labelledby": "sessions-title" },
        this.title,
        el("p", {}, say("page.chat.sessions.lead")),
        this.list,
        this.status,
        el("div", { class: "card__actions" }, this.others, back),
      )
    );
  }

  /** Ask anew and draw. @returns {Promise<boolean>} false: there is nothing to show */
  async #look() {
    const answer = await this.room.get("/sessions");
    if (answer?.status !== 200) return false;
    /** @type {Session[]} */
    const sessions = answer.body;
    this.list.replaceChildren(...sessions.map((session) => this.#entry(session)));
    this.others.hidden = sessions.every((session) => session.this);
    return true;
  }

  /** @param {Session} session */
  #entry(session) {
    const { say, language } = this.room;
    const opened = inWords(session.opened_at, language);
    const seen = inWords(session.seen_at, language);
    return el(
      "li",
      {},
      el(
        "div",
        {},
        el("strong", {}, say(`page.chat.sessions.${session.this ? "this" : "another"}`)),
        el("p", {}, say("page.chat.sessions.opened", { when: opened })),
        el("p", {}, say("page.chat.sessions.seen", { when: seen })),
      ),
      session.this ? null : this.#endButton(session, opened),
    );
  }

  /** @param {Session} session @param {string} opened */
  #endButton({ id }, opened) {
    const { say } = this.room;
    const which = ` ${say("page.chat.sessions.end_which", { when: opened })}`;
    const end = button(say("page.chat.sessions.end"), () => this.#end({ id }, "ended"), {
      "button-role": "secondary",
    });
    end.append(el("span", { class: "hidden" }, which));
    return end;
  }

  #endOthers() {
    return this.#end({ others: true }, "others_ended");
  }

  /** The button that was pressed is gone afterwards, so the focus goes to the title.
   * @param {object} which @param {string} said
   */
  async #end(which, said) {
    const answer = await this.room.post("/sessions/end", which);
    if (answer?.status !== 204 || !(await this.#look())) return;
    const only = this.others.hidden ? ` ${this.room.say("page.chat.sessions.only")}` : "";
    this.status.textContent = this.room.say(`page.chat.sessions.${said}`) + only;
    this.title.focus();
  }
}

/** A date and time in words; the time ("7:11 a.m.", « 07 h 11 ») stays in one line.
 * @param {string} at @param {string} language
 */
function inWords(at, language) {
  const style = /** @type {const} */ ({ dateStyle: "long", timeStyle: "short" });
  const words = new Date(at).toLocaleString(`${language}-CA`, style);
  return words.replace(/(\d)\s(?=h|[ap]\.m\.)/, "$1\u00a0").replace(/h\s(?=\d)/, "h\u00a0");
}
