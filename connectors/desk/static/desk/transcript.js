/**
 * The conversation as an agent sees it. What the person wrote stands in a bubble with its origin, so
 * that no text of theirs can look like a word of the service (knowledge: security, T29).
 */

import { el } from "../chat/dom.js";
import { End } from "../chat/end.js";
import { paragraphs } from "../chat/text.js";
import { second } from "./controls.js";

const NAMES = { user: "desk.author.user", bot: "desk.author.bot", system: "desk.author.system" };

/** @typedef {import("../chat/line.js").Line & {name?: string, form?: string, offered?: string[], masked?: boolean}} DeskLine */

export class Transcript {
  /** @param {import("./main.js").Room} room @param {(message: any) => void} again */
  constructor(room, again) {
    this.room = room;
    this.again = again;
    this.delivery = {};
    this.lines = el("div", { class: "log__lines" });
    this.outgoing = el("div", { class: "log__outgoing" });
    this.typing = el("p", { class: "typing", role: "status" });
    this.element = el(
      "div",
      {
        class: "log",
        role: "log",
        "aria-live": "off",
        tabindex: "0",
        "aria-label": room.say("desk.talk.transcript"),
      },
      this.lines,
      this.outgoing,
      this.typing,
    );
    this.end = new End(this.element, [this.lines, this.outgoing]);
  }

  /** @param {DeskLine} line */
  add(line) {
    this.lines.append(this.#line(line));
    this.end.follow();
  }

  /** @param {import("../chat/outbox.js").Outgoing[]} messages */
  showOutgoing(messages) {
    this.outgoing.replaceChildren(...messages.map((message) => this.#outgoing(message)));
    if (messages.length) this.end.go();
  }

  /** @param {boolean} typing */
  showTyping(typing) {
    const text = typing ? this.room.say("desk.talk.typing") : "";
    if (this.typing.textContent !== text) this.typing.textContent = text;
  }

  /** What became of the lines that went out as text messages. @param {Record<string, string>} delivery */
  showDelivery(delivery) {
    this.delivery = delivery;
    for (const place of this.lines.querySelectorAll("[data-delivery]")) {
      place.textContent = this.#delivered(place.getAttribute("data-delivery") ?? "");
    }
  }

  /** @param {DeskLine} line */
  #line(line) {
    const { say } = this.room;
    const extras = [
      line.form ? say("desk.talk.card", { kind: line.form }) : null,
      line.offered?.length ? say("desk.talk.choices", { labels: line.offered.join(" · ") }) : null,
    ].filter(Boolean);
    return el(
      "div",
      { class: `line line--${line.author}`, "data-number": line.number },
      this.#header(line),
      el("div", { class: "bubble", lang: line.lang }, el("bdi", {}, ...paragraphs(line.text))),
      ...extras.map((text) => el("p", { class: "line__extra" }, el("bdi", {}, text))),
      ...(line.links ?? []).map((link) => el("p", { class: "line__extra" }, el("bdi", {}, link.url))),
    );
  }

  /** @param {DeskLine} line */
  #header(line) {
    const { say } = this.room;
    const name = NAMES[line.author] ? say(NAMES[line.author]) : (line.name ?? say("page.author.agent"));
    return el(
      "p",
      { class: "line__header" },
      el("span", { class: "line__author" }, el("bdi", {}, name)),
      el("time", { datetime: line.at }, this.#time(line.at)),
      line.author === "agent"
        ? el("span", { "data-delivery": line.number }, this.#delivered(String(line.number)))
        : null,
    );
  }

  /** @param {string} number */
  #delivered(number) {
    const state = this.delivery[number];
    return this.room.say(`desk.delivery.${state ?? "stored"}`);
  }

  /** @param {string} at */
  #time(at) {
    const moment = new Date(at);
    const locale = `${this.room.language}-CA`;
    return moment.toDateString() === new Date().toDateString()
      ? moment.toLocaleTimeString(locale, { timeStyle: "short" })
      : moment.toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
  }

  /** @param {import("../chat/outbox.js").Outgoing} message */
  #outgoing(message) {
    const { say } = this.room;
    const failed = message.state === "failed";
    const state = failed
      ? el(
          "div",
          { class: "line__failed", role: "alert" },
          el("span", {}, `${say("desk.talk.failed")} ${message.reason ?? ""}`),
          message.refused ? null : second(say("desk.talk.again"), () => this.again(message)),
        )
      : el("p", { class: "line__state" }, say("desk.talk.sending"));
    return el(
      "div",
      { class: `line line--agent line--${message.state}` },
      el("div", { class: "bubble" }, ...paragraphs(message.text)),
      state,
    );
  }
}
