import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The command line of a running process, arguments joined with blanks; undefined when there is no such process (a zombie,
 * which runs nothing, has none either). Linux has /proc even where a slim image lacks ps; macOS has only ps.
 */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  const line = process.platform === 'linux' ? await fromProc(pid) : await fromPs(pid);
  return line === '' ? undefined : line;
}

async function fromProc(pid: number): Promise<string> {
  const raw = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return raw.replaceAll('\0', ' ').trim();
}

async function fromPs(pid: number): Promise<string> {
  const reply = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return reply.stdout.trim();
}
