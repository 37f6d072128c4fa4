import type { Converter } from '../../../lib/converters/converter.ts';
import { scriptOf } from '../../../lib/converters/converter.ts';
import { planText } from '../../../lib/converters/plan-text.ts';
import { parsePlan } from '../../../lib/plan/parse.ts';

/** A script as the text of a plan that has passed the checks of every plan, and what the converter says of it. */
export async function convertedBy(
  converter: Converter,
  script: string,
  { files = {}, environment }: { files?: Readonly<Record<string, string>>; environment?: string } = {},
) {
  const read = (name: string): Promise<Uint8Array> =>
    name in files ? Promise.resolve(Buffer.from(files[name] ?? '')) : Promise.reject(new Error('no such file'));
  const found = await converter.convert(scriptOf('it', script), { read, env: {}, environment });
  const text = planText(found.plan, found.differences, { from: `${converter.name} it`, sha256: '0' });
  // Any environment variable is set.
  const env = new Proxy<Record<string, string>>({}, { get: () => 'set' });
  const readBytes = (path: string): Promise<Uint8Array> =>
    Promise.resolve(found.files[path.replace('/plans/', '')] ?? Buffer.of());
  await parsePlan({ text, path: '/plans/it.yaml' }, { readBytes, signalIds: [], env });
  const said = found.differences.map(({ effect, line, what }) => `${line ?? '-'} ${effect}: ${what}`);
  return { text: text.split('\n').slice(2).join('\n'), said, files: found.files };
}
