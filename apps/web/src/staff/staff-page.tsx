import { Console } from './console.js';
import { StaffDoor } from './staff-door.js';
import { usePageTitle } from '../shell/page-title.js';

export function StaffPage() {
  usePageTitle('Staff');
  return (
    <StaffDoor title="Staff">
      {(session, onSignedOut) => <Console session={session} onSignedOut={onSignedOut} />}
    </StaffDoor>
  );
}
