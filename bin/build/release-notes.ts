/** `node bin/build/release-notes.ts v0.2.0`: prints the changelog's section of that version; it must be the package's. */
import { readFileSync } from 'node:fs';
import packageJson from '../../package.json' with { type: 'json' };

/**
 * The section `## 0.2.0 …` of a changelog without its heading (https://keepachangelog.com); a date may follow the version.
 * @throws Error where there is none, or nothing in it
 */
export function notesOf(version: string, changelog: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const own = sections.find(
    (section) => (section.split('\n')[0] ?? '').replaceAll(/[[\]]/g, '').split(' ')[0] === version,
  );
  const notes = own?.split('\n').slice(1).join('\n').trim();
  if (notes === undefined || notes === '') throw new Error(`CHANGELOG.md says nothing of ${version}`);
  return `${notes}\n`;
}

if (import.meta.main) {
  const version = (process.argv[2] ?? '').replace(/^v/, '');
  if (version !== packageJson.version)
    throw new Error(`package.json holds ${packageJson.version}, and the tag ${version}`);
  process.stdout.write(notesOf(version, readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8')));
}
