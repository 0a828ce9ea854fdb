#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# Applies a delta patch, or says what it is made of, from what is written of the format and nothing of
# otapack's.
#     delta.py apply BASE PATCH NEW
#     delta.py show BASE PATCH
import sys

MAGIC = bytes.fromhex('10decdfc')
HEADER = 64


class Stream:
    """A heatshrink stream with a window of 8 bits and a lookahead of 7, unpacked."""

    def __init__(self, packed):
        self.packed = packed
        self.at = 0
        self.out = bytearray()
        self.read = 0
        self.literals = self.references = 0

    def take(self, count):
        value = 0
        for _ in range(count):
            byte = self.packed[self.at // 8]
            value = value << 1 | byte >> (7 - self.at % 8) & 1
            self.at += 1
        return value

    def more(self):
        if self.take(1):
            self.out.append(self.take(8))
            self.literals += 1
            return
        back, count = self.take(8) + 1, self.take(7) + 1
        for _ in range(count):  # what is before the stream is zero
            self.out.append(self.out[-back] if back <= len(self.out) else 0)
        self.references += 1

    def byte(self):
        while self.read == len(self.out):
            self.more()
        self.read += 1
        return self.out[self.read - 1]

    def number(self, byte=None):
        byte = byte or self.byte
        first = c = byte()
        value, shift = c & 0x3F, 6
        while c & 0x80:
            c = byte()
            value |= (c & 0x7F) << shift
            shift += 7
        return -value if first & 0x40 else value


def unpack(patch):
    """The size of the new image, and the stream."""
    if patch[:4] != MAGIC:
        raise ValueError('no delta patch')
    if patch[36:HEADER].strip(b'\0'):
        raise ValueError('what is reserved is not zero')
    if patch[HEADER] != 4:
        raise ValueError('not sequential, or not heatshrink')
    at = [HEADER]

    def byte():
        at[0] += 1
        return patch[at[0]]

    size = Stream(b'').number(byte)
    if patch[at[0] + 1] != 0x44:
        raise ValueError('another window or lookahead')
    return size, Stream(patch[at[0] + 2:])


def apply(base, patch, told=lambda diff, own: None):
    size, stream = unpack(patch)
    new = bytearray()
    if stream.number() != 0:
        raise ValueError('a patch of the data sections')
    at = 0
    while len(new) < size:
        diff = bytes(stream.byte() for _ in range(stream.number()))
        new += bytes(a + b & 0xFF for a, b in zip(diff, base[at:at + len(diff)], strict=True))
        at += len(diff)
        own = bytes(stream.byte() for _ in range(stream.number()))
        new += own
        at += stream.number()
        told(diff, own)
    if len(new) != size or stream.read != len(stream.out):
        raise ValueError('the steps are not as long as the image')
    if len(stream.packed) * 8 - stream.at >= 8:
        raise ValueError('there is more behind the end')
    return new, stream


def main():
    with open(sys.argv[2], 'rb') as f:
        base = f.read()
    with open(sys.argv[3], 'rb') as f:
        patch = f.read()
    steps = []
    new, stream = apply(base, patch, lambda diff, own: steps.append((diff, own)))
    if sys.argv[1] == 'apply':
        with open(sys.argv[4], 'wb') as f:
            f.write(new)
        return
    print(f'{len(patch)} bytes for {len(new)}, {len(steps)} steps,'
          f' {sum(len(d) for d, _ in steps)} of the base, of which'
          f' {sum(len(d) - d.count(0) for d, _ in steps)} changed,'
          f' {sum(len(o) for _, o in steps)} own;'
          f' {stream.literals} literals, {stream.references} references')


main()
