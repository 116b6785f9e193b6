import { toConfig } from './gateway.config.js';

const needed = { DATABASE_URL: 'postgres://u:p@h/d', NATS_URL: 'nats://h' };
const lab = { name: 'physics', title: 'Physics', port: 8001, address: null };

describe('the labs that a gateway is told of', () => {
  it('are none by default, and it is the first one', () => {
    expect(toConfig(needed)).toMatchObject({ lab: 'main', labs: [] });
  });

  it('are shown as they were told', () => {
    const labs = [{ ...lab, name: 'main', address: 'https://lab.example' }, lab];
    expect(toConfig({ ...needed, LAB: 'physics', LABS: JSON.stringify(labs) })).toMatchObject({ lab: 'physics', labs });
  });

  it.each([
    ['LAB', 'Physics'],
    ['LABS', '{'],
    ['LABS', JSON.stringify([{ ...lab, address: 'javascript:alert(1)' }])],
    ['LABS', JSON.stringify([{ ...lab, name: '../x' }])],
    ['LABS', JSON.stringify([{ ...lab, title: '' }])],
  ])('are refused when %s is %s', (name, value) => {
    expect(() => toConfig({ ...needed, [name]: value })).toThrow(`${name}  `);
  });
});
