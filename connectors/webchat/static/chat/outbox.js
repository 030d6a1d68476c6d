/** What goes out: one message after the other, shown at once, kept until the server has it. */

import { newClientId, Unreachable } from "./api.js";

/**
 * @typedef {object} Outgoing
 * @property {string} client_id
 * @property {string} text what the person sees
 * @property {string} [choice] a quick reply's id, sent instead of the text
 * @property {"sending" | "failed"} state
 * @property {string} [reason] why it failed, as a sentence
 * @property {boolean} [refused] it would fail again
 */

// What could not leave is tried again by itself; the button is for whoever will not wait.
const RETRY_AFTER = 5_000;
const REFUSED = [400, 403, 409, 413, 415, 422];

export class Outbox {
  /**
   * @param {import("./api.js").Api} api
   * @param {{changed: () => void, over: () => void}} listener
   */
  constructor(api, listener) {
    this.api = api;
    this.listener = listener;
    /** @type {Outgoing[]} */
    this.messages = [];
    /** @type {Promise<void>} */
    this.last = Promise.resolve();
  }

  /** @param {string} text @param {string} [choice] */
  send(text, choice) {
    this.#push({ client_id: newClientId(), text, choice, state: "sending" });
  }

  /** The same again, under the same name: if it did arrive, it is not stored twice.
   * @param {Outgoing} message
   */
  again(message) {
    this.messages = this.messages.filter((other) => other !== message);
    this.#push({ ...message, state: "sending", reason: undefined });
  }

  /** The connection is back: what could not leave goes out by itself. */
  retryUnreachable() {
    this.messages.filter((m) => m.state === "failed" && !m.reason).forEach((m) => this.again(m));
  }

  /** The server has shown it as a line. @param {string | null} clientId */
  arrived(clientId) {
    this.messages = this.messages.filter((message) => message.client_id !== clientId);
  }

  /** @param {Outgoing} message */
  #push(message) {
    this.messages.push(message);
    this.listener.changed();
    this.last = this.last.then(() => this.#post(message));
  }

  /** @param {Outgoing} message */
  async #post(message) {
    const { client_id, choice } = message;
    try {
      const body = choice ? { client_id, choice } : { client_id, text: message.text };
      const { status, body: answer } = await this.api.post("/messages", body);
      if (status === 401) return this.listener.over();
      message.refused = REFUSED.includes(status);
      if (status !== 202) this.#fail(message, answer?.error);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      this.#fail(message);
      setTimeout(() => this.retryUnreachable(), RETRY_AFTER);
    }
  }

  /** @param {Outgoing} message @param {string} [reason] */
  #fail(message, reason) {
    message.state = "failed";
    message.reason = reason;
    this.listener.changed();
  }
}
