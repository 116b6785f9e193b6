// Every way in which a request can fail, as one closed table: whose side it is, what is wrong and what to do.
// Codes are stable: they are stored, shown and counted. A new way to fail gets a line here first.

/** `yours`: the app or its URL. `ours`: the lab; never held against an app. */
export type Side = 'yours' | 'ours';

interface Entry {
  readonly side: Side;
  readonly sentence: string;
  readonly fix: string;
}
const yours = (sentence: string, fix: string): Entry => ({ side: 'yours', sentence, fix });
const ours = (sentence: string, fix: string): Entry => ({ side: 'ours', sentence, fix });

export const egressCodes = {
  // The URL itself: known before anything is looked up.
  'not-a-url': yours('This is not a URL that we can read', 'Give the full address, such as https://app.example.org.'),
  scheme: yours('The URL does not start with http:// or https://', 'Put http:// or https:// in front of the host.'),
  userinfo: yours('The URL holds a user name or password', 'Remove everything before the @, and the @.'),
  query: yours('The URL has a query or a fragment', 'Give the base URL only, without ? and #.'),
  host: yours(
    'The host is not a full public name',
    'Use the full name, such as app.example.org, without a dot at its end.',
  ),
  port: yours('The port is not among those we visit', 'Use 80, 443, 8080, 8443, 3000–3999 or 8000–8999.'),
  'address-not-public': yours(
    'The address is not on the public internet',
    'Host the app where everyone can reach it; for a local app staff add its exact host:port to EGRESS_ALLOW.',
  ),
  // Finding and reaching the host: nothing has been sent.
  'dns-not-found': yours('The name has no address in DNS', 'Check the spelling and the A or AAAA record.'),
  'dns-failed': yours(
    'The name servers of this name do not answer',
    'Check the DNS of the domain; other names resolve.',
  ),
  'connect-refused': yours(
    'Nothing listens on this port',
    'Start the app, and check its port and that it listens on all addresses.',
  ),
  'connect-failed': yours('No connection could be made', 'Check that host and port are reachable from outside.'),
  'connect-timeout': yours('The host did not accept a connection in time', 'Check firewall and port.'),
  tls: yours(
    'The TLS certificate or handshake is not valid',
    'Renew the certificate for exactly this name, or use http://.',
  ),
  // The answer: the request may have been acted upon.
  'headers-timeout': yours('No answer began in time', 'Answer sooner; check what the route waits for.'),
  'total-timeout': yours('The answer was not complete in time', 'Answer sooner or send less.'),
  'too-slow': yours('The answer comes too slowly', 'Send at least 1 KiB a second; send the body in one piece.'),
  'tiny-chunks': yours('The answer comes in very many tiny chunks', 'Write the body in larger pieces.'),
  'headers-too-large': yours('The headers of the answer are too large', 'Keep all headers together below 16 KiB.'),
  'body-too-large': yours('The answer is too large', 'Send fewer rows.'),
  'compression-bomb': yours('The answer unpacks to far more than it should', 'Send it without compression.'),
  'encoding-not-accepted': yours(
    'The answer uses an encoding we did not ask for',
    'Send gzip or no content-encoding at all.',
  ),
  'encoding-broken': yours('The compressed answer cannot be unpacked', 'Send a complete gzip body, or none.'),
  'bad-http': yours('The answer is not valid HTTP/1.1', 'Check what the server or proxy in front of it sends.'),
  'connection-lost': yours(
    'The connection was closed before an answer',
    'Check whether the app crashed on this request.',
  ),
  redirect: yours('The app answers with a redirect, which we never follow', 'Give the URL that it leads to.'),
  'answer-cut-short': yours('The answer broke off', 'Check whether the app crashed, and its content-length.'),
  // The lab.
  'dns-down': ours('The lab gets no answers from its own DNS', 'Nothing to do for the app; staff check the resolver.'),
  'no-route': ours(
    'The lab has no route to this kind of address',
    'Give the app an IPv4 address, or staff add the route.',
  ),
  'stale-connection': ours('A kept connection was closed while we reused it', 'Ask again; reading again is safe.'),
  busy: ours('The lab has too many requests open', 'Nothing to do for the app; it is tried again later.'),
  stalled: ours('The lab itself was too busy to keep time', 'Nothing to do for the app; it is tried again later.'),
  aborted: ours('The request was given up by the lab', 'Nothing to do for the app.'),
  'request-too-large': ours('The request is larger than we send', 'Send a smaller request.'),
  'page-limit': ours('The page used up what one visit may use', 'Load less, or fewer things at once.'),
  'not-opened': ours(
    'The page asked for an origin that this visit is not for',
    'Serve everything from the app’s own origin.',
  ),
  'proxy-token': ours('A request to the egress proxy had no valid token', 'Only the browser of this visit may use it.'),
} as const satisfies Record<string, Entry>;

export type EgressCode = keyof typeof egressCodes;

/** A refusal or failure in words: `sentence` says what is wrong, `fix` what to do. */
export interface Refusal {
  readonly code: EgressCode;
  readonly side: Side;
  readonly sentence: string;
  readonly fix: string;
}

/** Fills the table's entry with an optional detail: `The address is not on the public internet: 10.0.0.0/8, private use.` */
export function refuse(code: EgressCode, detail?: string): Refusal {
  const { side, sentence, fix } = egressCodes[code];
  return { code, side, sentence: detail ? `${sentence}: ${detail}.` : `${sentence}.`, fix };
}

export const isRefusal = (value: object): value is Refusal => 'code' in value && 'fix' in value;

/** What was known when a request failed. */
export interface Fate {
  /** Whether bytes of the request may have left. `false` is certain: nothing was sent, and it may be tried again. */
  readonly maybeSent: boolean;
  /** The status, when the head of the answer had arrived. */
  readonly status?: number;
}

/** The only error of this library that a caller handles; whoever writes must treat `maybeSent` as "outcome unknown". */
export class EgressError extends Error {
  readonly code: EgressCode;
  readonly side: Side;
  readonly sentence: string;
  readonly fix: string;
  readonly maybeSent: boolean;
  readonly status: number | undefined;

  constructor(refusal: Refusal, fate: Fate = { maybeSent: false }, options?: ErrorOptions) {
    super(refusal.sentence, options);
    this.name = 'EgressError';
    this.code = refusal.code;
    this.side = refusal.side;
    this.sentence = refusal.sentence;
    this.fix = refusal.fix;
    this.maybeSent = fate.maybeSent;
    this.status = fate.status;
  }
}

/** An error without a fate yet: before anything was sent, or inside the exchange, which adds what it knows. */
export const egressError = (code: EgressCode, detail?: string, cause?: unknown): EgressError =>
  new EgressError(refuse(code, detail), { maybeSent: false }, cause === undefined ? undefined : { cause });
