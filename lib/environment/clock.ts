import { z } from 'zod';

/** The names of the IANA database, as EventBridge Scheduler and Application Auto Scaling know them. */
function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export const ianaTimezone = z
  .string()
  .refine(isTimezone, 'is no time zone; write its IANA name, such as Europe/London')
  .describe('IANA name, such as Europe/London.');

/** Source: Amazon EventBridge Scheduler User Guide, "Schedule types in EventBridge Scheduler", cron-based schedules. */
export const awsCron = z
  .string()
  .regex(
    /^\S+ \S+ (?:\? \S+ [^?\s]+|[^?\s]+ \S+ \?) \S+$/,
    'is no cron expression of AWS; write six fields: minute hour day month weekday year, with ? for day or weekday',
  );
