import { cases } from './cases.ts';
import { seeded } from './servers.ts';
import { simulate } from './simulate.ts';
import { capacityOf } from '../../../../lib/analysis/capacity/capacity.ts';
const one = cases.find((c) => c.name.startsWith(process.argv[2]!))!;
for (let seed = 0; seed < Number(process.argv[3]); seed++) {
const { probes } = simulate(one.server(seed * 7 + 1), one.settings, one.settings.arrivals === 'poisson' ? seeded(seed * 13 + 5) : undefined, undefined, one.journeySeconds);
const c = capacityOf(one.settings, probes);
console.log(seed, c.verdict, c.reason, c.perSecond, c.interval);
if (c.verdict === process.argv[4] ) for (const p of c.probes) console.log('   ', p.purpose, p.perSecond.toFixed(1), p.seconds, p.verdict, p.piledUp, 'users', p.users.toFixed(0), p.quantilesUs.map((q) => q && Math.round(q / 1000)).join(), p.failedRatio.toFixed(3), p.throughputPerSecond.toFixed(1));
}
