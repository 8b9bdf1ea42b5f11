import { index, onchainTable, primaryKey } from "ponder";

export const chainEvent = onchainTable(
  "chain_event",
  (t) => ({
    block: t.integer().notNull(),
    logIndex: t.integer().notNull(),
    transactionIndex: t.integer().notNull(),
    name: t.text().notNull(),
    order: t.bigint(),
    account: t.bigint(),
    amount: t.bigint(),
    detail: t.text(),
  }),
  (table) => ({
    key: primaryKey({ columns: [table.block, table.logIndex] }),
    byAccount: index().on(table.account, table.block, table.logIndex),
    byOrder: index().on(table.order, table.block, table.logIndex),
  }),
);

export const transaction = onchainTable(
  "mirror_transaction",
  (t) => ({ block: t.integer().notNull(), index: t.integer().notNull(), hash: t.hex().notNull() }),
  (table) => ({ key: primaryKey({ columns: [table.block, table.index] }), byHash: index().on(table.hash) }),
);

export const block = onchainTable("mirror_block", (t) => ({
  number: t.integer().primaryKey(),
  hash: t.hex().notNull(),
  parentHash: t.hex().notNull(),
  timestamp: t.bigint().notNull(),
}));

export const order = onchainTable(
  "sales_order",
  (t) => ({
    number: t.integer().primaryKey(),
    batchFirst: t.integer().notNull(),
    price: t.bigint().notNull(),
    cost: t.bigint().notNull(),
    fees: t.bigint().notNull(),
    seller: t.integer().notNull(),
    supplier: t.integer().notNull(),
    partner: t.integer().notNull(),
    leader: t.integer().notNull(),
    rateBps: t.integer().notNull(),
    plan: t.integer().notNull(),
    day: t.integer().notNull(),
    refunded: t.bigint().notNull(),
    state: t.text().notNull(),
    deliveredOn: t.integer(),
    settledOn: t.integer(),
    settledBlock: t.integer(),
    recordedBlock: t.integer().notNull(),
  }),
  (table) => ({ bySeller: index().on(table.seller), open: index().on(table.deliveredOn, table.number) }),
);

export const batch = onchainTable("order_batch", (t) => ({
  first: t.integer().primaryKey(),
  width: t.integer().notNull(),
  plan: t.integer().notNull(),
  day: t.integer().notNull(),
  root: t.hex().notNull(),
  block: t.integer().notNull(),
}));

export const account = onchainTable("account", (t) => ({
  number: t.integer().primaryKey(),
  available: t.bigint().notNull(),
  withdrawn: t.bigint().notNull(),
  deposit: t.bigint().notNull(),
  debt: t.bigint().notNull(),
}));

export const participant = onchainTable(
  "participant",
  (t) => ({
    number: t.integer().primaryKey(),
    kind: t.text().notNull(),
    wallet: t.hex().notNull(),
    introducer: t.integer().notNull(),
    leader: t.integer().notNull(),
    region: t.integer().notNull(),
    tier: t.integer().notNull(),
    active: t.boolean().notNull(),
    activeDirects: t.integer().notNull(),
    teamActive: t.integer().notNull(),
    joinedOn: t.integer().notNull(),
    joinedBlock: t.integer().notNull(),
  }),
  (table) => ({ byIntroducer: index().on(table.introducer), byLeader: index().on(table.leader) }),
);

export const wallet = onchainTable("wallet", (t) => ({
  address: t.hex().primaryKey(),
  participant: t.integer().notNull(),
}));

export const pool = onchainTable(
  "pool_epoch",
  (t) => ({
    pool: t.text().notNull(),
    epoch: t.integer().notNull(),
    gathered: t.bigint().notNull(),
    weight: t.bigint().notNull(),
  }),
  (table) => ({ key: primaryKey({ columns: [table.pool, table.epoch] }) }),
);

export const weight = onchainTable(
  "pool_weight",
  (t) => ({
    pool: t.text().notNull(),
    epoch: t.integer().notNull(),
    agent: t.integer().notNull(),
    weight: t.bigint().notNull(),
  }),
  (table) => ({ key: primaryKey({ columns: [table.pool, table.epoch, table.agent] }) }),
);

export const book = onchainTable("book", (t) => ({
  id: t.integer().primaryKey(),
  treasury: t.bigint().notNull(),
  escrow: t.bigint().notNull(),
  orders: t.integer().notNull(),
}));
