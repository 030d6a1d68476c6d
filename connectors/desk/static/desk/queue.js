/** <desk-queue>: the conversations of a view, looked at often and drawn anew only when they changed. */

import { el } from "../chat/dom.js";
import { action, choice, second } from "./controls.js";
import { ago, isLate, left } from "./times.js";

const EVERY = 3_000;
const VIEWS = ["waiting", "mine", "all"];
const COLUMNS = ["reason", "topic", "language", "channel", "waiting", "left", "agent", "act"];

export class Queue {
  /** @param {HTMLElement} place @param {import("./main.js").Room} room */
  constructor(place, room) {
    this.place = place;
    this.room = room;
    this.view = VIEWS.find((one) => `#${one}` === location.hash) ?? "waiting";
    this.filter = { language: "", topic: "", urgent: false };
    /** @type {any} */
    this.data = { rows: [], counts: {}, mark: "" };
    this.known = new Set();
    this.words = false;
    this.tabs = el("div", { class: "tabs", role: "group", "aria-label": room.say("desk.view.label") });
    this.filters = el("div", { class: "filters", role: "group", "aria-label": room.say("desk.filter.label") });
    this.count = el("p", { class: "quiet" });
    this.body = el("tbody");
    this.lost = el("p", { class: "lost", role: "status" });
  }

  async start() {
    this.#frame();
    this.#keys();
    for (;;) {
      await this.#look();
      if (this.room.presence.over) return;
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }

  #frame() {
    const { say } = this.room;
    const heads = COLUMNS.map((one) => el("th", { scope: "col" }, say(`desk.column.${one}`)));
    const table = el("table", {}, el("thead", {}, el("tr", {}, ...heads)), this.body);
    this.#drawFilters();
    this.place.replaceChildren(
      el("div", { class: "queue__bar" }, this.tabs, action(say("desk.take_next"), () => this.#next())),
      this.filters,
      this.lost,
      this.count,
      el("div", { class: "table", role: "region", tabindex: "0", "aria-label": say("desk.nav.queue") }, table),
    );
  }

  #keys() {
    const { say, commands } = this.room;
    commands.add(
      { id: "next", label: say("desk.keys.next"), key: "j", run: () => this.#step(1) },
      { id: "previous", label: say("desk.keys.previous"), key: "k", run: () => this.#step(-1) },
      { id: "next_one", label: say("desk.keys.next_one"), key: "x", run: () => this.#next() },
      ...VIEWS.map((view) => ({
        id: `view-${view}`,
        label: say(`desk.view.${view}`),
        run: () => this.#show(view),
      })),
    );
  }

  async #look(fresh = false) {
    const seen = fresh ? "" : this.data.mark;
    const query = new URLSearchParams({ view: this.view, seen, lang: this.room.language });
    const response = await fetch(`/api/desk/queue?${query}`).catch(() => null);
    this.lost.textContent = response?.ok || response?.status === 401 ? "" : this.room.say("desk.lost");
    if (response?.status === 401) return this.room.presence.end();
    if (!response?.ok) return;
    const data = await response.json();
    this.room.presence.left(data.seconds_left);
    if (data.same) return this.#times();
    this.data = data;
    this.#draw();
  }

  /** @param {string} view */
  async #show(view) {
    this.view = view;
    history.replaceState(null, "", `#${view}`);
    await this.#look(true);
  }

  #draw() {
    this.#drawTabs();
    this.#drawTopics();
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.focus;
    const rows = this.data.rows.filter((row) => this.#wanted(row));
    this.body.replaceChildren(...rows.map((row) => this.#row(row)));
    if (!rows.length) {
      const none = el("td", { colspan: COLUMNS.length }, this.room.say("desk.view.none"));
      this.body.append(el("tr", {}, none));
    }
    if (focused) this.#focusOn(focused);
    this.count.textContent = this.room.say("desk.view.updated", { count: rows.length });
    this.#notice();
  }

  /** Somebody who was not there at the last look calls for attention; the first look never does. */
  #notice() {
    const waiting = this.data.rows.filter((row) => row.state !== "active").map((row) => row.id);
    const fresh = waiting.some((id) => !this.known.has(id));
    if (fresh && this.known.size) {
      this.room.attention.call();
      this.room.announce(this.room.say("desk.view.new"));
    }
    if (this.data.words && !this.words) {
      this.room.attention.call();
      this.room.announce(this.room.say("desk.word_unread"));
    }
    this.words = this.data.words;
    this.known = new Set([0, ...this.known, ...waiting]);
  }

  #drawTabs() {
    const { say } = this.room;
    const tabs = VIEWS.map((view) =>
      el(
        "button",
        {
          type: "button",
          class: "tab",
          "data-focus": `tab-${view}`,
          "aria-pressed": String(view === this.view),
          onclick: () => this.#show(view),
        },
        `${say(`desk.view.${view}`)} `,
        el("span", { class: "number" }, String(this.data.counts[view] ?? 0)),
        ...(view === "mine" && this.data.words ? [" ", el("span", { class: "tag" }, say("desk.word_unread"))] : []),
      ),
    );
    const focused = this.tabs.contains(document.activeElement)
      ? /** @type {HTMLElement} */ (document.activeElement).dataset.focus
      : null;
    this.tabs.replaceChildren(...tabs);
    if (focused) this.#focusOn(focused);
  }

  #drawFilters() {
    const { say } = this.room;
    const change = (name, value) => {
      this.filter[name] = value;
      this.#draw();
    };
    const languages = /** @type {[string, string][]} */ ([
      ["", say("desk.filter.every_language")],
      ["en", say("desk.language.of_en")],
      ["fr", say("desk.language.of_fr")],
    ]);
    const of = (event) => /** @type {HTMLSelectElement} */ (event.target).value;
    this.topic = choice("filter-topic", say("desk.filter.topic"), [["", say("desk.filter.every")]], {
      onchange: (event) => change("topic", of(event)),
    });
    this.filters.replaceChildren(
      choice("filter-language", say("desk.filter.language"), languages, {
        onchange: (event) => change("language", of(event)),
      }),
      this.topic,
      el(
        "p",
        { class: "check" },
        el("input", {
          type: "checkbox",
          id: "filter-urgent",
          onchange: (event) => change("urgent", /** @type {HTMLInputElement} */ (event.target).checked),
        }),
        el("label", { for: "filter-urgent" }, say("desk.filter.urgent")),
      ),
    );
  }

  /** The topics that are there now, the chosen one among them. */
  #drawTopics() {
    const select = /** @type {HTMLSelectElement} */ (this.topic.querySelector("select"));
    const topics = new Set([...this.data.rows.map((row) => row.topic), this.filter.topic]);
    topics.delete("");
    const wanted = ["", ...[...topics].sort()];
    if (wanted.join() === [...select.options].map((one) => one.value).join()) return;
    const every = this.room.say("desk.filter.every");
    select.replaceChildren(...wanted.map((one) => el("option", { value: one }, one || every)));
    select.value = this.filter.topic;
  }

  /** @param {any} row */
  #wanted(row) {
    const { language, topic, urgent } = this.filter;
    return (
      (!language || row.language === language) &&
      (!topic || row.topic === topic) &&
      (!urgent || row.urgent)
    );
  }

  /** @param {any} row */
  #row(row) {
    const { say, language } = this.room;
    const what = `${row.reason}, ${row.topic}`;
    const open = el(
      "a",
      { href: `/${language}/c/${row.id}`, "data-focus": `open-${row.id}`, class: "row__open" },
      row.reason,
    );
    return el(
      "tr",
      { class: row.urgent ? "urgent" : "", "data-id": row.id },
      el("th", { scope: "row" }, ...this.#tags(row), open),
      el("td", {}, row.topic),
      el("td", {}, say(`desk.language.of_${row.language}`)),
      el("td", {}, row.channel),
      el("td", { "data-since": row.asked_at }, ago(row.asked_at, say)),
      el("td", { "data-due": row.due_at ?? "", class: isLate(row.due_at) ? "late" : "" }, left(row.due_at, say)),
      el("td", {}, row.mine ? say("desk.you") : (row.agent ?? say("desk.nobody"))),
      el("td", {}, row.can_take ? this.#take(row, what) : null),
    );
  }

  /** @param {any} row */
  #tags(row) {
    const { say } = this.room;
    return [
      row.urgent ? el("span", { class: "tag" }, say("desk.urgent")) : null,
      row.word ? el("span", { class: "tag" }, say("desk.word_unread")) : null,
    ];
  }

  /** @param {any} row @param {string} what */
  #take(row, what) {
    const { say } = this.room;
    return second(say("desk.take"), () => this.#claim(row.id), {
      "aria-label": say("desk.take_whom", { what }),
      "data-focus": `take-${row.id}`,
    });
  }

  #times() {
    for (const cell of this.body.querySelectorAll("[data-since]")) {
      cell.textContent = ago(cell.getAttribute("data-since") ?? "", this.room.say);
    }
    for (const cell of this.body.querySelectorAll("[data-due]")) {
      const due = cell.getAttribute("data-due") || null;
      cell.textContent = left(due, this.room.say);
      cell.classList.toggle("late", isLate(due));
    }
  }

  /** @param {number} id */
  async #claim(id) {
    const answer = await this.room.api.of(String(id)).post("/claim", {}).catch(() => null);
    if (answer?.status === 200) return location.assign(`/${this.room.language}/c/${id}`);
    this.room.announce(answer?.body?.error ?? this.room.say("desk.lost"));
    this.lost.textContent = answer?.body?.error ?? this.room.say("desk.lost");
    await this.#look(true);
  }

  async #next() {
    const answer = await this.room.api.post("/next", {}).catch(() => null);
    if (answer?.status === 200) return location.assign(`/${this.room.language}/c/${answer.body.id}`);
    this.lost.textContent = answer?.body?.error ?? this.room.say("desk.lost");
  }

  /** @param {number} by */
  #step(by) {
    const links = /** @type {HTMLElement[]} */ ([...this.body.querySelectorAll(".row__open")]);
    const row = document.activeElement?.closest("tr");
    const at = links.findIndex((link) => link.closest("tr") === row);
    links[Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
  }

  /** @param {string} name */
  #focusOn(name) {
    const found = this.place.querySelector(`[data-focus="${name}"]`);
    /** @type {HTMLElement | null} */ (found)?.focus({ preventScroll: true });
  }
}
