import { keysGivenAgain } from './keys-given-again.js';

const gone = null;

describe('keys that were given again', () => {
  it.each([
    ['from the first on', [gone, gone, gone, 4, 5, 6, 1, 2, 3], { first: 1, last: 3 }],
    ['in the middle, with ids that rows of others have between them', [1, 3, gone, gone, gone, 12, 15, 5, 6, 9], { first: 5, last: 9 }], // prettier-ignore
    ['the newest ones', [1, 2, 3, gone, gone, 3.5], undefined],
    ['one for one', [gone, 2, 1], { first: 1, last: 1 }],
    ['one that is gone by itself', [1, gone, 3, 4, gone, gone, 7, 8, 5, 6], { first: 5, last: 6 }],
  ])('%s', (_, ids, range) => {
    expect(keysGivenAgain(ids)).toEqual(range);
  });

  it.each([
    ['ids that rise, whatever is missing', [gone, gone, 3, 4, gone, 6]],
    ['ids of rows that are all there', [4, 5, 6, 1, 2, 3]],
    ['ids in no order', [17, 3, gone, 99, 4, 51, 20, gone, 8, 77]],
    ['ids that fall', [9, 8, gone, 6, 5]],
    ['rows that are missing elsewhere', [10, 11, gone, 13, gone, 15, 1, gone, 3]],
    ['rows without numbers', [gone, Number.NaN, Number.NaN, Number.NaN]],
    ['no rows', []],
  ])('are not %s', (_, ids) => {
    expect(keysGivenAgain(ids)).toBeUndefined();
  });
});
