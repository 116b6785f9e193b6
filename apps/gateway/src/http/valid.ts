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
    return result.data;
  }
}
