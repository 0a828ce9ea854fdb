# SPDX-License-Identifier: Apache-2.0
"""Secure Boot signatures as espsecure makes them, for the tests: nothing here is otapack's.

    secure_boot.py key-digest PUB.pem...            what eFuses keep of a key, in hexadecimal
    secure_boot.py block PUB.pem DATA SIGNATURE     a block of v2 around an openssl signature
    secure_boot.py signature IMAGE OFFSET           the signature of the block there, for openssl
    secure_boot.py signed IMAGE DATA PUB.pem...     DATA with blocks of these keys around what the blocks
                                                    of IMAGE behind as many bytes have for signatures,
                                                    and these: signed_by.0.sig and so on
    secure_boot.py v1 SIGNATURE                     the 68 bytes of v1 around an openssl signature
    secure_boot.py v1-signature IMAGE               and back
    secure_boot.py raw SIGNATURE SIZE               r and s of a signature in DER
"""
import binascii  # base64 takes as long to import as all the rest
import hashlib
import struct
import sys
import zlib

CURVES = {
    bytes.fromhex("2a8648ce3d030101"): (1, 24),
    bytes.fromhex("2a8648ce3d030107"): (2, 32),
    bytes.fromhex("2b81040022"): (3, 48),
}


def read(name):
    with open(name, "rb") as f:
        return f.read()


def der(data):
    """The elements of DER, each a tag and its content; what is built of others as a list."""
    found = []
    while data:
        tag, size, at = data[0], data[1], 2
        if size & 0x80:
            at += size & 0x7F
            size = int.from_bytes(data[2:at], "big")
        content = data[at : at + size]
        found.append((tag, der(content) if tag == 0x30 else content))
        data = data[at + size :]
    return found


def number(element):
    return int.from_bytes(element[1], "big")


def public_key(name):
    """The bytes of a public key as a block has them, and the size of a curve's numbers or None."""
    text = read(name).decode().split("-----")[2]
    info = der(binascii.a2b_base64(text))[0][1]
    bits = info[1][1][1:]
    curve = info[0][1][1][1] if len(info[0][1]) > 1 else None
    if curve in CURVES:
        curve_id, size = CURVES[curve]
        x, y = bits[1 : 1 + size], bits[1 + size :]
        point = x[::-1] + y[::-1]
        return struct.pack("<B96s" if size == 48 else "<B64s", curve_id, point), size
    n, e = (number(x) for x in der(bits)[0][1])
    r = pow(2, 3072 * 2, n)
    m = -pow(n, -1, 2**32) % 2**32
    return (
        n.to_bytes(384, "little")
        + struct.pack("<I", e)
        + r.to_bytes(384, "little")
        + struct.pack("<I", m)
    ), None


def numbers_of(signature):
    return [number(x) for x in der(signature)[0][1]]


def of_numbers(r, s):
    def integer(x):
        data = x.to_bytes(x.bit_length() // 8 + 1, "big")
        return bytes((2, len(data))) + data

    both = integer(r) + integer(s)
    return bytes((0x30, len(both))) + both


def block(pub, content, made):
    key, size = public_key(pub)
    if size is None:
        head = struct.pack("<BBxx", 0xE7, 2) + hashlib.sha256(content).digest()
        body = key + made[::-1]
    else:
        r, s = (x.to_bytes(size, "little") for x in numbers_of(made))
        wide = size == 48
        digest = (hashlib.sha384 if wide else hashlib.sha256)(content).digest()
        head = struct.pack("<BBBx", 0xE7, 3, 1 if wide else 0) + digest
        body = key + struct.pack("<96s" if wide else "<64s", r + s)
    raw = (head + body).ljust(1196, b"\0")
    return (raw + struct.pack("<I", zlib.crc32(raw))).ljust(1216, b"\0")


def signature(image, at):
    raw = read(image)[at : at + 1216]
    if raw[1] == 2:
        return raw[812:1196][::-1]
    curve_at = 52 if raw[2] == 1 else 36
    size = {c: s for c, s in CURVES.values()}[raw[curve_at]]
    at = curve_at + 1 + (96 if size == 48 else 64)
    return of_numbers(
        int.from_bytes(raw[at : at + size], "little"),
        int.from_bytes(raw[at + size : at + 2 * size], "little"),
    )


def signed(image, data, *pubs):
    content = read(data)
    blocks = b""
    for i, pub in enumerate(pubs):
        made = signature(image, len(content) + len(blocks))
        with open("signed_by.%d.sig" % i, "wb") as f:
            f.write(made)
        blocks += block(pub, content, made)
    rest = b"\xff" * (4096 - len(blocks)) if pubs else b""
    sys.stdout.buffer.write(content + blocks + rest)


def main(verb, *args):
    if verb == "key-digest":
        for pub in args:
            print(hashlib.sha256(public_key(pub)[0]).hexdigest())
        return
    if verb == "signed":
        signed(*args)
        return
    if verb == "block":
        result = block(args[0], read(args[1]), read(args[2]))
    elif verb == "signature":
        result = signature(args[0], int(args[1]))
    elif verb == "v1":
        result = bytes(4) + b"".join(x.to_bytes(32, "big") for x in numbers_of(read(args[0])))
    elif verb == "v1-signature":
        raw = read(args[0])[-64:]
        result = of_numbers(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    else:
        size = int(args[1])
        result = b"".join(x.to_bytes(size, "big") for x in numbers_of(read(args[0])))
    sys.stdout.buffer.write(result)


main(*sys.argv[1:])
