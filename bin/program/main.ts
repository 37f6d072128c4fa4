import { Command, CommanderError } from 'commander';
import { codeOf, exitCodes } from '../../lib/errors.ts';
import { addCloud } from './cloud.ts';
import { addConverting } from './converting.ts';
import { addLab } from './lab.ts';
import { addLoading } from './loading.ts';
import { addMonitoring } from './monitoring.ts';
import { addResults } from './results.ts';
import { addScaling } from './scaling.ts';
import { addStarting } from './starting.ts';
import { version } from '../version.ts';
import { reportError } from '../terminal.ts';

/** The command line. Commands are loaded when they are called, so that --help answers at once. */
const program = new Command('plimsoll')
  .description('Finds how much load a backend carries safely, and what gives way first.')
  .version(version)
  .showHelpAfterError('(plimsoll --help shows the commands)')
  .exitOverride();

addLoading(program);
addStarting(program);
addConverting(program);
addResults(program);
addScaling(program);
addMonitoring(program);
addLab(program);
addCloud(program);

process.on('uncaughtException', (error) => process.exit(reportError(error)));
for (const stream of [process.stdout, process.stderr]) {
  // A reader who has seen enough, such as head, ends neither a run nor its exit code; nor does a terminal that was closed.
  stream.on('error', (error) => {
    if (!['EPIPE', 'EIO'].includes(codeOf(error) ?? '')) throw error;
  });
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.passed : exitCodes.usage;
  else process.exitCode = reportError(error);
}

// A command that has ended is over, whatever timers or connections a plan's own module has left open.
await Promise.all(
  [process.stdout, process.stderr].map(async (stream) => new Promise((written) => stream.write('', written))),
);
process.exit();
