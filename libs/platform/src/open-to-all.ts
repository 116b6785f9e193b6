import { SetMetadata } from '@nestjs/common';

export const OPEN_TO_ALL = Symbol('open to all');

/** Anybody may call this route or every route of this controller. A door that guards its routes refuses those that say nothing. */
export const OpenToAll = () => SetMetadata(OPEN_TO_ALL, true);
