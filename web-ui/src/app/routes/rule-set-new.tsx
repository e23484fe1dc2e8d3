import { useNavigate } from '@tanstack/react-router';
import { RuleSetEditor } from '@/features/rules/components/rule-set-editor';

export default function NewRuleSetRoute() {
  const navigate = useNavigate();
  return (
    <RuleSetEditor
      saved={null}
      onSaved={(id) => void navigate({ to: '/rules/$id', params: { id }, replace: true })}
    />
  );
}
