import { rmSync } from 'node:fs';
import { parse } from 'yaml';
import type { StepEnd, TeamFolder } from './team-folder.ts';

type Values = Readonly<Record<string, string>>;

export interface GitHubStep {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Values;
}

export interface GitHubJob {
  readonly env?: Values;
  readonly steps: readonly GitHubStep[];
}

export interface GitHubAction {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly GitHubStep[] };
}

export const jobIn = (folder: TeamFolder, workflow: string, job: string): GitHubJob => {
  const { jobs } = parse(folder.read(`.github/workflows/${workflow}`)) as { jobs: Record<string, GitHubJob> };
  const found = jobs[job];
  if (found === undefined) throw new Error(`${workflow} has no job ${job}`);
  return found;
};

const ACTION = './.github/actions/load-test';
export const actionIn = (folder: TeamFolder): GitHubAction =>
  parse(folder.read(`${ACTION}/action.yml`)) as GitHubAction;

/** What these do is there already, or is looked at by the test. */
const DONE_ELSEWHERE = /^(?:actions\/(?:checkout|setup-node|upload-artifact)|aws-actions\/configure-aws-credentials)@/;

/** A step that is an action of others: the cache is a folder of folders here, one for each key. */
function useAction(uses: string, given: Values, folder: TeamFolder): void {
  const { path = '', key = '', 'restore-keys': prefix = '' } = given;
  if (uses.startsWith('actions/cache/save@')) folder.copy(path, `cache/${key}`);
  else if (uses.startsWith('actions/cache/restore@')) {
    const newest = folder.list('cache').findLast((name) => name.startsWith(prefix));
    folder.copy(newest === undefined ? undefined : `cache/${newest}`, path);
  } else if (!DONE_ELSEWHERE.test(uses)) throw new Error(`nothing stands for ${uses}`);
}

/** How GitHub starts each shell ("Workflow syntax", jobs.<job_id>.steps[*].shell). */
const SHELLS: Readonly<Record<string, readonly string[]>> = {
  default: ['bash', '-e'],
  bash: ['bash', '--noprofile', '--norc', '-eo', 'pipefail'],
};

export interface RanStep extends StepEnd {
  readonly run: string;
}

/** Runs a job's steps one after another as the runner does; its expressions are looked up in a table, and one that is missing there is an error. */
export class GitHubRunner {
  readonly ran: RanStep[] = [];
  failed = false;
  readonly #folder: TeamFolder;
  readonly #expressions: Values;
  readonly #env: Values;
  readonly #outputs = new Map<string, string>();
  #path = '';

  /** `expressions` by their text without `${{ }}`; outputs and outcomes of steps are known without them. */
  constructor(folder: TeamFolder, expressions: Values, env: Values) {
    this.#folder = folder;
    this.#expressions = expressions;
    this.#env = env;
  }

  async job({ env = {}, steps }: GitHubJob): Promise<void> {
    for (const step of steps) {
      if (step.uses === ACTION) await this.#action(step.with ?? {}, env);
      else await this.#step(step, env, this.#expressions);
    }
  }

  async #action(given: NonNullable<GitHubStep['with']>, env: Values): Promise<void> {
    const { inputs, runs } = actionIn(this.#folder);
    const table: Record<string, string> = { ...this.#expressions };
    for (const [name, { default: otherwise = '' }] of Object.entries(inputs))
      table[`inputs.${name}`] = this.#fill(String(given[name] ?? otherwise), this.#expressions);
    for (const step of runs.steps) await this.#step(step, env, table);
  }

  async #step(step: GitHubStep, jobEnv: Values, table: Values): Promise<void> {
    if (!this.#isWanted(step, table)) return;
    if (step.run === undefined) {
      const given = Object.entries(step.with ?? {}).map(([name, value]) => [name, this.#fill(String(value), table)]);
      return useAction(step.uses ?? '', Object.fromEntries(given) as Values, this.#folder);
    }
    const files = { GITHUB_OUTPUT: 'github-output', GITHUB_PATH: 'github-path' };
    for (const name of Object.values(files)) this.#folder.write(name, '');
    const filled = Object.entries({ ...jobEnv, ...step.env }).map(([name, value]) => [name, this.#fill(value, table)]);
    const env = {
      ...this.#env,
      ...Object.fromEntries(Object.entries(files).map(([name, file]) => [name, this.#folder.inPlace(file)])),
      GITHUB_ACTION_PATH: this.#folder.inPlace(ACTION),
      ...Object.fromEntries(filled),
    };
    this.#folder.write('step.sh', this.#fill(step.run, table));
    const end = await this.#folder.run([...(SHELLS[step.shell ?? 'default'] ?? []), 'step.sh'], env, this.#path);
    rmSync(this.#folder.inPlace('step.sh'));
    this.ran.push({ run: step.run, ...end });
    this.#path = this.#folder.read('github-path').trim() || this.#path;
    this.#keepOutputs(step.id, end);
    if (end.code !== 0) this.failed = true;
  }

  #keepOutputs(id: string | undefined, { code }: StepEnd): void {
    if (id === undefined) return;
    this.#outputs.set(`steps.${id}.outcome`, code === 0 ? 'success' : 'failure');
    for (const line of this.#folder
      .read('github-output')
      .split('\n')
      .filter((each) => each !== '')) {
      const [name = '', ...value] = line.split('=');
      this.#outputs.set(`steps.${id}.outputs.${name}`, value.join('='));
    }
  }

  /** Without a condition a step is for a job in which nothing has failed. */
  #isWanted({ if: condition }: GitHubStep, table: Values): boolean {
    if (condition === undefined) return !this.failed;
    const terms = condition
      .replace(/^\$\{\{\s*/, '')
      .replace(/\s*\}\}$/, '')
      .split(' && ');
    return terms.every((term) => {
      if (term === '!cancelled()') return true;
      const [, left = '', sign, right] = /^(\S+) (==|!=) '(.*)'$/.exec(term) ?? [];
      const value = this.#outputs.get(left) ?? (left.startsWith('steps.') ? '' : this.#look(left, table));
      return (value === right) === (sign === '==');
    });
  }

  #fill = (text: string, table: Values): string =>
    text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => this.#look(expression, table));

  #look(expression: string, table: Values): string {
    const value = this.#outputs.get(expression) ?? table[expression];
    if (value === undefined) throw new Error(`nothing stands for the expression ${expression}`);
    return value;
  }
}
