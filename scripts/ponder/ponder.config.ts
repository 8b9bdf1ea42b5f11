import { readFileSync } from "node:fs";
import { createConfig } from "ponder";

/** What scripts/bench_history.py writes: the contract's ABI and address, the node and the first block. */
const given = JSON.parse(readFileSync(process.env.LIANDONG_BENCHMARK!, "utf8"));

export default createConfig({
  ordering: "omnichain",
  chains: { local: { id: given.chain_id, rpc: given.rpc, pollingInterval: 100 } },
  contracts: {
    Settlement: { chain: "local", abi: given.abi, address: given.address, startBlock: given.start },
  },
});
