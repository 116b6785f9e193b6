import { Modal, Switch } from '@mantine/core';
import style from './comparison.module.css';
import { setSingleKeys, useSingleKeys } from './single-keys.js';

const keys = [
  ['j', 'next difference'],
  ['k', 'previous difference'],
  ['1 to 9', 'rows of that cause'],
  ['← →', 'other endpoint, when a tile has the focus'],
  ['c', 'copy a curl that repeats the read of this endpoint from the app'],
  ['b', 'the same from the baseline'],
  ['t', 'open the trace'],
  ['?', 'these keys'],
];

export function KeysHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const areOn = useSingleKeys();
  return (
    <Modal opened={isOpen} onClose={onClose} title="Keys" closeButtonProps={{ 'aria-label': 'Close' }}>
      <dl className={style.keys}>
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <Switch
        mt={20}
        label="Single keys act on this page"
        checked={areOn}
        onChange={(event) => setSingleKeys(event.currentTarget.checked)}
      />
    </Modal>
  );
}
