import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { readReportAssets } from '../../lib/adapters/node/report-assets.ts';
import { htmlRenderer } from '../../lib/report/formats/html.ts';
import type { Report } from '../../lib/report/report.ts';
import { brokenRun } from '../lib/report/fixture.ts';
import { emptyRun, hostileRun, nullRun, voidRun } from '../lib/report/fixture-edges.ts';

/** Where Debian and Ubuntu put it; playwright-core brings no browser of its own. */
const CHROMIUM = '/usr/bin/chromium';
const present = existsSync(CHROMIUM);
if (!present) process.stderr.write(`report-page.test.ts is skipped: there is no ${CHROMIUM} (apt install chromium)\n`);

const require = createRequire(import.meta.url);

const RUNS: readonly (readonly [string, () => Report])[] = [
  ['broken', brokenRun],
  ['void', voidRun],
  ['null', nullRun],
  ['hostile', hostileRun],
  ['empty', emptyRun],
];

interface Opened {
  readonly page: Page;
  /** What the browser complained of, and what it asked for beside the file itself. */
  readonly complaints: string[];
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

(present ? describe : describe.skip)('report.html in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-report-'));
  const files = new Map<string, string>();
  let browser: Browser;

  beforeAll(async () => {
    const render = htmlRenderer(readReportAssets());
    for (const [name, run] of RUNS) {
      const file = join(folder, `${name}.html`);
      writeFileSync(file, render(run()));
      files.set(name, pathToFileURL(file).href);
    }
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  });

  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function open(name: string, options: BrowserContextOptions = {}): Promise<Opened> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const complaints: string[] = [];
    const address = files.get(name) ?? '';
    page.on('console', (message) => complaints.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (request.url() !== address && !request.url().startsWith('data:')) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(address);
    return { page, complaints };
  }

  test.each(RUNS)(
    '%s: no reportConfigurationError, no request, and no sideways scrolling from 360 to 1600 px',
    async (name) => {
      const { page, complaints } = await open(name);
      for (const width of [360, 768, 1280, 1600]) {
        await page.setViewportSize({ width, height: 900 });
        expect([width, await overflow(page)]).toEqual([width, 0]);
      }
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  test.each(RUNS.flatMap(([name]) => [[name, 'light'] as const, [name, 'dark'] as const]))(
    '%s, %s: nothing that axe-core objects to',
    async (name, colorScheme) => {
      const { page } = await open(name, { colorScheme });
      await page.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
      const found = await page.evaluate<string[]>(
        "axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html.slice(0, 200))))",
      );
      expect(found).toEqual([]);
      await page.close();
    },
  );

  test('charts are live: each has its canvas, and hovering shows values on all of them', async () => {
    const { page } = await open('broken');
    const charts = await page.locator('.chart').count();
    expect(charts).toBeGreaterThan(10);
    expect(await page.locator('.chart canvas').count()).toBe(charts);
    await page.locator('#load .u-over').hover({ position: { x: 300, y: 60 } });
    // Waited for, since a busy browser draws when it comes to it; what never comes ends in a time-out that names it.
    await page
      .locator('#load .legend .value', { hasText: /^\d+\/s$/ })
      .first()
      .waitFor();
    await page.locator('#response-time .legend .at', { hasText: /^at \d+ s$/ }).waitFor();
    await page.locator('#signal-0 .legend .value', { hasText: /^\d+(\.\d)? %$/ }).waitFor();
    await page.close();
  });

  test('the keyboard zooms all charts to a phase, and switches the scale', async () => {
    const { page, complaints } = await open('broken');
    const stress = page.getByRole('button', { name: 'stress' });
    await stress.focus();
    await page.keyboard.press('Enter');
    await expect(stress.getAttribute('aria-pressed')).resolves.toBe('true');
    const scale = page.getByRole('button', { name: 'Log scale' });
    const before = await scale.getAttribute('aria-pressed');
    await scale.press('Space');
    await expect(scale.getAttribute('aria-pressed')).resolves.not.toBe(before);
    await expect(stress.getAttribute('aria-pressed')).resolves.toBe('true');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('without scripts the tables and drawings stand', async () => {
    const { page } = await open('broken', { javaScriptEnabled: false });
    await expect(page.getByRole('heading', { level: 1 }).textContent()).resolves.toContain('Carries 200 arrivals/s');
    await expect(page.locator('#phases tbody th').first().isVisible()).resolves.toBe(true);
    await expect(page.locator('#response-time svg.static').isVisible()).resolves.toBe(true);
    await expect(page.locator('.tools').isVisible()).resolves.toBe(false);
    await page.close();
  });

  test('on paper the drawings replace the canvases, and what was folded is open', async () => {
    const { page } = await open('broken', { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('#response-time svg.static').isVisible()).resolves.toBe(true);
    await expect(page.locator('#response-time canvas').isVisible()).resolves.toBe(false);
    await expect(page.locator('#steps details table').first().isVisible()).resolves.toBe(true);
    await page.close();
  });
});
