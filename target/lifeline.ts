/**
 * A process started by stack.ts keeps the reading end of a pipe as its stdin. The kernel closes that pipe when the parent
 * ends, for whatever reason, SIGKILL included, so a parent never leaves children behind, and no process has to poll process ids.
 * Only where the parent asks for it (PLIMSOLL_LIFELINE=stdin): a container's stdin is /dev/null, which ends at once.
 */
export const lifelineEnvironment = { PLIMSOLL_LIFELINE: 'stdin' } as const;

/** Calls `ended` once when the parent's end of stdin closes. Does nothing for a process started by hand. */
export function onParentGone(ended: () => void): void {
  if (process.env['PLIMSOLL_LIFELINE'] !== lifelineEnvironment.PLIMSOLL_LIFELINE) return;
  onStdinEnd(ended);
}

/** Calls `ended` once when stdin ends. */
export function onStdinEnd(ended: () => void): void {
  process.stdin.once('close', ended);
  process.stdin.once('end', ended);
  process.stdin.on('error', ended);
  process.stdin.resume();
}
