import type { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { RDSClient } from '@aws-sdk/client-rds';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { clientDefaults } from '../lib/adapters/aws/client-defaults.ts';
import { ServiceFacts, type ServiceNames } from '../lib/adapters/aws/service-facts.ts';

/** What there is to know of the system under test, by the clients of a function. */
export const factsOf = (system: ServiceNames, ecs: ECSClient): ServiceFacts =>
  new ServiceFacts(
    {
      ecs,
      balancing: new ElasticLoadBalancingV2Client(clientDefaults),
      rds: new RDSClient(clientDefaults),
      quotas: new ServiceQuotasClient(clientDefaults),
    },
    system,
  );
