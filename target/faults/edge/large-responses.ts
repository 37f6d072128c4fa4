import { type Fault, integer, valueOf } from '../fault.ts';

export const largeResponses: Fault = {
  name: 'large-responses',
  title: 'Replies are so large that they fill the network',
  bottleneck: 'network',
  // On loopback there is no wire to fill: what gives way there is the CPU that copies the bytes.
  alsoRight: ['service.cpu', 'service.event-loop'],
  parameters: { size_kb: integer(2_000, 1, 20_000) },
  begin: async (bench, values) => {
    const padding = 'x'.repeat(valueOf(values, 'size_kb') * 1024);
    return bench.rewriteReplies((body) =>
      body.startsWith('{') ? `${body.slice(0, -1)},"padding":"${padding}"}` : body,
    );
  },
};
