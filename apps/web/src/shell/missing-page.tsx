import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { usePageTitle } from './page-title.js';
import { Empty } from '../parts/states.js';

export function MissingPage() {
  usePageTitle('No such page');
  return (
    <div>
      <h1 className="hidden-text">No such page</h1>
      <Empty title="There is no page at this address">
        <p>A link may be cut short, or the page has another name now. The board is where most things begin.</p>
        <Button component={Link} to="/leaderboard" mt={20}>
          To the board
        </Button>
      </Empty>
    </div>
  );
}
