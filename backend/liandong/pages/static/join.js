/** Joining: the wallet signs the consent that the page shows in words (EIP-712). */

import { ask, ownWallet, send, step } from "./wallet.js";

const form = document.getElementById("join");
const texts = JSON.parse(form.dataset.texts);
const button = document.getElementById("sign");
button.disabled = false;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  step(button, document.getElementById("progress"), async (tell) => {
    const path = form.getAttribute("action");
    const region = Number(form.elements.region.value);
    const { wallet, account } = await ownWallet();
    const { message, deadline } = await send(`${path}/prepare`, { region });
    tell(texts.signing);
    const signature = await ask(wallet, "eth_signTypedData_v4", [account, JSON.stringify(message)]);
    tell(texts.sending);
    location.assign((await send(path, { region, deadline, signature })).to);
  });
});
