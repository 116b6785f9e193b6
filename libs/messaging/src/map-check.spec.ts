import { checkMap } from './map-check.js';
import { eventsTo, operationsOfEveryService, requestsTo } from '#libs/contracts/src/catalogue.js';

type Map_ = Map<string, { isEventHandler?: boolean }>;
const rightMap = (): Map_ =>
  new Map([
    ...eventsTo('leaderboard').map(({ contract }) => [contract.name, { isEventHandler: true }] as const),
    ...requestsTo('leaderboard').map(({ contract }) => [contract.name, { isEventHandler: false }] as const),
    ...operationsOfEveryService.map(({ name }) => [name, {}] as const),
  ]);
const check = (change: (map: Map_) => unknown, doubled: string[] = []) => {
  const map = rightMap();
  change(map);
  return () => checkMap('leaderboard', map, doubled);
};

describe('the map of a service', () => {
  it('is taken when it is the catalogue’s', () => {
    expect(check(() => {})).not.toThrow();
  });

  it.each([
    [
      'an event without a handler',
      (map: Map_) => map.delete('AppSubmitted'),
      'AppSubmitted has no handler: add a method with @Handles(AppSubmitted)',
    ],
    [
      'a request without an answer',
      (map: Map_) => map.delete('GetLog'),
      'GetLog has no answer: add a method with @Answers(GetLog)',
    ],
    ['an operation without an answer', (map: Map_) => map.delete('ListHeld'), 'ListHeld has no answer'],
    [
      'a name that is not in the catalogue',
      (map: Map_) => map.set('AppSubmited', { isEventHandler: true }),
      'AppSubmited is handled here, but the catalogue does not send it here',
    ],
    ['another service’s request', (map: Map_) => map.set('SubmitApp', {}), 'SubmitApp is handled here'],
    [
      'an event answered like a request',
      (map: Map_) => map.set('AppSubmitted', {}),
      'AppSubmitted is marked with the wrong decorator',
    ],
    [
      'a request handled like an event',
      (map: Map_) => map.set('GetLog', { isEventHandler: true }),
      'GetLog is marked with the wrong decorator',
    ],
  ])('is refused with %s', (_what, change, sentence) => {
    expect(check(change)).toThrow(sentence);
  });

  it('is refused with two handlers for one message', () => {
    expect(check(() => {}, ['AppSubmitted'])).toThrow(
      'AppSubmitted has two handlers: one service handles a message once',
    );
  });

  it('is refused with all its faults at once', () => {
    const faulty = check((map) => (map.delete('AppSubmitted'), map.set('Else', {})));
    expect(faulty).toThrow(/AppSubmitted has no handler[^]*Else is handled here/);
  });
});
