import { availableParallelism } from 'node:os';
import { findCommand } from './processes.ts';

/** Generators run on the first core, the server on the last, where there are two and `taskset` to say so. */
const taskset = findCommand('taskset');
const cores = availableParallelism();

export const pinned = taskset !== undefined && cores >= 2;

const onCore = (core: number, argv: readonly string[]): readonly string[] =>
  taskset === undefined || cores < 2 ? argv : [taskset, '-c', `${core}`, ...argv];

export const onGeneratorCore = (argv: readonly string[]): readonly string[] => onCore(0, argv);
export const onServerCore = (argv: readonly string[]): readonly string[] => onCore(cores - 1, argv);
