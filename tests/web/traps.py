# SPDX-License-Identifier: Apache-2.0
"""A WebAssembly module whose longer functions trap as soon as they are called: a program that crashes."""

CODE_SECTION, UNREACHABLE = 10, b"\x00"


def read_number(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def number(value):
    out = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)


def with_trap(body):
    """The body of a function with a trap as its first instruction, behind its local variables."""
    groups, at = read_number(body, 0)
    for _ in range(groups):
        _, at = read_number(body, at)
        at += 1  # a type
    return body[:at] + UNREACHABLE + body[at:]


def code(section, longest):
    count, at = read_number(section, 0)
    out = number(count)
    for _ in range(count):
        size, at = read_number(section, at)
        body = section[at:at + size]
        body = with_trap(body) if size > longest else body
        out += number(len(body)) + body
        at += size
    return out


def plant(wasm, longest):
    """Functions of more than so many bytes trap."""
    out, at = wasm[:8], 8
    while at < len(wasm):
        kind = wasm[at]
        size, at = read_number(wasm, at + 1)
        section = wasm[at:at + size]
        if kind == CODE_SECTION:
            section = code(section, longest)
        out += bytes([kind]) + number(len(section)) + section
        at += size
    return out
