import { asText, asList, asRecord } from '../../plan/draft.ts';
import type { PlanInput } from '../../plan/schema.ts';
import type { StepInput } from '../../plan/steps/index.ts';
import { PlimsollError } from '../../errors.ts';
import type { Conversion, Converter, Script } from '../converter.ts';
import { type LocatedDocument, parseLocatedJson } from '../building/located-json.ts';
import { nameOf, UniqueNames } from '../building/names.ts';
import { Notes } from '../building/notes.ts';
import { finished } from '../building/plan.ts';
import { Secrets } from '../building/secrets.ts';
import { Correlation } from './correlation.ts';
import { recordedEntries, type Entry } from './entries.ts';
import { ExchangeSteps, type RecordedExchange } from './exchanges.ts';
import { selected } from './selection.ts';

/** A recording of a browser or a proxy: HTTP Archive 1.1 and 1.2 (http://www.softwareishard.com/blog/har-12-spec/). */
export const har: Converter = {
  name: 'HAR',
  recognises: ({ text }) =>
    PADDING.test(text) ||
    (/^[\s\uFEFF]*\{/.test(text) && /"log"\s*:\s*\{/.test(text.slice(0, 100_000)) && /"entries"\s*:\s*\[/.test(text)),
  convert: async (script) => convertHar(script),
};

/** HARP: the same as the argument of a call. */
const PADDING = /^[\s\uFEFF]*\w+\(\s*(?=\{\s*"log"\s*:)/;

const unpadded = (text: string): string =>
  PADDING.test(text) ? text.replace(PADDING, '').replace(/\)[\s;]*$/, '') : text;

function convertHar({ text }: Script): Conversion {
  const document = parseLocatedJson(unpadded(text));
  const notes = new Notes();
  const secrets = new Secrets();
  const { entries, unreadable } = recordedEntries(document);
  if (unreadable > 0) notes.leftOut(undefined, `${unreadable} entries have no address`);
  const selection = selected(entries, notes);
  if (selection === undefined)
    throw new PlimsollError('E-SCRIPT-REFUSED', 'It holds no request that a plan could send.');
  const correlation = new Correlation();
  const steps = new ExchangeSteps({ notes, secrets, correlation, target: selection.target });
  const exchanges = selection.entries.flatMap((entry) => steps.exchangeOf(entry) ?? []);
  if (exchanges.length === 0)
    throw new PlimsollError('E-SCRIPT-REFUSED', 'It holds no request that a plan could send.');
  notes.changed(undefined, 'a recording has no load: one user for a minute, until the phases say more');
  if (overlap(selection.entries)) notes.changed(undefined, 'what was sent at the same time is sent one after another');
  const plan: PlanInput = {
    name: nameOf(new URL(selection.target).host, 'recording'),
    target: selection.target,
    scenarios: scenariosOf(exchanges, pageTitles(document), correlation),
    phases: [{ name: 'one user', kind: 'sustained', duration: '1m', closed: { users: 1 } }],
  };
  return finished({ plan, files: steps.files, notes, secrets });
}

const overlap = (entries: readonly Entry[]): boolean =>
  entries.some(({ startMs }, at) => startMs < (entries[at - 1]?.endMs ?? Number.NEGATIVE_INFINITY));

function pageTitles({ value }: LocatedDocument): ReadonlyMap<string, string> {
  const pages = asList(asRecord(asRecord(value)['log'])['pages']).map(asRecord);
  return new Map(
    pages.flatMap(({ id, title }) => (typeof id === 'string' ? [[id, titleOf(asText(title) ?? '')]] : [])),
  );
}

/** Chrome writes the address as the title: of it the path alone is a name. */
const titleOf = (title: string): string => (URL.canParse(title) ? new URL(title).pathname : title);

/** A longer rest between two requests of no page ends a journey. */
const LONGEST_REST_MS = 60_000;
const SHORTEST_PAUSE_MS = 1000;

/**
 * A journey a page, or between long rests where no pages were recorded. Journeys of which a later one needs what an earlier one was
 * given (a token, a cookie) are one.
 */
function scenariosOf(
  exchanges: readonly RecordedExchange[],
  titles: ReadonlyMap<string, string>,
  { captures, links }: Correlation,
): PlanInput['scenarios'] {
  const journeys = joined(journeysOf(exchanges), links);
  const names = new UniqueNames();
  return journeys.map((journey) => {
    const [first] = journey;
    const title = titles.get(first?.entry.page ?? '') ?? first?.entry.url.pathname ?? '';
    return {
      name: names.of(nameOf(title, 'journey')),
      steps: journey.flatMap((each, at) => withPause(each, journey[at - 1], captures)),
    };
  });
}

function withPause(
  { step, number, entry }: RecordedExchange,
  before: RecordedExchange | undefined,
  captures: Correlation['captures'],
): StepInput[] {
  const restMs = before === undefined ? 0 : entry.startMs - before.busyUntilMs;
  const pause: StepInput[] =
    restMs >= SHORTEST_PAUSE_MS ? [{ pause: `${Math.round(Math.min(restMs, LONGEST_REST_MS) / 1000)}s` }] : [];
  const capture = captures.get(number);
  if (capture === undefined) return [...pause, step];
  const { expect, ...rest } = step;
  return [...pause, { ...rest, capture, ...(expect !== undefined && { expect }) }];
}

function journeysOf(exchanges: readonly RecordedExchange[]): RecordedExchange[][] {
  const journeys: RecordedExchange[][] = [];
  for (const exchange of exchanges) {
    const last = journeys.at(-1);
    const before = last?.at(-1);
    if (last === undefined || before === undefined || isNewJourney(exchange, before)) journeys.push([exchange]);
    else last.push(exchange);
  }
  return journeys;
}

function isNewJourney({ entry }: RecordedExchange, before: RecordedExchange): boolean {
  if (entry.page !== undefined && before.entry.page !== undefined) return entry.page !== before.entry.page;
  return entry.startMs - before.busyUntilMs > LONGEST_REST_MS;
}

/** Joins all from the earliest that gives to the latest that needs, so that the order of the recording stays. */
function joined(journeys: readonly RecordedExchange[][], links: Correlation['links']): RecordedExchange[][] {
  const homes = new Map(journeys.flatMap((journey, at) => journey.map(({ number }) => [number, at] as const)));
  const reach = journeys.map((_, at) => at);
  for (const { from, to } of links) {
    const [start, end] = [homes.get(from) ?? 0, homes.get(to) ?? 0];
    reach[start] = Math.max(reach[start] ?? start, end);
  }
  const result: RecordedExchange[][] = [];
  let until = -1;
  for (const [at, journey] of journeys.entries()) {
    if (at <= until) result.at(-1)?.push(...journey);
    else result.push([...journey]);
    until = Math.max(until, reach[at] ?? at);
  }
  return result;
}
