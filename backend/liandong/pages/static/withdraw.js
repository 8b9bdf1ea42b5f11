/** Withdrawing: sign a message that is relayed, or send the transaction from the wallet. */

import { amountIn } from "./amount_field.js";
import { ask, ownWallet, send, step } from "./wallet.js";

const form = document.getElementById("withdraw");
const progress = document.getElementById("progress");

if (form) {
  const texts = JSON.parse(form.dataset.texts);
  const most = Number(form.dataset.most);
  const run = (button, work) => step(button, progress, async (tell) => {
    const amount = amountIn(form, most, texts.bad_amount);
    const { wallet, account } = await ownWallet();
    const prepared = await send("/app/withdraw/prepare", { amount });
    tell(texts.signing);
    location.assign(await work(wallet, account, amount, prepared, () => tell(texts.sending)));
  });

  const relay = document.getElementById("relay");
  relay.disabled = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(relay, async (wallet, account, amount, { message, deadline }, sending) => {
      const signature = await ask(wallet, "eth_signTypedData_v4", [account, JSON.stringify(message)]);
      sending();
      return (await send("/app/withdraw", { amount, deadline, signature })).to;
    });
  });

  const own = document.getElementById("own");
  own.disabled = false;
  own.addEventListener("click", () => run(own, async (wallet, account, amount, { call }) => {
    const hash = await ask(wallet, "eth_sendTransaction", [{ from: account, ...call }]);
    return `/app/progress/transactions/${hash}?back=${encodeURIComponent("/app/earnings")}`;
  }));
}
