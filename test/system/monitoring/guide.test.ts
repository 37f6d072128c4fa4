import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { GrafanaDashboard } from '../../../lib/monitoring/grafana/schema.ts';
import { graphsIn } from '../../lib/monitoring/graphs-in.ts';
import { CommandLine, Workplace } from '../command-line.ts';
import { AnsweringService } from './answering-service.ts';
import { installed, Prometheus, promtool } from './prometheus.ts';

/* docs/monitoring.md is done as it is written, with ports of the test's own: files, checks, load, scrape, an alarm that fires and clears. */

const PAGE = readFileSync(new URL('../../../docs/monitoring.md', import.meta.url), 'utf8');
const blocks = (language: string): string[] =>
  Array.from(PAGE.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs')), ([, text]) => text ?? '');
const [write = '', start = '', trial = ''] = blocks('sh');
const linesOf = (block: string): string[] => block.trim().split('\n');

const present = installed();
if (!present) process.stderr.write('guide.test.ts is skipped: there is no prometheus (apt install prometheus)\n');
const real = present ? describe : describe.skip;

real('docs/monitoring.md', () => {
  let workplace: Workplace;
  let service: AnsweringService;
  let prometheus: Prometheus;
  let load: CommandLine;

  /** The command as the page has it, called in the test's folder, with the service's own address. */
  const plimsoll = (line: string): CommandLine => {
    const [name, ...args] = line.replaceAll('127.0.0.1:8080', service.address).split(' ');
    expect(name).toBe('plimsoll');
    return new CommandLine(args, { cwd: workplace.path });
  };

  beforeAll(async () => {
    workplace = await Workplace.make();
    service = await AnsweringService.start();
    const [config = ''] = blocks('yaml');
    await writeFile(join(workplace.path, 'prometheus.yml'), config.replaceAll('127.0.0.1:8080', service.address));
  });
  afterAll(async () => {
    load?.kill('SIGINT');
    await load?.ended;
    await prometheus?.[Symbol.asyncDispose]();
    await service?.[Symbol.asyncDispose]();
    await workplace?.[Symbol.asyncDispose]();
  });

  test('the files are written, and pass promtool', async () => {
    const [monitoring = '', check = '', tests = ''] = linesOf(write);
    const written = await plimsoll(monitoring).ended;
    expect(written).toMatchObject({ code: 0 });
    expect(written.err).toContain('No rule for tps-near-capacity');
    for (const line of [check, tests]) {
      const [name, ...args] = line.split(' ');
      expect(name).toBe('promtool');
      expect(await promtool(args, workplace.path)).toMatchObject({ ok: true });
    }
  });

  test('and with a second in place of a minute an alarm fires, and clears', async () => {
    const [monitoring = '', sed = '', begin = '', run = '', curl = ''] = linesOf(trial);
    expect((await plimsoll(monitoring).ended).code).toBe(0);
    await promisify(execFile)('bash', ['-c', sed], { cwd: workplace.path });
    const trialOf = (line: string): string =>
      line.replace('prometheus.yml', 'trial.yml').replace('prometheus-data', 'trial-data');
    expect(begin).toBe(trialOf(linesOf(start)[0] ?? ''));
    prometheus = await Prometheus.start(workplace.path, begin.split(' ').slice(1));
    load = plimsoll(run.replace('http://127.0.0.1:9090', prometheus.origin));
    const recorded = async (signal: string): Promise<number | undefined> =>
      (await prometheus.query(`plimsoll:signal{signal="${signal}", job="shop"}`))[0]?.value;

    await prometheus.until('recording traffic', async () => ((await recorded('balancer.throughput')) ?? 0) > 20);
    expect(await recorded('balancer.errors')).toBe(0);
    expect((await prometheus.firing()).has('error-rate')).toBe(false);

    service.failing = true;
    await prometheus.until('paging', async () => {
      const on = await prometheus.firing();
      return on.has('error-rate') && on.has('users-are-hurt');
    });
    const firing = await prometheus.firing();
    expect(firing.get('error-rate')).toMatchObject({
      labels: { job: 'shop', severity: 'felt', signal: 'balancer.errors' },
      annotations: {
        summary: 'Error ratio above 1 % in 3 of 5 readings of 1s.',
        runbook_url: 'docs/runbooks/error-rate.md',
      },
    });
    expect(Number.parseFloat(firing.get('error-rate')?.annotations['now'] ?? '')).toBeGreaterThan(1);
    const [, path = ''] = /^curl -s http:\/\/127\.0\.0\.1:9090(\S+)$/.exec(curl) ?? [];
    expect(await (await fetch(`${prometheus.origin}${path}`)).text()).toContain('error-rate');
    expect(firing.get('users-are-hurt')?.labels).toMatchObject({ job: 'shop', severity: 'page' });

    service.failing = false;
    await prometheus.until('quiet', async () => {
      const on = await prometheus.firing();
      return !on.has('error-rate') && !on.has('users-are-hurt');
    });
    expect(await recorded('balancer.errors')).toBe(0);
  });

  test('every query of the dashboard is one, and those of the service have values', async () => {
    const text = readFileSync(join(workplace.path, 'trial/grafana-dashboard.json'), 'utf8');
    const dashboard = JSON.parse(text) as GrafanaDashboard;
    const queries = graphsIn(dashboard).flatMap(({ targets }) => (targets ?? []).map(({ expr }) => expr));
    const found = new Map<string, number>();
    for (const expr of [...queries, ...dashboard.annotations.list.map((each) => each.expr)]) {
      const asked = expr.replaceAll('$job', '.*').replaceAll('$__rate_interval', '1m');
      expect(asked).not.toContain('$');
      found.set(expr, (await prometheus.query(asked)).length);
    }
    expect(found.size).toBeGreaterThan(60);
    const read = ['balancer.throughput', 'balancer.response-p99', 'balancer.healthy-hosts', 'service.cpu'];
    // What Plimsoll sends, and its own reading of the machine.
    const sent = [
      'load-test.offered',
      'load-test.carried',
      'load-test.users',
      'load-test.phase',
      'load-test.start-delay',
    ];
    for (const signal of [...read, ...sent, 'load-test.generator-cpu', 'host.cpu'])
      expect([signal, found.get(`plimsoll:signal{signal="${signal}", job=~"$job"}`)]).toEqual([signal, 1]);
    expect(found.get('plimsoll_run_info')).toBe(1);
    expect([...found].filter(([expr, count]) => expr.startsWith('histogram_quantile') && count !== 1)).toEqual([]);
  });
});
