/** The rows and balances that Liandong's mirror makes of the same events, written as Ponder wants it. */
import { type Context, ponder } from "ponder:registry";
import { account, batch, block, book, chainEvent, order, participant, pool, transaction, wallet, weight } from "ponder:schema";
import { readFileSync } from "node:fs";

const { day_zero: dayZero, utc_offset: utcOffset } = JSON.parse(readFileSync(process.env.LIANDONG_BENCHMARK!, "utf8"));
const [PLATFORM, FEES, DUTY, INSURANCE] = [1, 2, 3, 4] as const;
const DIAMOND = 4;

type Event = {
  log: { logIndex: number };
  block: { number: bigint; hash: `0x${string}`; parentHash: `0x${string}`; timestamp: bigint };
  transaction: { hash: `0x${string}`; transactionIndex: number };
};
type Fields = { order?: bigint; account?: bigint; amount?: bigint; detail?: Record<string, unknown> };

/** Orders told of a batch whose end was not told yet, and the sellers' own lines of the settle call at hand. */
let recorded: (typeof order.$inferInsert)[] = [];
const own = new Map<number, bigint>();

const dayOf = (event: Event) => Math.floor((Number(event.block.timestamp) + utcOffset) / 86_400) - dayZero;
const plain = (_: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);

async function note(context: Context, event: Event, name: string, fields: Fields = {}) {
  const number = Number(event.block.number);
  const { hash, parentHash, timestamp } = event.block;
  const { detail, ...columns } = fields;
  await context.db.insert(block).values({ number, hash, parentHash, timestamp }).onConflictDoNothing();
  const index = event.transaction.transactionIndex;
  await context.db.insert(transaction).values({ block: number, index, hash: event.transaction.hash }).onConflictDoNothing();
  await context.db.insert(chainEvent).values({
    block: number, logIndex: event.log.logIndex, transactionIndex: index, name, ...columns,
    detail: detail && JSON.stringify(detail, plain),
  });
}

async function enter(context: Context, event: Event, number: number, kind: string, address: `0x${string}`, more = {}) {
  const from = { joinedOn: dayOf(event), joinedBlock: Number(event.block.number) };
  const none = { introducer: 0, leader: 0, region: 0, tier: 0, active: false, activeDirects: 0, teamActive: 0 };
  await context.db.insert(participant).values({ number, kind, wallet: address, ...none, ...from, ...more });
  await context.db.insert(wallet).values({ address, participant: number });
  await context.db.insert(account).values({ number, available: 0n, withdrawn: 0n, deposit: 0n, debt: 0n });
}

/** Debt first, into the treasury; the rest is available. */
async function credit(context: Context, number: number, amount: bigint) {
  if (amount === 0n) return;
  let repaid = 0n;
  await context.db
    .insert(account)
    .values({ number, available: amount, withdrawn: 0n, deposit: 0n, debt: 0n })
    .onConflictDoUpdate((row) => {
      repaid = row.debt < amount ? row.debt : amount;
      return { available: row.available + amount - repaid, debt: row.debt - repaid };
    });
  if (repaid) await total(context, { treasury: repaid });
}

async function total(context: Context, change: { treasury?: bigint; escrow?: bigint; orders?: number }) {
  const { treasury = 0n, escrow = 0n, orders = 0 } = change;
  await context.db.insert(book).values({ id: 1, treasury, escrow, orders }).onConflictDoUpdate((row) => ({
    treasury: row.treasury + treasury, escrow: row.escrow + escrow, orders: row.orders + orders,
  }));
}

async function gather(context: Context, name: string, epoch: number, amount: bigint) {
  if (amount === 0n) return;
  await context.db
    .insert(pool).values({ pool: name, epoch, gathered: amount, weight: 0n })
    .onConflictDoUpdate((row) => ({ gathered: row.gathered + amount }));
}

async function weigh(context: Context, name: string, epoch: number, agent: number, amount: bigint) {
  await context.db
    .insert(weight).values({ pool: name, epoch, agent, weight: amount })
    .onConflictDoUpdate((row) => ({ weight: row.weight + amount }));
  await context.db
    .insert(pool).values({ pool: name, epoch, gathered: 0n, weight: amount })
    .onConflictDoUpdate((row) => ({ weight: row.weight + amount }));
}

function* members(first: bigint, bits: bigint) {
  for (let at = 0; bits; at++, bits >>= 1n) if (bits & 1n) yield Number(first) + at;
}

ponder.on("Settlement:RolesChanged", async ({ event, context }) => {
  await note(context, event, "RolesChanged", { detail: event.args });
});

ponder.on("Settlement:PlanPublished", async ({ event, context }) => {
  await note(context, event, "PlanPublished", { detail: event.args });
});

ponder.on("Settlement:TreasuryFunded", async ({ event, context }) => {
  await note(context, event, "TreasuryFunded", { amount: event.args.amount });
  await total(context, { treasury: event.args.amount });
});

ponder.on("Settlement:SupplierRegistered", async ({ event, context }) => {
  await note(context, event, "SupplierRegistered", { account: event.args.supplier, detail: event.args });
  await enter(context, event, Number(event.args.supplier), "supplier", event.args.wallet);
});

ponder.on("Settlement:AgentJoined", async ({ event, context }) => {
  const { agent, introducer, leader, wallet, region } = event.args;
  await note(context, event, "AgentJoined", { account: agent, detail: event.args });
  const above = { introducer: Number(introducer), leader: Number(leader), region: Number(region) };
  await enter(context, event, Number(agent), "agent", wallet, above);
});

ponder.on("Settlement:AgentActivated", async ({ event, context }) => {
  const { agent, order } = event.args;
  await note(context, event, "AgentActivated", { account: agent, order });
  await context.db.update(participant, { number: Number(agent) }).set({ active: true });
});

ponder.on("Settlement:ProgressMade", async ({ event, context }) => {
  const { agent, activeDirects, teamActive } = event.args;
  await note(context, event, "ProgressMade", { account: agent, detail: { activeDirects, teamActive } });
  const progress = { activeDirects: Number(activeDirects), teamActive: Number(teamActive) };
  await context.db.update(participant, { number: Number(agent) }).set(progress);
});

ponder.on("Settlement:TierReached", async ({ event, context }) => {
  const { agent, tier, name } = event.args;
  await note(context, event, "TierReached", { account: agent, detail: { tier, name } });
  await context.db.update(participant, { number: Number(agent) }).set({ tier: Number(tier) });
});

ponder.on("Settlement:RetailOrderRecorded", async ({ event, context }) => {
  const { order, seller, supplier, price, cost, fees, rateBps, leader, holder } = event.args;
  await note(context, event, "RetailOrderRecorded", { order, account: seller, amount: price });
  recorded.push({
    number: Number(order), batchFirst: 0, price, cost, fees, seller: Number(seller), supplier: Number(supplier),
    partner: Number(holder), leader: Number(leader), rateBps: Number(rateBps), plan: 0, day: 0, refunded: 0n,
    state: "recorded", recordedBlock: Number(event.block.number),
  });
});

ponder.on("Settlement:BatchRecorded", async ({ event, context }) => {
  const { first, count, plan, day, root } = event.args;
  await note(context, event, "BatchRecorded", { detail: event.args });
  const told = { batchFirst: Number(first), plan: Number(plan), day: Number(day) };
  const sum = recorded.reduce((so_far, one) => so_far + one.price, 0n);
  await context.db.insert(order).values(recorded.map((one) => ({ ...one, ...told })));
  recorded = [];
  const row = { first: Number(first), width: Number(count), plan: Number(plan), day: Number(day), root };
  await context.db.insert(batch).values({ ...row, block: Number(event.block.number) });
  await total(context, { treasury: -sum, escrow: sum, orders: Number(count) });
});

ponder.on("Settlement:OrdersDelivered", async ({ event, context }) => {
  const { first, day, orders } = event.args;
  await note(context, event, "OrdersDelivered", { detail: event.args });
  for (const number of members(first, orders)) {
    await context.db.update(order, { number }).set({ deliveredOn: Number(day) });
  }
});

ponder.on("Settlement:SupplyPaid", async ({ event, context }) => {
  const { order, supplier, amount } = event.args;
  await note(context, event, "SupplyPaid", { order, account: supplier, amount });
  await credit(context, Number(supplier), amount);
});

ponder.on("Settlement:TeamPaid", async ({ event, context }) => {
  const { order, leader, amount } = event.args;
  await note(context, event, "TeamPaid", { order, account: leader, amount });
  await credit(context, Number(leader), amount);
});

ponder.on("Settlement:DirectPaid", async ({ event, context }) => {
  const { order, seller, amount } = event.args;
  await note(context, event, "DirectPaid", { order, account: seller, amount });
  own.set(Number(order), (own.get(Number(order)) ?? 0n) + amount);
  await credit(context, Number(seller), amount);
});

ponder.on("Settlement:OrdersSettled", async ({ event, context }) => {
  const { first, orders } = event.args;
  await note(context, event, "OrdersSettled", { detail: event.args });
  const day = dayOf(event);
  let escrow = 0n;
  for (const number of members(first, orders)) {
    const settled = { state: "settled", settledOn: day, settledBlock: Number(event.block.number) };
    const row = await context.db.update(order, { number }).set(settled);
    escrow += row.price - row.refunded;
    const lines = own.get(number) ?? 0n;
    own.delete(number);
    if (!row.seller) continue;
    if (lines && row.leader) await weigh(context, "support", Math.floor(day / 30), row.seller, lines);
    const seller = await context.db.find(participant, { number: row.seller });
    if (seller?.tier === DIAMOND) {
      await weigh(context, "dividend", Math.floor(day / 365), row.seller, row.price - row.refunded);
    }
  }
  await total(context, { escrow: -escrow });
});

ponder.on("Settlement:BrandLinesPaid", async ({ event, context }) => {
  const { fees, duty, insurance, platform, fund, dividend } = event.args;
  await note(context, event, "BrandLinesPaid", { detail: event.args });
  for (const [number, amount] of [[PLATFORM, platform], [FEES, fees], [DUTY, duty], [INSURANCE, insurance]] as const) {
    await credit(context, number, amount);
  }
  await gather(context, "support", Math.floor(dayOf(event) / 30), fund);
  await gather(context, "dividend", Math.floor(dayOf(event) / 365), dividend);
});

ponder.on("Settlement:OrderRefunded", async ({ event, context }) => {
  const { order: number, amount } = event.args;
  await note(context, event, "OrderRefunded", { order: number, amount, detail: event.args });
  await context.db.update(order, { number: Number(number) }).set((row) => ({ refunded: row.refunded + amount }));
  await total(context, { treasury: amount, escrow: -amount });
});
