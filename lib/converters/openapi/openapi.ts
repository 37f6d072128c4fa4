import { asRecord, asText } from '../../plan/draft.ts';
import type { PlanInput } from '../../plan/schema.ts';
import type { HttpInput } from '../../plan/steps/schemas/request.ts';
import { PlimsollError } from '../../errors.ts';
import { listed } from '../../units.ts';
import type { Conversion, Converter, ConvertOptions, Script } from '../converter.ts';
import { literal, nameOf, UniqueNames } from '../building/names.ts';
import { Notes } from '../building/notes.ts';
import { finished, isTooLarge } from '../building/plan.ts';
import { scriptStep } from '../building/request.ts';
import { isSecretValue, Secrets } from '../building/secrets.ts';
import { unknownNames } from '../building/variables.ts';
import { contentOf } from './content.ts';
import { ApiDocument } from './document.ts';
import { idPathOf, inOrderOfLife, madeBy } from './lifecycle.ts';
import { type Operation, operationsOf, successOf } from './operations.ts';
import { Parameters } from './parameters.ts';
import { DocumentParts } from './parts.ts';
import { credentialsOf } from './security.ts';
import { serverOf } from './server.ts';

/** An OpenAPI 3.0 or 3.1 document, or one of Swagger 2.0, in JSON or YAML (https://spec.openapis.org). */
export const openapi: Converter = {
  name: 'OpenAPI document',
  recognises: ({ text }) =>
    /^[\s{,]*["']?(?:openapi|swagger)["']?\s*:\s*["']?[23](?:\.\d+)*["']?\s*,?\s*(?:#.*)?$/m.test(text) ||
    /^\s*\{[^]{0,4000}?"(?:openapi|swagger)"\s*:\s*"[23]\./.test(text),
  convert: convertDocument,
};

async function convertDocument(script: Script, options: ConvertOptions): Promise<Conversion> {
  const parts = await DocumentParts.read(script, options);
  const whole = new Builder(parts, false).conversion();
  return isTooLarge(whole.plan) ? new Builder(parts, true).conversion() : whole;
}

/** Makes one plan of a document; `lean` leaves out of bodies what need not be there. */
class Builder {
  readonly #notes = new Notes();
  readonly #secrets = new Secrets();
  readonly #document: ApiDocument;
  readonly #parameters: Parameters;
  readonly #lean: boolean;
  #prefix = '';

  constructor(parts: DocumentParts, lean: boolean) {
    this.#document = new ApiDocument(parts, this.#notes);
    this.#lean = lean;
    this.#parameters = new Parameters({ document: this.#document, lean }, this.#notes, this.#secrets);
  }

  conversion(): Conversion {
    const operations = operationsOf(this.#document, this.#notes);
    const { target, prefix } = serverOf(this.#document, this.#notes);
    this.#prefix = prefix;
    const names = new UniqueNames();
    const scenarios = [...Map.groupBy(operations, ({ tag }) => tag)].flatMap(([tag, group]) => {
      const steps = this.#steps(inOrderOfLife(group));
      return steps.length === 0 ? [] : [{ name: names.of(nameOf(tag, 'operations')), steps }];
    });
    if (scenarios.length === 0)
      throw new PlimsollError('E-SCRIPT-REFUSED', 'It documents no operation that a plan could send.');
    this.#notes.changed(undefined, 'a document has no load: one user for a minute, until the phases say more');
    const plan: PlanInput = {
      name: nameOf(asText(asRecord(this.#document.root['info'])['title']) ?? '', 'API'),
      ...(target !== undefined && { target }),
      scenarios,
      phases: [{ name: 'one user', kind: 'sustained', duration: '1m', closed: { users: 1 } }],
    };
    const variables = this.#variables(plan);
    return finished({ plan: { ...plan, ...variables }, files: {}, notes: this.#notes, secrets: this.#secrets });
  }

  /** Path parameters that no step before captures; those that have no example come last, below one comment. */
  #variables(plan: PlanInput): Pick<PlanInput, 'variables'> {
    const known = unknownNames(plan).map((name) => ({ name, ...this.#parameters.valueOf(name) }));
    if (known.length === 0) return {};
    const madeUp = known.filter(({ isMadeUp }) => isMadeUp);
    const [first] = madeUp;
    if (first !== undefined)
      this.#notes.add('changed', first.line, madeUpText(madeUp.map(({ name }) => name)), ['variables', first.name]);
    const entries = [...known.filter(({ isMadeUp }) => !isMadeUp), ...madeUp].map(({ name, value }) => [
      name,
      typeof value === 'string' ? value.replaceAll('{{', '') : value,
    ]);
    return { variables: Object.fromEntries(entries) };
  }

  #steps(operations: readonly Operation[]): HttpInput[] {
    const names = new UniqueNames();
    return operations.flatMap((operation) => this.#step(operation, operations, names) ?? []);
  }

  #step(operation: Operation, group: readonly Operation[], names: UniqueNames): HttpInput | undefined {
    const { headers, query } = credentialsOf(operation, this.#document, this.#secrets, this.#notes);
    const rewrite = (name: string, value: string): string =>
      isSecretValue(value) ? this.#secrets.hide(name, value) : literal(value);
    const content = contentOf(operation, { document: this.#document, lean: this.#lean }, rewrite, this.#notes);
    return scriptStep(
      {
        line: operation.line,
        name: operation.id === undefined ? undefined : names.of(nameOf(operation.id, operation.path)),
        method: operation.method,
        address: `${this.#prefix}${this.#parameters.path(operation)}`,
        query: [...this.#parameters.query(operation), ...query],
        headers: [...this.#parameters.headers(operation), ...content.headers, ...headers],
        body: content.body,
        capture: this.#capture(operation, group),
        expect: { status: successOf(operation) },
      },
      this.#notes,
    );
  }

  /** The id of what was created, by the name of the parameter that reads it. */
  #capture(operation: Operation, group: readonly Operation[]): HttpInput['capture'] {
    const parameter = madeBy(operation, group);
    const path = parameter === undefined ? undefined : idPathOf(operation, parameter, this.#document);
    if (parameter === undefined || path === undefined) return undefined;
    const before = operation.path.replace(/\/$/, '').split('/').at(-1) ?? '';
    this.#notes.noted(
      operation.line,
      `what ${operation.method.toUpperCase()} ${operation.path} has made is read by its ${path.slice(2)}`,
    );
    return { [this.#parameters.variable(operation, parameter, before)]: path };
  }
}

function madeUpText(names: readonly string[]): string {
  if (names.length === 1) return `${names.join('')} has no example: its value is made up, fill it in`;
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return `${listed(shown, 'and')} have no example: their values are made up, fill them in`;
}
