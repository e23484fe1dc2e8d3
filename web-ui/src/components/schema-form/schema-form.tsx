// the package's index also exports a test helper that wants ajv
import Form from '@rjsf/core/lib/components/Form.js';
import { ErrorSchemaBuilder, type RJSFSchema } from '@rjsf/utils';
import { useMemo } from 'react';
import type { Issue, JsonSchema } from './check';
import { branchValidator } from './validator';
import {
  ArrayFieldItemTemplate,
  ArrayFieldTemplate,
  CheckboxWidget,
  FieldTemplate,
  ObjectFieldTemplate,
  SecretWidget,
  SelectWidget,
  TextareaWidget,
  TextWidget,
} from './widgets';

const templates = { ArrayFieldItemTemplate, ArrayFieldTemplate, FieldTemplate, ObjectFieldTemplate };
const widgets = {
  CheckboxWidget,
  PasswordWidget: SecretWidget,
  SelectWidget,
  TextareaWidget,
  TextWidget,
};

/** A default is shown, never stored: what nobody chose must not turn up in a diff. */
const keepDefaultsOut = { emptyObjectFields: 'skipDefaults' } as const;

interface SchemaFormProps {
  schema: JsonSchema;
  value: Record<string, unknown>;
  /** What is wrong, with pointers into `value`; each message appears at its field. */
  issues: Issue[];
  onChange: (value: Record<string, unknown>) => void;
}

/** A form from a connector's schema. It names no protocol and never renders points: those have a table of their own. */
export function SchemaForm({ schema, value, issues, onChange }: SchemaFormProps) {
  const errors = useMemo(() => {
    const builder = new ErrorSchemaBuilder();
    issues.forEach(({ pointer, message }) =>
      builder.addErrors(
        message,
        pointer
          .split('/')
          .slice(1)
          .map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~')),
      ),
    );
    return builder.ErrorSchema;
  }, [issues]);
  return (
    <Form
      tagName="div"
      schema={schema as RJSFSchema}
      validator={branchValidator}
      formData={value}
      extraErrors={errors}
      showErrorList={false}
      noHtml5Validate
      experimental_defaultFormStateBehavior={keepDefaultsOut}
      templates={templates}
      widgets={widgets}
      onChange={({ formData }) => onChange((formData ?? {}) as Record<string, unknown>)}
    >
      <></>
    </Form>
  );
}
