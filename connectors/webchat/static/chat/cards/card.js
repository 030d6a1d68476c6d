/** Cards: what a line shows beside its text. An unknown kind shows nothing, the text says it all. */

import { AddressCard } from "./address.js";
import { AddressCodeCard, PhoneCodeCard } from "./change_code.js";
import { CodeCard } from "./code.js";
import { ConfirmationCard } from "./confirmation.js";
import { DeclarationCard } from "./declaration.js";
import { ErrorCard } from "./error.js";
import { caseCard } from "./case.js";
import { IdentifyCard } from "./identify.js";
import { landingCard } from "./landing.js";
import { NoticesCard } from "./notices.js";
import { PhoneCard } from "./phone.js";
import { PhotoCard } from "./photo.js";

const FORMS = {
  identify: IdentifyCard,
  code: CodeCard,
  declaration: DeclarationCard,
  address: AddressCard,
  address_code: AddressCodeCard,
  photo: PhotoCard,
  confirmation: ConfirmationCard,
  error: ErrorCard,
  phone: PhoneCard,
  phone_code: PhoneCodeCard,
  notices: NoticesCard,
};

/**
 * @param {import("../line.js").Line} line
 * @param {import("../view.js").Room} room
 * @returns {HTMLElement | null}
 */
export function card(line, room) {
  const { kind = "", form = "" } = line.card ?? {};
  if (Object.hasOwn(FORMS, kind)) return room.forms.open(new FORMS[kind](line, room));
  if (kind === "case") return caseCard(line, room);
  if (kind === "landing") return landingCard(line, room);
  // The line tells that a form of before was sent, here or in another tab.
  if (kind === "sent") room.forms.done(form);
  return null;
}
