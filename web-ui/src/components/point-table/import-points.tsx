import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { checker, type JsonSchema } from '@/components/schema-form/check';
import { textOf } from './csv';
import { emptyPoint, type Point, type PointColumn, readTable } from './points';

interface ImportPointsProps {
  /** Of one point. */
  schema: JsonSchema;
  columns: PointColumn[];
  /** How many rows the table has. */
  existing: number;
  onImport: (points: Point[], replace: boolean) => void;
  onClose: () => void;
}

/** More lines than these are marked in the table. */
const MOST_TOLD = 8;

/** Reads rows from a spreadsheet or a CSV file and tells, line by line, what is wrong with them before they are in the table. */
export function ImportPoints({ schema, columns, existing, onImport, onClose }: ImportPointsProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const file = useRef<HTMLInputElement>(null);
  const read = useDeferredValue(text);
  const table = useMemo(() => {
    const { points, strange, tooLong, unclosed } = readTable(read, columns);
    const check = checker(schema);
    const rows = points.map(({ line, point }) => ({ line, point: { ...emptyPoint(schema), ...point } }));
    const wrong = rows.flatMap(({ line, point }) =>
      check(point).map(({ pointer, message }) => ({
        line,
        text: [columns.find(({ key }) => pointer.startsWith(`/${key}`))?.title, message]
          .filter(Boolean)
          .join(' '),
      })),
    );
    const broken = [
      ...tooLong.map((line) => ({ line, text: t('points.tooLong') })),
      ...(unclosed === null ? [] : [{ line: unclosed, text: t('points.unclosed') }]),
    ];
    return {
      points: rows.map(({ point }) => point),
      strange,
      problems: [...broken, ...wrong].sort((a, b) => a.line - b.line),
    };
  }, [read, columns, schema, t]);
  const { points, strange, problems } = table;
  const take = (replace: boolean) => {
    onImport(points, replace);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={t('points.importTitle')} size="xl">
      <Stack gap={12}>
        <div>
          <input
            ref={file}
            hidden
            type="file"
            accept=".csv,.tsv,.txt,text/csv,text/plain"
            aria-label={t('points.file')}
            onChange={({ currentTarget }) => {
              const [chosen] = currentTarget.files ?? [];
              if (chosen) void textOf(chosen).then(setText);
              currentTarget.value = '';
            }}
          />
          <Button onClick={() => file.current?.click()}>{t('points.openFile')}</Button>
        </div>
        <Textarea
          data-autofocus
          label={t('points.pasteLabel')}
          description={t('points.pasteHint', { columns: columns.map(({ title }) => title).join(', ') })}
          rows={12}
          spellCheck={false}
          classNames={{ input: 'mono' }}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        {read.trim() === '' ? null : (
          <div className={problems.length || strange.length ? 'note warn' : 'note'} role="status">
            <p>{t('points.read', { count: points.length })}</p>
            {strange.length ? <p>{t('points.strange', { names: strange.join(', ') })}</p> : null}
            {problems.length ? (
              <ul className="plain">
                {problems.slice(0, MOST_TOLD).map((problem) => (
                  <li key={`${problem.line} ${problem.text}`}>{t('points.atLine', problem)}</li>
                ))}
                {problems.length > MOST_TOLD ? (
                  <li>{t('points.moreProblems', { count: problems.length - MOST_TOLD })}</li>
                ) : null}
              </ul>
            ) : null}
            {problems.length ? <p>{t('points.wrongStay')}</p> : null}
          </div>
        )}
        <Group justify="flex-end" gap={8}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          {existing > 0 ? (
            <Button disabled={points.length === 0} onClick={() => take(true)}>
              {t('points.replace', { count: existing })}
            </Button>
          ) : null}
          <Button variant="filled" disabled={points.length === 0} onClick={() => take(false)}>
            {t('points.addPasted', { count: points.length })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
