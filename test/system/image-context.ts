import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a Dockerfile copies of its build context, and the context lacks: a build would end there. */
export function lackingFor(dockerfile: string, context: string): string[] {
  const text = readFileSync(join(context, dockerfile), 'utf8');
  const copied = Array.from(text.matchAll(/^COPY (?!--)(.*) \S+$/gm), ([, paths = '']) => paths.split(' ')).flat();
  if (copied.length === 0) throw new Error(`${dockerfile} copies nothing`);
  return copied.filter((path) => !existsSync(join(context, path)));
}
