import { isUtf8 } from 'node:buffer';
import { codeOf, messageOf } from '../errors.ts';
import { CsvInvalid, readCsv, type CsvTable } from '../document/csv.ts';
import { asRecord, asText, type Draft } from './draft.ts';
import { feederRows, type Feeder } from './plan.ts';
import type { PlanFiles } from './lower.ts';
import { quote, type Path, type Problem } from '../document/problems.ts';

/** Reads a file that a plan names. */
type ReadBytes = (path: string) => Promise<Uint8Array>;

export interface ReadFiles extends PlanFiles {
  readonly problems: readonly Problem[];
}

/** Every file that a draft names: its feeders' rows, and the certificates of its authority and its client. What can't be read is a problem, not a throw. */
export async function readFiles(draft: Draft, read: ReadBytes): Promise<ReadFiles> {
  const named = Object.entries(asRecord(draft['feeders']));
  const results = await Promise.all(named.map(([name, value]) => readFeeder(name, asRecord(value), read)));
  const tls = asRecord(draft['tls']);
  const [ca, cert] = [await readCertificate('ca', tls, read), await readCertificate('cert', tls, read)];
  return {
    feeders: results.flatMap(({ feeder }) => feeder ?? []),
    ...(typeof ca === 'string' && { ca }),
    ...(typeof cert === 'string' && { cert }),
    problems: [
      ...results.flatMap(({ problems }) => problems),
      ...[ca, cert].filter((each) => typeof each === 'object'),
    ],
  };
}

interface FeederResult {
  readonly feeder?: Feeder;
  readonly problems: readonly Problem[];
}

async function readFeeder(name: string, input: Draft, read: ReadBytes): Promise<FeederResult> {
  const file = asText(input['file']);
  const path = ['feeders', name, 'file'];
  if (file === undefined || file === '') return { problems: [] };
  try {
    const bytes = await read(file);
    if (!isUtf8(bytes)) return { problems: [{ path, text: `${quote(file)} is not UTF-8 text; save it as UTF-8` }] };
    const separator = otherSeparator(bytes);
    if (separator !== undefined)
      return { problems: [{ path, text: `${quote(file)} has ${separator} between its columns; save it with commas` }] };
    const { columns, table } = readCsv(bytes);
    const problems = tableProblems(path, columns, table);
    return { feeder: { name, order: orderOf(input['order']), columns, rows: feederRows(table) }, problems };
  } catch (error) {
    return { problems: [{ path, text: unreadable(file, error) }] };
  }
}

/** What spreadsheets write where a comma stands in numbers: no name of a column holds any of it. */
const SEPARATORS = { ';': 'semicolons', '\t': 'tabs', '|': 'bars' } as const;

function otherSeparator(bytes: Uint8Array): string | undefined {
  const [header = ''] = Buffer.from(bytes.subarray(0, MOST_HEADER_BYTES))
    .toString()
    .trimStart()
    .split(/[\r\n]/);
  if (header.includes(',')) return undefined;
  return Object.entries(SEPARATORS).find(([letter]) => header.trimEnd().includes(letter))?.[1];
}

const MOST_HEADER_BYTES = 4096;

const orderOf = (value: unknown): Feeder['order'] => (value === 'random' || value === 'unique' ? value : 'sequential');

const COLUMN = /^[A-Za-z_][\w-]*$/;

function tableProblems(path: Path, columns: readonly string[], { starts }: CsvTable): Problem[] {
  const problems: Problem[] = [];
  if (columns.length === 0)
    return [{ path, text: 'the file is empty; it needs a header row and at least one row below' }];
  if (starts.length === 0) problems.push({ path, text: 'the file has no row below its header; it needs at least one' });
  for (const column of columns.filter((each) => !COLUMN.test(each)))
    problems.push({ path, text: `column ${quote(column)} of the file is no name; use letters, digits, - and _` });
  for (const column of new Set(columns.filter((each, i) => columns.indexOf(each) !== i)))
    problems.push({ path, text: `the file has two columns ${quote(column)}; rename one` });
  return problems;
}

/** The PEM text, a problem, or undefined where the plan names none. */
async function readCertificate(key: 'ca' | 'cert', tls: Draft, read: ReadBytes): Promise<string | Problem | undefined> {
  const file = tls[key];
  if (typeof file !== 'string' || file === '') return undefined;
  const path = ['tls', key];
  try {
    const pem = new TextDecoder().decode(await read(file));
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
    return { path, text: `${quote(file)} holds no certificate; give a PEM file with -----BEGIN CERTIFICATE-----` };
  } catch (error) {
    return { path, text: unreadable(file, error) };
  }
}

/** Why a file that the plan names can't be read. */
export const unreadable = (file: string, error: unknown): string =>
  error instanceof CsvInvalid
    ? `${quote(file)} is no CSV: ${error.message}`
    : codeOf(error) === 'ENOENT'
      ? `there is no file ${quote(file)}; its path is relative to the plan`
      : `${quote(file)} cannot be read: ${messageOf(error)}`;
