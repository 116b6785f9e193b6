import { z } from 'zod';
import { ranksPreview } from '#libs/contracts/src/board-preview.js';
import { GetComparison, ListSuspects } from '#libs/contracts/src/comparator.js';
import { boardUpdate, traceView } from '#libs/contracts/src/gateway.js';
import { labCard } from '#libs/contracts/src/labs.js';
import { boardRow } from '#libs/contracts/src/leaderboard.js';
import { preflightCheck, preflightView } from '#libs/contracts/src/preflight.js';
import { GetRules, PreviewRules } from '#libs/contracts/src/rules.js';
import { ListHeldBack } from '#libs/contracts/src/held-back.js';
import { ListUnknown } from '#libs/contracts/src/unknown.js';
import { idOf, manyApps, traceOf } from './fixture-apps.js';
import { FixtureBoard } from './fixture-board.js';
import { detailOf, underWay } from './fixture-comparisons.js';
import { FixtureLab } from './fixture-lab.js';
import { ranksAfter } from './fixture-ranks.js';
import { previewOf } from './fixture-rules.js';
import { FixtureHeldBack } from './fixture-held-back.js';
import { overruledRow, unknownOf } from './fixture-overrides.js';
import { suspectsOf, suspicionsOf } from './fixture-suspicions.js';
import { comparisonTrace, fillTrace } from './fixture-traces.js';

describe('the fixture', () => {
  const rows = manyApps(12);

  it('has the shapes of the contracts', () => {
    for (const row of rows) expect(() => boardRow.parse(row)).not.toThrow();
    const judged = rows.filter((row) => row.comparisonId);
    for (const row of judged) {
      for (const comparison of [detailOf(row), underWay(row)])
        expect(() => GetComparison.reply.parse({ comparison })).not.toThrow();
      const comparison = { ...detailOf(row), suspicions: suspicionsOf(row) };
      expect(() => GetComparison.reply.parse({ comparison })).not.toThrow();
    }
    const overruled = overruledRow(judged[4]!, 'in-sync', 'Seen.', new Date().toISOString());
    expect(() => boardRow.parse(overruled)).not.toThrow();
    expect(() => GetComparison.reply.parse({ comparison: detailOf(overruled) })).not.toThrow();
    const held = new FixtureHeldBack();
    held.open(idOf(1), 3);
    expect(() => ListHeldBack.reply.parse(held)).not.toThrow();
    expect(() => ListUnknown.reply.parse(unknownOf(rows))).not.toThrow();
    expect(() => ListSuspects.reply.parse({ suspects: suspectsOf(rows) })).not.toThrow();
    const board = { ...new FixtureBoard(rows).view(), reset: true, left: [], log: [] };
    expect(() => boardUpdate.parse(board)).not.toThrow();
    const lab = new FixtureLab(new FixtureBoard(rows));
    expect(() => z.array(labCard).parse(lab.labs)).not.toThrow();
    expect(() => GetRules.reply.parse(lab.rules.view())).not.toThrow();
    expect(() => PreviewRules.reply.parse(previewOf(lab, []))).not.toThrow();
    const all = judged.map(({ appId }) => ({ appId, verdict: 'unreachable' as const }));
    expect(() => ranksPreview.parse(ranksAfter(lab, all))).not.toThrow();
    for (const url of ['fine', 'slow', 'broken', 'warn', 'ours'])
      for (const looks of [0, 1, 9])
        for (const writeAt of [null, 1]) {
          const view = lab.preflights.view(idOf(1), { url, askedAt: new Date().toISOString(), looks, writeAt });
          expect(() => preflightView.parse(view)).not.toThrow();
          expect(view.lines.map(({ check }) => check)).toEqual(preflightCheck.options);
        }
    for (const trace of [fillTrace(traceOf(2)), comparisonTrace(traceOf(1), { failed: true, comparisonId: idOf(105) })])
      expect(() => traceView.parse(trace)).not.toThrow();
  });

  it('says of rows only what the services can say', () => {
    for (const row of rows) {
      const sum = (name: 'missing' | 'changed' | 'doubled') =>
        row.endpoints.reduce((total, endpoint) => total + endpoint[name], 0);
      expect([row.name, row.lostAfterAck]).toEqual([row.name, sum('missing')]);
      expect([row.name, row.rowsDifferent]).toEqual([row.name, sum('missing') + sum('changed') + sum('doubled')]);
      // A failure of ours keeps the endpoints of the verdict before it: none of them is ever "unknown" on the board by it.
      if (row.verdict === 'unknown') expect(row.endpoints.map(({ verdict }) => verdict)).not.toContain('unknown');
    }
  });
});
