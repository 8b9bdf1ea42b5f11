/** Sums over the rows, so that the benchmark can hold them against the mirror's. */
import { Hono } from "hono";
import { sql } from "ponder";
import { db } from "ponder:api";
import { account, book, chainEvent, order, participant, pool, weight } from "ponder:schema";

const app = new Hono();

app.get("/totals", async (c) => {
  const events = await db.select({ n: sql<string>`count(*)` }).from(chainEvent);
  const orders = await db
    .select({ state: order.state, n: sql<string>`count(*)`, refunded: sql<string>`sum(${order.refunded})` })
    .from(order).groupBy(order.state).orderBy(order.state);
  const accounts = await db
    .select({
      n: sql<string>`count(*)`, available: sql<string>`sum(${account.available})`,
      weighed: sql<string>`sum(${account.available} * ${account.number})`,
    })
    .from(account);
  const people = await db.select({ n: sql<string>`count(*)`, active: sql<string>`sum(${participant.activeDirects})` }).from(participant);
  const books = await db.select({ treasury: book.treasury, escrow: book.escrow, orders: book.orders }).from(book);
  const pools = await db.select({ gathered: sql<string>`sum(${pool.gathered})`, weight: sql<string>`sum(${pool.weight})` }).from(pool);
  const weights = await db.select({ n: sql<string>`count(*)`, weight: sql<string>`sum(${weight.weight} * ${weight.agent})` }).from(weight);
  const rows = [events[0], ...orders, accounts[0], people[0], books[0], pools[0], weights[0]];
  return c.json(rows.map((row) => Object.values(row!).map(String)));
});

export default app;
