import { z } from 'zod';

/**
 * Everything that can go wrong at a public door, as data: stable type, HTTP status, title, whose side it is.
 * `yours`: the caller's request or app. `ours`: Lockstep; it costs nobody anything. `baseline`: the app we compare with.
 */
export const problemTypes = {
  validation: { status: 400, side: 'yours', title: 'The request is not valid' },
  malformed: { status: 400, side: 'yours', title: 'The request cannot be read' },
  'not-json': { status: 400, side: 'yours', title: 'The request is not JSON' },
  'url-not-allowed': { status: 422, side: 'yours', title: 'This address cannot be used' },
  'url-claimed': { status: 409, side: 'yours', title: 'This address belongs to another submission' },
  'owner-token-wrong': { status: 403, side: 'yours', title: 'This app was submitted by somebody else' },
  'sign-in-needed': { status: 401, side: 'yours', title: 'Staff only' },
  'sign-in-failed': { status: 401, side: 'yours', title: 'Name or password is wrong' },
  'not-allowed': { status: 403, side: 'yours', title: 'Not allowed' },
  'origin-refused': { status: 403, side: 'yours', title: 'The request came from another site' },
  'limit-reached': { status: 429, side: 'yours', title: 'Too many requests' },
  'not-found': { status: 404, side: 'yours', title: 'Nothing here' },
  'method-not-allowed': { status: 405, side: 'yours', title: 'This method does not exist here' },
  'too-large': { status: 413, side: 'yours', title: 'The request is too large' },
  frozen: { status: 403, side: 'ours', title: 'Hidden while the scoreboard is frozen' },
  conflict: { status: 409, side: 'yours', title: 'This cannot be done now' },
  'rules-outdated': { status: 409, side: 'yours', title: 'Somebody else has published rules' },
  'idempotency-mismatch': { status: 409, side: 'yours', title: 'This Idempotency-Key belongs to another request' },
  'baseline-unavailable': { status: 503, side: 'baseline', title: 'The baseline app does not answer' },
  'service-down': { status: 503, side: 'ours', title: 'A part of Lockstep is not running' },
  'outcome-unknown': { status: 504, side: 'ours', title: 'No answer in time' },
  fault: { status: 500, side: 'ours', title: 'Something broke on our side' },
} as const satisfies Record<string, { status: number; side: Side; title: string }>;

export type Side = 'yours' | 'ours' | 'baseline';
export type ProblemType = keyof typeof problemTypes;

/** RFC 9457 with three members of our own: whose side it is, what to do next, and the trace that shows what happened. */
export const ProblemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  side: z.enum(['yours', 'ours', 'baseline']),
  next: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  traceId: z.string().optional(),
});
export type ProblemDocument = z.infer<typeof ProblemDocument>;

export const problemUri = (type: ProblemType): string => `urn:lockstep:problem:${type}`;

/** An answer that is not the one hoped for, meant to be shown: `detail` says what happened, `next` what to do. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly document: ProblemDocument;

  constructor(
    readonly type: ProblemType,
    detail: string,
    next: string,
    more: Pick<ProblemDocument, 'errors' | 'traceId'> = {},
  ) {
    super(detail);
    const { status, side, title } = problemTypes[type];
    this.document = { type: problemUri(type), title, status, detail, side, next, ...more };
  }

  /** A problem that another service answered with, as it came; an unknown type counts as our own fault. */
  static from(document: ProblemDocument): Problem {
    const type = document.type.replace(/^urn:lockstep:problem:/, '');
    const known = type in problemTypes ? (type as ProblemType) : 'fault';
    const { errors, traceId } = document;
    return new Problem(known, document.detail, document.next, {
      ...(errors ? { errors } : {}),
      ...(traceId ? { traceId } : {}),
    });
  }
}

/** Turns a schema's refusal into a problem that names each field. */
export const validationProblem = (error: z.ZodError, what: string): Problem =>
  new Problem(
    'validation',
    `${what}: ${error.issues.map(sentence).join('; ')}.`,
    'Correct the fields named above and send it again.',
    {
      errors: error.issues.slice(0, 20).map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
    },
  );

const sentence = (issue: z.core.$ZodIssue): string =>
  `${issue.path.length ? `${issue.path.join('.')} ` : ''}${issue.message.replace(/^Invalid input: /, '')}`;
