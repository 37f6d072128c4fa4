import { describe, expect, test } from '@jest/globals';
import type { Definition } from './definitions.ts';
import { executable, synthesisedDefinitions, tasksIn } from './definitions.ts';
import { unheeded } from './guard.ts';

describe('what runs here is what runs there', () => {
  const { workflow, aftermath } = synthesisedDefinitions();

  test('neither definition has anything that the local executor ignores', () => {
    expect([workflow, aftermath].flatMap((definition) => unheeded(executable(definition)))).toEqual([]);
    expect(tasksIn(workflow).map(([name]) => name)).toEqual([
      'Prepare',
      'Gate',
      'Generate',
      'SetUp',
      'Collect',
      'CleanData',
      'Abort',
      'Report',
      'EndLast',
      'SendLast',
    ]);
  });

  const load = executable(workflow).States['Load'];
  const generate = load?.ItemProcessor?.States['Generate'] ?? { Type: 'Task' };
  const withState = (state: Readonly<Record<string, unknown>>): Definition => ({
    StartAt: 'A',
    States: { A: { Type: 'Task', End: true, ...state } },
  });

  test.each([
    ['JSONata', withState({ ...generate, QueryLanguage: 'JSONata' })],
    ['JSONata for all', { ...withState({ Type: 'Succeed' }), QueryLanguage: 'JSONata' }],
    ['variables', withState({ Type: 'Pass', Assign: { a: 1 } })],
    ['arguments', withState({ ...generate, Arguments: {} })],
    ['a heartbeat', withState({ ...generate, HeartbeatSeconds: 5 })],
    ['a task token', withState({ ...generate, Resource: 'arn:aws:states:::ecs:runTask.waitForTaskToken' })],
    ['a token handed on', withState({ ...generate, Parameters: { 'token.$': '$$.Task.Token' } })],
    ['credentials', withState({ ...generate, Credentials: { RoleArn: 'arn:aws:iam::111122223333:role/other' } })],
    [
      'a distributed Map',
      withState({
        ...load,
        ItemProcessor: { ...withState({ Type: 'Pass' }), ProcessorConfig: { Mode: 'DISTRIBUTED' } },
      }),
    ],
    ['tolerated failures', withState({ ...load, ToleratedFailurePercentage: 50 })],
    ['items from S3', withState({ ...load, ItemReader: {} })],
    ['a state inside of a Map', withState({ ...load, ItemProcessor: withState({ ...generate, Assign: {} }) })],
  ])('%s is rejected', (_, definition) => {
    expect(unheeded(definition)).toHaveLength(1);
  });
});
