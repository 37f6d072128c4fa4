import { type GitHubJob, type GitHubRunner, jobIn } from './github-job.ts';
import { GitLabPipeline } from './gitlab-pipeline.ts';
import { runStage } from './jenkinsfile.ts';
import type { Team } from './team.ts';
import type { StepEnd } from './team-folder.ts';

/** How the loads of one change have ended on each of the three. */
export interface ChangeEnds {
  readonly github: GitHubRunner;
  readonly gitlab: StepEnd;
  readonly jenkins: StepEnd;
}

/** What a folder needs once. */
export const DONE = ['npm ci', 'load/start-service.sh'];

/**
 * What else this machine does is no property of a pipeline: a measurement that is void (4), or that can't be compared for that (9), is
 * made again, as the pipelines themselves do once.
 */
async function untilJudged<End>(attempt: () => Promise<End>, codeOf: (end: End) => number | null): Promise<End> {
  for (let left = 5; ; left -= 1) {
    const end = await attempt();
    const code = codeOf(end);
    if ((code !== 4 && code !== 9) || left === 0) return end;
  }
}

export const judged = (attempt: () => Promise<StepEnd>): Promise<StepEnd> => untilJudged(attempt, ({ code }) => code);

/** The loads of a team's pipelines, each until it is judged. */
export class Loads {
  readonly gitlab: GitLabPipeline;
  /** The `run:` texts that were executed on GitHub. */
  readonly executed = new Set<string>();
  readonly #team: Team;

  private constructor(team: Team, gitlab: GitLabPipeline) {
    this.#team = team;
    this.gitlab = gitlab;
  }

  static async of(team: Team): Promise<Loads> {
    return new Loads(team, await GitLabPipeline.read(team.gitlab));
  }

  get gitlabVariables(): Record<string, string> {
    const predefined = { CI_DEFAULT_BRANCH: 'main', CI_JOB_ID: '9', CI_JOB_TOKEN: 'the-token', CI_PROJECT_ID: '1' };
    return { CI_API_V4_URL: this.#team.host.url, ...predefined };
  }

  async onGitHub(event: 'push' | 'pullRequest', job: GitHubJob): Promise<GitHubRunner> {
    const attempt = async (): Promise<GitHubRunner> => {
      const runner = this.#team.runner(event);
      await runner.job(job);
      for (const { run } of runner.ran) this.executed.add(run);
      return runner;
    };
    return await untilJudged(attempt, ({ ran }) => ran.find(({ code }) => code !== 0)?.code ?? 0);
  }

  /** A change's load on all three at once, since most of their time is waiting. */
  async ofChange(build: string): Promise<ChangeEnds> {
    const { github: own, gitlab: folder, jenkins: workspace } = this.#team;
    const [github, gitlab, jenkins] = await Promise.all([
      this.onGitHub('pullRequest', { steps: jobIn(own, 'load.yml', 'load').steps.slice(-1) }),
      judged(() => {
        // A job begins without what an earlier one has left.
        folder.copy(undefined, 'baseline');
        return this.gitlab.run('load', this.gitlabVariables, DONE);
      }),
      judged(() => runStage(workspace, 'Load', { BRANCH_NAME: 'change', BUILD_NUMBER: build })),
    ]);
    return { github, gitlab, jenkins };
  }
}
