import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Picture } from './picture.ts';

/** What the pictures of docs/lab are drawn from, a file a fault; `npm run lab:pictures` writes them. */
export const PICTURES = new URL('../../golden/lab/', import.meta.url);

/** Of the faults that have one. */
export function pictureNamed(fault: string): Picture | undefined {
  const path = new URL(`${fault}.json`, PICTURES);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Picture) : undefined;
}

export const pictured = (): string[] => readdirSync(PICTURES).map((name) => name.replace(/\.json$/, ''));
