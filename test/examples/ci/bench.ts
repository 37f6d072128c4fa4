/** `npm run bench:pipelines -- 10`: how often the pipelines of examples/ci pass a change without a regression, and fail one in which a fifth of the replies are errors. */
import { jobIn } from './github-job.ts';
import { runStage } from './jenkinsfile.ts';
import { type ChangeEnds, Loads } from './loads.ts';
import { Team } from './team.ts';

const rounds = Number(process.argv[2] ?? 10);
const codesOf = ({ github, gitlab, jenkins }: ChangeEnds): (number | null)[] => [
  github.ran.find(({ code }) => code !== 0)?.code ?? 0,
  gitlab.code,
  jenkins.code,
];

await using team = await Team.gather();
const loads = await Loads.of(team);
await Promise.all([
  loads.onGitHub('push', jobIn(team.github, 'load.yml', 'load')),
  loads.gitlab.run('load', { ...loads.gitlabVariables, CI_COMMIT_BRANCH: 'main' }),
  runStage(team.jenkins, 'Install').then(() => runStage(team.jenkins, 'Start')),
]);
await team.shareBaseline();
process.stdout.write('exit codes on GitHub, GitLab, Jenkins: without, with the regression\n');
for (let round = 1; round <= rounds; round += 1) {
  team.breaks(false);
  const passing = codesOf(await loads.ofChange(String(10 + round)));
  team.breaks(true);
  const failing = codesOf(await loads.ofChange(String(10 + round)));
  process.stdout.write(`${round}  ${passing.join(' ')}  ${failing.join(' ')}\n`);
}
