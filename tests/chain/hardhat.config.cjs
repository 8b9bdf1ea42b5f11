/** Hardhat's own chain as the tests use it: gas is free as on the embedded node, blocks are as large. */
const begun = process.env.CHAIN_BEGAN;

module.exports = {
  networks: {
    hardhat: {
      chainId: 31337,
      hardfork: "prague",
      blockGasLimit: 2 ** 32,
      initialBaseFeePerGas: 0,
      gasPrice: 0,
      accounts: [],
      throwOnTransactionFailures: false,
      mining: { auto: true, mempool: { order: "fifo" } },
      ...(begun && { initialDate: new Date(Number(begun) * 1000).toISOString() }),
    },
  },
};
