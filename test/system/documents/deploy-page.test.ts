import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Account, NOT_STARTED, programs, RECORDED, taskThatEnded } from './account.ts';
import { type ShellCommand, shellCommandsOf } from './commands.ts';
import { deployed } from './deployed.ts';

/** Some hundred commands of a second and more for each environment: only where they are asked for. */
const isAsked = process.env['PLIMSOLL_DOCUMENTS'] === 'all';
const found = isAsked ? programs() : undefined;
const whereTheyAre = found === undefined ? describe.skip : describe;
if (found === undefined)
  process.stderr.write(
    isAsked
      ? "the AWS CLI and moto could not be installed (python3 with venv, PyPI): pages' commands are skipped\n"
      : "the pages' commands are executed by PLIMSOLL_DOCUMENTS=all alone, since they take minutes: skipped\n",
  );

const PAGE = 'docs/deploy.md';
const page = readFileSync(PAGE, 'utf8');
const lineOf = (title: string): number => page.slice(0, page.indexOf(`\n## ${title}`)).split('\n').length;
/** A stack that is not whole is mended, or taken away: so nothing can come after it. */
const [FAILED, MENDED] = [lineOf('Where a first deployment does not succeed'), lineOf('Load tests')];
/** From here on things are taken away. */
const END = lineOf('Back to nothing');

const ofPage = shellCommandsOf(PAGE);
const recipe = ofPage.filter(({ line }) => line > FAILED && line <= MENDED);

/** In the order in which a reader has what they need: deployed, operated by the runbooks, removed. */
const written: readonly ShellCommand[] = [
  ...ofPage.filter(({ line }) => line <= END && !recipe.some((each) => each.line === line)),
  ...shellCommandsOf('docs/security.md'),
  ...readdirSync('docs/runbooks').flatMap((name) => shellCommandsOf(`docs/runbooks/${name}`)),
  ...ofPage.filter(({ line }) => line > END),
];
const executable = ({ accountOnly }: ShellCommand): boolean => !accountOnly;
const commands = written.filter(executable);

/** What a reader takes from a mail. */
const READ_ELSEWHERE = { TASK: 'arn:aws:ecs:us-east-1:123456789012:task/cluster/1' };

/** Executed by test/system/documents/cdk.test.ts, and by tests of what they start. */
const STAND_INS = `npx() { :; }\nnpm() { :; }\ntrap 'failed=1' ERR\n`;

const place = ({ page: name, line }: ShellCommand): string => `${name}:${line}`;

/** All in one shell, one after another; a variable that nothing has set ends it. A line of a block that fails counts as much as the last. */
const script = (environment: string, typed: readonly ShellCommand[]): string =>
  [
    STAND_INS,
    ...typed.map((command) => {
      // The page's own choice is the one thing that the reader changes.
      const text = command.text.replace('ENVIRONMENT=staging', `ENVIRONMENT=${environment}`);
      return `failed=0\n${text}\nprintf '\\n@@%s %s\\n' "$(( $? | failed ))" '${place(command)}'`;
    }),
  ].join('\n');

/** The exit code of each, by its place; what is missing was never reached. */
const codesIn = (out: string): Map<string, number> =>
  new Map(Array.from(out.matchAll(/^@@(\d+) (\S+)$/gm), ([, code, where = '']) => [where, Number(code)]));

const failedIn = (out: string, typed: readonly ShellCommand[]): string[] => {
  const codes = codesIn(out);
  return typed.filter((command) => codes.get(place(command)) !== 0).map(({ text }) => text.trim());
};

test('there are commands, and few that only an account can execute', () => {
  expect(commands.length).toBeGreaterThan(55);
  expect(recipe.length).toBeGreaterThanOrEqual(4);
  expect([...written, ...recipe].filter((each) => !executable(each)).length).toBeLessThanOrEqual(3);
});

test('no command names one environment where the reader has another', () => {
  const named = [...commands, ...recipe].filter(({ text }) => /plimsoll-(?:dev|staging|perf)-/.test(text));
  expect(named.map(({ text }) => text)).toEqual([]);
});

whereTheyAre('the commands of the pages', () => {
  let account: Account;

  beforeAll(async () => {
    if (found !== undefined) account = await Account.open(found);
  });
  afterAll(() => account[Symbol.asyncDispose]());

  describe.each([
    ['staging', 8, undefined],
    // Tasks on Fargate, up to four: there is no group of instances.
    ['dev', 4, /InstancesGroup|\$GROUP/],
  ] as const)('of %s', (environment, tasks, without) => {
    let ended: Awaited<ReturnType<Account['shell']>>;

    beforeAll(async () => {
      await using own = await Account.open(found ?? { cli: '', moto: '' });
      const made = await own.shell(deployed(environment, tasks));
      if (made.code !== 0) throw new Error(made.err);
      const bounds = `aws application-autoscaling describe-scalable-targets --service-namespace ecs --output text \\
        --query 'ScalableTargets[0].[MinCapacity,MaxCapacity]' | sed 's/^/@bounds /'`;
      ended = await own.shell(`${script(environment, commands)}\n${bounds}`, READ_ELSEWHERE);
    }, 1_800_000);

    test('succeed one after another, each with what those before have set', () => {
      const failed = failedIn(ended.out, commands).filter((text) => without?.test(text) !== true);
      expect({ failed, err: failed.length === 0 ? '' : ended.err }).toEqual({ failed: [], err: '' });
    });

    test('say which output a stack does not have, and ask for no other', () => {
      const missing = Array.from(ended.err.matchAll(/^(.*) has no output (.*)$/gm), ([, ...words]) => words.join(' '));
      const expected = environment === 'dev' ? ['plimsoll-dev-staging InstancesGroup'] : [];
      expect([...new Set(missing)]).toEqual(expected);
    });

    test('raise the minimum of tasks to the maximum, and no further: AWS refuses more', () => {
      expect(ended.out).toContain(`@bounds ${tasks}\t${tasks}`);
    });
  });

  test('of a stack that did not succeed lead from its events to one that nothing protects', async () => {
    await using own = await Account.open(found ?? { cli: '', moto: '' });
    const setUp = await own.shell(deployed('staging', 8));
    expect({ code: setUp.code, err: setUp.err }).toEqual({ code: 0, err: '' });
    // moto can't delete a stack of which something is gone already; CloudFormation counts that as deleted.
    own.replies = { ...RECORDED, DeleteStack: '<DeleteStackResponse><ResponseMetadata/></DeleteStackResponse>' };
    const left = `aws rds describe-db-instances --query 'DBInstances[?DeletionProtection].DBInstanceIdentifier' --output text | sed 's/^/@left /'
      aws autoscaling describe-auto-scaling-groups --query 'AutoScalingGroups[].AutoScalingGroupName' --output text | sed 's/^/@left /'
      aws elbv2 describe-load-balancer-attributes --load-balancer-arn "$balancer" --output text \\
        --query "Attributes[?Key=='deletion_protection.enabled' && Value=='true'].Key" | sed 's/^/@left /'`;
    const typed = recipe.filter(executable);
    const ended = await own.shell(`${script('staging', typed)}\n${left}`, { ENVIRONMENT: 'staging' });
    expect({ failed: failedIn(ended.out, typed), err: ended.err }).toEqual({ failed: [], err: '' });
    expect(ended.out).not.toContain('@left');
  }, 1_800_000);

  describe('once', () => {
    /** What the page says before the task is started. */
    const functions = commands.filter(({ text }) => /^(?:output|once)\(\)/.test(text)).map(({ text }) => text);

    beforeAll(async () => {
      await account.shell(deployed('staging', 8));
    }, 300_000);

    test.each<readonly [string, Partial<typeof RECORDED>, number, RegExp]>([
      ['succeeds where the task ended well', {}, 0, /^$/],
      ['fails where none could be started', { RunTask: NOT_STARTED }, 1, /no task started: RESOURCE:MEMORY/],
      [
        'fails where it ended badly, and says why',
        { DescribeTasks: taskThatEnded(1, 'Essential container in task exited') },
        1,
        /ended with 1: "Essential container in task exited"/,
      ],
    ])(
      '%s',
      async (_, replies, code, says) => {
        account.replies = { ...RECORDED, ...replies };
        const ended = await account.shell(functions.join('\n'), { ENVIRONMENT: 'staging' });
        expect(ended.err.trim()).toMatch(says);
        expect(ended.code).toBe(code);
      },
      300_000,
    );
  });
});
