import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Client } from 'pg';
import { parse } from 'yaml';
import { startTarget, type TargetProcess } from '../../system/target-process.ts';
import { CodeHost } from './code-host.ts';
import { GitHubRunner } from './github-job.ts';
import { type Regression, TeamFolder } from './team-folder.ts';

/** Of the expressions in the workflows, what each stands for here. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  'github.token': 'the-token',
  'github.run_id': '1000',
  'github.run_attempt': '1',
  'github.event.pull_request.number': '7',
  'matrix.stage': 'staging',
  'vars.HOST': '127.0.0.1',
  "matrix.stage == 'production' && vars.HOST || ''": '',
  'vars.LOAD_TEST_ROLE': 'arn:aws:iam::111122223333:role/load-test',
  'vars.AWS_REGION': 'eu-west-2',
};
/** Runs that a change is held against: as few as can give a verdict. */
export const BASELINES = 4;
/** Of those that are to be made one in two may fail, as on a busy machine. */
const MOST_RUNS_EACH = 2;

const EVENTS = {
  push: { 'github.event_name': 'push', "github.event_name == 'push'": 'true' },
  pullRequest: { 'github.event_name': 'pull_request', "github.event_name == 'push'": 'false' },
} as const;

/** A team's repository on each of three hosts, whose services are one PostgreSQL, with a database for each, and one cache. */
export class Team implements AsyncDisposable {
  readonly host: CodeHost;
  readonly github: TeamFolder;
  readonly gitlab: TeamFolder;
  readonly jenkins: TeamFolder;
  readonly #target: TargetProcess;

  private constructor(target: TargetProcess, host: CodeHost, folders: readonly TeamFolder[]) {
    const [github, gitlab, jenkins] = folders;
    if (github === undefined || gitlab === undefined || jenkins === undefined)
      throw new Error('there are three folders');
    this.#target = target;
    this.host = host;
    this.github = github;
    this.gitlab = gitlab;
    this.jenkins = jenkins;
  }

  /** `steady` is how long a pull request's load lasts here. */
  static async gather(steady?: string): Promise<Team> {
    const [target, host] = await Promise.all([startTarget(), CodeHost.listen()]);
    const admin = new Client(target.ready.database);
    await admin.connect();
    const folders = [];
    for (const name of ['github', 'gitlab', 'jenkins']) {
      await admin.query(`CREATE DATABASE ${name}`);
      const database = Object.assign(new URL(target.ready.database), { pathname: name }).href;
      folders.push(await TeamFolder.make({ database, cache: target.ready.cache.url }, steady));
    }
    await admin.end();
    return new Team(target, host, folders);
  }

  /** A job of GitHub's in this folder. */
  runner(event: keyof typeof EVENTS): GitHubRunner {
    const { target } = parse(this.github.read('load/smoke.yaml')) as { target: string };
    const expressions = { ...EXPRESSIONS, ...EVENTS[event], 'vars.URL': target };
    return new GitHubRunner(this.github, expressions, {
      GITHUB_ACTIONS: 'true',
      GITHUB_API_URL: this.host.url,
      GITHUB_REPOSITORY: 'team/shop',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_RUN_ID: '1000',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_STEP_SUMMARY: this.github.inPlace('step-summary.md'),
    });
  }

  /** The runs of all three, which are of one build, become the baseline of each: cached, as an artifact to fetch, and copied. */
  async shareBaseline(baselines = BASELINES): Promise<void> {
    const cached = this.#cached;
    for (const folder of [this.gitlab, this.jenkins])
      for (const name of folder.list('baseline'))
        cpSync(folder.inPlace(`baseline/${name}`), `${cached}/${name}`, { recursive: true });
    for (let number = 1; readdirSync(cached).length < baselines; number += 1) {
      if (number > MOST_RUNS_EACH * baselines + 2) throw new Error(`${number} runs gave too few that passed`);
      const command = ['plimsoll', 'run', 'load/pull-request.yaml', '--out', `${cached}/more-${number}`];
      const { code } = await this.github.run(command, {}, 'node_modules/.bin');
      if (code !== 0) rmSync(`${cached}/more-${number}`, { recursive: true, force: true });
    }
    this.jenkins.copy(undefined, 'baseline');
    cpSync(cached, this.jenkins.inPlace('baseline'), { recursive: true });
    cpSync(cached, this.gitlab.inPlace('left/baseline'), { recursive: true });
    await this.gitlab.run(['tar', 'czf', 'left.tar.gz', '-C', 'left', 'baseline']);
    this.host.artifact = readFileSync(this.gitlab.inPlace('left.tar.gz'));
  }

  /** The only entry of the cache so far. */
  get #cached(): string {
    return this.github.inPlace(`cache/${this.github.list('cache')[0]}`);
  }

  /** In every folder. */
  plant(regression: Regression | 'nothing'): void {
    for (const folder of [this.github, this.gitlab, this.jenkins]) folder.plant(regression);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      for (const folder of [this.github, this.gitlab, this.jenkins]) await folder[Symbol.asyncDispose]();
    } finally {
      this.host.close();
      const { child } = this.#target;
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    }
  }
}
