import type { TimeDefinition } from '../../measure/provenance.ts';
import { DISTRIBUTION, printedSummary } from '../building/printed-summary.ts';
import type { Importer } from '../reading/importer.ts';
import { linesOfOne, shortLines } from '../reading/printed.ts';

/** From the call of the client to the end of the body (hey/requester): connecting is in it, requests without a reply are not. */
export const heyTimes: TimeDefinition = {
  from: 'request',
  to: 'last-byte',
  connect: true,
  failed: 'replies',
  stepUs: 100,
};

/** What hey prints. */
export const heyText: Importer = {
  name: 'hey',
  takes: 'document',
  recognises: ({ text }) => {
    const lines = shortLines(text.slice(0, 100_000));
    // ghz, which prints the same of gRPC, counts its calls first.
    const isGrpc = lines.some((line) => line.startsWith('Count:'));
    return !isGrpc && lines.includes('Latency distribution:') && lines.some((line) => line.startsWith('Slowest:'));
  },
  read: ({ text }) => ({
    tool: 'hey',
    evidence: 'summary',
    times: heyTimes,
    model: 'closed',
    ...printedSummary(linesOfOne(text, { tool: 'hey', line: /^Slowest:/, below: DISTRIBUTION })),
  }),
};
