import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Issue } from './check';
import { at, slug } from './issues';

interface IdentityProps {
  id: string;
  name: string;
  /** An object that exists keeps its id. */
  existing: boolean;
  issues: Issue[];
  onChange: (change: { id: string; name: string }) => void;
}

/** Name and id, the id following the name until somebody writes one. */
export function Identity({ id, name, existing, issues, onChange }: IdentityProps) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        size="xs"
        withAsterisk
        label={t('common.name')}
        description={t('form.nameHint')}
        value={name}
        error={at(issues, '/name')}
        onChange={({ currentTarget }) =>
          onChange({
            name: currentTarget.value,
            id: !existing && id === slug(name) ? slug(currentTarget.value) : id,
          })
        }
      />
      <TextInput
        size="xs"
        withAsterisk
        label={t('common.id')}
        description={existing ? t('form.idStays') : t('common.idHint')}
        classNames={{ input: 'mono' }}
        readOnly={existing}
        variant={existing ? 'filled' : 'default'}
        value={id}
        error={at(issues, '/id')}
        onChange={({ currentTarget }) => onChange({ name, id: currentTarget.value })}
      />
    </>
  );
}

/** What every object needs before it is worth sending. */
export function identityIssues(
  { id, name }: { id: string; name: string },
  required: string,
  rule: string,
): Issue[] {
  return [
    ...(name.trim() === '' ? [{ pointer: '/name', message: required }] : []),
    ...(id === ''
      ? [{ pointer: '/id', message: required }]
      : /^[a-z0-9][a-z0-9-]{0,62}$/.test(id)
        ? []
        : [{ pointer: '/id', message: rule }]),
  ];
}
