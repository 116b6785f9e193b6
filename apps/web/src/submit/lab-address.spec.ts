import { labAddress } from './lab-address.js';

const physics = { name: 'physics', title: 'Physics', port: 8001, address: null };

it.each([
  ['http://localhost:8000/?again=1', 'http://localhost:8001/'],
  ['http://192.0.2.2:8000/', 'http://192.0.2.2:8001/'],
  ['http://[2001:db8::2]:8000/', 'http://[2001:db8::2]:8001/'],
])('a lab without an address is found from %s at %s', (here, there) => {
  expect(labAddress(physics, here)).toBe(there);
});

it('a lab with an address is found there', () => {
  const address = 'https://physics.school.example/lab';
  expect(labAddress({ ...physics, address }, 'http://localhost:8000/')).toBe(address);
});
