/**
 * `npm run bench:pipelines -- 10`: how often the pipelines of examples/ci pass a change without a regression, and fail one in which a
 * fifth of the replies are errors or each comes 60 ms later. Ten rounds take some ten minutes; none begins after eleven.
 */
import { table } from '../../bench/table.ts';
import { measuredOn } from '../../bench/practice/machine-line.ts';
import { jobIn } from './github-job.ts';
import { runStage } from './jenkinsfile.ts';
import { type ChangeEnds, Loads } from './loads.ts';
import { Team } from './team.ts';
import { LATER_MS, type Regression } from './team-folder.ts';

const NO_ROUND_AFTER_MS = 11 * 60_000;
/** Three times a test's, so that a step has some hundred requests. */
const STEADY = '9s';
/** As many as the pipelines collect: lateness is found by how much runs differ, which few runs say badly. */
const BASELINES = 8;

const PLANTED: Readonly<Record<Regression | 'nothing', { readonly name: string; readonly code: number }>> = {
  nothing: { name: 'nothing', code: 0 },
  errors: { name: 'a fifth of the replies are errors', code: 11 },
  lateness: { name: `each reply ${LATER_MS} ms later`, code: 11 },
};
const KINDS = ['nothing', 'errors', 'lateness'] as const;

const codesOf = ({ github, gitlab, jenkins }: ChangeEnds): (number | null)[] => [
  github.ran.find(({ code }) => code !== 0)?.code ?? 0,
  gitlab.code,
  jenkins.code,
];

const rounds = Number(process.argv[2] ?? 10);
const startedAtMs = performance.now();
await using team = await Team.gather(STEADY);
const loads = await Loads.of(team);
await Promise.all([
  loads.onGitHub('push', jobIn(team.github, 'load.yml', 'load')),
  loads.gitlab.run('load', { ...loads.gitlabVariables, CI_COMMIT_BRANCH: 'main' }),
  runStage(team.jenkins, 'Install').then(() => runStage(team.jenkins, 'Start')),
]);
await team.shareBaseline(BASELINES);

const ended: Record<keyof typeof PLANTED, (number | null)[][]> = { nothing: [], errors: [], lateness: [] };
for (let round = 1; round <= rounds && performance.now() - startedAtMs < NO_ROUND_AFTER_MS; round += 1) {
  for (const kind of KINDS) {
    team.plant(kind);
    ended[kind].push(codesOf(await loads.ofChange(String(10 + round))));
  }
  process.stderr.write(`${round} of ${rounds}: ${KINDS.map((kind) => ended[kind].at(-1)?.join(' ')).join(', ')}\n`);
}

const rows = KINDS.map((kind) => {
  const { name, code } = PLANTED[kind];
  const asExpected = [0, 1, 2].map((host) => ended[kind].filter((codes) => codes[host] === code).length);
  return [name, String(code), ...asExpected.map((count) => `${count} of ${ended[kind].length}`)];
});
process.stdout.write(`${measuredOn(`npm run bench:pipelines -- ${rounds}`)}\n\n`);
process.stdout.write(`${table(['planted', 'exit code', 'GitHub', 'GitLab', 'Jenkins'], rows)}\n`);
