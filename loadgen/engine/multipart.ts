import { createHash } from 'node:crypto';
import type { Plan } from '../../lib/plan/plan.ts';
import type { Part } from '../../lib/plan/steps/http.ts';
import { bytesOfText } from '../senders/header-text.ts';
import type { User } from './user.ts';

type RenderText = (user: User) => string;

const decoded = new WeakMap<Plan, Map<string, Buffer>>();

/** The bytes of a file that the plan holds, decoded once for all of its steps. */
export function fileOf(plan: Plan, path: string): Buffer {
  const known = decoded.get(plan) ?? new Map<string, Buffer>();
  decoded.set(plan, known);
  const bytes = known.get(path) ?? Buffer.from(plan.files[path] ?? '', 'base64');
  known.set(path, bytes);
  return bytes;
}

export interface Multipart {
  readonly type: string;
  /** Pieces in their order; those of files are never copied. */
  readonly render: (user: User) => readonly Buffer[];
}

/** A form with files (RFC 7578, and as browsers write names: HTML §4.10.21.8). */
export function compileMultipart(
  parts: readonly Part[],
  plan: Plan,
  compileText: (text: string) => RenderText,
): Multipart {
  const boundary = boundaryOf(parts, plan);
  const pieces = parts.flatMap((part) => [
    headOf(part, boundary, compileText),
    contentOf(part, plan, compileText),
    CRLF,
  ]);
  const end = Buffer.from(`--${boundary}--\r\n`);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    render: (user) => [...pieces.map((piece) => (Buffer.isBuffer(piece) ? piece : bytesOfText(piece(user)))), end],
  };
}

const CRLF = Buffer.from('\r\n');

/** A line that no part holds: it would have to hold its own hash. The same in each run of the plan. */
const boundaryOf = (parts: readonly Part[], { seed, files }: Plan): string =>
  `plimsoll-${createHash('sha256')
    .update(JSON.stringify([seed, parts, files]))
    .digest('hex')
    .slice(0, 32)}`;

function headOf(
  { name, filename, type }: Part,
  boundary: string,
  compileText: (text: string) => RenderText,
): RenderText {
  const before = `--${boundary}\r\ncontent-disposition: form-data; name="`;
  const after = `"${type === undefined ? '' : `\r\ncontent-type: ${type}`}\r\n\r\n`;
  const field = compileText(name);
  if (filename === undefined) return (user) => before + quoted(field(user)) + after;
  const file = compileText(filename);
  return (user) => `${before}${quoted(field(user))}"; filename="${quoted(file(user))}${after}`;
}

const quoted = (name: string): string =>
  name.replaceAll(/[\r\n"]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

const contentOf = ({ content }: Part, plan: Plan, compileText: (text: string) => RenderText): Buffer | RenderText =>
  'file' in content ? fileOf(plan, content.file) : compileText(content.text);
