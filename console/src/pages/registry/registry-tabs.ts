/** The tabs of the settings of the registry: address and label. */
export const REGISTRY_TABS = [
  ['/registry', 'Overview'],
  ['/registry/addresses', 'Addresses'],
  ['/registry/chains', 'Delivery chains'],
  ['/registry/replication', 'Replication'],
  ['/registry/subscriptions', 'Subscriptions'],
  ['/registry/scanning', 'Scanning'],
  ['/registry/retention', 'Retention'],
  ['/registry/events', 'Event rules'],
] as const;
