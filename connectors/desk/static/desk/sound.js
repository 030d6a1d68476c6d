/** A short tone for what is new, unless it is switched off; and the tab's title. */

import { el } from "../chat/dom.js";
import { Title } from "../chat/title.js";

const SWITCH = "desk.sound";

export class Attention {
  /** @param {import("../chat/texts.js").Say} say */
  constructor(say) {
    this.say = say;
    this.title = new Title();
    this.button = el("button", { type: "button", class: "tool", onclick: () => this.toggle() });
    this.#draw();
  }

  get on() {
    return localStorage.getItem(SWITCH) !== "off";
  }

  toggle() {
    localStorage.setItem(SWITCH, this.on ? "off" : "on");
    this.#draw();
  }

  /** Something new came. */
  call() {
    this.title.add();
    if (this.on && navigator.userActivation?.hasBeenActive) tone();
  }

  #draw() {
    this.button.textContent = this.say(this.on ? "desk.sound.on" : "desk.sound.off");
    this.button.setAttribute("aria-pressed", String(this.on));
  }
}

function tone() {
  const audio = new AudioContext();
  const note = audio.createOscillator();
  const volume = audio.createGain();
  note.frequency.value = 740;
  volume.gain.setValueAtTime(0.08, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.35);
  note.connect(volume).connect(audio.destination);
  note.start();
  note.stop(audio.currentTime + 0.35);
  note.onended = () => audio.close();
}
