import { Button, Checkbox, Group, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import type {
  ArrayFieldItemTemplateProps,
  ArrayFieldTemplateProps,
  FieldTemplateProps,
  ObjectFieldTemplateProps,
  RJSFSchema,
  WidgetProps,
} from '@rjsf/utils';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const labelled = ({ id, label, required, disabled, rawErrors, schema }: WidgetProps) => ({
  id,
  label: schema['x-unit'] ? `${label} (${String(schema['x-unit'])})` : label,
  withAsterisk: required,
  disabled,
  size: 'xs' as const,
  description: schema.description,
  error: rawErrors?.length ? rawErrors.join('. ') : undefined,
});

/** What holds if nothing is typed; where nothing does, an example. */
function placeholder({ default: standard, examples }: RJSFSchema, t: TFunction): string | undefined {
  if (standard !== undefined && standard !== '') return t('form.default', { value: String(standard) });
  const [example] = Array.isArray(examples) ? (examples as unknown[]) : [];
  return typeof example === 'string' || typeof example === 'number'
    ? t('form.example', { value: String(example) })
    : undefined;
}

export function TextWidget(props: WidgetProps) {
  const { t } = useTranslation();
  const { schema, value, options, onChange } = props;
  const numeric = schema.type === 'integer' || schema.type === 'number';
  return (
    <TextInput
      {...labelled(props)}
      inputMode={numeric ? 'decimal' : undefined}
      autoComplete="off"
      spellCheck={false}
      placeholder={placeholder(schema, t)}
      value={value === undefined || value === null ? '' : String(value)}
      onChange={({ currentTarget }) =>
        onChange(currentTarget.value === '' ? options.emptyValue : currentTarget.value)
      }
    />
  );
}

export function TextareaWidget(props: WidgetProps) {
  return (
    <Textarea
      {...labelled(props)}
      autosize={false}
      rows={4}
      value={String(props.value ?? '')}
      onChange={({ currentTarget }) => props.onChange(currentTarget.value || props.options.emptyValue)}
    />
  );
}

/** Takes the name of a secret the gateway holds, never its value. */
export function SecretWidget(props: WidgetProps) {
  const { t } = useTranslation();
  const name = (props.value as { $secret?: string } | undefined)?.$secret ?? '';
  return (
    <TextInput
      {...labelled(props)}
      description={[props.schema.description, t('form.secretHint')].filter(Boolean).join(' ')}
      autoComplete="off"
      spellCheck={false}
      value={name}
      onChange={({ currentTarget }) =>
        props.onChange(currentTarget.value === '' ? undefined : { $secret: currentTarget.value })
      }
    />
  );
}

export function SelectWidget(props: WidgetProps) {
  const { t } = useTranslation();
  const { schema } = props;
  const choices = props.options.enumOptions ?? [];
  const chosen = choices.findIndex(({ value }) => value === props.value);
  return (
    <NativeSelect
      {...labelled(props)}
      value={String(chosen)}
      onChange={({ currentTarget }) => props.onChange(choices[Number(currentTarget.value)]?.value)}
      data={[
        ...(chosen < 0 || !props.required
          ? [
              {
                value: '-1',
                label:
                  schema.default === undefined ? '' : t('form.default', { value: String(schema.default) }),
              },
            ]
          : []),
        ...choices.map(({ label }, index) => ({ value: String(index), label })),
      ]}
    />
  );
}

export function CheckboxWidget(props: WidgetProps) {
  return (
    <Checkbox
      {...labelled(props)}
      checked={(props.value ?? props.schema.default) === true}
      onChange={({ currentTarget }) => props.onChange(currentTarget.checked)}
    />
  );
}

export function FieldTemplate({ children, hidden }: FieldTemplateProps) {
  return hidden ? <div hidden>{children}</div> : <>{children}</>;
}

/** Fields that few people need wait behind a button, unless somebody has given them a value or they are wrong. */
export function ObjectFieldTemplate(props: ObjectFieldTemplateProps) {
  const { t } = useTranslation();
  const { fieldPathId, title, properties, schema, errorSchema } = props;
  const [open, setOpen] = useState(false);
  const [given] = useState(() => new Set(Object.keys((props.formData ?? {}) as object)));
  const folded = properties.filter(({ name }) => {
    const property = schema.properties?.[name] as RJSFSchema | undefined;
    return property?.['x-advanced'] === true && !given.has(name);
  });
  const hidden = open ? [] : folded.filter(({ name }) => errorSchema?.[name] === undefined);
  const fields = (
    <>
      <div className="fields">
        {properties.filter((property) => !hidden.includes(property)).map(({ content }) => content)}
      </div>
      {hidden.length > 0 ? (
        <Button mt={12} onClick={() => setOpen(true)}>
          {t('form.more', { count: hidden.length })}
        </Button>
      ) : null}
    </>
  );
  if (fieldPathId.path.length === 0) return fields;
  return (
    <fieldset className="choices wide">
      <legend>{title}</legend>
      {fields}
    </fieldset>
  );
}

export function ArrayFieldTemplate({ title, items, canAdd, onAddClick }: ArrayFieldTemplateProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="choices wide">
      <legend>{title}</legend>
      <Stack gap={6}>{items}</Stack>
      {canAdd ? (
        <div>
          <Button onClick={onAddClick}>{t('form.addItem')}</Button>
        </div>
      ) : null}
    </fieldset>
  );
}

export function ArrayFieldItemTemplate({ children, buttonsProps, index }: ArrayFieldItemTemplateProps) {
  const { t } = useTranslation();
  return (
    <Group gap={8} align="end">
      {children}
      {buttonsProps.hasRemove ? (
        <Button
          aria-label={t('form.removeItem', { number: index + 1 })}
          onClick={() => buttonsProps.onRemoveItem()}
        >
          ×
        </Button>
      ) : null}
    </Group>
  );
}
