/** Migrates and seeds the database in DATABASE_URL: `DATABASE_URL=… node target/seed/main.ts [--users N] [--jobs N]`. */
import { requiredFrom } from '../environment.ts';
import { exitWith } from '../failure.ts';
import { parseSeedSize } from './size.ts';
import { seedDatabase } from './seed.ts';

async function main(): Promise<void> {
  const size = parseSeedSize(process.argv.slice(2));
  const seconds = await seedDatabase(requiredFrom('DATABASE_URL'), size);
  process.stdout.write(`${JSON.stringify({ ...size, seconds })}\n`);
}

main().catch(exitWith);
