import type { Hypothesis } from '../hypothesis.ts';
import { crossed, grewBy, meanNowOf, met, seen, partAt } from '../facts.ts';
import { describeShape } from '../shape.ts';

/** The service computes as much as it may: beyond some 80 % of its cores a queue grows (M/M/1). */
const HIGH = 0.8;

export const serviceCpu: Hypothesis = {
  name: 'service-cpu',
  accuses: 'service.cpu',
  weigh: (facts) => {
    const { shape, readings } = facts;
    const cpu = readings.get('service.cpu');
    const elsewhere = Math.max(partAt(facts, 'pool'), partAt(facts, 'locks'), partAt(facts, 'downstream'));
    const cores = meanNowOf(facts, 'service.cores') ?? 0;
    const machine = (readings.get('host.cpu')?.now ?? 0) > 0.9 && cores > 0.8;
    const own = [
      ...seen(facts, 'service.cpu', ({ now, worst }) =>
        now > HIGH ? 0.6 : worst > HIGH ? 0.45 : machine ? 0 : worst < 0.6 ? -0.85 : -0.3,
      ),
      ...seen(facts, 'service.scrape-time', (reading) =>
        cpu !== undefined && cpu.worst > HIGH && grewBy(reading, 5000) > 4 ? 0.4 : 0,
      ),
      ...seen(facts, 'service.cores', () => (machine ? 0.45 : 0)),
      ...met(elsewhere > 0.6 ? -0.5 : 0, 'requests wait elsewhere'),
      ...met(cpu !== undefined && cpu.worst > HIGH && shape.uniform ? 0.3 : 0, describeShape(shape)),
    ];
    return [...own, ...crossed(facts, 'service.cpu', own)];
  },
  causes: [
    'event-loop',
    'worker-pool',
    'slow-statements',
    'connection-pool',
    'connection-leak',
    'downstream-latency',
    'downstream-errors',
  ],
  remedy: ({ shape }) =>
    `Take a CPU profile under this load${shape.uniform || shape.hurt[0] === undefined ? '' : `, of ${shape.hurt[0].name} first`} (py-spy, pprof, async-profiler, --cpu-prof), then cache or move the hottest work; after that add processes or instances.`,
  decidedBy: ['service.cpu'],
};
