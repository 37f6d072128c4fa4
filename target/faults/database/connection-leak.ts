import { type Fault, integer, valueOf } from '../fault.ts';

export const connectionLeak: Fault = {
  name: 'connection-leak',
  title: 'Connections are taken from the pool and never given back',
  bottleneck: 'database.connections',
  parameters: { connections: integer(19, 1, 200) },
  begin: async ({ services }, values) => {
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    // Committing fails where the database has ended an idle transaction by then; the connection goes back all the same.
    const held = Array.from({ length: valueOf(values, 'connections') }, () =>
      services.database.transaction(() => over).catch(() => undefined),
    );
    return async () => {
      end();
      await Promise.all(held);
    };
  },
};
