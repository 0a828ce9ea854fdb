# SPDX-License-Identifier: Apache-2.0
# Matter OTA images for the tests, made without otapack's code: matter.py COMMAND ...
#
#   make OUT PAYLOAD [KEY=VALUE]...   an image around the payload; -- and more of these, for several
#   digest TYPE FILE [base64]         the digest that a header of this type has
#
# KEY: vendor_id, product_id, software_version, software_version_string, payload_size, min, max, url,
# type, digest (hex): the elements; VALUE - leaves one out. total_size, header_size: other numbers
# than the right ones. wide=8: integers and lengths of 8 bytes. extra, behind, trailing (hex): bytes
# after the last element, after the structure, after the payload. N (0 to 9) = hex: element N anew.
# text=hex, url_text=hex: the two strings as bytes.

import binascii  # base64 takes as long to import as all the rest
import hashlib
import struct
import sys

MAGIC = 0x1BEEF11E
NAMES = ["sha256", "sha256_128", "sha256_120", "sha256_96", "sha256_64", "sha256_32", "sha384",
         "sha512", "sha3_224", "sha3_256", "sha3_384", "sha3_512"]


def digest(number, data):
    name = NAMES[number - 1]
    if name.startswith("sha256_"):
        return hashlib.sha256(data).digest()[:int(name[7:]) // 8]
    return hashlib.new(name, data).digest()


# ---- Writing ------------------------------------------------------------------------------------

def width_of(number, wide=0):
    return next(w for w in (1, 2, 4, 8) if w >= wide and number < 1 << 8 * w)


def integer(tag, number, wide=0, kind=0x24):
    width = width_of(number, wide)
    return bytes([kind + width.bit_length() - 1, tag]) + number.to_bytes(width, "little")


def string(tag, data, wide=0, kind=0x2C):
    return integer(tag, len(data), wide, kind) + data


def header(payload, values):
    v = {"vendor_id": "0xFFF1", "product_id": "0x8000", "software_version": "2",
         "software_version_string": "2.0", "payload_size": str(len(payload)), "min": "-", "max": "-",
         "url": "-", "type": "1"}
    v.update(values)
    if not v["type"].isdigit() and v["type"] != "-":
        v["type"] = str(NAMES.index(v["type"]) + 1)
    if "digest" not in v:
        v["digest"] = digest(int(v["type"]), payload).hex()
    if "text" not in v:
        v["text"] = v["software_version_string"].encode().hex()
    if "url_text" not in v:
        v["url_text"] = "-" if v["url"] == "-" else v["url"].encode().hex()
    wide = int(v.get("wide", 0))
    elements = []
    for tag, key in enumerate(("vendor_id", "product_id", "software_version", "text", "payload_size",
                               "min", "max", "url_text", "type", "digest")):
        if str(tag) in v:
            elements.append(bytes.fromhex(v[str(tag)]))
        elif v[key] == "-":
            continue
        elif key in ("text", "url_text"):
            elements.append(string(tag, bytes.fromhex(v[key]), wide))
        elif key == "digest":
            elements.append(string(tag, bytes.fromhex(v[key]), wide, 0x30))
        else:
            elements.append(integer(tag, int(v[key], 0), wide))
    tlv = b"\x15" + b"".join(elements) + bytes.fromhex(v.get("extra", "")) + b"\x18"
    if "tlv" in v:
        tlv = bytes.fromhex(v["tlv"])
    tlv += bytes.fromhex(v.get("behind", ""))
    size = int(v.get("header_size", len(tlv)), 0) if "header_size" in v else len(tlv)
    total = int(v["total_size"], 0) if "total_size" in v else 16 + len(tlv) + len(payload)
    return struct.pack("<IQI", MAGIC, total, size) + tlv


def make(out, payload, *settings):
    values = dict(setting.split("=", 1) for setting in settings)
    with open(payload, "rb") as file:
        data = file.read()
    with open(out, "wb") as file:
        file.write(header(data, values) + data + bytes.fromhex(values.get("trailing", "")))


def main():
    command, rest = sys.argv[1], sys.argv[2:]
    if command == "digest":
        number = NAMES.index(rest[0]) + 1 if rest[0] in NAMES else int(rest[0])
        with open(rest[1], "rb") as file:
            value = digest(number, file.read())
        print(binascii.b2a_base64(value, newline=False).decode() if rest[2:] == ["base64"] else value.hex())
    while command == "make" and rest:
        end = rest.index("--") if "--" in rest else len(rest)
        make(*rest[:end])
        rest = rest[end + 1:]


main()
