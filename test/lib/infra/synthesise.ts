import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addStacks } from '../../../bin/app.ts';
import { type Configuration, parseConfiguration } from '../../../lib/infra/config/parse.ts';

export const environments = ['dev', 'staging', 'perf'] as const;
export type EnvironmentName = (typeof environments)[number];

const text = (path: string) => ({ path, text: readFileSync(path, 'utf8') });

/** The configuration as committed. */
export const configurationOf = (name: EnvironmentName): Configuration =>
  parseConfiguration(text(`config/${name}.yaml`), text(`config/scaling/${name}.yaml`));

/** An application with the feature flags of cdk.json, as the command line would start it; its folder goes with `dispose`. */
export function newApp(): { app: App; dispose: () => void } {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };
  const outdir = mkdtempSync(join(tmpdir(), 'plimsoll-cdk-'));
  return { app: new App({ outdir, context }), dispose: () => rmSync(outdir, { recursive: true, force: true }) };
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly [key: string]: unknown;
}

export interface Synthesised {
  readonly templates: ReadonlyMap<string, Template>;
  /** All resources of all stacks, by `stack/logicalId`. */
  readonly resources: ReadonlyMap<string, Resource>;
  readonly of: (stack: 'staging' | 'observability') => Template;
}

/** The templates of an environment, from its configuration or one made of it. */
export function synthesise(
  name: EnvironmentName,
  change: (configuration: Configuration) => Configuration = (c) => c,
): Synthesised {
  const { app, dispose } = newApp();
  try {
    addStacks(app, name, change(configurationOf(name)));
    const stacks = app.node.children.filter((child): child is Stack => 'templateFile' in child);
    const templates = new Map(stacks.map((stack) => [stack.node.id, Template.fromStack(stack)]));
    const resources = new Map(
      [...templates].flatMap(([stack, template]) =>
        Object.entries(template.toJSON()['Resources'] as Record<string, Resource>).map(
          ([id, resource]) => [`${stack}/${id}`, resource] as const,
        ),
      ),
    );
    const of = (stack: string): Template => {
      const template = templates.get(`plimsoll-${name}-${stack}`);
      if (template === undefined) throw new Error(`there is no stack ${stack}`);
      return template;
    };
    return { templates, resources, of };
  } finally {
    dispose();
  }
}

/** What the assertion says of the nearest resource; empty where one of that type fits. `whole` compares more than properties. */
export function mismatchOf(
  template: Template,
  type: string,
  pattern: unknown,
  part: 'properties' | 'whole' = 'properties',
): string {
  try {
    if (part === 'whole') template.hasResource(type, pattern);
    else template.hasResourceProperties(type, pattern);
    return '';
  } catch (error) {
    return String(error);
  }
}

export const countOf = (template: Template, type: string): number => Object.keys(template.findResources(type)).length;
