import {
  IconBroadcast,
  IconBuildingFactory2,
  IconCloudUpload,
  IconDatabaseExport,
  IconMailExclamation,
  IconPlugConnected,
  IconRulerMeasure,
  IconServer2,
} from '@tabler/icons-react';

/** The rooms that exist, in the order an operator looks at them. */
export const rooms = [
  { group: 'operate', to: '/overview', word: 'overview', icon: IconBuildingFactory2 },
  { group: 'operate', to: '/tags', word: 'tags', icon: IconBroadcast },
  { group: 'operate', to: '/dead-letters', word: 'deadletters', icon: IconMailExclamation },
  { group: 'integrate', to: '/gateways', word: 'gateways', icon: IconServer2 },
  { group: 'integrate', to: '/adapters', word: 'adapters', icon: IconPlugConnected },
  { group: 'integrate', to: '/sinks', word: 'sinks', icon: IconDatabaseExport },
  { group: 'integrate', to: '/rules', word: 'rules', icon: IconRulerMeasure },
  { group: 'integrate', to: '/deployments', word: 'deployments', icon: IconCloudUpload },
] as const;
