import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '@/api/client';
import { toProblem } from '@/api/problem';
import { Panel } from '@/components/ui/panel';
import { Failure } from '@/components/ui/query-view';

export function Login({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const login = $api.useMutation('post', '/api/v1/auth/login', {
    onSuccess: async () => {
      await queryClient.invalidateQueries();
      onDone();
    },
  });
  const refused = toProblem(login.error).status === 401;
  return (
    <main className="front">
      <form
        className="front-form"
        onSubmit={(event) => {
          event.preventDefault();
          login.mutate({ body: { username, password } });
        }}
      >
        <Panel title={t('auth.title')} main padded>
          <Stack gap={12}>
            <TextInput
              label={t('auth.username')}
              autoComplete="username"
              required
              withAsterisk={false}
              value={username}
              onChange={({ currentTarget }) => setUsername(currentTarget.value)}
            />
            <PasswordInput
              label={t('auth.password')}
              autoComplete="current-password"
              required
              withAsterisk={false}
              value={password}
              onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            />
            {refused ? (
              <p className="note bad" role="alert">
                {t('auth.refused')}
              </p>
            ) : login.isError ? (
              <Failure error={login.error} />
            ) : null}
            <Button type="submit" variant="filled" size="sm" loading={login.isPending}>
              {t('auth.signIn')}
            </Button>
          </Stack>
        </Panel>
      </form>
    </main>
  );
}
