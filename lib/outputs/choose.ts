import { PlimsollError } from '../errors.ts';
import { parseTemplate } from '../plan/template.ts';
import { outputs } from './index.ts';
import type { ChosenOutput, Destination, Output } from './output.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface ChooseContext {
  readonly env: Env;
  /** Whatever folder it is that relative paths are of. */
  readonly pathOf: (path: string) => string;
}

/**
 * Reads `KIND` or `KIND=ADDRESS`, in which `{{ $env(NAME) }}` stands for an environment variable; `PLIMSOLL_<KIND>_HEADERS` holds
 * headers, as `authorization=Bearer abc,x-scope-orgid=1`, with %2C for a comma in one.
 * @throws PlimsollError E-OUTPUT, in which no address stands, since it may hold a secret
 */
export function chooseOutput(written: string, { env, pathOf }: ChooseContext): ChosenOutput {
  const at = written.indexOf('=');
  const kind = at < 0 ? written : written.slice(0, at);
  const output = outputs.find((each) => each.kind === kind);
  if (output === undefined) {
    const kinds = outputs.map((each) => each.kind).join(', ');
    throw new PlimsollError('E-OUTPUT', `There is no output of that kind; there are ${kinds}.`);
  }
  const text = at < 0 ? output.usual : filledIn(written.slice(at + 1), output, env);
  if (text === undefined) throw refused(output, 'is missing');
  const opened = output.open({ text, headers: headersOf(output, env) });
  if (typeof opened === 'string') throw refused(output, opened);
  const { encoder, destination: to } = opened;
  const destination = to.by === 'file' && to.path !== undefined ? { ...to, path: pathOf(to.path) } : to;
  return { kind, shown: shownAs(to), destination, encoder, traces: output.traces === true };
}

const refused = ({ kind, example }: Output, why: string): PlimsollError =>
  new PlimsollError('E-OUTPUT', `The address of the output ${kind} ${why}; an example is --output ${example}.`);

function filledIn(text: string, output: Output, env: Env): string {
  const { pieces, problems } = parseTemplate(text);
  if (problems.length > 0) throw refused(output, 'holds a template that can not be read');
  return pieces
    .map((piece) => {
      if (piece.kind === 'text') return piece.text;
      if (piece.kind !== 'call' || piece.name !== '$env')
        throw refused(output, 'holds a template that is no {{ $env(NAME) }}');
      const name = piece.args[0] ?? '';
      const value = env[name] ?? '';
      if (value === '') throw refused(output, `names the environment variable ${name}, which is not set`);
      return value;
    })
    .join('');
}

function headersOf({ kind }: Output, env: Env): Record<string, string> {
  const name = `PLIMSOLL_${kind.toUpperCase()}_HEADERS`;
  const pairs = (env[name] ?? '').split(',').filter((pair) => pair.trim() !== '');
  try {
    const headers = new Headers();
    for (const pair of pairs) {
      const [key = '', ...value] = pair.split('=');
      headers.set(key.trim(), decodeURIComponent(value.join('=').trim()));
    }
    return Object.fromEntries(headers);
  } catch {
    // The error itself quotes the header.
    throw new PlimsollError('E-OUTPUT', `${name} holds no headers; write name=value, with commas between them.`);
  }
}

function shownAs(destination: Destination): string {
  switch (destination.by) {
    // Some readers want a key in the path.
    case 'http':
      return new URL(destination.url).origin;
    case 'udp':
      return `${destination.host}:${destination.port}`;
    case 'scrape':
      return `http://${destination.host.includes(':') ? `[${destination.host}]` : destination.host}:${destination.port}/metrics`;
    case 'file':
      return destination.path ?? destination.name;
  }
}
