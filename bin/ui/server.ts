import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FolderStore } from '../../lib/adapters/node/folder-store.ts';
import { readReportText } from '../../lib/adapters/node/run-folder.ts';
import { readReportAssets } from '../../lib/adapters/node/report-assets.ts';
import type { ComparedRun } from '../../lib/analysis/compare/comparable.ts';
import { compareRuns } from '../../lib/analysis/compare/compare.ts';
import { codeOf, errorTable, messageOf, PlimsollError } from '../../lib/errors.ts';
import { comparisonHeadline, comparisonSections } from '../../lib/report/comparison.ts';
import { repeatsHeadline, repeatsSections } from '../../lib/report/repeats.ts';
import { isReport, type Report } from '../../lib/report/report.ts';
import { comparedRunAt } from '../../lib/run/archive/compared-run.ts';
import { folderKeys } from '../../lib/run/archive/keys.ts';
import { runAt } from '../../lib/run/archive/run-record.ts';
import { type AccessGuard, PAGE_HEADERS, REPORT_HEADERS } from './access.ts';
import { LiveRun } from './live-run.ts';
import { liveMessage } from './live-state.ts';
import { addressOfRun, comparePage, listPage, messagePage, repeatsPage, runPage, type LaidOver } from './pages.ts';
import { chosenFrom, sidesOf } from './chosen.ts';
import type { UiWorkplace } from './workplace.ts';

/** What the server serves, and to whom. */
export interface UiSettings {
  readonly workplace: UiWorkplace;
  readonly guard: AccessGuard;
  readonly token: string;
}

/** Seconds come once a second. */
const EVERY_MS = 1000;
const MOST_FORM_BYTES = 10_000;

/** Answers on loopback alone. */
export function uiServer(settings: () => UiSettings): Server {
  return createServer((request, response) => {
    answer(settings(), request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      send(response, statusOf(error), messagePage('This did not work', sentencesOf(error)));
    });
  });
}

const statusOf = (error: unknown): number => (error instanceof PlimsollError ? 422 : 500);

const sentencesOf = (error: unknown): readonly string[] =>
  error instanceof PlimsollError
    ? [...error.details, `${error.code}: ${error.message}`, errorTable[error.code].remedy]
    : [messageOf(error)];

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = PAGE_HEADERS,
): void {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', ...headers }).end(body);
}

const redirect = (response: ServerResponse, to: string, more: Record<string, string> = {}): void =>
  void response.writeHead(303, { ...PAGE_HEADERS, Location: to, ...more }).end();

const notThere = (response: ServerResponse): void =>
  send(response, 404, messagePage('Not found', ['There is no such page, and no such run.']));

async function answer(settings: UiSettings, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', headers, url = '/' } = request;
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  const access = settings.guard.judge({ method, headers, token: searchParams.get('token') ?? undefined });
  if ('because' in access) return send(response, access.status, messagePage('Refused', [access.because]));
  if (access.status === 'enter') return redirect(response, pathname, { 'Set-Cookie': settings.guard.cookie });
  if (method === 'POST') return await write(settings, request, response, pathname);
  const asset = assets()[pathname];
  if (asset !== undefined) return send(response, 200, asset.text, { ...PAGE_HEADERS, 'Content-Type': asset.type });
  if (pathname === '/') return await list(settings, response);
  if (pathname === '/compare') return await compare(settings, searchParams.getAll('run'), response);
  if (pathname.startsWith('/repeats/')) return await repeated(settings, pathname, response);
  return await oneRun(settings, pathname, response);
}

let read: Readonly<Record<string, { readonly type: string; readonly text: string }>> | undefined;

const own = (name: string): string => readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8');

function assets(): NonNullable<typeof read> {
  if (read !== undefined) return read;
  const { uplotJs, uplotCss, pageCss } = readReportAssets();
  return (read = {
    '/uplot.js': { type: 'text/javascript; charset=utf-8', text: uplotJs },
    '/page.js': { type: 'text/javascript; charset=utf-8', text: own('page.js') },
    '/page.css': { type: 'text/css; charset=utf-8', text: `${uplotCss}\n${pageCss}\n${own('page.css')}` },
  });
}

async function list({ workplace, token }: UiSettings, response: ServerResponse): Promise<void> {
  const [runs, plans, repeats] = await Promise.all([workplace.lines(), workplace.plans(), workplace.repeats()]);
  const failed = workplace.failed.filter(({ id }) => !runs.some((run) => run.id === id));
  send(response, 200, listPage({ runs, repeats, plans, failed, token }));
}

/** A name as it stands in an address; the slash of a repeat is escaped there. Empty where it is none. */
function nameIn(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

async function repeated({ workplace }: UiSettings, pathname: string, response: ServerResponse): Promise<void> {
  const name = nameIn(pathname.slice('/repeats/'.length));
  const found = (await workplace.repeats()).find((each) => each.name === name);
  if (found === undefined) return notThere(response);
  send(response, 200, repeatsPage(name, repeatsHeadline(found.repeats), repeatsSections(found.repeats)));
}

async function oneRun(settings: UiSettings, pathname: string, response: ServerResponse): Promise<void> {
  const { workplace, token } = settings;
  const [, name = '', view] = /^\/runs\/([^/]+)(?:\/(report|events))?$/.exec(pathname) ?? [];
  const id = nameIn(name);
  if (!(await workplace.has(id))) return workplace.isStoppable(id) ? starting(response) : notThere(response);
  const folder = workplace.folderOf(id);
  const report = join(folder, 'report.html');
  if (view === 'report') {
    const text = await readFile(report, 'utf8').catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
    return text === undefined ? notThere(response) : send(response, 200, text, REPORT_HEADERS);
  }
  const run = await runAt(new FolderStore(folder), folderKeys);
  if (run === undefined) return workplace.isStoppable(id) ? starting(response) : notThere(response);
  if (view === 'events') return await stream(settings, new LiveRun(run, folder), id, response);
  const line = (await workplace.lines()).find((each) => each.id === id);
  if (line === undefined) return notThere(response);
  const hasReport = !['running', 'none', 'damaged'].includes(line.verdict);
  const page = { line, target: run.facts.target, hasReport, isStoppable: workplace.isStoppable(id), token };
  send(response, 200, runPage(page));
}

/** Until its folder is there; the browser asks again. */
const starting = (response: ServerResponse): void =>
  send(response, 200, messagePage('Starting …', ['The plan is being started.']), { ...PAGE_HEADERS, Refresh: '1' });

/** Sends all there is, and then what is new, until the run is over. A tab that was closed begins anew. */
async function stream({ workplace }: UiSettings, live: LiveRun, id: string, response: ServerResponse): Promise<void> {
  response.writeHead(200, { ...PAGE_HEADERS, 'Content-Type': 'text/event-stream' });
  let sent = 0;
  while (!response.destroyed) {
    const isOver = !(await workplace.isRunning(id));
    await live.read();
    const message = liveMessage(live, sent, isOver, isOver ? await reportIn(workplace.folderOf(id)) : undefined);
    sent += message.rows.length;
    response.write(`data: ${JSON.stringify(message)}\n\n`);
    if (isOver) break;
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  response.end();
}

async function reportIn(folder: string): Promise<Report | undefined> {
  const report: unknown = JSON.parse((await readReportText(folder)) ?? 'null');
  return isReport(report) ? report : undefined;
}

async function compare({ workplace }: UiSettings, names: readonly string[], response: ServerResponse): Promise<void> {
  const [lines, repeats] = await Promise.all([workplace.lines(), workplace.repeats()]);
  const chosen = chosenFrom(lines, repeats, names);
  if (chosen === undefined) return notThere(response);
  const [baselines, runs] = sidesOf(chosen);
  if (baselines.length === 0) return send(response, 422, messagePage('Comparison', ['Choose two runs or more.']));
  const comparison = compareRuns({
    baselines: await comparedIn(workplace, baselines),
    runs: await comparedIn(workplace, runs),
  });
  const laidOver = await Promise.all(chosen.map((id) => laidOverOf(workplace, id, runs.includes(id))));
  const shown = laidOver.filter((each) => each !== undefined);
  send(response, 200, comparePage(comparisonHeadline(comparison), comparisonSections(comparison), shown));
}

async function comparedIn(workplace: UiWorkplace, ids: readonly string[]): Promise<readonly ComparedRun[]> {
  const runs: ComparedRun[] = [];
  for (const id of ids) {
    const run = await comparedRunAt(new FolderStore(workplace.folderOf(id)), folderKeys, id);
    // By the name that the list has for it.
    runs.push({ ...run, id });
  }
  return runs;
}

async function laidOverOf(workplace: UiWorkplace, id: string, isRun: boolean): Promise<LaidOver | undefined> {
  const folder = workplace.folderOf(id);
  const run = await runAt(new FolderStore(folder), folderKeys);
  if (run === undefined) return undefined;
  const live = new LiveRun(run, folder);
  await live.read();
  return { id, isRun, rows: liveMessage(live, 0, true).rows };
}

async function write(
  { workplace, guard }: UiSettings,
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
): Promise<void> {
  const form = await formOf(request);
  if (!guard.isToken(form.get('token') ?? ''))
    return send(response, 403, messagePage('Refused', ['The form holds no token of this page.']));
  if (pathname === '/start') {
    const [plan, command] = [form.get('plan') ?? '', form.get('command') === 'capacity' ? 'capacity' : 'run'] as const;
    // Only what the list names, so no path leads elsewhere.
    if (!(await workplace.plans()).includes(plan)) return notThere(response);
    return redirect(response, addressOfRun(await workplace.start(plan, command)));
  }
  const id = nameIn(/^\/runs\/([^/]+)\/stop$/.exec(pathname)?.[1] ?? '');
  return workplace.stop(id) ? redirect(response, addressOfRun(id)) : notThere(response);
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const piece of request) {
    text += String(piece);
    if (text.length > MOST_FORM_BYTES) break;
  }
  return new URLSearchParams(text);
}
