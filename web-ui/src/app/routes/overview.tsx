import { useNavigate } from '@tanstack/react-router';
import { Overview } from '@/features/overview/components/overview';
import { DemoPlant } from '@/features/setup/components/demo-plant';
import { ApproveGateway } from '@/features/gateways/components/approve-gateway';
import { $api } from '@/api/client';

export default function OverviewRoute() {
  const navigate = useNavigate();
  const setup = $api.useQuery('get', '/api/v1/setup');
  return (
    <Overview
      onGateway={(gateway) => void navigate({ to: '/gateways', search: { gateway } })}
      demoPlant={
        setup.data?.demoPlantAvailable ? (
          <DemoPlant approve={(gateway) => <ApproveGateway gateway={gateway} />} onLoaded={() => {}} />
        ) : null
      }
    />
  );
}
