import { stringify } from 'yaml';
import type { ScalingPolicy } from '../../environment/scaling-policy.ts';
import type { DerivedScaling, ScalingWriter } from './written.ts';

const percent = (ratio: number): number => Math.round(ratio * 100);

/** How fast replicas come: the jump's largest share a period, and never less than one. */
function scaleUp({ jump, cooldown }: ScalingPolicy) {
  const share = Math.max(1, ...(jump?.steps ?? []).map(({ addShare }) => addShare));
  const periodSeconds = Math.min(1800, Math.max(1, cooldown.outSeconds));
  return {
    // Load that has come is answered at once: no earlier, lower recommendation counts.
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Percent', value: percent(share), periodSeconds },
      { type: 'Pods', value: 1, periodSeconds },
    ],
  };
}

/** How slowly they go: as slowly as target tracking, which waits for fifteen minutes of little load. */
function scaleDown({ cooldown }: ScalingPolicy) {
  return {
    stabilizationWindowSeconds: Math.min(3600, Math.max(900, cooldown.inSeconds)),
    selectPolicy: 'Min',
    policies: [{ type: 'Percent', value: 20, periodSeconds: Math.min(1800, Math.max(1, cooldown.inSeconds)) }],
  };
}

const usage = (resource: 'cpu' | 'memory', ratio: number) => ({
  type: 'Resource',
  resource: { name: resource, target: { type: 'Utilization', averageUtilization: Math.max(1, percent(ratio)) } },
});

/**
 * The same thresholds for Kubernetes. Requests a second need a metrics adapter that serves `requests_per_second` of each pod; CPU and memory are
 * shares of what the container requests, which must be what was measured. What the cluster has no kind for stands in comments: entries by the clock, and forecasts.
 * Source: Kubernetes API reference, HorizontalPodAutoscaler autoscaling/v2.
 */
export function horizontalPodAutoscaler({ name, policy }: Pick<DerivedScaling, 'name' | 'policy'>) {
  const { tasks, cpu, memory, requests } = policy;
  const milli = Math.max(1, Math.floor((requests.targetPerMinute / 60) * 1000));
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: `service-${name}`, labels: { 'app.kubernetes.io/managed-by': 'plimsoll' } },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'service' },
      minReplicas: tasks.min,
      maxReplicas: tasks.max,
      metrics: [
        {
          type: 'Pods',
          pods: {
            metric: { name: 'requests_per_second' },
            target: { type: 'AverageValue', averageValue: `${milli}m` },
          },
        },
        usage('cpu', cpu.targetRatio),
        usage('memory', memory.targetRatio),
      ],
      behavior: { scaleUp: scaleUp(policy), scaleDown: scaleDown(policy) },
    },
  };
}

export const hpa: ScalingWriter = {
  fileName: (name) => `${name}.hpa.yaml`,
  write: (derived) =>
    [
      '# Written by plimsoll policy, from the same measurement as the scaling policy of the environment.',
      '# scaleTargetRef.name is to be the name of your Deployment; requests_per_second comes from a metrics adapter (Prometheus Adapter, KEDA).',
      ...derived.policy.schedule.map(
        ({ cron, timezone, min }) => `# By the clock, with a CronJob or KEDA: ${cron} ${timezone}: minReplicas ${min}`,
      ),
      stringify(horizontalPodAutoscaler(derived), { lineWidth: 0 }),
    ].join('\n'),
};
