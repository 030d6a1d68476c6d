/** What comes in: a stream of events, a long poll where streams do not get through. */

import { readEvents } from "./sse.js";

/** @typedef {{waiting: boolean, delayed: boolean, verified: boolean, person?: import("./person.js").Standing}} Flags */
/**
 * @typedef {object} Listener
 * @property {(line: import("./line.js").Line) => void} line
 * @property {(flags: Flags) => void} flags
 * @property {(up: boolean) => void} connection
 * @property {() => void} over the session has ended
 */

// The server says something every 15 seconds: silence for three times as long is a dead line.
const SILENCE = 45_000;
const FIRST_BYTES = 8_000;
const LONGEST_PAUSE = 15_000;
const FAILURES_BEFORE_POLLING = 2;
const POLLS_BEFORE_STREAMING = 20;
const POLL_SECONDS = 20;

export class Stream {
  /**
   * @param {import("./api.js").Api} api
   * @param {Listener} listener
   */
  constructor(api, listener) {
    this.api = api;
    this.listener = listener;
    this.cursor = 0;
    this.failures = 0;
    this.pauses = 0;
    this.polls = 0;
    this.refused = 0;
    this.stopped = false;
    this.abort = new AbortController();
    this.wake = () => {};
  }

  /** Read until stopped or the session is over. */
  async run() {
    while (!this.stopped) {
      // A call that replaces the session's cookie must be through before we connect with it.
      await this.api.settled;
      if (this.stopped) return;
      try {
        await (this.failures < FAILURES_BEFORE_POLLING ? this.#stream() : this.#poll());
      } catch {
        this.listener.connection(false);
      }
      await this.#pause();
    }
  }

  stop() {
    this.stopped = true;
    this.abort.abort();
    this.wake();
  }

  /** Try again now: the network came back, or the person came back to the page. */
  hurry() {
    this.pauses = 0;
    this.wake();
  }

  async #stream() {
    let heard = false;
    const { response, alive } = await this.#open("text/event-stream", {}, FIRST_BYTES);
    try {
      if (!this.#accepted(response) || !response.body) return;
      for await (const event of readEvents(response.body, () => alive(SILENCE))) {
        heard = true;
        this.#take(event);
      }
    } finally {
      alive(0);
      this.failures = heard ? 0 : this.failures + 1;
    }
  }

  async #poll() {
    const query = { wait: POLL_SECONDS };
    const { response, alive } = await this.#open("application/json", query, SILENCE);
    try {
      if (!this.#accepted(response)) return;
      const { lines, cursor, ...flags } = await response.json();
      lines.forEach((line) => this.#line(line));
      this.listener.flags(flags);
      this.pauses = 0;
      this.polls += 1;
      if (this.polls % POLLS_BEFORE_STREAMING === 0) this.failures = 0;
    } finally {
      alive(0);
    }
  }

  /** @param {string} accept @param {object} query @param {number} patience */
  async #open(accept, query, patience) {
    this.abort = new AbortController();
    const { signal } = this.abort;
    let timer = 0;
    const alive = (milliseconds) => {
      clearTimeout(timer);
      if (milliseconds) timer = setTimeout(() => this.abort.abort(), milliseconds);
    };
    alive(patience);
    const headers = { Accept: accept, "Last-Event-ID": String(this.cursor) };
    const url = this.api.url("/events", { cursor: this.cursor, ...query });
    try {
      return { response: await fetch(url, { headers, signal, cache: "no-store" }), alive };
    } catch (error) {
      alive(0);
      if (accept === "text/event-stream") this.failures += 1;
      throw error;
    }
  }

  /** @param {Response} response */
  #accepted(response) {
    if (response.ok) {
      this.refused = 0;
      this.listener.connection(true);
      return true;
    }
    if (response.status !== 401) throw new Error(`status ${response.status}`);
    // Another tab may be getting a new cookie at this moment: only a second refusal counts.
    this.refused += 1;
    if (this.refused > 1) {
      this.stopped = true;
      this.listener.over();
    }
    return false;
  }

  /** @param {import("./sse.js").ServerEvent} event */
  #take(event) {
    this.pauses = 0;
    const data = JSON.parse(event.data);
    if (event.event === "state") this.listener.flags(data);
    else this.#line(data);
  }

  /** @param {import("./line.js").Line} line */
  #line(line) {
    if (line.number <= this.cursor) return;
    this.cursor = line.number;
    this.listener.line(line);
  }

  /** Longer after each failure, never in step with everybody else. */
  async #pause() {
    if (this.stopped) return;
    const longest = Math.min(LONGEST_PAUSE, 250 * 2 ** this.pauses);
    this.pauses += 1;
    const milliseconds = longest * (0.5 + Math.random() / 2);
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });
  }
}
