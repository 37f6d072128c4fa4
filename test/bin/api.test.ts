import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const API = 'bin/api';

/** Every name that an entry of the package exports, with the file that declares it. */
function exportsOf(entry: string): [name: string, file: string][] {
  const own = join(API, entry);
  const text = readFileSync(own, 'utf8');
  const passedOn = Array.from(text.matchAll(/^export (?:type )?\{([^}]+)\} from '([^']+)';$/gm)).flatMap(
    ([, names = '', from = '']) =>
      names.split(',').map((name): [string, string] => [name.replace('type ', '').trim(), resolve(API, from)]),
  );
  const declared = Array.from(text.matchAll(/^export (?:type|const|interface|class) (\w+)/gm));
  const imported = Array.from(text.matchAll(/^import type \{ (\w+) \} from '([^']+)';$/gm));
  const again = Array.from(text.matchAll(/^export type \{ (\w+) \};$/gm), ([, name = '']): [string, string] => {
    const from = imported.find(([, each]) => each === name)?.[2] ?? '';
    return [name, resolve(API, from)];
  });
  return [...passedOn, ...again, ...declared.map(([, name = '']): [string, string] => [name, own])].toSorted(
    ([a], [b]) => (a < b ? -1 : 1),
  );
}

test.each([
  ['index.ts', ['HookContext', 'HookRequest', 'HookResponse', 'PlanInput', 'PlanModule', 'Summary', 'definePlan']],
  [
    'infra.ts',
    ['Dashboards', 'LoadTest', 'LoadTestProps', 'ServiceAlarms', 'StagingEnvironment', 'StagingEnvironmentProps'],
  ],
])('%s exports these names and no more, each with a docstring', (entry, names) => {
  const found = exportsOf(entry);
  expect(found.map(([name]) => name)).toEqual(names);
  const without = found.filter(([name, file]) => {
    const declaration = String.raw`\*/\n(?:@\w+.*\n)*export (?:abstract )?(?:type|const|interface|class) ${name}\b`;
    return !new RegExp(declaration).test(readFileSync(file, 'utf8'));
  });
  expect(without.map(([name]) => name)).toEqual([]);
});
