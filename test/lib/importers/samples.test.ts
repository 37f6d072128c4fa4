import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { openEntries } from '../../../lib/measure/ledger.ts';
import { importSample, SAMPLES } from './imported.ts';

/**
 * What each tool itself printed of its file, or what the rows of a file that was made by hand add up to: counts by outcome, seconds,
 * and times in µs. `recorded/output.ndjson` and both logs of Gatling hold the same 60 requests; in `made/artillery-2.json` 240
 * requests less 230 replies, 4 resets and 5 time-outs were under way at the end; in `made/results.xml` the transaction repeats
 * 103 + 247 ms, and the image lies within its parent.
 */
const PRINTED = `
recorded/output.ndjson k6 sent=60 ok=57 status.503=3 min=5993 mean=26892.1 max=85873 p50=22691 p90=44532 p95=51802 p99=85873
recorded/gatling-text.log Gatling sent=60 ok=57 status.503=3 min=6000 max=86000 p50=23000 p95=52000 p99=86000
recorded/gatling-binary.log Gatling sent=60 ok=57 status.503=3 min=6000 max=86000 p50=23000 p95=52000 p99=86000
recorded/stats.json Gatling sent=60 ok=57 error:_not_named=3 seconds=5.550416281 min=6000 mean=27000 max=86000 p50=23000 p95=52000 p99=86000
recorded/global_stats.json Gatling sent=60 ok=57 min=6000 mean=27000 max=86000 p50=23000 p95=52000 p99=86000
made/gatling-2.log Gatling sent=2 ok=1 timedOut=1 min=50000 max=700000 seconds=0.8
made/k6-export.json k6 sent=4694 ok=4600 error:_not_named=94 seconds=60.568914237 min=20834 mean=36720 max=302570 p50=32773 p90=44526 p95=52489
made/k6-handled.json k6 sent=600 ok=597 seconds=30.363212 min=899 mean=10249 max=121388 p50=6116.5 p90=11769.8 p95=20951.75 p99=77500
made/k6-machine.json k6 sent=200 ok=150 seconds=10 p50=4000 p95=12000
made/k6.csv k6 sent=4 ok=1 status.503=1 dns=1 timedOut=1 min=0 max=60000000
made/results.jtl JMeter sent=5 ok=2 status.500=1 dns=1 error:_assertion=1 seconds=2 min=10000 mean=144800 max=500000
made/results.xml JMeter sent=2 ok=1 status.503=1 seconds=0.35 min=103000 mean=175000 max=247000
made/statistics.json JMeter sent=100 ok=96 error:_not_named=4 seconds=20 min=10000 mean=120500 max=900000 p50=110000 p90=200000 p95=300000 p99=800000
made/locust_stats.csv Locust sent=300 ok=290 seconds=20 min=2600 mean=33750 max=2060250 p50=5000 p90=10000 p95=15000 p99=2000000 p999=2100000
made/locust_stats_history.csv Locust sent=300 ok=290 seconds=20 mean=33750 p50=5000
made/artillery-2.json Artillery sent=240 ok=220 status.503=10 reset=4 timedOut=5 cut=1 seconds=20 min=5000 mean=3401400 max=7998000 p50=2780000 p90=7407500 p95=7709800 p99=7865600 p999=8024500
made/artillery-1.json Artillery sent=3 ok=2 status.500=1 min=10000 mean=20000 max=30000
made/oha.json oha sent=1000 ok=900 status.500=90 refused=7 timedOut=3 seconds=10 min=127.55 mean=966.767 max=4849.425 p50=1011.324 p90=1165.635 p95=1205.983 p99=1333.116 p999=2000
made/oha.txt oha sent=1003 ok=973 status.500=7 refused=3 cut=20 seconds=10.0078 min=4400 mean=47500 max=573700 p50=41800 p90=72200 p99=152300 p999=547600
made/oha-ms.txt oha sent=200 ok=200 seconds=0.303484 min=3889 mean=43757 max=225145 p50=40125 p99=1200000
made/vegeta-report.txt vegeta sent=600 ok=555 refused=15 status.503=30 seconds=60.045 min=428.25 mean=1749 p50=1252 p90=3208 p95=4227 p99=8217 max=60500000
made/ab-g.tsv ab sent=3 cut=3 ok=0 min=52000 p50=100000 max=300000 mean=150666.667
recorded/hey-refused.txt hey sent=100 ok=0 refused=100 seconds=0.0086
recorded/hey.csv hey sent=200 ok=195 status.503=5
recorded/vegeta-report-2.json vegeta sent=160 ok=157 status.503=3 seconds=3.977762823 min=2572.062 mean=8720.742 max=93034.394 p50=7456.521 p90=10530.203 p95=12645.122 p99=89640.447
recorded/vegeta-report-3.json vegeta sent=90 ok=43 status.503=2 refused=45
recorded/vegeta-hdr.txt vegeta sent=180 ok=0 cut=180 p50=6854.926 p90=9845.04 p95=12075.643 max=85259.707
made/vegeta.ndjson vegeta sent=3 ok=1 status.503=1 timedOut=1 seconds=31 min=2572.062 max=30000000
made/vegeta.csv vegeta sent=3 ok=1 status.503=1 timedOut=1 seconds=31
recorded/wrk-latency.txt wrk sent=2161 ok=2104 error:_non-2xx_or_3xx=57 seconds=4.01 mean=13530 max=89540 p50=6710 p90=43860 p99=85370
made/wrk2.txt wrk2 sent=60022 ok=60000 error:_non-2xx_or_3xx=17 error:_read=3 timedOut=2 seconds=30.01 mean=6460 max=12340 p50=6670 p99=11590 p999=12110
recorded/ab.txt ab sent=400 ok=391 error:_non-2xx=9 seconds=0.778 min=1000 mean=8000 max=89000 p50=6000 p90=9000 p95=10000 p99=87000
recorded/siege.txt siege sent=1429 ok=1395 seconds=3.98 min=0 mean=10000 max=100000
recorded/autocannon.json autocannon sent=1466 ok=1430 status.503=32 cut=4 seconds=3.01 min=1000 mean=7600 max=90000 p50=6000 p90=9000 p99=84000 p999=89000
recorded/autocannon.txt autocannon sent=207 ok=170 error:_non-2xx=33 cut=4 seconds=2.11 mean=39080 max=191000 p50=28000 p99=129000
made/ab-r.txt ab sent=200 ok=0 error:_receive=200 seconds=0.080
made/fortio.json fortio sent=50 ok=48 status.503=1 error:_no_reply=1 seconds=2 min=50000 mean=78000 max=300000 p50=65000 p999=299000
`;

interface Printed {
  readonly file: string;
  readonly tool: string;
  readonly figures: ReadonlyMap<string, number>;
}

const printed: readonly Printed[] = PRINTED.trim()
  .split('\n')
  .map((line) => {
    const [file = '', tool = '', ...figures] = line.split(' ');
    const read = figures.map(
      (each) => [each.split('=')[0]?.replaceAll('_', ' ') ?? '', Number(each.split('=')[1])] as const,
    );
    return { file, tool, figures: new Map(read) };
  });

/** Of single requests the percentiles are those of a histogram of three digits; all else is exact to the tool's own digits. */
const toleranceOf = (name: string, value: number, evidence: string): number =>
  evidence === 'samples' && /^p\d/.test(name) ? value / 1000 : 0.06;

test('every sample is in the table, but for those of a part', () => {
  const files = ['made', 'recorded'].flatMap((folder) =>
    readdirSync(`${SAMPLES}/${folder}`).map((name) => `${folder}/${name}`),
  );
  expect(files.filter((file) => !printed.some((each) => each.file === file))).toEqual(['made/locust_failures.csv']);
});

describe('an imported result has the figures that the tool printed, a ledger that closes, no verdict and no validity', () => {
  test.each(printed)('$file', ({ file, tool, figures }) => {
    const { imported, phase, run } = importSample(file);
    const { sent, ok, timedOut, cut, failures } = phase.ledger;
    const times = imported.times.from === 'intended' ? phase.responseTimeUs : phase.serviceTimeUs;
    const found = new Map<string, number | null>(
      Object.entries({ sent, ok, timedOut, cut, ...failures, seconds: run.seconds, ...times }),
    );
    expect(imported.tool).toBe(tool);
    for (const [name, value] of figures) {
      const own = found.get(name) ?? Number.NaN;
      expect([name, own, Math.abs(own - value) <= toleranceOf(name, value, imported.evidence)]).toEqual([
        name,
        own,
        true,
      ]);
    }
    expect([phase.verdict, phase.validity]).toEqual(['unknown', { verdict: 'unknown', reasons: [] }]);
    expect(openEntries(phase.arrivals, phase.ledger)).toEqual([]);
    expect(phase.scenarios[0]?.steps.reduce((sum, step) => sum + step.ledger.sent, 0)).toBe(sent);
    expect(run.provenance.cannotSay.length).toBeGreaterThan(0);
  });
});
