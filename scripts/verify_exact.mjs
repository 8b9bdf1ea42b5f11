#!/usr/bin/env node
/**
 * Verifies every contract of a deployment against its published sources, the way Sourcify does it and without leaving
 * the machine: recompiles from the metadata and compares creation and runtime code, metadata hashes included.
 *
 *   node scripts/verify_exact.mjs DEPLOYMENT.json RPC_URL [--artifacts DIR]
 *
 * DEPLOYMENT.json holds {"chainId", "contracts": {NAME: {"address", "artifact", "creationTransaction"}}}.
 * Prints a line a contract; exits with 0 if all match exactly, 1 if one does not, 2 if it could not be tried.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import sourcify from "@ethereum-sourcify/lib-sourcify";
import { getAddress } from "ethers";
import solc from "solc";

const { SolidityMetadataContract, SourcifyChain, Verification, setLibSourcifyLoggerLevel } = sourcify;
const ARTIFACTS = fileURLToPath(new URL("../backend/liandong/chain/artifacts", import.meta.url));

/** The npm compiler as lib-sourcify wants one; refuses any other version than its own. */
const compiler = {
  async compile(version, input) {
    if (!solc.version().startsWith(version)) {
      throw new Error(`compiled with solc ${version}, but ${solc.version()} is installed`);
    }
    return JSON.parse(solc.compile(JSON.stringify(input)));
  },
};

function chainOf(chainId, url) {
  return new SourcifyChain({
    name: "chain under test",
    shortName: "test",
    chainId,
    networkId: chainId,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    faucets: [],
    supported: true,
    rpcs: [{ rpc: url, maskedUrl: url, traceSupport: "debug_traceTransaction" }],
  });
}

/** {runtimeMatch, creationMatch}, each "perfect", "partial" or null. */
async function verify(chain, { address, artifact, creationTransaction }, artifacts, sources) {
  const { metadata } = readJson(path.join(artifacts, `${artifact}.json`));
  const contract = new SolidityMetadataContract(JSON.parse(metadata), sources);
  const compilation = await contract.createCompilation(compiler);
  const verification = new Verification(compilation, chain, getAddress(address), creationTransaction);
  await verification.verify();
  return verification.status;
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { artifacts: { type: "string", default: ARTIFACTS } },
  });
  const [deploymentFile, url] = positionals;
  if (!url) throw new Error("usage: verify_exact.mjs DEPLOYMENT.json RPC_URL [--artifacts DIR]");
  const { chainId, contracts } = readJson(deploymentFile);
  const sources = Object.entries(readJson(path.join(values.artifacts, "_sources.json"))).map(
    ([name, content]) => ({ path: name, content }),
  );
  setLibSourcifyLoggerLevel(-1);
  const chain = chainOf(chainId, url);
  let exact = true;
  for (const [name, deployed] of Object.entries(contracts)) {
    let found;
    try {
      const { runtimeMatch, creationMatch } = await verify(chain, deployed, values.artifacts, sources);
      found = `runtime ${runtimeMatch ?? "differs"}, creation ${creationMatch ?? "differs"}`;
      exact &&= runtimeMatch === "perfect" && creationMatch === "perfect";
    } catch (error) {
      found = `failed: ${error.code ?? ""} ${error.message}`;
      exact = false;
    }
    console.log(`${name} ${deployed.address}: ${found}`);
  }
  return exact ? 0 : 1;
}

try {
  process.exit(await main()); // ethers would keep polling otherwise
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exit(2);
}
