/** How much of what differs is examined and kept. */
export interface CompareLimits {
  /** Listed in the report: changed rows, rows of one side only, duplicates, differences outside the rows; of each this many. */
  readonly differencesMax: number;
  /** Changed rows that are examined field by field; more are only counted. */
  readonly examinedMax: number;
  /** Field differences listed of one row. */
  readonly fieldsMax: number;
  readonly valueCharsMax: number;
  readonly rowCharsMax: number;
  /** Share (0 … 1) of the rows equal by hash that are compared exactly all the same. */
  readonly recheckShare: number;
}
export const defaultCompareLimits: CompareLimits = {
  differencesMax: 200,
  examinedMax: 20_000,
  fieldsMax: 20,
  valueCharsMax: 1024,
  rowCharsMax: 4096,
  recheckShare: 0.01,
};
