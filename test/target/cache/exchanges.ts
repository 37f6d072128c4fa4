/**
 * What any server of the protocol must do, in the order of the lines: a command, then its reply as JSON; `!` stands before the
 * beginning of an error (its wording after that differs between versions), `*` for any reply. Each script starts empty.
 */
const text = `
# GET and SET
GET a => null
SET a 1 => "OK"
GET a => "1"
set a 2 => "OK"
get a => "2"

# SET NX and XX
SET a 1 XX => null
SET a 1 NX => "OK"
SET a 2 NX => null
SET a 3 XX => "OK"
GET a => "3"

# SET EX and PX
SET a 1 EX 100 => "OK"
TTL a => 100
SET a 1 PX 5000 => "OK"
TTL a => 5
SET a 1 => "OK"
TTL a => -1

# SET with both
SET a 1 EX 10 NX => "OK"
SET a 1 NX EX 10 => null
TTL a => 10

# SET refuses
SET a 1 EX => !ERR syntax error
SET a 1 EX 1 PX 1 => !ERR syntax error
SET a 1 NX XX => !ERR syntax error
SET a 1 SOON => !ERR syntax error
SET a 1 EX 0 => !ERR invalid expire time in 'set' command
SET a 1 EX -1 => !ERR invalid expire time in 'set' command
SET a 1 EX 1.5 => !ERR value is not an integer or out of range
SET a => !ERR wrong number of arguments for 'set' command
EXISTS a => 0

# SETEX
SETEX a 50 x => "OK"
GET a => "x"
TTL a => 50
SETEX a 0 x => !ERR invalid expire time in 'setex' command

# DEL, EXISTS and MGET
MGET a b => [null, null]
SET a 1 => "OK"
SET b 2 => "OK"
EXISTS a b a c => 3
DEL a a c => 1
MGET a b => [null, "2"]

# EXPIRE
EXPIRE a 5 => 0
SET a 1 => "OK"
EXPIRE a 5 => 1
TTL a => 5
EXPIRE a -1 => 1
EXISTS a => 0
EXPIRE a x => !ERR value is not an integer

# TTL and PTTL without a moment
TTL a => -2
PTTL a => -2
SET a 1 => "OK"
TTL a => -1
PTTL a => -1

# INCR and INCRBY
INCR n => 1
INCRBY n 41 => 42
INCRBY n -50 => -8
GET n => "-8"
INCRBY n x => !ERR value is not an integer

# INCR keeps the time to live
SET n 1 EX 90 => "OK"
INCR n => 2
TTL n => 90

# INCR of what is no integer
SET n x => "OK"
INCR n => !ERR value is not an integer
SET n 01 => "OK"
INCR n => !ERR value is not an integer

# INCR up to 2^63 - 1, whose reply is beyond a JavaScript number
SET n 9223372036854775806 => "OK"
INCR n => *
GET n => "9223372036854775807"
INCR n => !ERR increment or decrement would overflow

# DBSIZE and FLUSH
SET a 1 => "OK"
SET b 1 => "OK"
DBSIZE => 2
FLUSHDB => "OK"
DBSIZE => 0
SET a 1 => "OK"
FLUSHALL => "OK"
DBSIZE => 0

# PING, ECHO and SELECT
PING => "PONG"
PING hi => "hi"
ECHO hi => "hi"
SELECT 0 => "OK"
SELECT 99 => !ERR DB index is out of range

# CONFIG
CONFIG SET maxmemory 10mb => "OK"
CONFIG GET maxmemory => ["maxmemory", "10485760"]
CONFIG SET maxmemory x => !ERR
CONFIG GET no-such => []
CONFIG SET maxmemory 64mb => "OK"

# CLIENT
CLIENT SETNAME me => "OK"
CLIENT SETNAME => !ERR wrong number
CLIENT NONSENSE => !ERR unknown subcommand

# unknown commands
NONSENSE a b => !ERR unknown command 'NONSENSE', with args beginning with: 'a' 'b'
GET => !ERR wrong number of arguments for 'get' command
`;

/** A reply to compare with: exactly a value, an error's beginning, or any. */
export type Wanted = { readonly exactly: unknown } | { readonly beginning: string } | 'any';

export interface Script {
  readonly name: string;
  readonly exchanges: readonly { readonly command: string; readonly wanted: Wanted }[];
}

export const scripts: readonly Script[] = text
  .trim()
  .split('\n\n')
  .map((block) => {
    const [title = '', ...lines] = block.split('\n');
    return { name: title.slice(2), exchanges: lines.map(exchangeIn) };
  });

function exchangeIn(line: string): Script['exchanges'][number] {
  const [command = '', reply = ''] = line.split(' => ');
  if (reply === '*') return { command, wanted: 'any' };
  if (reply.startsWith('!')) return { command, wanted: { beginning: reply.slice(1) } };
  return { command, wanted: { exactly: JSON.parse(reply) as unknown } };
}

/** A reply as far as it matters: the wanted one where it is as wanted, else itself. */
export function compared(reply: unknown, wanted: Wanted): unknown {
  if (wanted === 'any') return wanted;
  if ('exactly' in wanted) return { exactly: reply };
  return { beginning: reply instanceof Error ? reply.message.slice(0, wanted.beginning.length) : reply };
}
