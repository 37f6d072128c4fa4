import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { AccessGuard } from '../../bin/ui/access.ts';
import { CommandLine, Workplace } from './command-line.ts';

const CHROMIUM = '/usr/bin/chromium';
const require = createRequire(import.meta.url);

/** How many seconds the page's first chart shows. */
const SEEN = "Number(document.querySelector('.plot').dataset.points)";

const PLAN = (target: string): string => `name: shop
target: ${target}
scenarios:
  - { name: front, steps: [{ get: / }] }
phases:
  - { name: steady, kind: sustained, duration: 300s, open: { rate: 20 } }
`;

let place: Workplace;
let target: Server;
let command: CommandLine;
let address: URL;
let cookie = '';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Paths as they are written, which fetch would straighten out. */
const ask = (path: string, headers: Record<string, string> = {}, form?: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: address.port, path, headers, method: form === undefined ? 'GET' : 'POST' },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    sent.on('error', reject).end(form);
  });

beforeAll(async () => {
  place = await Workplace.make();
  target = createServer((_, response) => void setTimeout(() => response.end('hello'), 5)).listen(0, '127.0.0.1');
  await new Promise((resolve) => target.once('listening', resolve));
  await place.write('shop.yaml', PLAN(`http://127.0.0.1:${(target.address() as AddressInfo).port}`));
  await place.write('secret.txt', 'a secret');
  await mkdir(join(place.path, 'runs'));
  command = new CommandLine(['ui'], { env: { npm_lifecycle_event: 'plimsoll', INIT_CWD: place.path } });
  address = new URL(await command.printed(/http:\S+/));
  const entered = await ask(`/${address.search}`);
  cookie = entered.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}, 60_000);

afterAll(async () => {
  // A run outlives its page, so a test that failed half-way would leave one.
  const form = `token=${address.searchParams.get('token')}`;
  for (const id of await readdir(join(place.path, 'runs')))
    await ask(`/runs/${id}/stop`, { cookie, origin: `http://${address.host}` }, form);
  command.kill('SIGINT');
  await command.ended;
  target.close();
  await place[Symbol.asyncDispose]();
});

describe('who may use the page', () => {
  test('the token of the terminal becomes a cookie that no script and no other site gets', async () => {
    const { status, headers } = await ask(`/${address.search}`);
    expect([status, headers.location]).toEqual([303, '/']);
    expect(headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    expect((await ask('/', { cookie })).status).toBe(200);
  });

  const own = (): string => address.host;
  const form = (): string => `plan=shop.yaml&command=run&token=${address.searchParams.get('token')}`;
  const posting = (): Record<string, string> => ({ cookie, origin: `http://${own()}` });

  test.each<[string, () => Promise<Answer>, number]>([
    ['no token', () => ask('/'), 403],
    ['a guessed token', () => ask('/?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'), 403],
    ['a guessed cookie', () => ask('/', { cookie: `plimsoll-${address.port}=guess` }), 403],
    ['a foreign Host (DNS rebinding)', () => ask('/', { cookie, host: `evil.example:${address.port}` }), 421],
    ['the right Host without its port', () => ask('/', { cookie, host: '127.0.0.1' }), 421],
    ['another origin', () => ask('/', { cookie, origin: 'http://evil.example' }), 403],
    ['another port of this machine', () => ask('/', { cookie, origin: 'http://127.0.0.1:1' }), 403],
    ['a script without token', () => ask('/page.js'), 403],
    ['a POST from another origin', () => ask('/start', { cookie, origin: 'http://evil.example' }, form()), 403],
    ['a POST of no known origin', () => ask('/start', { cookie }, form()), 403],
    ['a POST with an opaque origin', () => ask('/start', { cookie, origin: 'null' }, form()), 403],
    ['a POST without cookie', () => ask('/start', { origin: `http://${own()}` }, form()), 403],
    ['a POST without token', () => ask('/start', posting(), 'plan=shop.yaml&command=run'), 403],
    ['a POST with a guessed token', () => ask('/start', posting(), 'plan=shop.yaml&token=guess'), 403],
    [
      'a plan that is not in the list',
      () => ask('/start', posting(), form().replace('shop.yaml', '../shop.yaml')),
      404,
    ],
    ['a run of no run', () => ask('/runs/none/stop', posting(), form()), 404],
    ['a way out of the folder', () => ask('/runs/../../secret.txt', { cookie }), 404],
    ['the same, escaped', () => ask('/runs/..%2f..%2fsecret.txt/report', { cookie }), 404],
    ['dots as a run', () => ask('/runs/%2e%2e/report', { cookie }), 404],
    ['a comparison out of the folder', () => ask('/compare?run=..%2f..&run=..', { cookie }), 404],
  ])('%s is refused', async (_, asked, status) => {
    const answer = await asked();
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain('a secret');
  });

  test('a page may load its own files alone, and be framed by none', async () => {
    const { headers } = await ask('/', { cookie });
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/);
    expect(policy).not.toContain('unsafe');
  });

  test('other methods are refused', () => {
    const guard = new AccessGuard('t', 1);
    expect(guard.judge({ method: 'DELETE', headers: { host: 'localhost:1' }, token: 't' })).toMatchObject({
      status: 405,
    });
  });
});

const present = existsSync(CHROMIUM);
if (!present) process.stderr.write(`ui.test.ts is skipped in part: there is no ${CHROMIUM} (apt install chromium)\n`);

(present ? describe : describe.skip)('the page in a browser', () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
    page = await opened();
  }, 60_000);
  afterAll(() => browser.close());

  async function opened(): Promise<Page> {
    const made = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    made.on('console', (message) => complaints.push(`console: ${message.text()}`));
    made.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    made.on('request', (asked) => {
      if (new URL(asked.url()).host !== address.host && !asked.url().startsWith('data:')) complaints.push(asked.url());
    });
    await made.goto(address.href);
    return made;
  }

  /** Outside of the page's policy, as an inspector's console is; both colour schemes, and as narrow as a telephone. */
  async function look(name: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [1280, 400]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        const sideways = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        expect([name, width, await page.evaluate(sideways)]).toEqual([name, width, 0]);
        const shots = process.env['PLIMSOLL_SCREENSHOTS'];
        if (shots !== undefined)
          await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: true });
        await page.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
        const found = await page.evaluate<string[]>(
          "axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html.slice(0, 200))))",
        );
        expect([name, ...found]).toEqual([name]);
      }
  }

  test('starts a plan by keyboard, shows it live, loses nothing with its tab, and stops it', async () => {
    await look('empty');
    await page.getByRole('button', { name: 'Run shop.yaml' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('#panel', { hasText: 'carried' }).waitFor();
    await look('live');
    const where = page.url();
    const before = await page.evaluate<number>(SEEN);
    await page.close();
    page = await opened();
    await page.getByRole('link', { name: /shop/ }).first().click();
    expect(page.url()).toBe(where);
    await page.locator('#panel', { hasText: 'carried' }).waitFor();
    await expect(page.locator('#charts canvas').count()).resolves.toBe(4);
    await expect(page.evaluate<number>(SEEN)).resolves.toBeGreaterThanOrEqual(before);
    // The figures are those of the terminal.
    await expect(page.locator('#panel').textContent()).resolves.toMatch(/steady .*20 arrivals\/s[^]*offered 20\/s/);
    await page.getByRole('button', { name: 'Stop the load' }).click();
    await page.getByRole('link', { name: 'Report' }).waitFor();
    await page.locator('#panel', { hasText: 'stopped early' }).waitFor();
    await look('over');
    await page.getByRole('link', { name: 'Report' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expect(page.locator('.chart canvas').first().isVisible()).resolves.toBe(true);
    await page.goto(new URL('/', address).href);
    await expect(page.locator('tbody tr').count()).resolves.toBe(1);
  }, 90_000);

  test('compares two runs, with their courses laid over each other', async () => {
    const [id = ''] = (await page.locator('tbody a').allTextContents()).values();
    await cp(join(place.path, 'runs', id), join(place.path, 'runs', `${id}-b`), { recursive: true });
    await page.reload();
    for (const box of await page.getByRole('checkbox').all()) await box.check();
    await look('list');
    await page.getByRole('button', { name: 'Compare the chosen runs' }).click();
    await page.locator('#charts canvas').first().waitFor();
    await expect(page.locator('#charts canvas').count()).resolves.toBe(4);
    await look('comparison');
  }, 60_000);

  test('shows repeats with what they differ by, and compares a whole series', async () => {
    const [id = ''] = (await page.goto(address.href), (await page.locator('tbody a').allTextContents()).values());
    const series = join(place.path, 'runs', 'two');
    for (const number of ['1', '2']) await cp(join(place.path, 'runs', id), join(series, number), { recursive: true });
    const figure = { figure: 'throughput', title: 'throughput', scale: 'ratio', values: [20, 20], mean: 20 };
    const figures = [{ ...figure, interval: [19, 21], spread: 0.02, smallest: 0.1 }];
    const phases = [{ phase: 'steady', refusals: [], subjects: [{ step: null, figures }] }];
    const runs = [1, 2].map((number) => ({ id: `two-${number}`, verdict: 'pass' }));
    await place.write(
      'runs/two/repeats.json',
      JSON.stringify({ format: 'plimsoll.repeats.v1', runs, verdict: 'pass', phases }),
    );
    await page.reload();
    await page.getByRole('link', { name: 'two', exact: true }).click();
    await expect(page.locator('.headline').textContent()).resolves.toMatch(/2 runs of one plan/);
    await look('repeats');
    await page.goBack();
    await page.getByRole('link', { name: 'two/2' }).click();
    await page.getByRole('link', { name: 'Report' }).waitFor();
    await page.goBack();
    for (const name of [`Compare ${id}`, 'Compare all of two'])
      await page.getByRole('checkbox', { name, exact: true }).check();
    await page.getByRole('button', { name: 'Compare the chosen runs' }).click();
    await expect(page.locator('#charts .legend').first().locator('li').count()).resolves.toBe(3);
  }, 60_000);

  test('the browser had nothing to complain of, and asked for nothing from elsewhere', () => {
    expect(complaints).toEqual([]);
  });
});
