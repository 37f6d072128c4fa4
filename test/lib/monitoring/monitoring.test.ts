import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultDashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { grafanaDashboard } from '../../../lib/monitoring/grafana/dashboard.ts';
import type { TimeSeriesPanel } from '../../../lib/monitoring/grafana/schema.ts';
import { imports } from '../../sources.ts';
import { graphsIn } from './graphs-in.ts';
import { type MonitoringOptions, scopeOf } from '../../../lib/monitoring/monitoring.ts';
import { alerts, rules, usersAreHurt } from '../../../lib/monitoring/rules.ts';
import { signals } from '../../../lib/signals/index.ts';
import { withOwnNames } from '../../../lib/signals/own-names.ts';
import { expressionOf } from '../../../lib/signals/prometheus/expression.ts';
import { promDuration } from '../../../lib/signals/prometheus/promql.ts';
import { shownLimit, shownUnit } from '../../../lib/signals/shown.ts';

const options: MonitoringOptions = { signals, periodSeconds: 60, jobs: [], capacityPerSecond: 900 };
const scope = scopeOf(options);
const alarmed = signals.flatMap((signal) => (signal.cloud?.alarm ? [{ signal, alarm: signal.cloud.alarm }] : []));
const ROOT = join(import.meta.dirname, '../../..');

interface Group {
  readonly name: string;
  readonly rules: readonly { readonly record?: string; readonly labels?: { readonly signal?: string } }[];
}
const groups = (given: MonitoringOptions): readonly Group[] =>
  (parse(rules.write(given)) as { groups: readonly Group[] }).groups;

describe('every signal that has an alarm', () => {
  test('is recorded and has a rule, with the same limit, readings, severity, words and runbook', () => {
    expect(alarmed.length).toBeGreaterThan(20);
    const recorded = groups(options).flatMap((group) => group.rules.map(({ labels }) => labels?.signal));
    const byName = new Map(alerts(options).map((rule) => [rule.alert, rule]));
    expect([...byName.keys()]).toEqual(alarmed.map(({ alarm }) => alarm.id));
    for (const { signal, alarm } of alarmed) {
      const { limit, forMinutes, ofMinutes } = alarm;
      const rule = byName.get(alarm.id);
      const beyond = 'above' in limit ? `> bool ${limit.above}` : `< bool ${limit.below}`;
      expect(recorded).toContain(signal.id);
      expect(rule?.expr).toContain(
        `sum_over_time((plimsoll:signal{signal="${signal.id}"} ${beyond})[${ofMinutes}m:1m]) >= ${forMinutes}`,
      );
      expect(rule?.expr.includes('unless present_over_time')).toBe(alarm.missing === 'breaching');
      expect(rule?.labels.severity).toBe(alarm.severity === 'page' ? 'felt' : 'notice');
      expect(rule?.annotations['description']).toContain(alarm.meaning);
      for (const look of alarm.lookAt) expect(rule?.annotations['description']).toContain(look);
      expect(existsSync(join(ROOT, rule?.annotations['runbook_url'] ?? ''))).toBe(true);
    }
    expect(existsSync(join(ROOT, usersAreHurt(options).annotations['runbook_url'] ?? ''))).toBe(true);
  });

  test('is drawn, at its limit, beside its runbook', () => {
    const drawn = panels(options);
    for (const { signal, alarm } of alarmed) {
      const panel = drawn.find((each) => each.targets?.some(({ expr }) => expr.includes(`"${signal.id}"`)));
      const steps = panel?.fieldConfig?.defaults.thresholds?.steps.map(({ value }) => value);
      expect(steps).toContain('above' in alarm.limit ? alarm.limit.above : alarm.limit.below);
      expect(panel?.fieldConfig?.defaults.custom?.thresholdsStyle?.mode).toBe('dashed');
      expect(panel?.links?.map(({ url }) => url)).toContain(`docs/runbooks/${alarm.id}.md`);
    }
  });

  test('stands in the guide, with its limit and what it is read from', () => {
    const page = readFileSync(join(ROOT, 'docs/monitoring.md'), 'utf8');
    const known = readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8');
    for (const { signal, alarm } of alarmed) {
      const { limit, forMinutes, ofMinutes } = alarm;
      const row = page.split('\n').find((line) => line.startsWith(`| [${alarm.id}](runbooks/${alarm.id}.md) |`));
      const bound = `${shownLimit(limit, signal.unit)} ${shownUnit(signal.unit)}`.trim().replace(' 1/s', '/s');
      const side = 'above' in limit ? 'above' : 'below';
      expect(row).toContain(`| ${signal.title} ${side} ${bound}, ${forMinutes} of ${ofMinutes} |`);
      const missing = metricsIn(expressionOf(signal, scope) ?? '').filter(
        (name) => !page.includes(`\`${name}\``) && !known.includes(`\`${name}\``),
      );
      expect(missing).toEqual([]);
    }
  });
});

/** Names of metrics in an expression: what stands before a selector, a range or the end of an argument. */
const metricsIn = (expression: string): string[] =>
  Array.from(
    expression.replaceAll(/(?:by|on|without) \([^)]*\)|"[^"]*"/g, '').matchAll(/\b([a-z]\w*_\w+)(?=[{[)]|$)/gm),
    ([, name]) => name ?? '',
  );

const panels = (given: MonitoringOptions): TimeSeriesPanel[] => graphsIn(grafanaDashboard(given));

describe('what Prometheus looks at', () => {
  test('a capacity that was never measured has no rule, and no graph', () => {
    const { capacityPerSecond: _, ...without } = options;
    expect(alerts(without).map(({ alert }) => alert)).not.toContain('tps-near-capacity');
    expect(JSON.stringify(grafanaDashboard(without))).not.toContain('balancer.capacity-use');
    expect(alerts(without)).toHaveLength(alarmed.length - 1);
  });

  test('only the jobs that are named, whatever signs are in their names', () => {
    const jobs = scopeOf({ ...options, jobs: ['shop', 'shop.v2'] });
    expect(jobs.where).toBe(String.raw`job=~"shop|shop\\.v2"`);
    const written = signals.flatMap((signal) => expressionOf(signal, jobs) ?? []);
    const without = written.flatMap((text) => metricsIn(text).filter((name) => !text.includes(`${name}{`)));
    const selectors = written.flatMap((text) => text.match(/\w+\{[^}]*\}/g) ?? []);
    expect(selectors.length).toBeGreaterThan(200);
    const others = selectors.filter((each) => !each.includes(jobs.where));
    // What Plimsoll sends belongs to no job of the system.
    expect([...without, ...others].filter((each) => !each.startsWith('plimsoll_'))).toEqual([]);
  });

  test('no names by a pattern, which Prometheus would try on each that it holds', () => {
    expect(rules.write(options)).not.toContain('__name__');
  });

  test("a plan's own names, and nothing else that a service may call it", () => {
    const own = withOwnNames(signals, { 'database.pool-waiting': 'shop_db_waiters{pool="main"}' });
    const signal = own.find(({ id }) => id === 'database.pool-waiting');
    expect(signal && expressionOf(signal, scope)).toBe(
      'sum by (job, instance, namespace, pod, container) (shop_db_waiters{pool="main"})',
    );
  });

  test.each([
    [60, '1m'],
    [15, '15s'],
    [900, '15m'],
    [90, '90s'],
    [0.25, '250ms'],
  ])('%d s are %s', (seconds, text) => expect(promDuration(seconds)).toBe(text));
});

describe("Grafana's dashboard", () => {
  const dashboard = grafanaDashboard(options);

  test('is of the schema whose types it is built with, in units that Grafana knows', () => {
    expect(dashboard.schemaVersion).toBe(defaultDashboard().schemaVersion);
    const known = new Set<unknown>(Object.values(units));
    expect(
      panels(options)
        .flatMap(({ fieldConfig }) => fieldConfig?.defaults.unit ?? [])
        .filter((unit) => !known.has(unit)),
    ).toEqual([]);
  });

  test('takes types alone from the package that has the schema, since it is there for development only', () => {
    const its = imports.filter(({ file, from }) => from.startsWith('@grafana/') && !file.startsWith('test/'));
    expect(its.length).toBeGreaterThan(3);
    expect(its.filter(({ typeOnly }) => !typeOnly)).toEqual([]);
  });

  test('has each panel once, and none above another, in the open and in each row that is shut', () => {
    const shut = dashboard.panels.flatMap((panel) => (panel.type === 'row' && panel.collapsed ? [panel.panels] : []));
    expect(shut.length).toBeGreaterThan(3);
    const ids = [dashboard.panels, ...shut].flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const together of [dashboard.panels, ...shut]) {
      const cells = together.flatMap(({ gridPos }) => {
        if (gridPos === undefined) throw new Error('a panel has no place');
        expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
        return Array.from({ length: gridPos.w * gridPos.h }, (_, at) =>
          [gridPos.x + (at % gridPos.w), gridPos.y + Math.floor(at / gridPos.w)].join(),
        );
      });
      expect(new Set(cells).size).toBe(cells.length);
    }
  });

  test('draws every signal that Prometheus can know, but for moments, which have no course', () => {
    const drawn = panels(options).flatMap(({ targets }) => (targets ?? []).map(({ expr }) => expr));
    const missing = signals.filter(
      (signal) =>
        signal.unit !== 'moment' &&
        expressionOf(signal, scope) !== undefined &&
        !drawn.some((expr) => expr.includes(`"${signal.id}"`)),
    );
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  test('has the rows and graphs of CloudWatch’s dashboards, and those of the steps of a load test', () => {
    const titles = dashboard.panels.map(({ title }) => title);
    for (const title of ['What users feel', 'Response time', 'Service CPU and memory', 'Offered against carried'])
      expect(titles).toContain(title);
    for (const title of ['Response time by step, p99', 'Requests by outcome']) expect(titles).toContain(title);
  });

  test('every graph has a query, and shows the runbooks at the address that is given', () => {
    expect(panels(options).filter(({ targets }) => (targets ?? []).length === 0)).toEqual([]);
    const elsewhere = JSON.stringify(grafanaDashboard({ ...options, runbooks: 'https://example.org/run' }));
    expect(elsewhere).toContain('[error-rate](https://example.org/run/error-rate.md)');
    expect(elsewhere).not.toContain('docs/runbooks');
  });
});
