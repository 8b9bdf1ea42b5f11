/** Signing in: list the wallets, let the chosen one sign the server's message (EIP-4361), go on. */

import { ask, connect, findWallets, hexOf, remember, send, step, switchNetwork, texts } from "./wallet.js";

const place = document.getElementById("sign-in");
const list = document.getElementById("wallets");
const progress = document.getElementById("progress");
const change = document.getElementById("switch");

const signIn = (wallet, button) =>
  step(
    button,
    progress,
    async (tell) => {
      change.hidden = true;
      tell(texts.connecting);
      const address = await connect(wallet);
      const { message } = await send("/app/sign-in/challenge", { address });
      tell(texts.signing);
      const signature = await ask(wallet, "personal_sign", [hexOf(message), address]);
      tell(texts.checking);
      await send("/app/sign-in", { message, signature });
      remember(wallet);
      location.assign(place.dataset.back);
    },
    () => {
      change.hidden = false;
      change.onclick = () => step(change, progress, async () => {
        await switchNetwork(wallet);
        change.hidden = true;
        await signIn(wallet, button);
      });
    },
  );

const show = (wallet) => {
  const button = document.createElement("button");
  const mark = Object.assign(document.createElement("span"), { className: "mark", textContent: wallet.name.slice(0, 1), ariaHidden: "true" });
  button.type = "button";
  button.append(mark, wallet.name);
  button.addEventListener("click", () => signIn(wallet, button));
  const item = document.createElement("li");
  item.append(button);
  list.append(item);
};

const count = await findWallets(show);
document.getElementById("looking").hidden = true;
document.getElementById("none").hidden = count > 0;
