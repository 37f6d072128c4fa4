import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pages, shellCommandsOf } from './commands.ts';

/** What the pages leave to the reader. */
const VALUES: Readonly<Record<string, string>> = {
  ACCOUNT: '111122223333',
  REGION: 'us-east-1',
  ENVIRONMENT: 'staging',
};

/** As a shell understands it. */
const filled = (command: string): string =>
  command.replaceAll(/\$(\w+)/g, (_, name: string) => VALUES[name] ?? '').replaceAll(/"([^" ]*)"/g, '$1');

/** Every `npx cdk …` of the documents as typed, from blocks and from lines. */
const written = pages().flatMap((page) =>
  shellCommandsOf(page).flatMap(({ text: command }) =>
    Array.from(command.matchAll(/(?:npx )?\bcdk (?:[^#`\n]*[^#`\n ])/g), ([found]) => found),
  ),
);
const all = [...new Set(written.map(filled))];

const kindOf = (command: string): string => /cdk ([a-z]+)/.exec(command)?.[1] ?? '';

/** Each runs the whole application for seconds, so only those that would not seem to; PLIMSOLL_DOCUMENTS=all runs every one. */
const commands =
  process.env['PLIMSOLL_DOCUMENTS'] === 'all'
    ? all
    : ['bootstrap', 'gc'].flatMap((kind) => all.find((command) => kindOf(command) === kind) ?? []);

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-cdk-pages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Without account, credentials and network; answers that a person would give are given. */
async function run(command: string): Promise<{ readonly code: number | null; readonly said: string }> {
  const line = command.replace(/^npx /, '');
  const output = line.includes('--output') ? '' : ` --output ${join(folder, String(commands.indexOf(command)))}`;
  const sure = /\bcdk destroy\b/.test(line) ? ' --force' : '';
  const child = spawn('bash', ['-c', `${line}${sure}${output} --no-notices`], {
    env: {
      // As npx does it.
      PATH: `${resolve('node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
      HOME: folder,
      CI: 'true',
      AWS_EC2_METADATA_DISABLED: 'true',
      HTTPS_PROXY: 'http://127.0.0.1:9',
      HTTP_PROXY: 'http://127.0.0.1:9',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, said: `${out}${err}` };
}

/** How the CDK says that all it lacks is an account, after the application has run and its options were understood. */
const NO_ACCOUNT = /Unable to resolve AWS account|no credentials have been configured/;

test('there are commands of every kind', () => {
  expect(new Set(all.map(kindOf))).toEqual(new Set(['bootstrap', 'deploy', 'destroy', 'diff', 'gc', 'synth']));
});

// The example's own application has no environments.
test.each(all.filter((command) => !command.includes('--app')))('%s names its environment', (command) => {
  expect(command).toMatch(/ -c env=[a-z]/);
});

describe('npx cdk of the documents goes as far as it can without an account', () => {
  const ends = new Map<string, Awaited<ReturnType<typeof run>>>();
  // Two at a time: each synthesises, and bundles functions.
  beforeAll(async () => {
    const waiting = [...commands];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) ends.set(next, await run(next));
    };
    await Promise.all([work(), work()]);
  }, 900_000);

  test.each(commands)('%s', (command) => {
    const { code, said } = ends.get(command) ?? { code: null, said: '' };
    expect(said).not.toMatch(/E-[A-Z-]+ /);
    // Synthesis needs no account; everything else must end for want of one.
    const synthesis = command.includes(' synth');
    expect({ code, lacksAccount: NO_ACCOUNT.test(said) }).toEqual({
      code: synthesis ? 0 : 1,
      lacksAccount: !synthesis,
    });
  });
});
