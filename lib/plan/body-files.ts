import { isUtf8 } from 'node:buffer';
import { quote, type Path, type Problem } from '../document/problems.ts';
import { stepsOfPlan } from './draft-steps.ts';
import { asRecord, type Draft, type Placed } from './draft.ts';
import { unreadable } from './feeders.ts';
import type { BodyFiles } from './file-texts.ts';

/** Every worker holds them in memory, and the plan that is handed to it holds them too. */
const MOST_BYTES = 16 * 2 ** 20;

/** Every file that a step of the draft sends, each read once. What can't be read is a problem at each place that names it. */
export async function readBodyFiles(
  draft: Draft,
  read: (path: string) => Promise<Uint8Array>,
): Promise<{ readonly files: BodyFiles; readonly problems: readonly Problem[] }> {
  const named = Map.groupBy(stepsOfPlan(draft).flatMap(filesOf), ({ value }) => value);
  const [files, problems]: [Record<string, string>, Problem[]] = [{}, []];
  let bytes = 0;
  for (const [file, places] of named) {
    const found = await readFile(file, read);
    if (typeof found === 'string') problems.push(...places.map(({ path }) => ({ path, text: found })));
    else {
      files[file] = Buffer.from(found).toString('base64');
      if (!isUtf8(found)) problems.push(...places.filter(({ isText }) => isText).map(notText));
    }
    bytes += typeof found === 'string' ? 0 : found.length;
    const [first] = places;
    if (bytes > MOST_BYTES && first !== undefined)
      return { files, problems: [...problems, { path: first.path, text: tooMany(file) }] };
  }
  return { files, problems };
}

const tooMany = (file: string): string =>
  `with ${quote(file)} the files of the plan are larger than ${MOST_BYTES / 2 ** 20} MiB together; send smaller ones`;

/** The bytes, or why there are none. */
async function readFile(file: string, read: (path: string) => Promise<Uint8Array>): Promise<Uint8Array | string> {
  if (file.includes('{{')) return 'templates are not read here; write the name of the file out';
  try {
    return await read(file);
  } catch (error) {
    return unreadable(file, error);
  }
}

/** `body: { file }` and every `file` in `multipart`. */
function filesOf({ path, value }: Placed<Draft>): PlacedFile[] {
  const parts = Object.entries(asRecord(value['multipart'])).flatMap(([name, part]) =>
    placed(['multipart', name], part),
  );
  return [...placed(['body'], value['body']), ...parts].flatMap((each) => {
    const { file, templates } = asRecord(each.value);
    const at = [...path, ...each.path, 'file'];
    return typeof file === 'string' && file !== '' ? [{ path: at, value: file, isText: templates === true }] : [];
  });
}

interface PlacedFile extends Placed<string> {
  /** Whether its templates are filled in. */
  readonly isText: boolean;
}

const notText = ({ path, value }: PlacedFile): Problem => ({
  path,
  text: `${quote(value)} is not UTF-8 text, so it has no templates; leave templates out`,
});

const placed = (path: Path, value: unknown): Placed<unknown>[] =>
  Array.isArray(value) ? value.map((item, i) => ({ path: [...path, i], value: item })) : [{ path, value }];
