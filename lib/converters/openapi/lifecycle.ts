import { asList, asRecord } from '../../plan/draft.ts';
import type { ApiDocument } from './document.ts';
import type { Operation } from './operations.ts';

/** Create first, delete last and what is inside of something before it; the rest as the document has it. */
export function inOrderOfLife(operations: readonly Operation[]): Operation[] {
  const rank = (operation: Operation): number => {
    if (operation.method === 'delete') return 1000 - operation.path.split('/').length;
    return operation.method === 'post' && madeBy(operation, operations) !== undefined ? 0 : 1;
  };
  return operations.toSorted((a, b) => rank(a) - rank(b));
}

/** The path parameter that names what `POST /pets` has made, as `/pets/{petId}` reads it. */
export function madeBy({ method, path }: Operation, operations: readonly Operation[]): string | undefined {
  if (method !== 'post') return undefined;
  const base = path.replace(/\/$/, '');
  const child = operations.find(
    (each) => each.path.startsWith(`${base}/{`) && !/\}[^/]/.test(each.path.slice(base.length)),
  );
  return /^\{([^{}]+)\}/.exec(child?.path.slice(base.length + 1) ?? '')?.[1];
}

/** Where the id stands in what the operation replies, by the name of the parameter; undefined where no reply has such. */
export function idPathOf(operation: Operation, parameter: string, document: ApiDocument): string | undefined {
  const schema = replySchemaOf(operation, document);
  const own = propertiesOf(schema, document);
  const names = [parameter, 'id', '_id', 'uuid', 'slug', 'key'];
  const direct = names.find((name) => Object.hasOwn(own, name));
  if (direct !== undefined) return memberOf('$', direct);
  for (const [wrapper, written] of Object.entries(own)) {
    const inner = names.find((name) => Object.hasOwn(propertiesOf(written, document), name));
    if (inner !== undefined) return memberOf(memberOf('$', wrapper), inner);
  }
  return undefined;
}

const memberOf = (path: string, name: string): string =>
  /^[A-Za-z_]\w*$/.test(name) ? `${path}.${name}` : `${path}['${name.replaceAll(/['\\]/g, String.raw`\$&`)}']`;

function replySchemaOf({ written }: Operation, document: ApiDocument): unknown {
  const replies = Object.entries(asRecord(written['responses'])).filter(([status]) => status.startsWith('2'));
  return replies
    .map(([, reply]) => document.resolved(reply))
    .map((reply) => {
      const json = Object.entries(asRecord(reply['content'])).find(([type]) => /json/i.test(type));
      return json === undefined ? reply['schema'] : asRecord(json[1])['schema'];
    })
    .find((schema) => schema !== undefined);
}

function propertiesOf(written: unknown, document: ApiDocument, depth = 0): Record<string, unknown> {
  if (depth > 8) return {};
  const schema = document.resolved(written);
  const parts = asList(schema['allOf']).map((part) => propertiesOf(part, document, depth + 1));
  return Object.assign({}, ...parts, asRecord(schema['properties'])) as Record<string, unknown>;
}
