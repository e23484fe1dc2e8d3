import { useNavigate } from '@tanstack/react-router';
import { DraftEditor } from '@/features/deployments/components/draft-editor';

export default function NewDeploymentRoute() {
  const navigate = useNavigate();
  return (
    <div className="page">
      <DraftEditor
        saved={null}
        onSaved={(id) => void navigate({ to: '/deployments/$id', params: { id }, replace: true })}
      />
    </div>
  );
}
