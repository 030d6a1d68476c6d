/** <desk-board>: who waits, who works and what is late, looked at every few seconds. */

import { el } from "../chat/dom.js";
import { second, theirs } from "./controls.js";
import { askMove } from "./supervise.js";
import { ago, clock, isLate, left } from "./times.js";

const EVERY = 3_000;
const AGENTS = ["agent", "presence", "languages", "load"];
const ROWS = ["reason", "topic", "language", "waiting", "left", "agent", "act"];

export class Board {
  /** @param {HTMLElement} place @param {import("./main.js").Room} room */
  constructor(place, room) {
    this.place = place;
    this.room = room;
    this.drawn = "";
    /** @type {any} */
    this.data = null;
    this.lost = el("p", { class: "lost", role: "status" });
    this.alerts = el("ul", { class: "alerts" });
    this.glance = el("dl", { class: "glance" });
    this.agents = el("tbody");
    this.rows = el("tbody");
  }

  async start() {
    const { say } = this.room;
    this.place.replaceChildren(
      this.lost,
      el("div", { role: "status" }, this.alerts),
      this.glance,
      el("h2", {}, say("desk.board.agents")),
      this.#table(say("desk.board.agents"), AGENTS.map((one) => say(`desk.board.${one}`)), this.agents),
      el("h2", {}, say("desk.board.open")),
      this.#table(say("desk.board.open"), ROWS.map((one) => say(`desk.column.${one}`)), this.rows),
    );
    while (!this.room.presence.over) {
      await this.#look();
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }

  /** @param {string} name @param {string[]} heads @param {Node} body */
  #table(name, heads, body) {
    const head = el("thead", {}, el("tr", {}, ...heads.map((one) => el("th", { scope: "col" }, one))));
    return el(
      "div",
      { class: "table", role: "region", tabindex: "0", "aria-label": name },
      el("table", {}, head, body),
    );
  }

  async #look() {
    const answer = await this.room.api.get("/board").catch(() => null);
    if (answer?.status === 401) return this.room.presence.end();
    this.lost.textContent = answer?.status === 200 ? "" : this.room.say("desk.lost");
    if (answer?.status !== 200) return;
    this.data = answer.body;
    this.#drawGlance();
    const seen = JSON.stringify([this.data.agents, this.data.rows, this.data.alerts]);
    if (seen === this.drawn) return this.#times();
    this.drawn = seen;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.focus;
    this.alerts.replaceChildren(...this.data.alerts.map((one) => this.#alert(one)));
    this.agents.replaceChildren(...this.data.agents.map((one) => this.#agent(one)));
    const none = el("tr", {}, el("td", { colspan: ROWS.length }, this.room.say("desk.view.none")));
    const rows = this.data.rows.map((row) => this.#row(row));
    this.rows.replaceChildren(...(rows.length ? rows : [none]));
    const again = this.place.querySelector(`[data-focus="${focused}"]`);
    /** @type {HTMLElement | null} */ (again)?.focus({ preventScroll: true });
  }

  #drawGlance() {
    const { say } = this.room;
    const { waiting, longest, late, agents } = this.data;
    const there = agents.filter((one) => one.state === "available").length;
    const facts = [
      ["waiting", String(waiting.en + waiting.fr), say("desk.board.by_language", waiting)],
      ["longest", longest ? ago(longest, say) : "–", ""],
      ["late", String(late), ""],
      ["there", String(there), ""],
    ];
    this.glance.replaceChildren(
      ...facts.map(([key, value, more]) =>
        el(
          "div",
          {},
          el("dt", {}, say(`desk.board.${key}`)),
          el("dd", {}, el("strong", {}, value), more ? el("span", { class: "quiet" }, more) : null),
        ),
      ),
    );
  }

  /** @param {any} one */
  #alert(one) {
    const { say, language } = this.room;
    const text = say("desk.board.alert", { count: one.count, time: clock(one.at, language) });
    const seen = second(say("desk.board.alert_seen"), () => this.#lookedInto(one), {
      "aria-label": say("desk.board.alert_seen_whom", { name: one.agent }),
      "data-focus": `alert-${one.id}`,
    });
    return el("li", {}, el("p", {}, el("strong", {}, theirs(one.agent)), " ", text), one.own ? null : seen);
  }

  /** @param {any} one */
  async #lookedInto(one) {
    const answer = await this.room.api.post(`/alerts/${one.id}/seen`, {}).catch(() => null);
    if (answer?.status === 200) this.room.announce(this.room.say("desk.talk.moved"));
    await this.#look();
    if (answer?.status !== 200) this.lost.textContent = answer?.body?.error ?? this.room.say("desk.lost");
  }

  /** @param {any} one */
  #agent(one) {
    const { say } = this.room;
    const spoken = one.languages.map((each) => say(`desk.language.of_${each}`)).join(", ");
    return el(
      "tr",
      { class: one.state === "gone" ? "quiet" : "" },
      el("th", { scope: "row" }, theirs(one.name), " ", el("span", { class: "quiet" }, one.role)),
      el("td", {}, say(one.state === "gone" ? "desk.board.gone" : `desk.presence.${one.state}`)),
      el("td", {}, spoken),
      el("td", {}, say("desk.board.of", { load: one.load, capacity: one.capacity })),
    );
  }

  /** @param {any} row */
  #row(row) {
    const { say, language } = this.room;
    const what = `${row.reason}, ${row.topic}`;
    const tags = [row.escalated ? say("desk.board.escalated") : "", row.urgent ? say("desk.urgent") : ""];
    return el(
      "tr",
      { "data-id": row.id },
      el(
        "th",
        { scope: "row" },
        ...tags.filter(Boolean).map((one) => el("span", { class: "tag" }, one)),
        el("a", { href: `/${language}/c/${row.id}`, "data-focus": `open-${row.id}` }, row.reason),
      ),
      el("td", {}, row.topic),
      el("td", {}, say(`desk.language.of_${row.language}`)),
      el("td", { "data-since": row.asked_at }, ago(row.asked_at, say)),
      el("td", { "data-due": row.due_at ?? "", class: isLate(row.due_at) ? "late" : "" }, left(row.due_at, say)),
      el("td", {}, row.mine ? say("desk.you") : row.agent ? theirs(row.agent) : say("desk.nobody")),
      el(
        "td",
        {},
        second(say("desk.board.move"), () => this.#move(row), {
          "aria-label": say("desk.board.move_whom", { what }),
          "data-focus": `move-${row.id}`,
        }),
      ),
    );
  }

  /** @param {any} row */
  #move(row) {
    const able = this.data.agents.filter(
      (one) => one.state !== "gone" && one.languages.includes(row.language) && one.name !== row.agent,
    );
    askMove(this.room, able, async (to) => {
      const answer = await this.room.api.of(String(row.id)).post("/reassign", { to }).catch(() => null);
      const done = answer?.status === 200;
      const text = done ? this.room.say("desk.talk.moved") : (answer?.body?.error ?? this.room.say("desk.lost"));
      this.room.announce(text);
      await this.#look();
      if (!done) this.lost.textContent = text;
    });
  }

  #times() {
    const { say } = this.room;
    for (const cell of this.rows.querySelectorAll("[data-since]")) {
      cell.textContent = ago(cell.getAttribute("data-since") ?? "", say);
    }
    for (const cell of this.rows.querySelectorAll("[data-due]")) {
      const due = cell.getAttribute("data-due") || null;
      cell.textContent = left(due, say);
      cell.classList.toggle("late", isLate(due));
    }
  }
}
