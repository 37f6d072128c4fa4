import type { ExecutionInput } from '../input.ts';
import type { CloudPorts, HealthReply } from '../ports.ts';
import type { SettingsOf } from '../settings.ts';

/** How an item of the checklist came out, and why. */
export interface Answer {
  /** A warning is to be read, and lets the run begin. */
  readonly verdict: 'pass' | 'warn' | 'fail' | 'skipped';
  readonly why: string;
}

/** What the items need of the world. */
export type ChecklistPorts = Pick<CloudPorts, 'store' | 'metrics' | 'alarms' | 'service' | 'nowMs'>;

/** What the items ask. The target is probed once for all of them. */
export interface ChecklistContext {
  readonly ports: ChecklistPorts;
  readonly settings: SettingsOf<'prepare'>;
  readonly input: ExecutionInput;
  readonly target: URL;
  readonly workers: number;
  readonly health: HealthReply;
}

/** One item of the checklist. A rejection of `ask` counts as a failure. */
export interface ChecklistItem {
  readonly id: string;
  /** What must be true. */
  readonly item: string;
  ask(context: ChecklistContext): Promise<Answer>;
}

export const skipped = (why: string): Answer => ({ verdict: 'skipped', why });

export const passIf = (holds: boolean, why: string): Answer => ({ verdict: holds ? 'pass' : 'fail', why });
