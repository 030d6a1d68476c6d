/** Calls to the chat's API. */

/** @typedef {{status: number, body: any}} Answer */

/** Thrown when no answer came at all: the network or the server is away. */
export class Unreachable extends Error {}

const BASE = "/api/chat";
const PATIENCE = 20_000;
// A photo over a slow phone line.
const UPLOAD_PATIENCE = 120_000;

export class Api {
  /**
   * @param {boolean} embedded shown in another site's page, with a cookie of its own
   * @param {string} language of the page; also what is refused before anybody looks whose
   *   conversation it is must be said in it, not in the browser's
   */
  constructor(embedded, language) {
    this.embedded = embedded;
    this.language = language;
    /** Settles when no call that may change the session is under way. @type {Promise<unknown>} */
    this.settled = Promise.resolve();
  }

  /** @param {string} path @param {Record<string, unknown>} [query] */
  url(path, query = {}) {
    const all = this.embedded ? { ...query, embed: 1 } : query;
    const search = new URLSearchParams(Object.entries(all).map(([k, v]) => [k, String(v)]));
    return `${BASE}${path}${search.size ? `?${search}` : ""}`;
  }

  /** @param {string} path @returns {Promise<Answer>} */
  get(path) {
    return this.#call(path, {});
  }

  /** @param {string} path @param {object} body @returns {Promise<Answer>} */
  post(path, body) {
    const call = this.#call(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    this.settled = Promise.allSettled([this.settled, call]);
    return call;
  }

  /** Send a file as it is.
   * @param {string} path @param {Record<string, unknown>} query @param {Blob} file
   * @returns {Promise<Answer>}
   */
  upload(path, query, file) {
    const headers = { "Content-Type": file.type || "application/octet-stream" };
    const signal = AbortSignal.timeout(UPLOAD_PATIENCE);
    return this.#call(path, { method: "POST", headers, body: file, signal }, query);
  }

  /**
   * @param {string} path @param {RequestInit} options @param {Record<string, unknown>} [query]
   * @returns {Promise<Answer>}
   */
  async #call(path, options, query) {
    try {
      const response = await fetch(this.url(path, query), {
        signal: AbortSignal.timeout(PATIENCE),
        ...options,
        headers: { "Accept-Language": this.language, ...options.headers },
      });
      const isJson = response.headers.get("content-type")?.includes("json");
      return { status: response.status, body: isJson ? await response.json() : null };
    } catch (error) {
      throw new Unreachable(String(error));
    }
  }
}

/** A name for a message, so that sending it twice stores it once. */
export function newClientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
