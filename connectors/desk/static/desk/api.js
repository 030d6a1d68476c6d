/** Calls to the desk's API: the chat's own client under another address, in the page's language. */

import { Api } from "../chat/api.js";

export class DeskApi extends Api {
  /** @param {string} language @param {string} [below] the path that all calls are below */
  constructor(language, below = "") {
    super(false, language);
    this.below = below;
  }

  /** @param {string} path @param {Record<string, unknown>} [query] */
  url(path, query = {}) {
    const all = { ...query, lang: this.language };
    const search = new URLSearchParams(Object.entries(all).map(([k, v]) => [k, String(v)]));
    return `/api/desk${this.below}${path}?${search}`;
  }

  /** The same client for one conversation. @param {string} id */
  of(id) {
    return new DeskApi(this.language, `/conversations/${id}`);
  }
}
