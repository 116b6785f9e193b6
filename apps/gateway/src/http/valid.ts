import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { Problem, validationProblem } from '#libs/contracts/src/problem.js';

/** `@Body(new Valid(schema))`: checked, with defaults filled in, or a problem that names each field. */
export class Valid<Schema extends z.ZodType> implements PipeTransform<unknown, z.output<Schema>> {
  constructor(private readonly schema: Schema) {}

  transform(value: unknown): z.output<Schema> {
    if (value === undefined)
      throw new Problem(
        'not-json',
        'The request has no JSON body.',
        'Send a JSON object with content-type: application/json.',
      );
    const result = this.schema.safeParse(value);
    if (!result.success) throw validationProblem(result.error, 'The request is not valid');
    refuseNul(result.data, []);
    return result.data;
  }
}

/** A text of Postgres cannot hold the character of code 0. Only what was asked for is looked at: the schema bounds its depth. */
function refuseNul(value: unknown, path: readonly string[]): void {
  if (typeof value === 'string' && value.includes('\0')) {
    const message = 'must not contain the character of code 0';
    const at = path.join('.');
    throw new Problem(
      'validation',
      `The request is not valid: ${at ? `${at} ` : ''}${message}.`,
      'Take that character out and send it again.',
      { errors: [{ path: at, message }] },
    );
  }
  if (typeof value === 'object' && value !== null)
    for (const [name, part] of Object.entries(value)) refuseNul(part, [...path, name]);
}
