import { messageOf } from '../../errors.ts';
import type { Path } from '../../document/problems.ts';
import { asList, asRecord, asText, type Draft } from '../../plan/draft.ts';
import type { PlanInput } from '../../plan/schema.ts';
import { planName, type VariableNames, wordOf } from './names.ts';
import type { Remarks } from './remarks.ts';

interface PayloadContext {
  readonly names: VariableNames;
  readonly remarks: Remarks;
  read(path: string): Promise<Uint8Array>;
  /** Puts a file beside the plan, and returns the name that it has there. */
  put(name: string, bytes: Uint8Array): string;
  /** A list of the script's own, as a variable of the plan. */
  variable(name: string, value: readonly unknown[]): string;
}

/** CSV files of a script as feeders with a header: https://www.artillery.io/docs/reference/test-script#payload---loading-data-from-csv-files */
export async function scriptFeeders(
  written: unknown,
  path: Path,
  context: PayloadContext,
): Promise<NonNullable<PlanInput['feeders']>> {
  const feeders: NonNullable<PlanInput['feeders']> = {};
  const list = Array.isArray(written) ? (written as unknown[]) : [written];
  for (const [i, each] of list.entries()) {
    const place = Array.isArray(written) ? [...path, i] : path;
    const payload = asRecord(each);
    const file = asText(context.names.fixed(payload['path'], [...place, 'path']));
    if (file === undefined) {
      context.remarks.changed(
        place,
        'the file of the payload is named where Artillery is called, with -p; here its fields have no value',
      );
      continue;
    }
    try {
      const rows = rowsOf(new TextDecoder().decode(await context.read(file)), payload);
      addFile(file, rows, { payload, place, feeders }, context);
    } catch (error) {
      context.remarks.leftOut([...place, 'path'], `the payload ${file}: ${messageOf(error)}`);
    }
  }
  return feeders;
}

interface Into {
  readonly payload: Draft;
  readonly place: Path;
  readonly feeders: NonNullable<PlanInput['feeders']>;
}

function addFile(
  file: string,
  rows: readonly (readonly string[])[],
  { payload, place, feeders }: Into,
  context: PayloadContext,
): void {
  const { names, remarks } = context;
  const table = asText(payload['name']);
  if (payload['loadAll'] === true && table !== undefined) {
    names.know(table, {
      as: context.variable(
        planName(table),
        rows.map((row) => row.map((text) => cast(text, payload))),
      ),
    });
    return;
  }
  const fields = asList(payload['fields']).map(wordOf);
  if (fields.length === 0) return remarks.noted(place, 'a payload without fields gives nothing a value');
  if (rows.length === 0) return remarks.leftOut(place, `the payload ${file}, which has no row`);
  const base = planName(file.replace(/^.*[\\/]/, '').replace(/\.\w+$/, ''));
  let name = base;
  for (let i = 2; name in feeders || names.meaningOf(name) !== undefined; i += 1) name = `${base}${i}`;
  const columns = fields.map(planName);
  const asJson: number[] = [];
  for (const [column, field] of fields.entries()) {
    const values = rows.map((row) => row[column] ?? '');
    const numbers = values.filter((text) => typeof cast(text, payload) === 'number').length;
    const isMixed = numbers > 0 && numbers < values.length;
    if (isMixed) asJson.push(column);
    const as = `${name}.${columns[column]}`;
    names.know(field, { as, numeric: numbers === values.length, values, ...(isMixed && { asJson: `${as}-json` }) });
  }
  const text = csvText(rows, { columns, asJson }, payload);
  const order = payload['order'] === 'sequence' ? {} : { order: 'random' as const };
  feeders[name] = { file: context.put(`${name}.csv`, Buffer.from(text)), ...order };
}

/** A file with a header; columns in which numbers and texts are mixed stand there once more, as JSON. */
function csvText(
  rows: readonly (readonly string[])[],
  { columns, asJson }: { readonly columns: readonly string[]; readonly asJson: readonly number[] },
  payload: Draft,
): string {
  const head = [...columns, ...asJson.map((column) => `${columns[column]}-json`)];
  const lines = rows.map((row) => [
    ...columns.map((_, column) => row[column] ?? ''),
    ...asJson.map((column) => JSON.stringify(cast(row[column] ?? '', payload))),
  ]);
  return [head, ...lines].map(csvLine).join('');
}

/** As csv-parse does with `cast`, which is Artillery's default. */
const cast = (text: string, { cast: wanted }: Draft): string | number =>
  wanted !== false && /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text.trim()) ? Number(text) : text;

const csvLine = (values: readonly string[]): string =>
  `${values.map((text) => (/[",\r\n]|^\s|\s$/.test(text) || (text === '' && values.length === 1) ? `"${text.replaceAll('"', '""')}"` : text)).join(',')}\n`;

/** RFC 4180 with any delimiter. Lines with nothing in them are no rows. */
function rowsOf(text: string, { delimiter: given, skipHeader, options }: Draft): string[][] {
  const delimiter = given ?? asRecord(options)['delimiter'];
  const by = typeof delimiter === 'string' && delimiter !== '' ? delimiter : ',';
  const separator = by.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const field = new RegExp(
    String.raw`(?:"((?:[^"]|"")*)"[ \t]*|((?:(?!${separator})[^\r\n])*))(${separator}|\r\n|\n|\r|$)`,
    'y',
  );
  const rows: string[][] = [];
  let row: string[] = [];
  const source = text.replace(/^\uFEFF/, '');
  while (field.lastIndex < source.length) {
    const at = field.lastIndex;
    const [whole, quoted, plain, end] = field.exec(source) ?? [];
    if (whole === undefined) throw new Error(`a quote is never closed (at character ${at + 1})`);
    row.push(quoted === undefined ? (plain ?? '').trim() : quoted.replaceAll('""', '"'));
    if (end === by) continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
    if (whole === '') break;
  }
  return skipHeader === true ? rows.slice(1) : rows;
}
