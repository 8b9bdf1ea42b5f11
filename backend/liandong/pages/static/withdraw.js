/** Withdrawing: sign a message that is relayed, or send the transaction from the wallet. */

import { ask, ownWallet, send, step, WalletError } from "./wallet.js";

const form = document.getElementById("withdraw");
const progress = document.getElementById("progress");

if (form) {
  const texts = JSON.parse(form.dataset.texts);
  const most = Number(form.dataset.most);
  const shown = `${Math.floor(most / 100)}.${String(most % 100).padStart(2, "0")}`;

  /** Minor units of what was typed. */
  const wanted = () => {
    const match = /^\s*(\d{1,15})(?:\.(\d{1,2}))?\s*$/.exec(form.elements.amount.value);
    const amount = match ? Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0")) : 0;
    if (amount < 1 || amount > most) throw new WalletError("amount", texts.bad_amount.replace("{most}", shown));
    return amount;
  };

  const run = (button, work) => step(button, progress, async (tell) => {
    const amount = wanted();
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
