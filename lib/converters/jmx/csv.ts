import type { PlanInput } from '../../plan/schema.ts';
import { readCsv, csvReader, CsvInvalid } from '../../document/csv.ts';
import { UniqueNames, variableNameOf } from '../building/names.ts';
import type { SamplerContext } from './sampler.ts';
import type { TestElement, XmlNode } from './tree.ts';

type Feeders = NonNullable<PlanInput['feeders']>;

/** Makes a feeder of a CSV data set: a file with a header beside the plan. What isn't there is one row to be filled in. */
export async function feederOf(element: TestElement, names: UniqueNames, context: SamplerContext): Promise<Feeders> {
  const { node, line } = element;
  const { texts, notes, files } = context;
  const path = texts.constant(node.value('filename')) ?? '';
  const base = (path.split(/[\\/]/).at(-1) ?? '').replace(/\.\w+$/, '');
  const name = names.of(variableNameOf(base === '' ? 'data' : base));
  const { header, rows } = await dataOf(node, path, context);
  if (header.length === 0) {
    notes.leftOut(line, `the data set ${element.name}, whose columns are not known`);
    return {};
  }
  if (rows.length === 0)
    notes.changed(line, `the data of ${element.name} is not there: one row stands for it, fill in ${name}.csv`);
  const columns = new UniqueNames('_');
  const own = header.map((each) => columns.of(variableNameOf(each)));
  for (const [at, each] of header.entries()) texts.columns.set(each, `${name}.${own[at]}`);
  files[`${name}.csv`] = Buffer.from(csvOf([own, ...(rows.length === 0 ? [header] : rows)]));
  const isRandom = node.isTrue('random') || node.isTrue('randomOrder');
  return { [name]: { file: `${name}.csv`, ...(isRandom && { order: 'random' }) } };
}

/** Names and rows; the names are those of the element, else the first row. */
async function dataOf(
  node: XmlNode,
  path: string,
  { read }: SamplerContext,
): Promise<{ header: readonly string[]; rows: readonly (readonly string[])[] }> {
  const bytes = path === '' ? undefined : await read(path).catch(() => undefined);
  const all = bytes === undefined ? [] : rowsOf(bytes, node.value('delimiter'));
  const given = node
    .value('variableNames')
    .split(/[,;\t]/)
    .map((each) => each.trim().replaceAll(/^"|"$/g, ''))
    .filter((each) => each !== '');
  if (given.length === 0) return { header: all[0] ?? [], rows: all.slice(1) };
  return { header: given, rows: node.isTrue('ignoreFirstLine') ? all.slice(1) : all };
}

/** None of what is no CSV. */
function rowsOf(bytes: Uint8Array, written: string): string[][] {
  const delimiter = written === String.raw`\t` ? '\t' : written;
  const text = new TextDecoder().decode(bytes);
  const isPlain = delimiter === '' || delimiter === ',';
  const rows = text.split(/\r?\n/).filter((row) => row !== '');
  const withCommas = (): string =>
    rows.map((row) => csvOf([row.split(delimiter).map((each) => each.replaceAll(/^"|"$/g, ''))])).join('');
  try {
    const { columns, table } = readCsv(Buffer.from(isPlain ? text : withCommas()));
    return [columns, ...Array.from(table.starts, (start) => csvReader(table)(start))];
  } catch (error) {
    if (error instanceof CsvInvalid) return [];
    throw error;
  }
}

const csvOf = (rows: readonly (readonly string[])[]): string => {
  const width = rows[0]?.length ?? 0;
  return rows.map((row) => `${Array.from({ length: width }, (_, at) => quoted(row[at] ?? '')).join(',')}\n`).join('');
};

const quoted = (text: string): string => (/[",\r\n]|^\s|\s$|^$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
