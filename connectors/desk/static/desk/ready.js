/** Ready replies and suggested answers, to be put into the answer and changed before it is sent. */

import { el } from "../chat/dom.js";
import { panel, second, theirs } from "./controls.js";

const SHOWN = 8;

export class Ready {
  /**
   * @param {import("./main.js").Room} room
   * @param {import("./api.js").DeskApi} api of the conversation
   * @param {(text: string) => void} insert
   */
  constructor(room, api, insert) {
    const { say } = room;
    this.room = room;
    this.api = api;
    this.insert = insert;
    this.talking = "en";
    /** @type {any[]} */
    this.replies = [];
    this.input = /** @type {HTMLInputElement} */ (
      el("input", { id: "ready", type: "search", autocomplete: "off", oninput: () => this.#draw() })
    );
    this.list = el("ul", { class: "ready" });
    this.suggestions = el("div");
    this.element = panel(
      "ready",
      say("desk.replies.title"),
      false,
      el("label", { for: "ready" }, say("desk.replies.search")),
      this.input,
      this.list,
    );
    this.suggested = panel(
      "suggested",
      say("desk.suggested.title"),
      false,
      el("p", { class: "quiet" }, say("desk.suggested.lead")),
      this.suggestions,
    );
  }

  async start() {
    const [replies, suggested] = await Promise.all([
      this.room.api.get("/replies").catch(() => null),
      this.api.get("/suggestions").catch(() => null),
    ]);
    this.replies = replies?.body?.replies ?? [];
    this.#draw();
    this.#suggest(suggested?.body?.suggestions ?? []);
  }

  /** @param {string} language of the person */
  speak(language) {
    if (language === this.talking) return;
    this.talking = language;
    this.start();
  }

  focus() {
    this.element.setAttribute("open", "");
    this.input.focus();
  }

  #draw() {
    const wanted = this.input.value.toLowerCase();
    const found = this.replies
      .filter((one) => `${one.name} ${one[this.talking]}`.toLowerCase().includes(wanted))
      .slice(0, SHOWN);
    const none = el("li", { class: "quiet" }, this.room.say("desk.replies.none"));
    this.list.replaceChildren(...(found.length ? found.map((one) => this.#reply(one)) : [none]));
  }

  /** @param {any} one */
  #reply(one) {
    const { say } = this.room;
    const text = one[this.talking];
    return el(
      "li",
      {},
      el("strong", {}, theirs(one.name)),
      el("p", { class: "kept", lang: this.talking }, theirs(text)),
      second(say("desk.replies.insert"), () => this.insert(text), {
        "aria-label": say("desk.replies.insert_what", { name: one.name }),
      }),
    );
  }

  /** @param {any[]} suggestions */
  #suggest(suggestions) {
    const { say } = this.room;
    const none = el("p", { class: "quiet" }, say("desk.suggested.none"));
    const items = suggestions.map((one) =>
      el(
        "article",
        {},
        el("h3", {}, one.title),
        el("p", { class: "kept", lang: one.lang }, one.text),
        second(say("desk.replies.insert"), () => this.insert(one.text), {
          "aria-label": say("desk.replies.insert_what", { name: one.title }),
        }),
      ),
    );
    this.suggestions.replaceChildren(...(items.length ? items : [none]));
  }
}
