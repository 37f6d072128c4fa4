import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addStacks } from '../../../bin/app.ts';
import type { EnvironmentConfiguration } from '../../../lib/environment/parse.ts';
import { configurationOf, type EnvironmentName } from './configurations.ts';

/** An application with the feature flags of cdk.json, as the command line would start it; its folder goes with `dispose`. */
export function newApp(): { app: App; dispose: () => void } {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };
  const outdir = mkdtempSync(join(tmpdir(), 'plimsoll-cdk-'));
  // Bundles are made by `cdk synth` and looked at where they are made: test/system/workflow.
  const unbundled = { ...context, 'aws:cdk:bundling-stacks': [] };
  return {
    app: new App({ outdir, context: unbundled }),
    dispose: () => rmSync(outdir, { recursive: true, force: true }),
  };
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
  readonly of: (stack: 'staging' | 'observability' | 'load-test') => Template;
}

const committed = new Map<EnvironmentName, Synthesised>();

/** The templates of an environment as committed, made once; or, anew, of a configuration made of it. */
export function synthesise(
  name: EnvironmentName,
  change?: (configuration: EnvironmentConfiguration) => EnvironmentConfiguration,
): Synthesised {
  const known = change === undefined ? committed.get(name) : undefined;
  const found = known ?? templatesOf(name, (change ?? ((same) => same))(configurationOf(name)));
  if (change === undefined) committed.set(name, found);
  return found;
}

function templatesOf(name: EnvironmentName, configuration: EnvironmentConfiguration): Synthesised {
  const { app, dispose } = newApp();
  try {
    addStacks(app, name, configuration);
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
