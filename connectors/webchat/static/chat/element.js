/**
 * <passage-chat lang="en">: the whole chat in one element. It holds the state (lines, what is on its
 * way, what is typed) and can draw all of it anew, which is how it changes language.
 */

import { Announcer } from "./announcer.js";
import { Api, Unreachable } from "./api.js";
import { Composer } from "./composer.js";
import { el, focus } from "./dom.js";
import { Forms } from "./forms.js";
import { Log } from "./log.js";
import { endedPanel, Notices } from "./notices.js";
import { Outbox } from "./outbox.js";
import { SessionClock } from "./session.js";
import { Stream } from "./stream.js";
import { loadTexts } from "./texts.js";
import { Title } from "./title.js";
import { Toolbar } from "./toolbar.js";

/**
 * What the parts of the chat may use.
 * @typedef {object} Room
 * @property {string} language
 * @property {import("./texts.js").Say} say
 * @property {Api} api
 * @property {Forms} forms
 * @property {(text: string, choice?: string) => void} send
 * @property {(message: import("./outbox.js").Outgoing) => void} again
 * @property {(path: string, body: object) => Promise<import("./api.js").Answer | null>} post
 * @property {(key: string) => void} announce
 * @property {() => void} toComposer
 * @property {() => void} end
 * @property {() => void} stay
 */

class PassageChat extends HTMLElement {
  static observedAttributes = ["lang"];

  api = new Api(this.hasAttribute("embedded"));
  announcer = new Announcer();
  forms = new Forms();
  titleBadge = new Title();
  outbox = new Outbox(this.api, { changed: () => this.#drawOutgoing(), over: () => this.#over() });
  clock = new SessionClock(this.api, {
    warn: (seconds) => this.notices?.warn(seconds),
    calm: () => this.notices?.calm(),
    over: () => this.#over(),
  });
  /** @type {import("./line.js").Line[]} */
  lines = [];
  flags = { waiting: false, delayed: false, verified: false };
  connected = true;
  /** Lines up to this number were there when the page was opened: never announced. */
  history = 0;
  started = false;

  async connectedCallback() {
    if (this.started) return;
    this.started = true;
    await this.#begin();
    window.addEventListener("online", () => this.stream?.hurry());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      this.stream?.hurry();
      this.clock.check();
    });
  }

  /** @param {string} _name @param {string | null} before @param {string} after */
  async attributeChangedCallback(_name, before, after) {
    if (!this.started || before === null || before === after) return;
    if (this.stream?.stopped) return this.#over();
    await this.#draw();
    await this.room.post("/language", { language: after });
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
    for (let pause = 500; ; pause = Math.min(pause * 2, 15_000)) {
      const answer = await this.api
        .post("/conversations", { language: this.lang })
        .catch((error) => error instanceof Unreachable);
      const good = answer !== true && answer !== false && answer.status < 300;
      this.#connection(good);
      if (good) return answer.body;
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
    this.stream.run();
  }

  /** Draw everything from the state, in the element's language. */
  async #draw() {
    const language = this.lang;
    const say = await loadTexts(language);
    const draft = this.composer?.draft ?? "";
    this.forms.keep();
    this.room = this.#room(language, say);
    this.log = new Log(this.room);
    this.notices = new Notices(this.room);
    this.toolbar = new Toolbar(this.room);
    this.composer = new Composer(this.room, draft);
    this.setAttribute("aria-label", say("page.chat.label"));
    this.setAttribute("role", "region");
    this.replaceChildren(
      this.toolbar.element,
      this.log.element,
      this.notices.element,
      this.composer.element,
      this.announcer.element,
    );
    this.lines.forEach((line) => this.#show(line));
    this.#drawOutgoing();
    this.#drawFlags();
    this.log.toEnd();
  }

  /** @param {string} language @param {import("./texts.js").Say} say @returns {Room} */
  #room(language, say) {
    return {
      language,
      say,
      api: this.api,
      forms: this.forms,
      send: (text, choice) => this.outbox.send(text, choice),
      again: (message) => this.outbox.again(message),
      post: (path, body) => this.#post(path, body),
      announce: (key) => this.announcer.say(say(key), language),
      toComposer: () => this.composer.focus(),
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
    this.#show(line);
    if (line.author === "user" || line.number <= this.history) return;
    this.announcer.say(line.text, line.lang);
    this.titleBadge.add();
    this.#lead(line);
  }

  /** @param {import("./line.js").Line} line */
  #show(line) {
    this.log.add(line);
    if (line.author === "user" && line.text === this.room.say("cards.identify.cancel_message")) {
      this.forms.live.identify?.close?.();
    }
  }

  /** A new form takes the focus, unless the person is in the middle of writing.
   * @param {import("./line.js").Line} line
   */
  #lead(line) {
    const kind = line.card?.kind;
    if (kind !== "identify" && kind !== "code") return;
    const elsewhere = document.activeElement !== document.body && !this.contains(document.activeElement);
    if (elsewhere || this.composer.draft) return this.room.announce("page.chat.form_below");
    this.forms.live[kind]?.reveal?.();
  }

  #drawOutgoing() {
    this.log.showOutgoing(this.outbox.messages);
  }

  /** @param {import("./stream.js").Flags} flags */
  #flag(flags) {
    this.flags = flags;
    this.#drawFlags();
  }

  #drawFlags() {
    this.log.showTyping(this.flags.waiting && this.connected);
    this.toolbar.show(this.flags.verified);
    this.notices.show(this.flags.delayed, this.connected);
    if (this.flags.verified) this.forms.finish();
  }

  /** @param {boolean} up */
  #connection(up) {
    if (up && !this.connected) this.outbox.retryUnreachable();
    this.connected = up;
    this.#drawFlags();
  }

  /** @param {string} path @param {object} body */
  async #post(path, body) {
    try {
      const answer = await this.api.post(path, body);
      if (answer.status === 401) this.#over();
      else this.stream?.hurry();
      return answer.status === 401 ? null : answer;
    } catch {
      this.#connection(false);
      return null;
    }
  }

  async #stay() {
    const answer = await this.#post("/stay", {});
    if (answer?.status !== 200) return;
    this.clock.start(answer.body.seconds_left);
    this.notices.calm();
    this.composer.focus();
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
    this.announcer.clear();
    const { panel, title } = endedPanel(this.room, () => this.#again());
    this.replaceChildren(panel);
    focus(title);
  }

  async #again() {
    await this.#begin();
    this.composer.focus();
  }
}

customElements.define("passage-chat", PassageChat);
