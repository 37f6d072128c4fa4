import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  DescribeTasksCommand,
  ECSClient,
  InvalidParameterException,
  ListTasksCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { mockClient } from 'aws-sdk-client-mock';
import { EcsTasks } from '../../../../lib/adapters/aws/ecs-tasks.ts';

const ecs = mockClient(ECSClient);
beforeEach(() => void ecs.reset());

describe('the tasks of a run', () => {
  const tasks = new EcsTasks(new ECSClient({}), { cluster: 'load' }, 1);
  const arns = Array.from({ length: 150 }, (_, n) => `arn:${n}`);
  const overrides = (run: string) => ({
    containerOverrides: [{ name: 'generator', environment: [{ name: 'PLIMSOLL_RUN', value: run }] }],
  });

  test('pages of ARNs, described a hundred at a time; one that is stopping is not gone yet', async () => {
    ecs
      .on(ListTasksCommand, { desiredStatus: 'RUNNING' })
      .resolvesOnce({ taskArns: arns.slice(0, 100), nextToken: 'more' })
      .resolvesOnce({ taskArns: arns.slice(100) })
      .on(ListTasksCommand, { desiredStatus: 'STOPPED' })
      .resolves({ taskArns: ['arn:stopping', 'arn:stopped', 'arn:gone'] })
      .on(DescribeTasksCommand)
      .callsFake(({ tasks: wanted }: { tasks: string[] }) => ({
        tasks: wanted
          .filter((taskArn) => taskArn !== 'arn:gone')
          .map((taskArn) => ({
            taskArn,
            lastStatus: taskArn === 'arn:stopped' ? 'STOPPED' : taskArn === 'arn:stopping' ? 'DEACTIVATING' : 'PENDING',
            overrides: overrides(taskArn === 'arn:7' ? 'other' : 'mine'),
          })),
      }));
    expect(await tasks.listRunning('mine')).toEqual([...arns.filter((arn) => arn !== 'arn:7'), 'arn:stopping']);
    const sizes = ecs.commandCalls(DescribeTasksCommand).map(({ args: [{ input }] }) => input.tasks?.length);
    expect(sizes).toEqual([100, 53]);
    expect(ecs.commandCalls(ListTasksCommand)[0]?.args[0].input).toMatchObject({
      cluster: 'load',
    });
  });

  test('why those of the run have stopped, each reason once', async () => {
    const of = (run: string, more: object) => ({ lastStatus: 'STOPPED', overrides: overrides(run), ...more });
    ecs
      .on(ListTasksCommand, { desiredStatus: 'STOPPED' })
      .resolves({ taskArns: ['arn:1', 'arn:2', 'arn:3', 'arn:4'] })
      .on(DescribeTasksCommand)
      .resolves({
        tasks: [
          of('mine', { stoppedReason: 'CannotPullContainerError: no route', containers: [{}] }),
          of('mine', { stoppedReason: 'CannotPullContainerError: no route' }),
          of('mine', {
            stoppedReason: 'Essential container in task exited',
            containers: [{ exitCode: 2 }, { exitCode: 0 }],
          }),
          of('other', { stoppedReason: 'not ours' }),
        ],
      });
    expect(await tasks.whyStopped('mine')).toEqual([
      'CannotPullContainerError: no route',
      'Essential container in task exited',
      'exit code 2',
    ]);
  });

  test('stopping gives the reason, cut to what ECS takes; a task it has forgotten is stopped already', async () => {
    ecs.on(StopTaskCommand).resolvesOnce({});
    await tasks.stop('arn:1', 'x'.repeat(2000));
    expect(ecs.commandCalls(StopTaskCommand)[0]?.args[0].input).toEqual({
      cluster: 'load',
      task: 'arn:1',
      reason: 'x'.repeat(1024),
    });
    const message = 'The referenced task was not found.';
    ecs.on(StopTaskCommand).rejects(new InvalidParameterException({ message, $metadata: {} }));
    await tasks.stop('arn:1', 'again');
  });
});

// "The result of an API command … might not be immediately visible to all subsequent commands" (ECS API, RunTask).
describe('ECS does not know at once what was just started', () => {
  const tasks = new EcsTasks(new ECSClient({}), { cluster: 'load' }, 1);
  const environment = [{ name: 'PLIMSOLL_RUN', value: 'mine' }];
  const task = (taskArn: string) => ({
    taskArn,
    lastStatus: 'PROVISIONING',
    overrides: { containerOverrides: [{ environment }] },
  });
  const running = () => ecs.on(ListTasksCommand, { desiredStatus: 'RUNNING' });
  const stopped = () => ecs.on(ListTasksCommand, { desiredStatus: 'STOPPED' });
  const missing = { tasks: [], failures: [{ arn: 'arn:1', reason: 'MISSING' }] };

  test('a task that is listed only at the second look', async () => {
    running()
      .resolvesOnce({ taskArns: [] })
      .resolves({ taskArns: ['arn:1'] });
    stopped().resolves({ taskArns: [] });
    ecs.on(DescribeTasksCommand).resolves({ tasks: [task('arn:1')] });
    expect(await tasks.listRunning('mine')).toEqual(['arn:1']);
  });

  test('one that is listed, and described only at the second look', async () => {
    running().resolves({ taskArns: ['arn:1'] });
    stopped().resolves({ taskArns: [] });
    ecs
      .on(DescribeTasksCommand)
      .resolvesOnce(missing)
      .resolves({ tasks: [task('arn:1')] });
    expect(await tasks.listRunning('mine')).toEqual(['arn:1']);
  });

  test('one that runs, and that nobody can say whose it is, is not left out without a word', async () => {
    running().resolves({ taskArns: ['arn:1'] });
    stopped().resolves({ taskArns: [] });
    ecs.on(DescribeTasksCommand).resolves(missing);
    await expect(tasks.listRunning('mine')).rejects.toMatchObject({ code: 'E-AWS', details: ['arn:1'] });
  });

  test('one that was to stop, and is not described any more, has ended', async () => {
    running().resolves({ taskArns: [] });
    stopped().resolves({ taskArns: ['arn:1'] });
    ecs.on(DescribeTasksCommand).resolves(missing);
    expect(await tasks.listRunning('mine')).toEqual([]);
  });

  test('one that is told to stop between the two lists stands in both, and is asked for once', async () => {
    running().resolves({ taskArns: ['arn:1'] });
    stopped().resolves({ taskArns: ['arn:1'] });
    ecs.on(DescribeTasksCommand).resolves({ tasks: [task('arn:1')] });
    expect(await tasks.listRunning('mine')).toEqual(['arn:1']);
    expect(ecs.commandCalls(DescribeTasksCommand)[0]?.args[0].input.tasks).toEqual(['arn:1']);
  });
});
