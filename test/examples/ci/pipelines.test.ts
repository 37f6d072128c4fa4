import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { CommandLine } from '../../system/command-line.ts';
import { actionIn, type GitHubJob, type GitHubRunner, jobIn } from './github-job.ts';
import { runStage, shellSteps } from './jenkinsfile.ts';
import { BASELINES, Team } from './team.ts';
import { type ChangeEnds, DONE, judged, Loads } from './loads.ts';
import type { TeamFolder } from './team-folder.ts';

/**
 * The pipelines of examples/ci, executed in the repository of a team: shell by shell, with the plans of the examples in shorter time, and
 * PostgreSQL and a cache as the services that they name. The three go on at once, since most of their time is waiting.
 */
let team: Team;
let loads: Loads;
let first: GitHubRunner;

beforeAll(async () => {
  team = await Team.gather();
  loads = await Loads.of(team);
  const onGitHub = async (): Promise<void> => {
    const job = jobIn(team.github, 'load.yml', 'load');
    await loads.onGitHub('push', { ...job, steps: job.steps.slice(0, -1) });
    first = await loads.onGitHub('push', { ...job, steps: job.steps.slice(-1) });
  };
  const onGitLab = async (): Promise<void> => {
    // The whole of it once, without a baseline yet.
    const { code } = await loads.gitlab.run('load', { ...loads.gitlabVariables, CI_COMMIT_BRANCH: 'main' });
    expect([
      [0, ['9']],
      [4, []],
    ]).toContainEqual([code, team.gitlab.list('baseline')]);
  };
  const onJenkins = async (): Promise<void> => {
    for (const stage of ['Install', 'Start']) expect(await runStage(team.jenkins, stage)).toMatchObject({ code: 0 });
    const { code } = await runStage(team.jenkins, 'Load', { BRANCH_NAME: 'main', BUILD_NUMBER: '8' });
    expect([
      [0, ['8']],
      [4, []],
    ]).toContainEqual([code, team.jenkins.list('baseline')]);
  };
  await Promise.all([onGitHub(), onGitLab(), onJenkins()]);
  await team.shareBaseline();
}, 180_000);
afterAll(() => team[Symbol.asyncDispose]());

test('the first push is what later changes are held against', () => {
  expect(first.ran.filter(({ code }) => code !== 0)).toEqual([]);
  expect(team.github.list('cache')).toEqual([expect.stringMatching(/^plimsoll-load-\d.*-1000-1$/)]);
  expect(team.github.read('step-summary.md')).toMatch(/^## ✅ pass/m);
});

describe('without a regression', () => {
  let change: ChangeEnds;
  beforeAll(async () => void (change = await loads.ofChange('9')), 180_000);

  test('a pull request on GitHub passes, with a comment', () => {
    expect(change.github.ran.filter(({ code }) => code !== 0)).toEqual([]);
    expect(change.github.ran.map(({ run }) => run).join('')).toContain('plimsoll compare');
    expect(team.host.changes[0]).toBe('POST Bearer the-token');
    expect(team.host.comments).toHaveLength(2);
    expect(team.host.comments[1]?.body).toMatch(/^<!-- plimsoll: load -->\n## ✅ pass/);
  });

  test('a merge request on GitLab passes with JUnit and metrics, and its run joins nothing', () => {
    expect(change.gitlab).toMatchObject({ code: 0 });
    expect(team.gitlab.read('plimsoll-results/run/metrics.txt')).toContain(
      'plimsoll_response_time_seconds{plan="pull request",phase="steady",quantile="0.95"}',
    );
    expect(team.gitlab.read('plimsoll-results/run/junit.xml')).toContain('<testsuite name="steady"');
    expect(team.gitlab.list('baseline')).toHaveLength(BASELINES);
  });

  test('a build of Jenkins passes, and its run joins nothing', () => {
    expect(change.jenkins).toMatchObject({ code: 0 });
    expect(team.jenkins.list('baseline')).toHaveLength(BASELINES);
  });
});

describe('with a regression', () => {
  let change: ChangeEnds;
  beforeAll(async () => {
    team.plant('errors');
    change = await loads.ofChange('10');
    team.plant('nothing');
  }, 180_000);

  test('a pull request on GitHub fails, and the same comment says so', () => {
    expect(change.github.failed).toBe(true);
    const [failed, ...others] = change.github.ran.filter(({ code }) => code !== 0);
    expect(others).toEqual([]);
    expect(failed).toMatchObject({ code: 11, run: expect.stringContaining('plimsoll compare') });
    expect(failed?.said).toMatch(/^::error title=compared with the baseline::.*worse than the baseline/m);
    expect(team.host.changes.at(-1)).toBe('PATCH Bearer the-token');
    expect(team.host.comments).toHaveLength(2);
    expect(team.host.comments[1]?.body).toContain('worse than the baseline');
  });

  test('a merge request on GitLab fails, and its run joins nothing', () => {
    expect(change.gitlab).toMatchObject({ code: 11, said: expect.stringContaining('worse than the baseline') });
    expect(team.gitlab.list('baseline')).toHaveLength(BASELINES);
  });

  test('a build of Jenkins fails, and its run joins nothing', () => {
    expect(change.jenkins).toMatchObject({ code: 11, said: expect.stringContaining('worse than the baseline') });
  });
});

test('a change that comes before there are three such runs is judged by its objectives alone, and the job says so', async () => {
  const compare = actionIn(team.github).runs.steps.find(({ run }) => run?.includes('plimsoll compare'))?.run ?? '';
  const end = await team.jenkins.run(['bash', '-eo', 'pipefail', '-c', compare]);
  expect(end).toEqual({ code: 0, said: expect.stringMatching(/^::notice title=Plimsoll::There are fewer than three/) });
});

test('a token that may not write warns, and fails nothing', async () => {
  team.host.mayWrite = false;
  const comment = actionIn(team.github).runs.steps.find(({ run }) => run?.includes('comment.mjs'))?.run ?? '';
  const end = await team.github.run(['bash', '-c', comment], {
    GITHUB_ACTION_PATH: team.github.inPlace('.github/actions/load-test'),
    GITHUB_API_URL: team.host.url,
    GITHUB_REPOSITORY: 'team/shop',
    NAME: 'load',
    PULL_REQUEST: '7',
  });
  team.host.mayWrite = true;
  expect(end).toEqual({
    code: 0,
    said: expect.stringMatching(/^::warning title=Plimsoll::The comment could not .*403\n$/),
  });
});

describe('stages and nights', () => {
  const serviceOf = (folder: TeamFolder): string =>
    (parse(folder.read('load/smoke.yaml')) as { target: string }).target;
  const ends: [name: string, code: number | null][] = [];

  beforeAll(async () => {
    const onGitHub = async (): Promise<void> => {
      const jobs = [
        jobIn(team.github, 'load.yml', 'scaling'),
        jobIn(team.github, 'deploy.yml', 'stage'),
        jobIn(team.github, 'nightly.yml', 'full'),
        jobIn(team.github, 'nightly.yml', 'staging'),
      ];
      for (const job of jobs) {
        const steps = job.steps.filter(({ run }) => run === undefined || !DONE.includes(run));
        for (const { run, code } of (await loads.onGitHub('push', { ...job, steps })).ran) ends.push([run, code]);
      }
    };
    const onGitLab = async (): Promise<void> => {
      const url = serviceOf(team.gitlab);
      const env = { ...loads.gitlabVariables, CI_JOB_STAGE: 'staging', STAGING_URL: url, PRODUCTION_URL: url };
      // Production has the script of staging, with another address.
      expect(loads.gitlab.script('production')).toEqual(loads.gitlab.script('staging'));
      for (const name of loads.gitlab.names.filter((each) => each !== 'load' && each !== 'production'))
        ends.push([name, (await judged(() => loads.gitlab.run(name, env, DONE))).code]);
    };
    const onJenkins = async (): Promise<void> => {
      const env = { TARGET: serviceOf(team.jenkins) };
      const smoke = shellSteps(team.jenkins.read('Jenkinsfile')).filter(({ script }) => script.includes('smoke.yaml'));
      expect(smoke.map(({ script }) => script)).toEqual([smoke[0]?.script, smoke[0]?.script]);
      for (const stage of ['Scaling', 'Staging', 'Nightly'])
        ends.push([stage, (await judged(() => runStage(team.jenkins, stage, env))).code]);
    };
    await Promise.all([onGitHub(), onGitLab(), onJenkins()]);
  }, 180_000);

  test('all of it runs, and the stages are deployed one by one', () => {
    expect(ends.filter(([, code]) => code !== 0)).toEqual([]);
    expect(team.github.read('deployed')).toMatch(/^(?:staging )+$/);
    expect(team.gitlab.read('deployed')).toMatch(/^(?:staging )+$/);
    expect(team.jenkins.read('deployed')).toMatch(/^(?:staging )+$/);
  });

  test('what was noted down only are commands and options that there are', async () => {
    const { out } = await new CommandLine(['completion', 'fish']).ended;
    const calls = [team.github, team.gitlab, team.jenkins].flatMap((folder) => folder.read('noted').trim().split('\n'));
    expect(calls.length).toBeGreaterThanOrEqual(3 * 6);
    const unknown = calls.flatMap((call) => {
      const path = /^cloud [\w-]+|^\w+/.exec(call)?.[0];
      const options = Array.from(call.matchAll(/ --([\w-]+)/g), ([, name]) => name);
      return options.filter((name) => !out.includes(`'__plimsoll_at plimsoll ${path}' -l ${name} `));
    });
    expect(unknown).toEqual([]);
  });

  test('a night on GitLab is no merge request, and a merge request no night', async () => {
    expect(loads.gitlab.said).toContain('json schema validated');
    const [request, night, main] = await Promise.all(
      [
        { CI_PIPELINE_SOURCE: 'merge_request_event', CI_COMMIT_BRANCH: 'change' },
        { CI_PIPELINE_SOURCE: 'schedule' },
        { CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BRANCH: 'main', CI_DEFAULT_BRANCH: 'main' },
      ].map((each) => loads.gitlab.jobsOf(each)),
    );
    expect([request, night, main]).toEqual([
      ['load', 'scaling'],
      ['nightly', 'staging-nightly'],
      ['load', 'staging', 'production'],
    ]);
  });

  test('every run: of GitHub was executed', () => {
    const workflows = team.github.list('.github/workflows');
    const jobs = workflows.flatMap((name) =>
      Object.values((parse(team.github.read(`.github/workflows/${name}`)) as { jobs: Record<string, GitHubJob> }).jobs),
    );
    const all = [...jobs.flatMap(({ steps }) => steps), ...actionIn(team.github).runs.steps].flatMap(
      ({ run }) => run ?? [],
    );
    expect(all.length).toBeGreaterThan(15);
    expect(all.filter((run) => !loads.executed.has(run))).toEqual([]);
  });
});
