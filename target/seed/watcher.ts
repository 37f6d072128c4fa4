/**
 * The role by which a load test reads `pg_stat_*` on RDS: no password, so that only who may make a token for it can connect, and no right
 * to any row of a user. Elsewhere than on RDS nothing is made.
 * Source: Amazon RDS User Guide, "Creating a database account using IAM authentication".
 */
export const watcherStatement = `DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'plimsoll_watch') THEN
      CREATE ROLE plimsoll_watch LOGIN;
    END IF;
    GRANT rds_iam, pg_monitor TO plimsoll_watch;
  END IF;
END $$`;
