/** Browser wallets: found by EIP-6963 (or window.ethereum), asked by EIP-1193. Errors are `WalletError`s with words. */

const settings = document.getElementById("wallet-settings");
export const texts = JSON.parse(settings.dataset.texts);
export const chain = JSON.parse(settings.dataset.chain);
const KEPT = "liandong.wallet";

export class WalletError extends Error {
  constructor(kind, text) {
    super(text);
    this.kind = kind;
  }
}

/** Calls `found({name, id, provider})` for each wallet in this browser; returns after those there are have spoken. */
export const findWallets = (found) =>
  new Promise((done) => {
    const seen = new Set();
    const add = (id, name, provider) => {
      if (seen.has(id)) return;
      seen.add(id);
      found({ id, name, provider });
    };
    window.addEventListener("eip6963:announceProvider", ({ detail }) => add(detail.info.rdns, detail.info.name, detail.provider));
    window.dispatchEvent(new Event("eip6963:requestProvider"));
    setTimeout(() => {
      if (seen.size === 0 && window.ethereum) add("window.ethereum", "Browser wallet", window.ethereum);
      done(seen.size);
    }, 300);
  });

/** The wallet that signed in here last, or the only one there is; null: none. */
export const knownWallet = async () => {
  const wallets = [];
  await findWallets((wallet) => wallets.push(wallet));
  const id = localStorage.getItem(KEPT);
  return wallets.find((wallet) => wallet.id === id) ?? wallets[0] ?? null;
};

export const remember = (wallet) => localStorage.setItem(KEPT, wallet.id);

/** One request of a wallet. */
export const ask = async (wallet, method, params = []) => {
  try {
    return await wallet.provider.request({ method, params });
  } catch (error) {
    if (error?.code === 4001) throw new WalletError("refused", texts.refused);
    throw new WalletError(`code ${error?.code}`, texts.failed + (error?.message ?? error));
  }
};

/** The account that the wallet uses here, on our chain. With `mine`, it has to be that one. */
export const connect = async (wallet, mine = "") => {
  const [account] = await ask(wallet, "eth_requestAccounts");
  if (BigInt(await ask(wallet, "eth_chainId")) !== BigInt(chain.id)) {
    throw new WalletError("wrong network", texts.wrong_network.replace("{chain}", chain.name));
  }
  if (mine && account.toLowerCase() !== mine.toLowerCase()) {
    throw new WalletError("other wallet", texts.other_wallet.replace("{wallet}", `${mine.slice(0, 6)}…${mine.slice(-4)}`));
  }
  return account;
};

/** Lets the wallet change to our chain; one that does not know it is told of it. */
export const switchNetwork = async (wallet) => {
  try {
    await ask(wallet, "wallet_switchEthereumChain", [{ chainId: chain.id }]);
  } catch (error) {
    if (error.kind !== "code 4902" || !chain.rpc) throw error;
    const about = { chainId: chain.id, chainName: chain.name, rpcUrls: [chain.rpc], nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 } };
    if (chain.explorer) about.blockExplorerUrls = [chain.explorer];
    await ask(wallet, "wallet_addEthereumChain", [about]);
  }
};

/** The own wallet of whoever is signed in. */
export const ownWallet = async () => {
  const wallet = await knownWallet();
  if (!wallet) throw new WalletError("none", texts.failed + "wallet");
  const account = await connect(wallet, settings.dataset.wallet);
  return { wallet, account };
};

export const hexOf = (text) => "0x" + [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Sends JSON to one of our own addresses; problem documents become errors with their title. */
export const send = async (path, body) => {
  let answer;
  try {
    answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), redirect: "error" });
  } catch {
    throw new WalletError("offline", texts.offline);
  }
  const found = await answer.json().catch(() => ({}));
  if (answer.status === 401 && found.code === "SessionLost") {
    location.assign(`/app/sign-in?lost=1&back=${encodeURIComponent(location.pathname)}`);
    throw new WalletError("lost", texts.lost);
  }
  if (!answer.ok) throw new WalletError(found.code ?? "failed", `${texts.failed}${found.title ?? answer.status}${found.detail ? ` (${found.detail})` : ""}`);
  return found;
};

/** Runs a step with its button busy and its outcome told in `progress`; offers to switch where the network is wrong. */
export const step = async (button, progress, work, onSwitch = null) => {
  const tell = (text, kind = "") => {
    progress.hidden = !text;
    progress.className = `note ${kind}`;
    progress.textContent = text;
  };
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    return await work(tell);
  } catch (error) {
    if (!(error instanceof WalletError)) throw error;
    tell(error.message, error.kind === "refused" ? "warn" : "bad");
    if (error.kind === "wrong network" && onSwitch) onSwitch();
    return null;
  } finally {
    button.removeAttribute("aria-busy");
    button.disabled = false;
  }
};
