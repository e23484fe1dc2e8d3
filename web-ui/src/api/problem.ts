/** What the console shows of a failed call: an RFC 9457 problem, or the fact that nothing answered. */
export interface Problem {
  /** HTTP status; null when no answer came at all. */
  status: number | null;
  title: string;
  detail: string | null;
  requestId: string | null;
  /** JSON pointers into the request body, so that a form can mark its field. */
  errors: { pointer: string; message: string }[];
}

export class ProblemError extends Error implements Problem {
  readonly status;
  readonly title;
  readonly detail;
  readonly requestId;
  readonly errors;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ProblemError';
    this.status = problem.status;
    this.title = problem.title;
    this.detail = problem.detail;
    this.requestId = problem.requestId;
    this.errors = problem.errors;
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Reads a failed response; a body that is no problem document (a proxy's page) leaves status and title only. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const body = (await response
    .clone()
    .json()
    .catch(() => ({}))) as Record<string, unknown>;
  const errors = Array.isArray(body.errors) ? body.errors : [];
  return new ProblemError({
    status: response.status,
    title: text(body.title) ?? `${response.status} ${response.statusText}`.trim(),
    detail: text(body.detail),
    requestId: text(body.requestId) ?? response.headers.get('X-Request-Id'),
    errors: errors.flatMap((error: Record<string, unknown>) => {
      const message = text(error.message);
      return message ? [{ pointer: text(error.pointer) ?? '', message }] : [];
    }),
  });
}

export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error;
  return { status: null, title: String(error), detail: null, requestId: null, errors: [] };
}
