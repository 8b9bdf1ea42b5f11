/** Taking a deposit back: the wallet sends the transaction itself, since the contract takes no signed word for it. */

import { amountIn } from "./amount_field.js";
import { ask, ownWallet, send, step } from "./wallet.js";

const form = document.getElementById("deposit");

if (form) {
  const texts = JSON.parse(form.dataset.texts);
  const button = document.getElementById("own");
  button.disabled = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    step(button, document.getElementById("progress"), async (tell) => {
      const amount = amountIn(form, Number(form.dataset.most), texts.bad_amount);
      const { wallet, account } = await ownWallet();
      const { call } = await send("/app/deposit/prepare", { amount });
      tell(texts.signing);
      const hash = await ask(wallet, "eth_sendTransaction", [{ from: account, ...call }]);
      location.assign(`/app/progress/transactions/${hash}?back=${encodeURIComponent("/app/deposit")}`);
    });
  });
}
