/**
 * Proves a payment in the browser: terms → leaf → root → commitment (docs/architecture.md), and asks nodes
 * whether the contract stores that commitment, has settled the order, splits the terms so, and paid.
 * Two nodes are asked where they can be: the one behind this site, and the one that the visitor's wallet uses.
 */

import { bytes, hashOfText, hex, join, keccak, word } from "./keccak.js";
import { chain, knownWallet, send } from "./wallet.js";

const CHANNELS = ["retail", "campaign", "store", "cross_border"];
const LINES = ["supply", "fees", "duty", "insurance", "service", "direct", "region", "host", "guide", "store", "team", "fund", "dividend", "platform"];
const place = document.getElementById("proof");
const texts = JSON.parse(place.dataset.texts);

const packed = (parts) => parts.reduce((all, [value, shift]) => all | (BigInt(value) << BigInt(shift)), 0n);

/** The two words of an order's terms, packed as the contract packs them. */
const wordsOf = (terms) => [
  packed([[terms.price, 0], [terms.cost, 48], [terms.fees, 96], [terms.duty, 144], [terms.insurance, 192], [CHANNELS.indexOf(terms.channel), 240]]),
  packed([[terms.seller, 0], [terms.supplier, 32], [terms.partner, 64], [terms.campaign, 96], [terms.leader, 128], [terms.refunded, 160], [terms.rate_bps, 208], [terms.plan, 224], [terms.day, 240]]),
];

/** What the contract has to store of the batch, if these are the order's terms. */
export const commitmentOf = ({ order, terms, batch, path }) => {
  const [amounts, parties] = wordsOf(terms);
  let node = keccak(join(word(order), word(amounts), word(parties)));
  const rest = path.map(bytes);
  for (let width = batch.width, at = order - batch.first; width > 1; width = (width + 1) >> 1, at >>= 1) {
    if ((at ^ 1) >= width) continue; // the odd last one passes up as it is
    const sibling = rest.shift();
    if (!sibling) return null;
    node = keccak(at & 1 ? join(sibling, node) : join(node, sibling));
  }
  if (rest.length) return null;
  return hex(keccak(join(node, word(batch.width), ...batch.deliveries.map(bytes))));
};

const call = (to, signature, ...values) => ["eth_call", [{ to, data: hex(join(hashOfText(signature).slice(0, 4), ...values.map(word))) }, "latest"]];
const wordAt = (written, at) => BigInt("0x" + written.slice(2 + 64 * at, 66 + 64 * at));

/** Asks one node; `node(method, params)` answers its results. */
const ask = async (node, found, commitment) => {
  const { proof, lens, net, line, amount, account, event, transaction, log_index: logIndex } = found;
  const [amounts, parties] = wordsOf(proof.terms);
  const [id, stored, page, lines, receipt] = await Promise.all([
    node("eth_chainId", []),
    node(...call(proof.settlement, "batch(uint256)", proof.batch.first)),
    node(...call(proof.settlement, "orderPage(uint256)", proof.order >> 8)),
    node(...call(lens, "split(uint256,uint256,uint256)", amounts, parties, net)).catch(() => null), // terms that cannot be
    node("eth_getTransactionReceipt", [transaction]),
  ]);
  const fields = event === "ServicePaid" ? "uint256,uint256,uint256,uint256" : "uint256,uint256,uint256";
  const topics = [hex(hashOfText(`${event}(${fields})`)), hex(word(proof.order)), hex(word(account))];
  const log = receipt?.logs.find((one) => Number(one.logIndex) === logIndex);
  return {
    stored: BigInt(id) === BigInt(chain.id) && stored === commitment,
    settled: ((wordAt(page, 0) >> BigInt(proof.order & 255)) & 1n) === 1n,
    formula: lines !== null && wordAt(lines, LINES.indexOf(line)) === BigInt(amount),
    paid: receipt?.status === "0x1" && log?.address.toLowerCase() === proof.settlement.toLowerCase()
      && topics.every((topic, at) => log.topics[at] === topic) && wordAt(log.data, 0) === BigInt(amount),
  };
};

const show = (item, holds) => {
  item.className = holds ? "ok" : "bad";
  item.setAttribute("aria-label", `${item.textContent.trim()}: ${holds ? texts.ok : texts.bad}`);
  return holds;
};

const verdict = (text, kind) => {
  const tag = document.getElementById("verdict");
  tag.hidden = false;
  tag.className = `tag ${kind}`;
  tag.textContent = text;
};

const showSource = async (name, node, found, commitment) => {
  const part = document.querySelector(`[data-source=${name}]`);
  part.hidden = false;
  const checks = await ask(node, found, commitment);
  return Object.entries(checks).map(([check, holds]) => show(part.querySelector(`[data-check=${check}]`), holds)).every(Boolean);
};

/** The wallet's own node, if there is a wallet and it is on our chain. */
const walletNode = async () => {
  const wallet = await knownWallet();
  if (!wallet) return null;
  const node = (method, params) => wallet.provider.request({ method, params });
  return BigInt(await node("eth_chainId", [])) === BigInt(chain.id) ? node : null;
};

const prove = async () => {
  verdict(texts.working, "");
  const answer = await fetch(place.dataset.from, { redirect: "error" });
  if (!answer.ok) throw new Error(answer.status);
  const found = await answer.json();
  const commitment = commitmentOf(found.proof);
  document.getElementById("checks").hidden = false;
  document.getElementById("commitment").textContent = commitment ?? "";
  let holds = show(document.querySelector("[data-check=hash]"), commitment !== null);
  const relay = async (method, params) => (await send("/app/node", { method, params })).result;
  holds = (await showSource("server", relay, found, commitment)) && holds;
  const own = await walletNode().catch(() => null);
  document.getElementById("no-wallet").hidden = own !== null;
  if (own) holds = (await showSource("wallet", own, found, commitment)) && holds;
  verdict(holds ? texts.proved : texts.failed, holds ? "good" : "bad");
};

const button = document.getElementById("prove");
button.disabled = false;
button.addEventListener("click", async () => {
  button.disabled = true;
  try {
    await prove();
  } catch {
    verdict(texts.offline, "warn");
  } finally {
    button.disabled = false;
  }
});
