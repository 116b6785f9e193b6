/* global document, window, location, setTimeout */
import { diagnosticsCard } from './diagnostics-card.js';
import { button, element, on } from './dom.js';
import { filesCard } from './files-card.js';
import { days, insightsCard } from './insights-card.js';
import { journalCard } from './journal-card.js';
import { mentorCard } from './mentor-card.js';
import { moodCard } from './mood-card.js';

/** Part of the contract: the forms are not there when the page has loaded. Whoever fills them has to wait for them. */
const mountDelayMs = 150;

if (document.readyState === 'complete') mountSoon();
else on(window, 'load', mountSoon);

function mountSoon() {
  setTimeout(() => {
    const about = location.pathname === '/about';
    document
      .getElementById('root')
      .replaceChildren(
        navbar(about),
        element('main', { class: 'mc' }, ...(about ? aboutPage() : journalPage())),
        element('footer', { class: 'site-footer' }, 'Kept in Postgres. Nothing on this page comes from elsewhere.'),
      );
  }, mountDelayMs);
}

function navbar(about) {
  const link = (href, words, here) => element('a', { href, 'aria-current': here ? 'page' : undefined }, words);
  return element(
    'nav',
    { class: 'navbar', 'aria-label': 'Pages' },
    element('img', { src: '/static/mark.svg', alt: '', width: 28, height: 28 }),
    element('span', { class: 'navbar-title' }, document.title),
    link('/', 'Journal', !about),
    link('/about', 'About', about),
  );
}

function journalPage() {
  const known = { entries: [], moods: [] };
  const metrics = hero();
  const mentor = mentorCard({ material: () => ({ ...known, searched: journal.searched() }) });
  const insights = insightsCard({ changed: metrics.show });
  const reread = (own) => void Promise.all([own(), insights.refresh()]).then(mentor.refresh);
  const journal = journalCard({
    saved: () => reread(journal.refresh),
    changed: (rows) => (known.entries = rows),
  });
  const moods = moodCard({
    saved: () => reread(moods.refresh),
    changed: (rows) => (known.moods = rows),
  });
  const files = filesCard();
  const diagnostics = diagnosticsCard();
  on(metrics.add, 'click', journal.focus);
  void files.refresh();
  void diagnostics.refresh();
  reread(() => Promise.all([moods.refresh(), journal.refresh()]));
  const cards = [journal, moods, insights, mentor, files, diagnostics];
  return [metrics.root, element('div', { class: 'mc-grid' }, ...cards.map(({ root }) => root))];
}

function hero() {
  const add = button('Add a gratitude note', { class: 'btn btn-primary' });
  const metric = (label) => {
    const value = element('span', { class: 'metric-value' }, '–');
    const root = element('div', { class: 'hero-metric' }, element('span', { class: 'metric-label' }, label), value);
    return { root, value };
  };
  const [total, today, streak] = [metric('Total entries'), metric('Entries today'), metric('Current streak')];
  const root = element(
    'section',
    { class: 'hero' },
    element(
      'div',
      { class: 'hero-copy' },
      element('h1', {}, 'What was good today?'),
      element('p', {}, 'Small things count. Write one down before it slips away.'),
      add,
    ),
    element('div', { class: 'hero-metrics' }, total.root, today.root, streak.root),
  );
  const show = (data) => {
    total.value.textContent = String(data.total_entries);
    today.value.textContent = String(data.entries_today);
    streak.value.textContent = days(data.streak_days);
  };
  return { root, add, show };
}

function aboutPage() {
  return [
    element(
      'section',
      { class: 'hero hero-copy' },
      element('h1', {}, 'About this journal'),
      element(
        'p',
        {},
        'A small app with three tables: entries, moods and numbers. It is here to be moved while it runs.',
      ),
    ),
  ];
}
