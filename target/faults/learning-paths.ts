import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { register } from '../service/domain/accounts.ts';
import { Problem } from '../service/problems.ts';
import { email, id, idParams, type IdParams, limit, object, text } from '../service/schemas.ts';
import type { Services } from '../service/services.ts';

const page = object({ limit: { ...limit, default: 10 } }, ['limit']);
const newUser = object({ name: text(1, 100), email, password: text(8, 200) }, ['password']);
const line = object(
  { product_id: id, quantity: { type: 'integer', minimum: 1, maximum: 100, default: 1 }, cart_id: text(1, 50) },
  ['quantity', 'cart_id'],
);
const order = object({ cart_id: text(1, 50) });

const cartSeconds = 600;
const listUsers = { name: 'lab-users', text: 'SELECT id, name, role FROM users ORDER BY id LIMIT $1' };
const findUser = { name: 'lab-user', text: 'SELECT id, name, role FROM users WHERE id = $1' };
const listProducts = {
  name: 'lab-products',
  text: `SELECT id, title AS name, budget_cents AS "priceCents" FROM jobs WHERE status = 'open' ORDER BY id DESC LIMIT $1`,
};
const pricesOf = { name: 'lab-prices', text: 'SELECT id, budget_cents AS "priceCents" FROM jobs WHERE id = ANY($1)' };

interface Line {
  readonly product_id: number;
  readonly quantity: number;
}

/** The paths that a load-testing course uses: which node answers, users, products, a cart. Every reply names its node. */
export function learningPaths(app: FastifyInstance, services: Services, node: string): void {
  app.addHook('onSend', async (_request, reply) => void reply.header('x-node', node));
  app.get('/', () => ({ service: 'marketplace', lab: true, node, docs: 'target/README.md' }));
  app.get('/api/health', () => ({ status: 'ok', node }));
  app.get('/api/health/worker', () => ({ status: 'ok', node, pid: process.pid }));
  userPaths(app, services);
  shopPaths(app, services);
}

function userPaths(app: FastifyInstance, { database }: Services): void {
  app.get<{ Querystring: { limit: number } }>('/api/users', { schema: { querystring: page } }, async ({ query }) => ({
    users: await database.rows(listUsers, [query.limit]),
  }));
  app.get<{ Params: IdParams }>('/api/users/:id', { schema: { params: idParams } }, async ({ params }) => {
    const [user] = await database.rows(findUser, [params.id]);
    if (user === undefined) throw new Problem('not-found');
    return user;
  });
  app.post<{ Body: { name: string; email: string; password?: string } }>(
    '/api/users',
    { schema: { body: newUser } },
    async ({ body }, reply) => {
      const { password = randomBytes(12).toString('base64url') } = body;
      const { userId } = await register(database, { ...body, password, role: 'customer' });
      return reply.code(201).send({ id: userId, name: body.name });
    },
  );
}

const keyOf = (cart: string): string => `cart:${cart}`;

function shopPaths(app: FastifyInstance, services: Services): void {
  const { database } = services;
  const linesOf = async (cart: string): Promise<Line[]> =>
    JSON.parse((await services.cache.get(keyOf(cart))) ?? '[]') as Line[];
  app.get<{ Querystring: { limit: number } }>(
    '/api/products',
    { schema: { querystring: page } },
    async ({ query }) => ({
      products: await database.rows(listProducts, [query.limit]),
    }),
  );
  app.post<{ Body: Line & { cart_id?: string } }>(
    '/api/cart/add',
    { schema: { body: line } },
    async ({ body }, reply) => {
      const { cart_id = randomUUID(), product_id, quantity } = body;
      const lines = [...(await linesOf(cart_id)), { product_id, quantity }].slice(-100);
      await services.cache.set(keyOf(cart_id), JSON.stringify(lines), cartSeconds);
      return reply.code(201).send({ cart_id, items: lines.length });
    },
  );
  app.post<{ Body: { cart_id: string } }>('/api/checkout', { schema: { body: order } }, async ({ body }, reply) => {
    const lines = await linesOf(body.cart_id);
    if (lines.length === 0) throw new Problem('not-found');
    const rows = await database.rows<{ id: number; priceCents: number }>(pricesOf, [
      lines.map((each) => each.product_id),
    ]);
    const prices = new Map(rows.map((row) => [row.id, row.priceCents]));
    await services.cache.drop(keyOf(body.cart_id));
    const totalCents = lines.reduce((sum, each) => sum + each.quantity * (prices.get(each.product_id) ?? 0), 0);
    return reply.code(201).send({ order_id: randomUUID(), totalCents });
  });
}
