import { endOf, refuseWindow } from './probe-windows.js';
import { windowsAtOnceMax } from '#libs/contracts/src/windows.js';

const now = new Date('2026-11-26T10:00:00Z');
const openFor = (appId: string, seconds: number) => ({ appId, endsAt: endOf(now, seconds) });

describe('a window', () => {
  it('is for an app that has none, while few are open', () => {
    expect(refuseWindow('ada', [], now)).toBeUndefined();
    expect(refuseWindow('ada', [openFor('bob', 60)], now)).toBeUndefined();
  });

  it('is refused to an app that has one, until that is over', () => {
    expect(refuseWindow('ada', [openFor('ada', 60)], now)).toMatchObject({
      ...{ problem: 'conflict', next: 'It is over in 80 s at the latest.' },
    });
  });

  it('is refused when as many are open as can be watched, and says when the first ends', () => {
    const open = Array.from({ length: windowsAtOnceMax }, (_, i) => openFor(`app ${i}`, 60 + i));
    expect(refuseWindow('ada', open, now)).toMatchObject({ problem: 'limit-reached', next: 'Try again in 80 s.' });
  });
});
