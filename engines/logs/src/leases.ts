import type { EcsEvent } from './ecs.ts';

/** Who had an address: the link between an address in a firewall line and somebody's PC. */
export interface Lease {
  kind: 'assigned' | 'released';
  ip: string;
  /** `AA-BB-CC-DD-EE-FF`, empty where the server did not say. */
  mac: string;
  /** Empty where the server did not say. */
  hostname: string;
  /** Epoch milliseconds. */
  time: number;
}

/** The address-lease facts of an event; empty for events about anything else. */
export function leases(event: EcsEvent): Lease[] {
  const action = event['event.action'];
  const ip = event['host.ip'];
  if ((action !== 'lease_assigned' && action !== 'lease_released') || ip === undefined) return [];
  return [
    {
      kind: action === 'lease_assigned' ? 'assigned' : 'released',
      ip,
      mac: event['host.mac'] ?? '',
      hostname: event['host.name'] ?? '',
      time: event['@timestamp'] ?? 0,
    },
  ];
}
