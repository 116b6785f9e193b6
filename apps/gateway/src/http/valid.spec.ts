import { z } from 'zod';
import { Valid } from './valid.js';
import { Problem } from '#libs/contracts/src/problem.js';

const valid = new Valid(z.object({ name: z.string().max(5), apps: z.array(z.object({ id: z.string() })).optional() }));
const problemOf = (value: unknown) => {
  try {
    return valid.transform(value);
  } catch (error) {
    return (error as Problem).document;
  }
};

describe('what arrives at the door', () => {
  it('is told from what is asked for, field by field', () => {
    expect(problemOf({ name: 'too long' })).toMatchObject({ status: 400, errors: [{ path: 'name' }] });
    expect(problemOf(undefined)).toMatchObject({ status: 400, type: 'urn:lockstep:problem:not-json' });
    expect(problemOf({ name: 'Ada', other: 1 })).toEqual({ name: 'Ada' });
  });

  it('is refused when it holds what no database can store', () => {
    expect(problemOf({ name: 'a\0b' })).toMatchObject({
      status: 400,
      detail: 'The request is not valid: name must not contain the character of code 0.',
      errors: [{ path: 'name' }],
    });
    expect(problemOf({ name: 'a', apps: [{ id: 'b' }, { id: '\0' }] })).toMatchObject({
      errors: [{ path: 'apps.1.id' }],
    });
    expect(problemOf({ name: 'a', other: '\0' })).toEqual({ name: 'a' });
  });
});
