/** Where a person stands who asked for an agent: at which place, since when, with whom. */

import { el } from "./dom.js";

/** @typedef {import("./view.js").Room} Room */
/**
 * @typedef {object} Standing
 * @property {"requested" | "queued" | "active"} state
 * @property {number | null} position
 * @property {number | null} minutes
 * @property {number} agents how many are there
 * @property {string | null} opens_at
 * @property {string | null} agent
 * @property {string | null} role
 * @property {boolean} typing
 */

export class PersonBar {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.text = el("p", { class: "person__text", role: "status" });
    // Spoken each time, it would only interrupt.
    this.typing = el("p", { class: "person__typing" });
    this.element = el("div", { class: "person", hidden: true }, this.text, this.typing);
  }

  /** @param {Standing | undefined} standing undefined when nobody was asked for */
  show(standing) {
    const text = standing ? sentence(standing, this.room) : "";
    if (this.text.textContent !== text) this.text.textContent = text;
    const writes = standing?.typing ? { name: standing.agent } : null;
    this.typing.textContent = writes ? this.room.say("page.chat.person.typing", writes) : "";
    this.element.hidden = !standing;
  }
}

/** @param {Standing} standing @param {Room} room */
function sentence(standing, { say, language }) {
  const { state, position, agent, role, opens_at } = standing;
  if (state === "active") {
    return say("page.chat.person.active", { name: agent, role: say(`page.chat.role.${role}`) });
  }
  if (opens_at) {
    return say("page.chat.person.closed", { when: moment(opens_at, language), position });
  }
  return `${say("page.chat.person.queued", { position })} ${howLong(standing, say)}`;
}

/** @param {Standing} standing @param {import("./texts.js").Say} say */
function howLong({ agents, minutes }, say) {
  if (!agents) return say("page.chat.person.nobody");
  if (minutes === null) return say("page.chat.person.long");
  return minutes === 1
    ? say("page.chat.person.minute")
    : say("page.chat.person.minutes", { minutes });
}

/** In the zone of whoever reads it. @param {string} at @param {string} language */
function moment(at, language) {
  return new Date(at).toLocaleString(`${language}-CA`, {
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  });
}
