/**
 * <passage-chat lang="en">: the whole chat in one element. It holds the state (lines, what is on its
 * way, what is typed) and lets a view draw it.
 */

import { Api, Unreachable } from "./api.js";
import { focus } from "./dom.js";
import { Forms } from "./forms.js";
import { endedPanel } from "./notices.js";
import { Outbox } from "./outbox.js";
import { SessionClock } from "./session.js";
import { Stream } from "./stream.js";
import { loadTexts } from "./texts.js";
import { Title } from "./title.js";
import { View } from "./view.js";

// A line that is back within this time is not worth a word.
const SHORT_CUT = 2_000;
const LONGEST_PAUSE = 15_000;

class PassageChat extends HTMLElement {
  static observedAttributes = ["lang"];

  api = new Api(this.hasAttribute("embedded"), this.lang);
  forms = new Forms();
  titleBadge = new Title();
  outbox = new Outbox(this.api, { changed: () => this.#drawOutgoing(), over: () => this.#over() });
  clock = new SessionClock(this.api, {
    warn: (seconds) => this.view?.notices.warn(seconds),
    calm: () => this.view?.notices.calm(),
    over: () => this.#over(),
  });
  /** @type {import("./line.js").Line[]} */
  lines = [];
  flags = { waiting: false, delayed: false, verified: false };
  connected = true;
  cut = 0;
  /** Lines up to this number were there when the page was opened: never announced. */
  history = 0;
  started = false;

  async connectedCallback() {
    if (this.started) return;
    this.started = true;
    window.addEventListener("online", () => {
      this.stream?.hurry();
      this.outbox.retryUnreachable();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      this.stream?.hurry();
      this.clock.check();
    });
    await this.#begin();
  }

  /** @param {string} _name @param {string | null} before @param {string} after */
  async attributeChangedCallback(_name, before, after) {
    if (!this.started || before === null || before === after) return;
    await this.#draw();
    if (this.stream?.stopped) return this.#over();
    await this.#post("/language", { language: after });
  }

  /** Open a conversation, or go on with the one that the cookie names. */
  async #begin() {
    this.lines = [];
    this.flags = { waiting: true, delayed: false, verified: false };
    this.forms = new Forms();
    await this.#draw();
    const opened = await this.#open();
    this.history = opened.cursor;
    this.flags.verified = opened.verified;
    this.clock.start(opened.seconds_left);
    this.#listen();
  }

  /** @returns {Promise<any>} */
  async #open() {
    for (let pause = 500; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      const answer = await this.#try(this.api.post("/conversations", { language: this.lang }));
      this.#connection(answer !== null);
      if (answer && answer.status < 300) return answer.body;
      if (answer) this.view?.notices.say(answer.body?.error ?? "");
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  #listen() {
    this.stream = new Stream(this.api, {
      line: (line) => this.#take(line),
      flags: (flags) => this.#flag(flags),
      connection: (up) => this.#connection(up),
      over: () => this.#over(),
    });
    this.view?.notices.say("");
    this.stream.run();
  }

  /** Draw everything from the state, in the element's language. */
  async #draw() {
    const language = this.lang;
    this.api.language = language;
    const say = await loadTexts(language);
    const draft = this.view?.composer.draft ?? "";
    this.forms.keep();
    const view = new View(this.#room(language, say), draft);
    this.view = view;
    this.setAttribute("aria-label", say("page.chat.label"));
    this.setAttribute("role", "region");
    this.replaceChildren(...view.parts);
    this.lines.forEach((line) => view.add(line));
    this.#drawOutgoing();
    view.show(this.flags, this.connected);
    view.composer.fit();
    view.log.end.go();
  }

  /** @param {string} language @param {import("./texts.js").Say} say @returns {import("./view.js").Room} */
  #room(language, say) {
    return {
      language,
      say,
      api: this.api,
      forms: this.forms,
      send: (text, choice) => this.outbox.send(text, choice),
      again: (message) => this.outbox.again(message),
      get: (path) => this.#call(this.api.get(path)),
      post: (path, body) => this.#post(path, body),
      upload: (path, query, file) => this.#call(this.api.upload(path, query, file)),
      announce: (key) => this.view?.announcer.say(say(key), language),
      toComposer: () => this.view?.composer.focus(),
      end: () => this.#end(),
      stay: () => this.#stay(),
    };
  }

  /** @param {import("./line.js").Line} line */
  #take(line) {
    this.lines.push(line);
    if (line.client_id) {
      this.outbox.arrived(line.client_id);
      this.#drawOutgoing();
    }
    this.view?.add(line);
    if (line.author === "user" || line.number <= this.history) return;
    this.view?.announce(line);
    this.titleBadge.add();
  }

  #drawOutgoing() {
    this.view?.log.showOutgoing(this.outbox.messages);
  }

  /** @param {import("./stream.js").Flags} flags */
  #flag(flags) {
    this.flags = flags;
    this.view?.show(flags, this.connected);
  }

  /** @param {boolean} up */
  #connection(up) {
    if (!up) {
      this.cut ||= setTimeout(() => this.#connected(false), SHORT_CUT);
      return;
    }
    clearTimeout(this.cut);
    this.cut = 0;
    this.outbox.retryUnreachable();
    this.#connected(true);
  }

  /** @param {boolean} connected */
  #connected(connected) {
    this.connected = connected;
    this.view?.show(this.flags, connected);
  }

  /** @param {Promise<import("./api.js").Answer>} call @returns its answer; null: nobody answered */
  async #try(call) {
    try {
      return await call;
    } catch (error) {
      if (error instanceof Unreachable) return null;
      throw error;
    }
  }

  /** @param {string} path @param {object} body */
  async #post(path, body) {
    const answer = await this.#call(this.api.post(path, body));
    if (answer) this.stream?.hurry();
    return answer;
  }

  /** @param {Promise<import("./api.js").Answer>} call @returns its answer while there is a session */
  async #call(call) {
    const answer = await this.#try(call);
    this.#connection(answer !== null);
    if (answer?.status === 401) this.#over();
    return answer?.status === 401 ? null : answer;
  }

  async #stay() {
    const answer = await this.#post("/stay", {});
    if (answer?.status !== 200) return;
    this.clock.start(answer.body.seconds_left);
    this.view?.notices.calm();
    this.view?.composer.focus();
  }

  async #end() {
    if (await this.#post("/end", {})) this.#over();
  }

  /** The session is over: nothing of it stays on the page. */
  #over() {
    this.stream?.stop();
    this.clock.stop();
    this.lines = [];
    this.outbox.messages = [];
    this.forms = new Forms();
    if (!this.view) return;
    const { panel, title } = endedPanel(this.view.room, () => this.#again());
    this.replaceChildren(panel);
    focus(title);
  }

  async #again() {
    await this.#begin();
    this.view?.composer.focus();
  }
}

customElements.define("passage-chat", PassageChat);
