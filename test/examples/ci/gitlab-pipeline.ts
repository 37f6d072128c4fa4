import { createRequire } from 'node:module';
import { parse } from 'yaml';
import type { StepEnd, TeamFolder } from './team-folder.ts';

const GITLAB_CI_LOCAL = createRequire(import.meta.url).resolve('gitlab-ci-local');

/** A job as GitLab has it when defaults and `extends` are filled in. */
export interface GitLabJob {
  readonly before_script: readonly string[];
  readonly script: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

interface GitLabListed {
  readonly name: string;
  readonly when: string;
}

/**
 * The `.gitlab-ci.yml` of a folder by gitlab-ci-local, which holds it against GitLab's own JSON Schema, fills in defaults, and decides by
 * rules which jobs a pipeline has. It would run jobs too, but needs containers or rsync for that.
 */
export class GitLabPipeline {
  readonly #folder: TeamFolder;
  readonly #jobs: Readonly<Record<string, GitLabJob>>;
  /** What it says of the schema. */
  readonly said: string;

  private constructor(folder: TeamFolder, said: string) {
    this.#folder = folder;
    this.said = said;
    this.#jobs = parse(said.slice(said.indexOf('---\n'))) as Record<string, GitLabJob>;
  }

  static async read(folder: TeamFolder): Promise<GitLabPipeline> {
    const git = 'git init -q -b main && git remote add origin git@gitlab.example:team/shop.git';
    await folder.run(['bash', '-c', git]);
    const { said } = await folder.run([process.execPath, GITLAB_CI_LOCAL, '--preview']);
    return new GitLabPipeline(folder, said);
  }

  get names(): readonly string[] {
    return Object.keys(this.#jobs).filter((name) => this.#jobs[name]?.script !== undefined);
  }

  script(name: string): readonly string[] {
    return this.#jobs[name]?.script ?? [];
  }

  /** Names of the jobs that a pipeline with these variables has. */
  async jobsOf(variables: Readonly<Record<string, string>>): Promise<string[]> {
    const given = Object.entries(variables).flatMap(([name, value]) => ['--variable', `${name}=${value}`]);
    const { said } = await this.#folder.run([process.execPath, GITLAB_CI_LOCAL, '--list-json', ...given]);
    const jobs = JSON.parse(said.slice(said.indexOf('\n[') + 1, said.lastIndexOf(']') + 1)) as GitLabListed[];
    return jobs.flatMap(({ name, when }) => (when === 'never' ? [] : [name]));
  }

  /** Runs a job as the runner does: all lines in one bash that ends with the first failure ("Runner shells", bash). */
  async run(name: string, env: Readonly<Record<string, string>>, without: readonly string[] = []): Promise<StepEnd> {
    const job = this.#jobs[name];
    if (job === undefined) throw new Error(`there is no job ${name}`);
    const lines = [...job.before_script, ...job.script].filter((line) => !without.includes(line));
    const variables = Object.entries(job.variables ?? {}).map(([key, value]) => [
      key,
      value.replace(/^\$(\w+)$/, (_, other: string) => env[other] ?? ''),
    ]);
    const file = `${name}.sh`;
    this.#folder.write(file, ['set -eo pipefail', ...lines].join('\n'));
    return await this.#folder.run(['bash', '--noprofile', '--norc', file], {
      ...Object.fromEntries(variables),
      ...env,
    });
  }
}
