import { read } from './api.js';
import { card, element } from './dom.js';
import { moodChip } from './mood-card.js';

/** Card 3: counts, the last seven days as bars, moods of the week. `changed(data)` lets the head of the page follow. */
export function insightsCard({ changed }) {
  const body = element('div', { class: 'stats-grid' });
  const { root, say } = card({
    title: 'Weekly Insights',
    subtitle: 'Days are counted in UTC.',
    content: [body],
  });
  const refresh = async () => {
    try {
      const { data } = await read('/api/stats/overview');
      body.replaceChildren(
        stat('Total entries', String(data.total_entries)),
        stat('Entries today', String(data.entries_today)),
        stat('Current streak', days(data.streak_days)),
        wide('Last 7 days', bars(data.last7_days)),
        wide('Moods this week', pills(data.mood_trend)),
      );
      say('');
      changed(data);
    } catch (error) {
      say(`Could not load the insights. ${error.message}`);
    }
  };
  return { root, refresh };
}

export const days = (n) => (n === 1 ? '1 day' : `${n} days`);

const stat = (label, value) =>
  element(
    'div',
    { class: 'stat-card' },
    element('span', { class: 'stat-label' }, label),
    element('span', { class: 'stat-value' }, value),
  );
const wide = (label, content) =>
  element('div', { class: 'stat-card stat-card--wide' }, element('span', { class: 'stat-label' }, label), content);

function bars(lastSeven) {
  const most = Math.max(1, ...lastSeven.map(({ count }) => count));
  const row = element('div', { class: 'sparkline' });
  for (const { date, count } of lastSeven) {
    const fill = element('div', { class: count > 0 ? 'sparkline-fill' : 'sparkline-fill none' });
    fill.style.height = `${Math.max(3, Math.round((count / most) * 100))}%`;
    const day = new Date(`${date}T00:00:00Z`).toLocaleDateString([], { weekday: 'short', timeZone: 'UTC' });
    row.append(
      element(
        'div',
        { class: 'sparkline-bar', title: `${date}: ${count}` },
        element('span', { class: 'sparkline-count' }, String(count)),
        element('div', { class: 'sparkline-track' }, fill),
        element('span', { class: 'sparkline-label' }, day),
      ),
    );
  }
  return row;
}

function pills(trend) {
  if (trend.length === 0) return element('p', { class: 'mc-empty' }, 'No moods logged this week.');
  const chips = trend.map(({ mood, count }) => moodChip(mood, element('span', { class: 'mood-count' }, String(count))));
  return element('div', { class: 'mood-trend' }, ...chips);
}
