import { Controller, Get, Header, Query } from '@nestjs/common';
import type { z } from 'zod';
import { AtTime } from './board.controller.js';
import { Valid } from './valid.js';
import { KeepsFreeze } from '../accounts/freeze.guard.js';
import { Caller, Public } from '../accounts/staff.guard.js';
import { Boards } from '../board/boards.js';
import { toCsv } from '../board/files/csv.js';
import { toJUnit } from '../board/files/junit.js';
import { toPlainText } from '../board/files/plain-text.js';
import type { Account } from '../persistence/account.repository.js';

type At = z.output<typeof AtTime>;
const file = (name: string) => Header('content-disposition', `attachment; filename="${name}"`);

/** The board as files: live, of a time (`?at=`), and for visitors of the freeze, like everything they see. */
@Public()
@KeepsFreeze()
@Controller('api/v1')
export class BoardFilesController {
  constructor(private readonly boards: Boards) {}

  @Get('board.json')
  @file('board.json')
  json(@Query(new Valid(AtTime)) { at }: At, @Caller() caller: Account | undefined) {
    return this.boards.read(caller !== undefined, at);
  }

  @Get('board.csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @file('board.csv')
  async csv(@Query(new Valid(AtTime)) { at }: At, @Caller() caller: Account | undefined): Promise<string> {
    return toCsv(await this.boards.read(caller !== undefined, at));
  }

  /** For a terminal: `curl …/api/v1/board.txt`. */
  @Get('board.txt')
  @Header('content-type', 'text/plain; charset=utf-8')
  async text(@Query(new Valid(AtTime)) { at }: At, @Caller() caller: Account | undefined): Promise<string> {
    return toPlainText(await this.boards.read(caller !== undefined, at));
  }

  @Get('board.junit.xml')
  @Header('content-type', 'application/xml; charset=utf-8')
  @file('board.junit.xml')
  async junit(@Query(new Valid(AtTime)) { at }: At, @Caller() caller: Account | undefined): Promise<string> {
    return toJUnit(await this.boards.read(caller !== undefined, at));
  }
}
