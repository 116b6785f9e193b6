import * as boardPreview from './board-preview.js';
import type { AnyEvent, RequestContract } from './contract.js';
import * as comparator from './comparator.js';
import * as filler from './filler.js';
import * as heldBack from './held-back.js';
import * as leaderboard from './leaderboard.js';
import * as operations from './operations.js';
import * as overrides from './overrides.js';
import * as preflight from './preflight.js';
import * as rules from './rules.js';
import * as submission from './submission.js';
import * as unknown from './unknown.js';
import * as windows from './windows.js';

/** The services that speak on the bus. Each has its own database, its own stream and its own broker user. */
export const services = ['gateway', 'submission', 'filler', 'comparator', 'leaderboard'] as const;
export type ServiceName = (typeof services)[number];

/** `staff` is a broker user of its own: people who send a command with any NATS client. */
export type Sender = ServiceName | 'staff';

export interface EventRoute {
  readonly contract: AnyEvent;
  readonly from: ServiceName;
  readonly to: readonly ServiceName[];
}
export interface RequestRoute {
  readonly contract: RequestContract;
  readonly from: readonly Sender[];
  readonly to: ServiceName;
}

const event = (contract: AnyEvent, from: ServiceName, ...to: ServiceName[]): EventRoute => ({ contract, from, to });
const request = (contract: RequestContract, to: ServiceName, from: readonly Sender[] = ['gateway']): RequestRoute => ({
  contract,
  from,
  to,
});

/** The map of the system: every message, who sends it, who handles it. A service that boots with another map is refused. */
export const events: readonly EventRoute[] = [
  event(submission.AppSubmitted, 'submission', 'filler', 'comparator', 'leaderboard'),
  event(submission.AppWithdrawn, 'submission', 'filler', 'comparator', 'leaderboard'),
  event(submission.FillRequested, 'submission', 'filler', 'comparator', 'leaderboard'),
  event(filler.TargetFilled, 'filler', 'comparator', 'leaderboard'),
  event(filler.FillClosed, 'filler', 'submission', 'comparator', 'leaderboard'),
  event(windows.ProbeWindowDeclared, 'submission', 'filler'),
  event(windows.ProbeWindowClosed, 'filler', 'leaderboard'),
  event(comparator.ParityComputed, 'comparator', 'leaderboard'),
  event(comparator.ComparisonFailed, 'comparator', 'leaderboard'),
  event(overrides.VerdictOverridden, 'comparator', 'leaderboard'),
];

export const requests: readonly RequestRoute[] = [
  request(submission.SubmitApp, 'submission'),
  request(submission.WithdrawApp, 'submission'),
  request(submission.RequestFill, 'submission'),
  request(submission.SetFillAutomation, 'submission'),
  request(submission.GetFillAutomation, 'submission'),
  request(submission.ListApps, 'submission'),
  request(windows.DeclareWindow, 'submission'),
  request(filler.GetFill, 'filler'),
  request(filler.ListWrites, 'filler'),
  request(preflight.BeginTrialWrite, 'filler'),
  request(preflight.GetTrialWrite, 'filler'),
  request(windows.GetWindow, 'filler'),
  request(windows.ListWindows, 'filler'),
  request(windows.ReadEvidence, 'filler'),
  request(comparator.CompareApps, 'comparator', ['gateway', 'staff']),
  request(comparator.SetCompareSchedule, 'comparator'),
  request(comparator.GetCompareSchedule, 'comparator'),
  request(comparator.GetBatch, 'comparator'),
  request(comparator.ListComparisons, 'comparator'),
  request(comparator.GetComparison, 'comparator'),
  request(overrides.OverrideVerdict, 'comparator'),
  request(unknown.ListUnknown, 'comparator'),
  request(heldBack.ListHeldBack, 'comparator'),
  request(heldBack.ListUnsaid, 'comparator'),
  request(heldBack.PublishBatch, 'comparator'),
  request(heldBack.DiscardBatch, 'comparator'),
  request(preflight.BeginPreflight, 'comparator'),
  request(preflight.GetPreflight, 'comparator'),
  request(rules.GetRules, 'comparator'),
  request(rules.PublishRules, 'comparator'),
  request(rules.PreviewRules, 'comparator'),
  request(comparator.ListSightings, 'comparator'),
  request(comparator.ListSuspects, 'comparator'),
  request(leaderboard.GetBoardChanges, 'leaderboard'),
  request(leaderboard.GetBoardAt, 'leaderboard'),
  request(boardPreview.PreviewBoard, 'leaderboard'),
  request(leaderboard.ListVerdicts, 'leaderboard'),
  request(leaderboard.GetLog, 'leaderboard'),
  request(leaderboard.FreezeBoard, 'leaderboard'),
  request(leaderboard.ThawBoard, 'leaderboard'),
  request(leaderboard.ListFreezes, 'leaderboard'),
];

/** Requests that every service answers for itself. */
export const operationsOfEveryService: readonly RequestContract[] = [
  operations.ListHeld,
  operations.ShowHeld,
  operations.ReplayHeld,
  operations.DiscardHeld,
  operations.LedgerCommitted,
  operations.LedgerApplied,
  operations.LedgerEvents,
  operations.GetProgress,
];

export const eventsFrom = (service: ServiceName): readonly EventRoute[] =>
  events.filter((route) => route.from === service);
export const eventsTo = (service: ServiceName): readonly EventRoute[] =>
  events.filter((route) => route.to.includes(service));
/** The services whose logs this one reads, in the catalogue's order. */
export const producersFor = (service: ServiceName): ServiceName[] => [
  ...new Set(eventsTo(service).map((route) => route.from)),
];
export const consumersOf = (service: ServiceName): ServiceName[] => [
  ...new Set(eventsFrom(service).flatMap((route) => route.to)),
];
export const requestsTo = (service: ServiceName): readonly RequestRoute[] =>
  requests.filter((route) => route.to === service);
export const requestsFrom = (sender: Sender): readonly RequestRoute[] =>
  requests.filter((route) => route.from.includes(sender));
