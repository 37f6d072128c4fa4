import { type Command, type Session, textOf } from './command.ts';
import { connectionCommands } from './connection-commands.ts';
import { keyCommands } from './key-commands.ts';
import { printable, type Reply, type Request } from './resp.ts';
import { serverCommands } from './server-commands.ts';

const commands: ReadonlyMap<string, Command> = new Map(
  Object.entries({ ...keyCommands, ...serverCommands, ...connectionCommands, COMMAND: { arity: -1, run: describe } }),
);

/** COMMAND: name and arity of each; COMMAND COUNT; COMMAND DOCS, which interactive clients ask for, is empty. */
function describe([what]: Request): Reply {
  const word = textOf(what).toUpperCase();
  if (word === 'COUNT') return commands.size;
  if (word !== '') return [];
  return [...commands].map(([name, { arity }]) => [Buffer.from(name.toLowerCase()), arity, [], 0, 0, 0]);
}

/** Runs one request. Never throws: whatever a client sends, it gets a reply. */
export function execute(request: Request, session: Session): Reply {
  const [name = Buffer.alloc(0), ...args] = request;
  session.stats.commandsProcessed += 1;
  const command = commands.get(textOf(name.subarray(0, 32)).toUpperCase());
  if (command === undefined) return { error: unknown(name, args) };
  const fits = command.arity < 0 ? request.length >= -command.arity : request.length === command.arity;
  if (!fits) return { error: `ERR wrong number of arguments for '${printable(name).toLowerCase()}' command` };
  return command.run(args, session);
}

function unknown(name: Buffer, args: Request): string {
  const beginning = args.slice(0, 3).map((arg) => `'${printable(arg)}' `);
  return `ERR unknown command '${printable(name)}', with args beginning with: ${beginning.join('')}`;
}
