import { parse } from 'csv-parse/sync';
import { codeOf, messageOf } from '../errors.ts';
import { asRecord, asText, type Draft } from './draft.ts';
import type { Feeder, PlanFiles } from './plan.ts';
import { quote, type Path, type Problem } from '../document/problems.ts';

/** Reads a file that a plan names. */
type ReadText = (path: string) => Promise<string>;

export interface ReadFiles extends PlanFiles {
  readonly problems: readonly Problem[];
}

/** Every file that a draft names: its feeders' rows and its authority. What can't be read is a problem, not a throw. */
export async function readFiles(draft: Draft, read: ReadText): Promise<ReadFiles> {
  const named = Object.entries(asRecord(draft['feeders']));
  const results = await Promise.all(named.map(([name, value]) => readFeeder(name, asRecord(value), read)));
  const ca = await readAuthority(asRecord(draft['tls'])['ca'], read);
  return {
    feeders: results.flatMap(({ feeder }) => feeder ?? []),
    ...(typeof ca === 'string' && { ca }),
    problems: [...results.flatMap(({ problems }) => problems), ...(typeof ca === 'object' ? [ca] : [])],
  };
}

interface FeederResult {
  readonly feeder?: Feeder;
  readonly problems: readonly Problem[];
}

async function readFeeder(name: string, input: Draft, read: ReadText): Promise<FeederResult> {
  const file = asText(input['file']);
  const path = ['feeders', name, 'file'];
  if (file === undefined || file === '') return { problems: [] };
  try {
    const [columns = [], ...rows] = parseCsv(await read(file));
    const problems = tableProblems(path, columns, rows);
    return { feeder: { name, order: orderOf(input['order']), columns, rows }, problems };
  } catch (error) {
    return { problems: [{ path, text: unreadable(file, error) }] };
  }
}

const orderOf = (value: unknown): Feeder['order'] => (value === 'random' || value === 'unique' ? value : 'sequential');

/** Strict (RFC 4180): every row has as many columns as the header. */
const parseCsv = (csv: string): string[][] => parse(csv, { bom: true, skip_empty_lines: true, trim: true });

const COLUMN = /^[A-Za-z_][\w-]*$/;

function tableProblems(path: Path, columns: readonly string[], rows: readonly string[][]): Problem[] {
  const problems: Problem[] = [];
  if (columns.length === 0)
    return [{ path, text: 'the file is empty; it needs a header row and at least one row below' }];
  if (rows.length === 0) problems.push({ path, text: 'the file has no row below its header; it needs at least one' });
  for (const column of columns.filter((each) => !COLUMN.test(each)))
    problems.push({ path, text: `column ${quote(column)} of the file is no name; use letters, digits, - and _` });
  for (const column of new Set(columns.filter((each, i) => columns.indexOf(each) !== i)))
    problems.push({ path, text: `the file has two columns ${quote(column)}; rename one` });
  return problems;
}

/** The PEM text, a problem, or undefined where the plan names no authority. */
async function readAuthority(file: unknown, read: ReadText): Promise<string | Problem | undefined> {
  if (typeof file !== 'string' || file === '') return undefined;
  const path = ['tls', 'ca'];
  try {
    const pem = await read(file);
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
    return { path, text: `${quote(file)} holds no certificate; give a PEM file with -----BEGIN CERTIFICATE-----` };
  } catch (error) {
    return { path, text: unreadable(file, error) };
  }
}

/** Why a file that the plan names can't be read. */
export const unreadable = (file: string, error: unknown): string =>
  codeOf(error) === 'ENOENT'
    ? `there is no file ${quote(file)}; its path is relative to the plan`
    : `${quote(file)} cannot be read: ${messageOf(error)}`;
