import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Environment } from '../../../lib/environment/environment.ts';
import { parseConfiguration } from '../../../lib/environment/parse.ts';
import { proposePolicy } from '../../../lib/scaling/policy/propose.ts';
import { hpa } from '../../../lib/scaling/writers/hpa.ts';
import { policyFile } from '../../../lib/scaling/writers/policy-file.ts';
import { processPage } from '../../../lib/scaling/writers/process-page.ts';
import { committed, day, hourly, measured } from './measured.ts';

const { environment, scaling: inForce } = committed('staging');
const twoDays = hourly([...day, ...day]);

const proposal = (over: Partial<{ environment: Environment }> = {}) =>
  proposePolicy({ name: 'staging', environment, inForce, measured, headroomRatio: 0.25, traffic: twoDays, ...over });

describe('what is written', () => {
  const written = proposal();

  test('the stack takes the policy file, with what was measured, so that tps-near-capacity exists', () => {
    const text = policyFile.write(written);
    const read = parseConfiguration(
      { path: 'config/staging.yaml', text: readFileSync('config/staging.yaml', 'utf8') },
      { path: 'staging.yaml', text },
    );
    expect(read.scaling).toEqual(written.policy);
    // 8 tasks, which the mitigation asks for, of 95/s.
    expect(read.scaling.measured?.capacityPerSecond).toBe(760);
    expect(read.scaling.tasks.max).toBe(8);
  });

  test('every number of the file has its reason beside it', () => {
    const text = policyFile.write(written);
    const lines = text.split('\n').filter((line) => /^ {0,2}[a-z][A-Za-z]*:/.test(line));
    expect(
      lines.filter((line) => !line.includes('#') && !/^(?:format|tasks|cpu|cooldown| {2}steps):/.test(line)),
    ).toEqual([]);
  });

  // Structure of autoscaling/v2; kubernetes-validate was held against it by hand.
  test('the HPA has the same thresholds', () => {
    const value = parse(hpa.write(written)) as Record<string, Record<string, unknown>>;
    expect(value).toMatchObject({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'service' },
        minReplicas: 2,
        maxReplicas: 8,
        metrics: [
          // 4560 a minute are 76 a second.
          {
            type: 'Pods',
            pods: { metric: { name: 'requests_per_second' }, target: { type: 'AverageValue', averageValue: '76000m' } },
          },
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
          { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 75 } } },
        ],
        behavior: {
          scaleUp: {
            stabilizationWindowSeconds: 0,
            selectPolicy: 'Max',
            policies: [
              { type: 'Percent', value: 100, periodSeconds: 110 },
              { type: 'Pods', value: 1, periodSeconds: 110 },
            ],
          },
          scaleDown: {
            stabilizationWindowSeconds: 900,
            selectPolicy: 'Min',
            policies: [{ type: 'Percent', value: 20, periodSeconds: 300 }],
          },
        },
      },
    });
  });

  test('the process page says what happens, who hears of it, how to go back, and what it costs', () => {
    const page = processPage.write(written);
    const parts = [
      '+25 %: ',
      '2×: ',
      '10×: ',
      'tps-near-capacity',
      'git checkout',
      'a million requests',
      'Against the policy in force',
      '180 / 20 = 9',
    ];
    expect(parts.filter((part) => !page.includes(part))).toEqual([]);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('every alarm that the page names has its runbook', () => {
    const named = Array.from(
      processPage.write(written).matchAll(/\| ([a-z]+(?:-[a-z0-9]+)+) \| (?:notice|page) \|/g),
      ([, id]) => id,
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((id) => !existsSync(`docs/runbooks/${id}.md`))).toEqual([]);
  });

  test('a quarter more is carried by the tasks that are there; ten times as much is not', () => {
    const [quarter, , tenfold] = written.jumps;
    expect(quarter?.violatedMinutes).toBe(0);
    expect(tenfold?.violatedMinutes).toBeGreaterThan(0);
  });

  test('changes against the policy in force are named with a reason, and there are none against itself', () => {
    expect(written.changes.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['requests.targetPerMinute', 'cooldown.outSeconds', 'schedule']),
    );
    expect(written.changes.filter(({ field, reason }) => reason === '' && !field.startsWith('measured.'))).toEqual([]);
    const again = proposePolicy({ ...written, inForce: written.policy, traffic: twoDays });
    expect(again.changes).toEqual([]);
  });
});
