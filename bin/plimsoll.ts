#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { codeOf, exitCodes } from '../lib/errors.ts';
import { addCloud } from './program/cloud.ts';
import { addLab } from './program/lab.ts';
import { addLoading } from './program/loading.ts';
import { addResults } from './program/results.ts';
import { addScaling } from './program/scaling.ts';
import { version } from './version.ts';
import { reportError } from './terminal.ts';

// Compiled code is stored between runs, for threads and child processes too: starting takes half the CPU and a third less memory.
// It lies beside the code and not in the system's temporary folder, where another user could put code of their own.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../node_modules/.cache/plimsoll', import.meta.url));
enableCompileCache(process.env['NODE_COMPILE_CACHE']);

/** The command line. Commands are loaded when they are called, so that --help answers at once. */
const program = new Command('plimsoll')
  .description('Finds how much load a backend carries safely, and what gives way first.')
  .version(version)
  .showHelpAfterError('(plimsoll --help shows the commands)')
  .exitOverride();

addLoading(program);
addResults(program);
addScaling(program);
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
