import { CommitUnknown, databaseTrouble } from './database-trouble.js';

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('trouble of the database', () => {
  it.each(['08006', '57P01', '57P03', 'ECONNREFUSED', 'EPIPE'])('%s is the database being away', (code) => {
    expect(databaseTrouble(withCode(code))).toBe('away');
  });

  it.each(['40P01', '40001', '53100', '57014', '55P03', '25P03', 'XX000'])('%s may be the work’s own doing', (code) => {
    expect(databaseTrouble(withCode(code))).toBe('contended');
  });

  it.each(['23505', '22P05', '42P01', 'ENOENT', ''])('%s is no trouble of the database', (code) => {
    expect(databaseTrouble(withCode(code))).toBeUndefined();
  });

  it('is found behind what a library wraps around it, and in words where there is no code', () => {
    expect(databaseTrouble(new CommitUnknown('?', { cause: withCode('57P01') }))).toBe('away');
    expect(databaseTrouble(new Error('Connection terminated unexpectedly'))).toBe('away');
    expect(databaseTrouble(new Error('timeout exceeded when trying to connect'))).toBe('contended');
    expect(databaseTrouble(new Error('no spade'))).toBeUndefined();
    expect(databaseTrouble('57P01')).toBeUndefined();
  });
});
