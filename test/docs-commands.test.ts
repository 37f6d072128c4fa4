import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import { markdownFiles } from '../bin/build/docs.ts';
import { addCloud } from '../bin/program/cloud.ts';
import { addConverting } from '../bin/program/converting.ts';
import { addLab } from '../bin/program/lab.ts';
import { addLoading } from '../bin/program/loading.ts';
import { addMonitoring } from '../bin/program/monitoring.ts';
import { addResults } from '../bin/program/results.ts';
import { addScaling } from '../bin/program/scaling.ts';
import { addStarting } from '../bin/program/starting.ts';
import packageJson from '../package.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const program = new Command('plimsoll').option('--version');
for (const add of [addCloud, addConverting, addLab, addLoading, addMonitoring, addResults, addScaling, addStarting])
  add(program);

/** Lines that are meant to be typed: those of code blocks for a shell, and what stands in marks of code. */
function typedIn(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = Array.from(text.matchAll(/^ *```sh\n(.*?)^ *```/gms), ([, block = '']) => block.split('\n')).flat();
  const marked = Array.from(
    text.replaceAll(/^ *```.*?^ *```/gms, '').matchAll(/`([^`\n]+)`/g),
    ([, line = '']) => line,
  );
  return [...blocks, ...marked].map((line) => line.replace(/(?:^|\s)#.*$/, '').trim());
}

const pages = markdownFiles().filter((page) => page !== 'DECISIONS.md');
const typed = pages.flatMap((page) => typedIn(page).map((line) => ({ page, line })));

const CALL = /(?:^|\s|\()(?:npm run -s plimsoll --|(?:npx )?plimsoll)\s+([^|)]+)/;

/** What is wrong with a call of the command line, if anything: a command, an option or a plan that there is not. */
function wrongWith(words: readonly string[]): string | undefined {
  let command = program;
  const rest = [...words];
  for (;;) {
    const [word = ''] = rest;
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) break;
    command = next;
    rest.shift();
  }
  if (command.commands.length > 0 && /^[a-z]/.test(rest[0] ?? '') && command.registeredArguments.length === 0)
    return `there is no command ${rest[0]}`;
  const options = new Set(command.options.flatMap(({ long, short }) => [long, short]));
  const option = rest
    .map((word) => word.split('=')[0] ?? '')
    .find((word) => /^--?[a-z]/.test(word) && !options.has(word));
  if (option !== undefined && !['--help', '-h'].includes(option)) return `${command.name()} has no option ${option}`;
  return rest.filter((word) => word.startsWith('plans/')).find((word) => !existsSync(join(ROOT, word)));
}

test.each([
  [['run', 'plans/smoke.yaml', '--out', 'x'], undefined],
  [['lab', 'run', 'hot-row'], undefined],
  [['runn', 'x'], 'there is no command runn'],
  [['cloud', 'begin'], 'there is no command begin'],
  [['run', '--fast'], 'run has no option --fast'],
  [['run', 'plans/nothing.yaml'], 'plans/nothing.yaml'],
])('a call %j is checked', (words, wrong) => expect(wrongWith(words)).toBe(wrong));

test('every call of the command line in the pages has a command, options and plans that there are', () => {
  const calls = typed.flatMap(({ page, line }) => {
    const [, call] = CALL.exec(line) ?? [];
    return call === undefined ? [] : [{ page, call }];
  });
  expect(calls.length).toBeGreaterThan(100);
  const wrong = calls.flatMap(({ page, call }) => {
    const reason = wrongWith(call.trim().split(/\s+/));
    return reason === undefined ? [] : [`${page}: plimsoll ${call}: ${reason}`];
  });
  expect(wrong).toEqual([]);
});

/** Of the reader's service, as docs/ci.md says. */
const YOURS = ['migrate', 'deploy'];

test('every npm script in the pages is one', () => {
  const scripts = new Set([...Object.keys(packageJson.scripts), ...YOURS]);
  const named = typed.flatMap(({ page, line }) =>
    Array.from(line.matchAll(/npm run (?:-s )?([a-z][\w:-]*)(?![\w:…])/g), ([, script = '']) => ({ page, script })),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ script }) => !scripts.has(script))).toEqual([]);
});
