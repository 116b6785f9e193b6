import type { ProblemDocument, ProblemType } from '#libs/contracts/src/problem.js';

/** What a route answers with instead of data. */
export class FixtureProblem extends Error {
  constructor(readonly document: ProblemDocument) {
    super(document.detail);
  }
}

const titles: Partial<Record<ProblemType, [status: number, title: string]>> = {
  'service-down': [503, 'A part of Lockstep is not running'],
  validation: [400, 'The request is not valid'],
  'url-not-allowed': [422, 'This address cannot be used'],
  'url-claimed': [409, 'This address belongs to another submission'],
  'owner-token-wrong': [403, 'This app was submitted by somebody else'],
  'sign-in-needed': [401, 'Staff only'],
  'sign-in-failed': [401, 'Name or password is wrong'],
  'rules-outdated': [409, 'Somebody else has published rules'],
  'limit-reached': [429, 'Too many requests'],
  'not-found': [404, 'Nothing here'],
  frozen: [403, 'Hidden while the scoreboard is frozen'],
  conflict: [409, 'This cannot be done now'],
};

export function refuse(type: ProblemType, detail: string, next: string, errors?: ProblemDocument['errors']): never {
  const [status, title] = titles[type] ?? [500, 'Something broke on our side'];
  throw new FixtureProblem({
    ...{
      type: `urn:lockstep:problem:${type}`,
      title,
      status,
      detail,
      next,
      side: type === 'frozen' || type === 'service-down' ? 'ours' : 'yours',
    },
    ...(errors ? { errors } : {}),
  });
}
