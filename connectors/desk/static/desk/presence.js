/** The agent's sign of life, whether they take new conversations, and the end of their session. */

import { el } from "../chat/dom.js";
import { second } from "./controls.js";

const EVERY = 10_000;
const WARN_SECONDS = 120;
const STATE = "desk.presence";

export class Presence {
  /** @param {import("./api.js").DeskApi} api @param {import("../chat/texts.js").Say} say */
  constructor(api, say) {
    this.api = api;
    this.say = say;
    this.over = false;
    this.select = /** @type {HTMLSelectElement} */ (
      el(
        "select",
        { id: "presence", onchange: () => this.set(this.select.value) },
        ...["available", "away"].map((one) => el("option", { value: one }, say(`desk.presence.${one}`))),
      )
    );
    this.select.value = sessionStorage.getItem(STATE) ?? "available";
    this.element = el(
      "p",
      { class: "presence" },
      el("label", { for: "presence" }, say("desk.presence.label")),
      this.select,
    );
    this.banner = el("div", { class: "ending", role: "status" });
  }

  async start() {
    for (;;) {
      await this.#beat();
      if (this.over) return;
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }

  /** @param {string} state */
  set(state) {
    this.select.value = state;
    sessionStorage.setItem(STATE, state);
    this.#beat();
  }

  toggle() {
    this.set(this.select.value === "away" ? "available" : "away");
  }

  async #beat() {
    const call = this.api.post("/presence", { state: this.select.value });
    const answer = await call.catch(() => null);
    if (answer?.status === 401) this.end();
    else if (answer?.body) this.left(answer.body.seconds_left);
  }

  /** @param {number} seconds until the session ends by itself */
  left(seconds) {
    if (this.over) return;
    if (seconds > WARN_SECONDS) return this.banner.replaceChildren();
    if (this.banner.childElementCount) return;
    const minutes = Math.max(1, Math.round(seconds / 60));
    this.banner.replaceChildren(
      el("p", {}, this.say("desk.ending.warn", { minutes })),
      second(this.say("desk.ending.stay"), () => this.#stay()),
    );
  }

  async #stay() {
    const answer = await this.api.post("/stay", {}).catch(() => null);
    if (answer?.status === 200) this.banner.replaceChildren();
  }

  /** The session is over: nothing that was shown stays on the page. */
  end() {
    if (this.over) return;
    this.over = true;
    const door = `/${this.api.language}/sign-in`;
    document.querySelector("desk-conversation, desk-queue")?.remove();
    this.banner.replaceChildren(
      el("p", {}, this.say("desk.ending.over")),
      el("p", {}, el("a", { href: door, class: "button button--small" }, this.say("desk.ending.again"))),
    );
  }
}
