import { anotherDayThan, demoStudents } from './demo-students.js';

describe('the students of the demo', () => {
  it('have another day in the wrong zone at every hour', () => {
    for (let hour = 0; hour < 24; hour += 1) {
      const now = new Date(Date.UTC(2026, 1, 28, hour, 30));
      const format = new Intl.DateTimeFormat('en-CA', { timeZone: anotherDayThan(now) });
      expect(format.format(now)).not.toBe(now.toISOString().slice(0, 10));
    }
  });

  it('keep their keys apart: each has a port, a database and a claim code of its own', () => {
    const keys = demoStudents('http://127.0.0.1:1', new Date()).map(({ key }) => key.toLowerCase());
    expect(new Set(keys).size).toBe(6);
  });
});
