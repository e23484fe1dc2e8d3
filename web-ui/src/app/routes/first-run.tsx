import { useNavigate } from '@tanstack/react-router';
import { ApproveGateway } from '@/features/gateways/components/approve-gateway';
import { FirstRun } from '@/features/setup/components/first-run';

export default function FirstRunRoute() {
  const navigate = useNavigate();
  return (
    <FirstRun
      approve={(gateway) => <ApproveGateway gateway={gateway} />}
      onConnectDevice={() => void navigate({ to: '/adapters/new' })}
      onDone={() => void navigate({ to: '/overview' })}
    />
  );
}
