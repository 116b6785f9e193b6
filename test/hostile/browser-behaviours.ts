// What a page may try in order to reach somebody else through our browser: one line of script each. `t` is where it wants to go, and
// `own('…')` a path of its own app. They run in the page one after the other; what throws is the page's own affair.

export const reaching: readonly (readonly [name: string, script: string])[] = [
  ['asks by fetch', `fetch(t, { mode: 'no-cors' })`],
  ['posts by fetch that outlives it', `fetch(t, { mode: 'no-cors', method: 'POST', body: 'x', keepalive: true })`],
  ['asks by XMLHttpRequest', `const x = new XMLHttpRequest(); x.open('GET', t); x.send()`],
  ['sends a beacon', `navigator.sendBeacon(t, 'x')`],
  ['opens a WebSocket', `new WebSocket(t.replace('http', 'ws'))`],
  ['listens to events', `new EventSource(t)`],
  ['shows an image', `new Image().src = t`],
  ['shows a frame', `add('iframe', { src: t })`],
  ['shows a frame that moves on', `add('iframe', { srcdoc: '<meta http-equiv=refresh content="0;url=' + t + '">' })`],
  ['shows a sandboxed frame that asks', `add('iframe', { sandbox: 'allow-scripts', srcdoc: '<script>fetch("' + t + '", { mode: "no-cors" })<' + '/script>' })`], // prettier-ignore
  ['shows a frame of its own data that asks', `add('iframe', { src: 'data:text/html,<script>fetch("' + t + '", { mode: "no-cors" })<' + '/script>' })`], // prettier-ignore
  ['loads a script', `add('script', { src: t })`],
  ['loads a module', `import(t)`],
  ['loads a style', `add('link', { rel: 'stylesheet', href: t })`],
  ['imports a style', `add('style', { textContent: '@import url("' + t + '");' })`],
  ['loads a font', `new FontFace('x', 'url("' + t + '")').load()`],
  ['plays a film', `add('video', { src: t, preload: 'auto' })`],
  ['embeds an object', `add('object', { data: t })`],
  ['names a manifest', `add('link', { rel: 'manifest', href: t })`],
  ['fetches ahead', `add('link', { rel: 'prefetch', href: t })`],
  ['preloads', `add('link', { rel: 'preload', as: 'image', href: t })`],
  ['connects ahead', `add('link', { rel: 'preconnect', href: t })`],
  ['resolves ahead', `add('link', { rel: 'dns-prefetch', href: t })`],
  ['speculates', `add('script', { type: 'speculationrules', textContent: JSON.stringify({ prefetch: [{ source: 'list', urls: [t] }], prerender: [{ source: 'list', urls: [t] }] }) })`], // prettier-ignore
  ['opens a window', `window.open(t)`],
  ['opens a window that forgets it', `window.open(t, '_blank', 'noopener')`],
  ['submits a form to it', `const f = add('form', { action: t, method: 'post', target: '_blank' }); f.submit()`],
  [
    'follows a link that pings',
    `const a = add('a', { href: own('/download'), download: 'x.bin', ping: t }); a.click()`,
  ],
  ['asks from a worker', `new Worker(URL.createObjectURL(new Blob(['fetch("' + t + '", { mode: "no-cors" })'])))`],
  ['asks from a shared worker', `new SharedWorker(URL.createObjectURL(new Blob(['fetch("' + t + '", { mode: "no-cors" })'])))`], // prettier-ignore
  ['asks from a service worker', `navigator.serviceWorker.register(own('/worker.js?') + encodeURIComponent(t))`],
  ['asks its own app, which redirects', `fetch(own('/redirect?') + encodeURIComponent(t), { mode: 'no-cors' })`],
  ['shows an image of its own, which redirects', `new Image().src = own('/redirect?') + encodeURIComponent(t)`],
  ['shows a frame of its own, which redirects', `add('iframe', { src: own('/redirect?') + encodeURIComponent(t) })`],
  ['speaks WebRTC over STUN and TURN', `
    const host = new URL(t).host;
    const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:' + host }, { urls: ['turn:' + host, 'turn:' + host + '?transport=tcp'], username: 'a', credential: 'b' }] });
    peer.createDataChannel('x');
    peer.createOffer().then((offer) => peer.setLocalDescription(offer)).then(() => ['udp', 'tcp'].map((how) => peer.addIceCandidate({ candidate: 'candidate:1 1 ' + how + ' 2130706431 ' + new URL(t).hostname + ' ' + new URL(t).port + ' typ host' + (how === 'tcp' ? ' tcptype passive' : ''), sdpMid: '0' })))`], // prettier-ignore
  ['speaks WebTransport', `new WebTransport(t.replace('http:', 'https:'))`],
  ['looks at the files of the machine', `add('iframe', { src: 'file:///etc/passwd' }); fetch('file:///etc/passwd')`],
  ['asks for devices and permissions', `navigator.geolocation.getCurrentPosition(() => {}); Notification.requestPermission(); navigator.mediaDevices?.getUserMedia({ audio: true })`], // prettier-ignore
  ['asks over TLS', `fetch(t.replace('http:', 'https:'), { mode: 'no-cors' })`],
];

/** A script that tries all of these at each target, then tells its own app. */
export const behave = (behaviours: readonly (readonly [string, string])[], targets: readonly string[]): string => `
  const own = (path) => location.origin + path;
  const add = (tag, attributes) => document.body.appendChild(Object.assign(document.createElement(tag), attributes));
  const tries = [${behaviours.map(([, code]) => `(t) => { ${code} }`).join(',\n')}];
  window.addEventListener('unhandledrejection', (event) => event.preventDefault());
  window.onbeforeunload = () => 'stay';
  for (const t of ${JSON.stringify(targets)}) for (const attempt of tries) try { attempt(t); } catch {}
  setTimeout(() => fetch('/behaved', { method: 'POST', body: 'done' }), 700);`;

/** So that nobody leaves before the page has what it wants. */
const withoutForms = `document.querySelectorAll('form').forEach((form) => form.remove())`;

/** What a page may do to our machine: each is ended within its limits, and costs no other page anything. */
export const hogging: readonly (readonly [name: string, script: string])[] = [
  [
    'takes memory outside the heap',
    `${withoutForms}; const kept = []; setInterval(() => kept.push(new Uint8Array(5e7).fill(7)), 30)`,
  ],
  ['fills its heap', `${withoutForms}; const kept = []; setInterval(() => { for (let i = 0; i < 50; i++) kept.push(new Array(1e5).fill(1.1)); }, 10)`], // prettier-ignore
  ['never rests', `setTimeout(() => { for (;;); }, 0)`],
  ['hangs in its own request', `setTimeout(() => { for (;;) { const x = new XMLHttpRequest(); x.open('GET', '/hang', false); x.send(); } }, 300)`], // prettier-ignore
  ['asks elsewhere without end', `setInterval(() => { for (let i = 0; i < 2000; i++) fetch('http://elsewhere.example/' + Math.random()).catch(() => {}); }, 0)`], // prettier-ignore
  ['asks its own app without end', `setInterval(() => { for (let i = 0; i < 500; i++) fetch('/' + Math.random()).catch(() => {}); }, 0)`], // prettier-ignore
  ['writes to its console without end', `setInterval(() => { for (let i = 0; i < 2000; i++) console.log('x'.repeat(1000)); }, 0)`], // prettier-ignore
  ['opens dialogs without end', `setInterval(() => alert('look at me'.repeat(1e5)), 0)`],
  ['opens windows without end', `setInterval(() => { for (let i = 0; i < 20; i++) window.open('/?p=' + i, '_blank', 'noopener'); }, 10)`], // prettier-ignore
  ['loads itself again and again', `setTimeout(() => location.reload(), 30)`],
  ['nests frames of itself', `document.body.append(Object.assign(document.createElement('iframe'), { src: '/?' + Math.random() }))`], // prettier-ignore
  ['crashes when it is pressed', `document.addEventListener('submit', () => { const kept = []; for (;;) kept.push(new Array(1e6).fill(1.1)); }, true)`], // prettier-ignore
];
