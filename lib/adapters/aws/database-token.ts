import { Signer } from '@aws-sdk/rds-signer';

/**
 * The address of a database on RDS with a token in the place of the password: made here from the credentials of the process, good for
 * fifteen minutes and for the address's own user alone. Source: Amazon RDS User Guide, "Connecting to your DB instance using IAM authentication".
 * Nothing is asked of AWS: a role that may not (rds-db:connect) is refused by the database.
 */
export function addressWithToken(address: string): () => Promise<string> {
  const { hostname, port, username } = new URL(address);
  const signer = new Signer({ hostname, port: Number(port), username });
  return async () => {
    const url = new URL(address);
    // Escaped, since a token is itself an address with escapes, which would be undone with those of this one.
    url.password = encodeURIComponent(await signer.getAuthToken());
    return url.href;
  };
}
