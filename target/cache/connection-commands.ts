import { type Command, notInteger, syntaxError, textOf } from './command.ts';
import { int64 } from './integer.ts';
import { ok, type Reply, type Request } from './resp.ts';

/** What HELLO says of this server. It never calls itself Redis. */
const self: Reply = Object.entries({
  server: 'embedded-resp-cache',
  version: '1.0.0',
  proto: 2,
  mode: 'standalone',
  role: 'master',
}).flatMap(([field, value]) => [Buffer.from(field), typeof value === 'number' ? value : Buffer.from(value)]);

/** Commands about the connection itself. */
export const connectionCommands: Readonly<Record<string, Command>> = {
  PING: { arity: -1, run: ([text, more]) => (more === undefined ? (text ?? { simple: 'PONG' }) : wrongCount('ping')) },
  ECHO: { arity: 2, run: ([text]) => text ?? null },
  SELECT: { arity: 2, run: select },
  CLIENT: { arity: -2, run: client },
  HELLO: { arity: -1, run: hello },
  QUIT: {
    arity: -1,
    run: (_args, session) => {
      session.closing = true;
      return ok;
    },
  },
};

function wrongCount(command: string): Reply {
  return { error: `ERR wrong number of arguments for '${command}' command` };
}

/** There is one database, number 0. */
function select([text]: Request): Reply {
  const index = int64(text ?? Buffer.alloc(0));
  if (index === undefined) return notInteger;
  return index === 0n ? ok : { error: 'ERR DB index is out of range' };
}

/** Names given by client libraries are accepted and not stored: there is no CLIENT LIST to show them. */
function client([what, ...args]: Request): Reply {
  const wanted: Readonly<Record<string, number>> = { SETINFO: 2, SETNAME: 1 };
  const word = textOf(what).toUpperCase();
  const count = wanted[word];
  if (count === undefined) return { error: `ERR unknown subcommand '${word}'. Try CLIENT HELP.` };
  return args.length === count ? ok : wrongCount(`client|${word.toLowerCase()}`);
}

/** Version 2 of the protocol only; a client that asks for 3 falls back on -NOPROTO. */
function hello([version, ...options]: Request): Reply {
  if (version === undefined) return self;
  const wanted = int64(version);
  if (wanted === undefined) return { error: 'ERR Protocol version is not an integer or out of range' };
  if (wanted !== 2n) return { error: 'NOPROTO unsupported protocol version' };
  return options.length === 0 ? self : syntaxError;
}
