import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { Valid } from './valid.js';
import { Staff } from '../accounts/staff.guard.js';
import { BoardPreviews } from '../board/board-previews.js';
import { PreviewBoard } from '#libs/contracts/src/board-preview.js';

const Verdicts = PreviewBoard.schema.pick({ verdicts: true });
const uuid = new Valid(z.uuid('must be an id'));

/** Whose rank on the live board would change by what is not published. Changes nothing. */
@Staff()
@Controller('api/v1')
export class BoardPreviewController {
  constructor(private readonly previews: BoardPreviews) {}

  /** By verdicts such as the pages of a preview of rules bring along (`onBoard`), of all pages at once. */
  @Post('board/preview')
  @HttpCode(200)
  ofVerdicts(@Body(new Valid(Verdicts)) { verdicts }: z.output<typeof Verdicts>) {
    return this.previews.ranks(verdicts);
  }

  /** By the batch that is held back. */
  @Get('batches/:batchId/preview')
  ofBatch(@Param('batchId', uuid) batchId: string) {
    return this.previews.ofBatch(batchId);
  }
}
