import { messageOf } from '../../errors.ts';
import type { Probe } from '../../run/workflow/ports.ts';

const DEADLINE_MS = 5000;
const TEXT_BYTES = 64 * 1024;

/** One GET, without following redirects; how long until the whole reply was there, but for what lies behind the first 64 KiB. */
export async function probe(url: string): Promise<Probe> {
  const startedMs = performance.now();
  const tookMs = (): number => performance.now() - startedMs;
  try {
    const reply = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(DEADLINE_MS) });
    const text = await textOf(reply);
    return { status: reply.status, tookMs: tookMs(), text };
  } catch (error) {
    // "fetch failed" says nothing; why stands in its cause.
    const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : error;
    return { status: 0, tookMs: tookMs(), text: messageOf(cause) };
  }
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= TEXT_BYTES) break;
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, TEXT_BYTES));
}
