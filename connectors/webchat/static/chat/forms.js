/** Which form of the conversation is live. A newer form of a kind replaces the one before it. */

/**
 * @typedef {"identify" | "code" | "declaration" | "address" | "address_code" | "photo" | "confirmation" | "error" | "notices" | "phone" | "phone_code"} Kind
 */
/**
 * @typedef {object} Form
 * @property {Kind} kind
 * @property {HTMLElement} element
 * @property {number} [number] of its line
 * @property {(why: "old" | "done") => void} retire never to be used again
 * @property {() => void} [fold] to one line, from which it can be opened again
 * @property {() => void} [close] cancelled
 * @property {() => void} [keep] remember what is typed
 * @property {() => void} [reveal] open it and put the focus in it
 */

// Of no use to somebody who is signed in.
const SIGN_IN = /** @type {const} */ (["identify", "code"]);
// The form of a code stands below the form that asked for it.
const ASKS = { code: "identify", address_code: "address", phone_code: "phone" };

export class Forms {
  constructor() {
    /** @type {Partial<Record<Kind, Form>>} */
    this.live = {};
    /** What was typed into the details form; in the page's memory only. @type {Record<string, string>} */
    this.details = {};
    /** What was entered into the forms of landing, likewise. @type {Record<string, any>} */
    this.drafts = {};
    /** Lines whose form did its work. @type {Set<number>} */
    this.finished = new Set();
  }

  /** @param {Form} form @returns {HTMLElement} */
  open(form) {
    this.live[form.kind]?.retire("old");
    this.live[form.kind] = form;
    if (form.kind in ASKS) this.live[ASKS[form.kind]]?.fold?.();
    if (this.finished.has(form.number ?? 0)) this.done(form.kind);
    return form.element;
  }

  /** What was entered into the form of a kind for one person so far. @param {string} name */
  draft(name) {
    return (this.drafts[name] ??= {});
  }

  /** The live form of this kind did its work. @param {string} kind */
  done(kind) {
    const form = this.live[kind];
    if (!form) return;
    delete this.live[kind];
    if (form.number) this.finished.add(form.number);
    form.retire("done");
  }

  /** The person is known now: no form to sign in is needed. */
  finish() {
    for (const kind of SIGN_IN) this.done(kind);
    this.details = {};
  }

  /** Before everything is drawn anew, in the other language. */
  keep() {
    for (const form of Object.values(this.live)) form.keep?.();
    this.live = {};
  }
}
