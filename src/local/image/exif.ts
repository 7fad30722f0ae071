/** The orientation in a JPEG's Exif segment: a TIFF directory in either byte order (TIFF 6.0, section 2). Pure. */

const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];
const ORIENTATION_TAG = 0x0112;
const ENTRY_BYTES = 12;

/** 1 to 8; null where the segment is none of Exif, is broken, or does not say. */
export function readOrientation(segment: Uint8Array): number | null {
  if (segment.length < EXIF.length + 8 || !EXIF.every((byte, at) => segment[at] === byte)) {
    return null;
  }
  const tiff = segment.subarray(EXIF.length);
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const isLittleEndian = view.getUint8(0) === 0x49;
  const directory = view.getUint32(4, isLittleEndian);
  if (directory + 2 > view.byteLength) {
    return null;
  }
  const entries = view.getUint16(directory, isLittleEndian);
  for (let entry = 0, at = directory + 2; entry < entries && at + ENTRY_BYTES <= view.byteLength; entry++) {
    if (view.getUint16(at, isLittleEndian) === ORIENTATION_TAG) {
      const orientation = view.getUint16(at + 8, isLittleEndian);
      return orientation >= 1 && orientation <= 8 ? orientation : null;
    }
    at += ENTRY_BYTES;
  }
  return null;
}
