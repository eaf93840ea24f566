// Zip archives with stored entries: the same input always gives the same bytes, and compressing the
// whole file later finds what its members have in common.
import { crc32 } from 'node:zlib';

const VERSION_NEEDED = 20;
const MADE_BY_UNIX = (3 << 8) | VERSION_NEEDED;
const UTF8_NAMES = 0x0800;
/** 1980-01-01 00:00, the earliest time that the format knows. */
const DOS_DATE = 0x0021;
const FILE_MODE = 0o100644;
const FOLDER_MODE = 0o40755;
/** Of the record at the end of an archive. */
const END_BYTES = 22;

/**
 * @param entries [{ name, content }] in order; a name that ends in a slash is a folder
 * @returns { archive, directory }: the whole file, and its tail from the central directory on
 */
export function writeZip(entries) {
  const bodies = [];
  const records = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const nameBytes = Buffer.from(name);
    const common = commonFields(nameBytes, content);
    const local = Buffer.concat([uint32(0x04034b50), common, nameBytes, content]);
    const isFolder = name.endsWith('/');
    const mode = isFolder ? FOLDER_MODE : FILE_MODE;
    const central = Buffer.alloc(14);
    // After comment length, disk and internal attributes: external attributes, local header offset.
    central.writeUInt32LE(((mode << 16) | (isFolder ? 0x10 : 0)) >>> 0, 6);
    central.writeUInt32LE(offset, 10);
    bodies.push(local);
    records.push(uint32(0x02014b50), uint16(MADE_BY_UNIX), common, central, nameBytes);
    offset += local.length;
  }
  const central = Buffer.concat(records);
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  const directory = Buffer.concat([central, end]);
  return { archive: Buffer.concat([...bodies, directory]), directory };
}

/** How much of an archive that this wrote is its directory. */
export function directoryBytes(archive) {
  return archive.readUInt32LE(archive.length - END_BYTES + 12) + END_BYTES;
}

/** The fields that local headers and central records share, from "version needed" on. */
function commonFields(nameBytes, content) {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION_NEEDED, 0);
  fields.writeUInt16LE(UTF8_NAMES, 2);
  fields.writeUInt16LE(DOS_DATE, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(content.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(nameBytes.length, 22);
  return fields;
}

function uint16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
