import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { VolumeActor, volumeOperation } from '../testing/volume-model';
import { MemoryVolume } from '../volume/memory-volume';
import { HostDirectoryVolume } from './host-directory-volume';

it('memory answers and refuses as the file system of this machine does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(volumeOperation, { minLength: 30, maxLength: 150, size: 'max' }),
      async (operations) => {
        const folder = fs.mkdtempSync(join(tmpdir(), 'glovebox-volume-'));
        const host = HostDirectoryVolume.open(folder, { writable: true });
        try {
          const onHost = new VolumeActor(host);
          const inMemory = new VolumeActor(new MemoryVolume());
          for (const operation of operations) {
            const expected = await onHost.perform(operation);
            expect(await inMemory.perform(operation), JSON.stringify(operation)).toEqual(expected);
          }
          expect(await inMemory.tree()).toEqual(await onHost.tree());
        } finally {
          // In this order there is nothing left that closing would have to make durable.
          fs.rmSync(folder, { recursive: true });
          host.close();
        }
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);
