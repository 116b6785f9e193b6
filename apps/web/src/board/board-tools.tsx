import { useState } from 'react';
import { Button, TextInput } from '@mantine/core';
import { IconPresentation, IconSearch } from '@tabler/icons-react';
import style from './board-page.module.css';
import { Downloads } from './downloads.js';
import { plural } from '../parts/quantities.js';

interface BoardToolsProps {
  search: string;
  onSearch: (text: string) => void;
  shown: number;
  total: number;
  onProject: () => void;
  /** The time that is shown; null: the newest. */
  at: string | null;
}

export function BoardTools({ search, onSearch, shown, total, onProject, at }: BoardToolsProps) {
  // The address follows what is typed, a little later: it must not be what the field shows.
  const [typed, setTyped] = useState(search);
  return (
    <div className={style.tools}>
      <TextInput
        aria-label="Search by name, team or address"
        placeholder="Name, team or address"
        leftSection={<IconSearch size={15} />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          onSearch(event.currentTarget.value);
        }}
        className={style.search}
      />
      <p className={style.order}>
        {shown < total && <strong>{`${shown} of ${plural(total, 'app')}. `}</strong>}
        Rank: fresh before unknown or stale, then most endpoints in sync, fewest rows lost, least downtime, fewest
        writes refused, earliest lasting in sync. Ties share a rank.
      </p>
      <Downloads at={at} />
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPresentation size={14} />}
        title="The board alone, large, turning its pages; Esc leaves it"
        onClick={onProject}
        className={style.projector}
      >
        Projector
      </Button>
    </div>
  );
}
