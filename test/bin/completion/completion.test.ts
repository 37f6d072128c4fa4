import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { completableCommands } from '../../../bin/completion/completable.ts';
import { completions } from '../../../bin/completion/index.ts';
import { CommandLine } from '../../system/command-line.ts';

/** Every kind of thing that a command line has, with signs that shells read in their own way. */
const program = new Command('plimsoll').version('1');
program
  .command('run')
  .argument('[plan]')
  .option('-e, --env <name>', "a person's $HOME `id` \\ choice: x")
  .option('--json');
const cloud = program.command('cloud').description('Runs: start, and "stop"');
cloud.command('start').option('--yes', 'no question').option('--bucket [name]');
cloud.command('stop');
program.command('secret', { hidden: true });

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));
const script = (shell: string): string => {
  const path = join(folder, `plimsoll.${shell}`);
  writeFileSync(path, completions[shell]?.(completableCommands(program)) ?? '');
  return path;
};

test('the table has every command that help shows, with its options', () => {
  const table = completableCommands(program);
  expect(table.map(({ path }) => path)).toEqual([
    'plimsoll',
    'plimsoll run',
    'plimsoll cloud',
    'plimsoll cloud start',
    'plimsoll cloud stop',
    'plimsoll cloud help',
    'plimsoll help',
  ]);
  expect(table[1]?.options.map(({ long, short, takesValue }) => [long, short, takesValue])).toEqual([
    ['--env', '-e', true],
    ['--json', undefined, false],
    ['--help', '-h', false],
  ]);
});

/** Words before the cursor, the word under it, and what is offered; nothing means names of files. */
const CASES: readonly (readonly [words: readonly string[], current: string, offered: readonly string[]])[] = [
  [[], '', ['run', 'cloud', 'help']],
  [[], 'r', ['run']],
  [[], 'sec', []],
  [[], '--v', ['--version']],
  [['run'], '', []],
  [['run'], '--', ['--env', '--json', '--help']],
  [['run', '--env'], 'c', []],
  [['run', '-e'], 'x', []],
  [['run', '--env', 'cloud'], '--j', ['--json']],
  [['run', 'run', '--json'], '--e', ['--env']],
  [['cloud'], 'st', ['start', 'stop']],
  [['cloud', 'start'], '--', ['--yes', '--bucket', '--help']],
  [['cloud', 'stop'], '--y', []],
  [['cloud', 'start', 'stop'], '--y', ['--yes']],
];

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
const installed = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;
/** bash is everywhere; the others are tested where they are installed. */
const inShell = (shell: string): typeof describe => (installed(shell) ? describe : (describe.skip as typeof describe));

describe('bash', () => {
  const line = (before: readonly string[], current: string): string => {
    const all = ['plimsoll', ...before, current].map((word) => `'${word}'`).join(' ');
    return `COMP_WORDS=(${all}); COMP_CWORD=${before.length + 1}; _plimsoll; echo "\${COMPREPLY[*]}"`;
  };
  const lines = CASES.map(([before, current]) => line(before, current));
  const said = execFileSync('bash', ['-c', `set -u; source ${script('bash')}\n${lines.join('\n')}`], {
    encoding: 'utf8',
  });
  test.each(CASES.map((each, at) => [...each, said.split('\n')[at] ?? ''] as const))(
    '%j %s',
    (_, __, offered, reply) => {
      expect(words(reply)).toEqual(offered);
    },
  );
});

inShell('zsh')('zsh', () => {
  // The functions that zsh's completion system has only while it completes.
  const stubs = `compdef() { : }; _files() { : }; _describe() { for each in \${(P)@[-1]}; print -n -- "\${each%%:*} " }`;
  const lines = CASES.map(([before, current]) => {
    const all = ['plimsoll', ...before, current].map((word) => `'${word}'`).join(' ');
    return `words=(${all}); CURRENT=${before.length + 2}; _plimsoll; print`;
  });
  const said = installed('zsh')
    ? execFileSync('zsh', ['-f', '-c', `${stubs}\nsource ${script('zsh')}\n${lines.join('\n')}`], { encoding: 'utf8' })
    : '';
  // The completion system itself leaves out what does not begin like the word under the cursor.
  test.each(CASES.map((each, at) => [...each, said.split('\n')[at] ?? ''] as const))(
    '%j %s',
    (_, current, offered, reply) => {
      expect(words(reply).filter((word) => word.startsWith(current))).toEqual(offered);
    },
  );
});

inShell('fish')('fish', () => {
  const lines = CASES.map(([before, current]) => `complete -C '${['plimsoll', ...before, current].join(' ')}'; echo =`);
  const said = installed('fish')
    ? execFileSync('fish', ['--no-config', '-c', `source ${script('fish')}\n${lines.join('\n')}`], {
        encoding: 'utf8',
        cwd: folder,
      })
    : '';
  test.each(CASES.map((each, at) => [...each, said.split('=\n')[at] ?? ''] as const))(
    '%j %s',
    (_, __, offered, reply) => {
      const names = reply.split('\n').map((line) => line.split('\t')[0] ?? '');
      // fish sorts, offers short options too, and names of files where they are welcome.
      const own = names.filter((name) => name !== '' && !/^-\w$|^plimsoll\./.test(name));
      expect(own.toSorted()).toEqual(offered.toSorted());
    },
  );
});

test('the real command line completes itself, and knows three shells', async () => {
  const [bash, wrong] = await Promise.all([
    new CommandLine(['completion', 'bash']).ended,
    new CommandLine(['completion', 'tcsh']).ended,
  ]);
  writeFileSync(join(folder, 'real.bash'), bash.out);
  const ask = `source ${folder}/real.bash; COMP_WORDS=(plimsoll cloud sta); COMP_CWORD=2; _plimsoll; echo "\${COMPREPLY[*]}"`;
  expect(execFileSync('bash', ['-c', ask], { encoding: 'utf8' })).toBe('start\n');
  expect(wrong).toMatchObject({
    code: 2,
    err: expect.stringContaining('completion for bash, zsh or fish, and not "tcsh"'),
  });
});
