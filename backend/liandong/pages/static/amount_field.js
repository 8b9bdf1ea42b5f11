/** The amount in a form's field, in minor units. */

import { WalletError } from "./wallet.js";

/** What was typed, from 1 to `most`; else a WalletError with `text`, where {most} stands for the largest. */
export const amountIn = (form, most, text) => {
  const match = /^\s*(\d{1,15})(?:\.(\d{1,2}))?\s*$/.exec(form.elements.amount.value);
  const amount = match ? Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0")) : 0;
  if (amount < 1 || amount > most) {
    throw new WalletError("amount", text.replace("{most}", `${Math.floor(most / 100)}.${String(most % 100).padStart(2, "0")}`));
  }
  return amount;
};
