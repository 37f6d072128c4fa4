import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { answersTo } from '../../bin/commands/init.ts';
import { firstPlan, firstQuestions, otherAnswers } from '../../bin/local/first-plan.ts';
import { parsePlan } from '../../lib/plan/parse.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { Stage } from '../system/stage.ts';

const parsed = (text: string): Promise<Plan> =>
  parsePlan(
    { text, path: 'first.yaml' },
    { readBytes: () => Promise.reject(new Error('no file')), signalIds: [], env: {} },
  );

test('whatever the address and the answers are, the plan is valid and says them', async () => {
  const answers = fc.record({
    url: fc.webUrl({ withQueryParameters: true }).filter((url) => !url.includes('@')),
    users: fc.integer({ min: 1, max: 9_999_999 }).map(String),
    duration: fc.constantFrom('1s', '90s', '1m30s', '2h'),
    limit: fc.constantFrom('1ms', '1.5s', '500ms', '2m'),
  });
  await fc.assert(
    fc.asyncProperty(answers, async (given) => {
      const plan = await parsed(firstPlan(given, undefined));
      const { origin, pathname, search } = new URL(given.url);
      const [step] = plan.scenarios[0]?.steps ?? [];
      expect(plan.target).toBe(origin);
      expect(step).toMatchObject({ path: `${pathname}${search}`.replaceAll('{', '%7B').replaceAll('}', '%7D') });
      expect(plan.phases.map(({ kind }) => kind)).toEqual(['warm-up', 'sustained']);
    }),
    { numRuns: 20 },
  );
});

describe('questions', () => {
  const asking = async (...lines: readonly string[]) => {
    const [asked, said]: [string[], string[]] = [[], []];
    const left = [...lines];
    const ask = async (text: string): Promise<string> => {
      asked.push(text);
      return left.shift() ?? '';
    };
    return { answers: await answersTo(ask, (sentence) => said.push(sentence)), asked, said };
  };

  test('empty answers stand for what is in the brackets', async () => {
    const { answers, asked, said } = await asking();
    expect(answers).toEqual(otherAnswers('http://127.0.0.1:8080/'));
    expect(asked).toHaveLength(4);
    expect(asked[0]).toBe('Which address is loaded? [http://127.0.0.1:8080/] ');
    expect(said).toEqual([]);
  });

  test('a wrong answer is asked for again', async () => {
    const { answers, asked, said } = await asking(
      'localhost',
      ' http://127.0.0.1:1/a ',
      'many',
      '7',
      'long',
      '',
      'soon',
      '2s',
    );
    expect(answers).toEqual({ url: 'http://127.0.0.1:1/a', users: '7', duration: '30s', limit: '2s' });
    expect(asked).toHaveLength(8);
    expect(said.map((each) => each.split(' ').slice(0, 4).join(' '))).toEqual([
      'That takes an http',
      'That takes a whole',
      'That takes a duration',
      'That takes a time',
    ]);
  });

  test('what they offer is an answer', () => {
    for (const { check, otherwise } of Object.values(firstQuestions))
      expect(() => check('That', otherwise)).not.toThrow();
  });
});

describe('the command', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.set()));
  afterAll(() => stage[Symbol.asyncDispose]());

  test('writes a plan that runs, and never over a file', async () => {
    const path = stage.inPlace('load/first.yaml');
    const { code, out, err } = await stage.plimsoll('init', path, '--url', `${stage.service.url}/jobs?page=2`);
    expect({ code, out }).toEqual({ code: 0, out: `${path}\n` });
    expect(err).toContain(` run ${path}`);
    const text = await readFile(path, 'utf8');
    const [again, run] = await Promise.all([
      stage.plimsoll('init', path, '--url', 'http://127.0.0.1/'),
      stage.plimsoll('run', path, '--compress', '20', '--out', stage.inPlace('out')),
    ]);
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('E-INIT-EXISTS') });
    expect(await readFile(path, 'utf8')).toBe(text);
    expect([0, 4]).toContain(run.code);
    expect(new Set(stage.service.asked)).toEqual(new Set(['/jobs?page=2']));
  });

  test.each([
    [[], 2, 'E-INIT-UNASKED'],
    [['--url', 'ftp://127.0.0.1'], 2, '--url takes an http or https URL'],
    [['--url', 'http://ann:pass@127.0.0.1'], 2, '--url holds a user name'],
  ])('%j is refused', async (args, code, says) => {
    const ended = await stage.plimsoll('init', join(stage.workplace.path, 'none.yaml'), ...args);
    expect(ended).toMatchObject({ code, err: expect.stringContaining(says) });
  });
});
