import { describe, expect, test } from '@jest/globals';
import { readAdapter, readAdapters, readFunctions } from './asked-calls.ts';

// The roles' rights are held against what `callAws` names (test/system/workflow/rights.suite.ts): so that must be what is sent.
describe('what the adapters send to AWS', () => {
  const adapters = readAdapters();

  test('is found', () => {
    expect(adapters.map(({ name }) => name)).toEqual([
      'alarm-drill',
      'alarm-history',
      'cloudwatch-alarms',
      'cloudwatch-logs',
      'cloudwatch-metrics',
      'deployed-load-test',
      'ecs-tasks',
      's3-store',
      'service-facts',
      'service-tasks',
      'sns-notify',
      'step-functions-executions',
      'step-functions-workflow',
    ]);
  });

  test.each(adapters)('$name: every operation under its own permission', ({ calls, problems }) => {
    expect(problems).toEqual([]);
    expect(calls).toEqual(calls.map(({ action }) => ({ action, told: [action] })));
  });
});

test('the functions make clients to hand in, and ask nothing themselves', () => {
  expect(readFunctions()).toEqual([]);
});

const IMPORTS = `import { type Task, ECSClient, StopTaskCommand, paginateListTasks } from '@aws-sdk/client-ecs';
const used = () => callAws('ecs:ListTasks', async () => paginateListTasks({ client }, {}));`;
const STOPPED = `const stopped = () => callAws('ecs:StopTask', () => client.send(new StopTaskCommand({})));`;

describe('a source', () => {
  test.each([
    ['a command sent where it is made', STOPPED],
    [
      'one that is kept first',
      `async function f() { const it = new StopTaskCommand({}); await this.#callAws('ecs:StopTask', () => client.send(it)); }`,
    ],
    [
      'pages that are turned one by one',
      `${STOPPED} async function* f() {
        const pages = paginateListTasks({ client }, {});
        const page = pages[Symbol.asyncIterator]();
        for (;;) yield await callAws('ecs:ListTasks', () => page.next());
      }`,
    ],
  ])('%s is right', (_, source) => {
    expect(readAdapter('it', `${IMPORTS}\n${source}`).problems).toEqual([]);
  });

  test.each([
    [
      'under no permission',
      'await client.send(new StopTaskCommand({}));',
      ['ecs:StopTask is sent under no permission'],
    ],
    [
      "under another's",
      `callAws('ecs:RunTask', () => client.send(new StopTaskCommand({})));`,
      ['ecs:StopTask is sent under ecs:RunTask'],
    ],
    [
      'with a permission that is not written there',
      'callAws(action, () => client.send(new StopTaskCommand({})));',
      ['ecs:StopTask is sent under no permission'],
    ],
    [
      'kept, and sent once right and once wrong',
      `async function f() {
        const it = new StopTaskCommand({});
        await callAws('ecs:StopTask', () => client.send(it));
        await callAws('ecs:RunTask', () => client.send(it));
      }`,
      ['ecs:StopTask is sent under ecs:StopTask, ecs:RunTask'],
    ],
    [
      'kept, and sent again outside',
      `async function f() {
        const it = new StopTaskCommand({});
        await callAws('ecs:StopTask', () => client.send(it));
        await client.send(it);
      }`,
      ['ecs:StopTask is sent under ecs:StopTask, no permission', 'something is sent outside of callAws'],
    ],
    [
      'pages that are turned outside',
      `${STOPPED} async function f() { for await (const page of paginateListTasks({ client }, {})) use(page); }`,
      ['ecs:ListTasks is sent under no permission'],
    ],
    ['handed on and never named', 'const make = StopTaskCommand;', ['StopTaskCommand is not called by its name']],
    [
      'by a waiter',
      `${STOPPED} import { waitUntilTasksStopped } from '@aws-sdk/client-ecs'; waitUntilTasksStopped({}, {});`,
      ['waitUntilTasksStopped is no command, no paginator and no client'],
    ],
  ])('%s is wrong', (_, source, problems) => {
    const found = readAdapter('it', `${IMPORTS}\n${source}`).problems;
    expect(found).toEqual(expect.arrayContaining(problems));
  });
});
