import { seededPasswordHash } from './accounts.ts';

/** One statement of the load: `$1` users, `$2` jobs where its text uses them. */
export interface SeedStatement {
  readonly text: string;
  readonly values: (size: { users: number; jobs: number }) => readonly unknown[];
}

const words = (text: string): readonly string[] => text.split(', ');
const trades = words('plumber, electrician, carpenter, painter, roofer, tiler, gardener, mason, glazier, locksmith');
const cities = words(
  'Aberdeen, Bath, Bristol, Cardiff, Chester, Derby, Dundee, Exeter, Glasgow, Hull, Leeds, Lincoln, London, Manchester, ' +
    'Norwich, Oxford, Plymouth, Swansea, Truro, York',
);
const tasks = words('Repair, Replace, Install, Inspect, Restore, Extend, Clean, Fit');
const things = words(
  'kitchen sink, bathroom tiles, garden fence, oak staircase, flat roof, front door, boiler, sash window, brick wall, ' +
    'light circuit, water pipe, gutter, patio, chimney, radiator, skirting board, shed',
);
const details = words(
  'with access from the street, on weekends only, photos on request, materials are on site, after a repair that did not hold, ' +
    'parking in the yard, before winter',
);

const list = (choice: readonly string[]): string => `ARRAY[${choice.map((word) => `'${word}'`).join(',')}]`;

/**
 * A pseudo-random pick from 0 … n−1: 28 bits of the MD5 of row and salt, so that picks of one row are independent of each
 * other. Not random() or hashtext(), whose results may change between PostgreSQL versions.
 */
const pick = (row: string, salt: number, n: string | number): string =>
  `(('x' || substr(md5((${row}) || ':${salt}'), 1, 7))::bit(28)::int % ${n})`;
const oneOf = (choice: readonly string[], row: string, salt: number): string =>
  `(${list(choice)})[1 + ${pick(row, salt, choice.length)}]`;
const customer = (row: string, salt: number): string => `(1 + 2 * ${pick(row, salt, '(($1::int + 1) / 2)')})`;
const epoch = `timestamptz '2026-01-01 00:00:00+00'`;

const users = `INSERT INTO users (id, email, password_hash, name, role, verified_at, created_at)
  SELECT i, 'user' || lpad(i::text, 6, '0') || '@example.test', $2, 'User ' || i,
    CASE i % 2 WHEN 1 THEN 'customer' ELSE 'trade' END, ${epoch}, ${epoch}
  FROM generate_series(1, $1::int) AS i`;

const jobs = `INSERT INTO jobs (id, customer_id, trade, city, title, description, budget_cents, status, created_at)
  SELECT i, ${customer('i', 1)}, ${oneOf(trades, 'i', 2)}, ${oneOf(cities, 'i', 3)},
    ${oneOf(tasks, 'i', 4)} || ' ' || ${oneOf(things, 'i', 5)},
    'We need somebody for this soon: ' || ${oneOf(details, 'i', 6)} || ', ' || ${oneOf(details, 'i', 7)},
    5000 + 100 * ${pick('i', 8, 5000)}, CASE WHEN i % 10 = 0 THEN 'assigned' ELSE 'open' END,
    ${epoch} + i * interval '1 minute'
  FROM generate_series(1, $2::int) AS i`;

/** Two bids a job, of neighbouring trades, so that they differ whenever there are two; the first of each tenth job won. */
const bids = `INSERT INTO bids (job_id, trade_id, amount_cents, message, status, created_at)
  SELECT i, 2 + 2 * ((${pick('i', 9, '($1::int / 2)')} + b) % ($1::int / 2)), 4000 + 100 * ${pick('i * 2 + b', 10, 5000)},
    'I can start within the week.',
    CASE WHEN i % 10 > 0 THEN 'pending' WHEN b = 0 THEN 'accepted' ELSE 'rejected' END,
    ${epoch} + i * interval '1 minute' + (b + 1) * interval '1 hour'
  FROM generate_series(1, $2::int) AS i, generate_series(0, least(2, $1::int / 2) - 1) AS b
  ORDER BY i, b`;

const escrows = `INSERT INTO escrow_accounts (job_id, bid_id, customer_id, trade_id, amount_cents, status, created_at)
  SELECT j.id, b.id, j.customer_id, b.trade_id, b.amount_cents,
    CASE WHEN j.id % 20 = 0 THEN 'funded' ELSE 'awaiting_payment' END, b.created_at + interval '1 day'
  FROM jobs j JOIN bids b ON b.job_id = j.id AND b.status = 'accepted' ORDER BY j.id`;

const payments = `INSERT INTO payments (escrow_id, idempotency_key, amount_cents, card_last4, status, provider_payment_id, created_at)
  SELECT id, 'seed-' || id, amount_cents, '4242', 'succeeded', 'seed-' || id, created_at + interval '1 hour'
  FROM escrow_accounts WHERE status = 'funded' ORDER BY id`;

/** The tables that a load empties and fills, parents first. */
export const seededTables = ['users', 'jobs', 'bids', 'escrow_accounts', 'payments', 'disputes'] as const;

const nextIds = seededTables.map((table) => ({
  text: `SELECT setval(pg_get_serial_sequence('${table}', 'id'), coalesce(max(id), 0) + 1, false) FROM ${table}`,
  values: () => [],
}));

/** The whole load, in order; the same size gives the same rows. */
export const seedStatements: readonly SeedStatement[] = [
  { text: `TRUNCATE ${seededTables.join(', ')} RESTART IDENTITY`, values: () => [] },
  { text: users, values: (size) => [size.users, seededPasswordHash] },
  { text: jobs, values: (size) => [size.users, size.jobs] },
  { text: bids, values: (size) => [size.users, size.jobs] },
  { text: escrows, values: () => [] },
  { text: payments, values: () => [] },
  ...nextIds,
];
