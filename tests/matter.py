# SPDX-License-Identifier: Apache-2.0
# Matter OTA images for the tests, made and judged without otapack's code: matter.py COMMAND ...
#
#   make OUT PAYLOAD [KEY=VALUE]...   an image around the payload
#   digest TYPE FILE [base64]         the digest that a header of this type has
#   mutants IMAGE FOLDER              all prefixes of the header, and changes of each of its bytes
#   odd FOLDER                        headers of every odd kind that the format's rules know
#
# KEY: vendor_id, product_id, software_version, software_version_string, payload_size, min, max, url,
# type, digest (hex): the elements; VALUE - leaves one out. total_size, header_size: other numbers
# than the right ones. wide=8: integers and lengths of 8 bytes. extra, behind, trailing (hex): bytes
# after the last element, after the structure, after the payload. N (0 to 9) = hex: element N anew.
# text=hex, url_text=hex: the two strings as bytes.
#
# mutants and odd print a line for each file: NAME, accepted or refused by a device, and for odd what
# the message should say (a regular expression). Whether a device accepts is worked out in `accepts`.

import base64
import hashlib
import os
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


# ---- What a device accepts ----------------------------------------------------------------------

class Refused(Exception):
    pass


class Reader:
    """Elements as a device reads them: control byte, tag, number or length; then the data."""

    TAG_SIZES = (0, 1, 2, 4, 2, 4, 6, 8)
    ANONYMOUS, UNKNOWN = (-1, 0x100), (-1, 0x101)
    TOP, STRUCTURE, ARRAY, LIST, ANY = None, 0x15, 0x16, 0x17, "any"

    def __init__(self, data):
        self.data, self.at, self.container, self.skip = data, 0, self.TOP, 0

    def take(self, count):
        if len(self.data) - self.at < count:
            raise Refused("cut")
        self.at += count
        return int.from_bytes(self.data[self.at - count:self.at], "little")

    def tag_of(self, form):
        size = self.TAG_SIZES[form]
        if form == 0:
            return self.ANONYMOUS
        if form == 1:
            return (-1, self.take(1))
        if form in (2, 3):
            return (0, self.take(size))
        if form in (4, 5):
            self.take(size)
            return self.UNKNOWN
        profile = self.take(2) << 16 | self.take(2)
        number = self.take(size - 4)
        return (-1 if profile == 0xFFFFFFFF else profile, number)

    def element(self):
        """The next element: sets type, tag, value. A string's data stays where it is."""
        self.take(self.skip)
        self.skip = 0
        self.started = self.at
        control = self.take(1)
        self.type = control & 0x1F
        if self.type > 0x18:
            raise Refused("type")
        is_string = 0x0C <= self.type <= 0x13
        width = 0
        if self.type <= 7 or 0x0A <= self.type <= 0x13:
            width = 1 << (self.type & 3)
        if self.at + self.TAG_SIZES[control >> 5] + width > len(self.data):
            raise Refused("cut")
        self.tag = self.tag_of(control >> 5)
        self.value = self.take(width)
        if width == 8 and is_string and self.value > 0xFFFFFFFF:
            raise Refused("length")
        if self.type == 0x18:
            if self.container is self.TOP or self.tag != self.ANONYMOUS:
                raise Refused("end")
        else:
            context = self.tag[0] == -1 and self.tag[1] <= 0xFF
            if self.tag == self.UNKNOWN or self.container is self.TOP and context \
                    or self.container == self.STRUCTURE and self.tag == self.ANONYMOUS \
                    or self.container == self.ARRAY and self.tag != self.ANONYMOUS:
                raise Refused("tag")
        if is_string:
            if len(self.data) - self.at < self.value:
                raise Refused("length")
            self.skip = self.value

    def next(self, tag=None):
        self.element()
        if self.type == 0x18 or tag is not None and self.tag != (-1, tag):
            raise Refused("order")

    def unsigned(self, bits):
        if not 4 <= self.type <= 7 or self.value >> bits:
            raise Refused("integer")
        return self.value

    def text(self, most):
        if not 0x0C <= self.type <= 0x0F:
            raise Refused("no text")
        data = self.data[self.at:self.at + self.value].split(b"\x1f")[0]
        if len(data) > most:
            raise Refused("too long")
        return data

    def leave(self):
        """To the end of the structure, over whatever else is in it."""
        level = 0
        outer = self.container
        while True:
            if self.type == 0x18:
                if level == 0:
                    return
                level -= 1
                self.container = outer if level == 0 else self.ANY
            elif 0x15 <= self.type <= 0x17:
                level += 1
                self.container = self.type
            self.element()


def accepts(image):
    """The values of an image's header, or None where a device refuses it."""
    try:
        if len(image) < 16:
            raise Refused("short")
        magic, total, size = struct.unpack("<IQI", image[:16])
        if magic != MAGIC or size > 1024 or len(image) < 16 + size:
            raise Refused("fixed")
        v = {"total_size": total}
        r = Reader(image[16:16 + size])
        r.element()
        if r.tag != r.ANONYMOUS or r.type != 0x15:
            raise Refused("structure")
        r.container = r.STRUCTURE
        for tag, key, bits in ((0, "vendor_id", 16), (1, "product_id", 16),
                               (2, "software_version", 32), (3, "software_version_string", 0),
                               (4, "payload_size", 64)):
            r.next(tag)
            v[key] = r.unsigned(bits) if bits else r.text(64)
        r.next()
        for tag, key in ((5, "min"), (6, "max")):
            if r.tag == (-1, tag):
                v[key] = r.unsigned(32)
                r.next()
        if r.tag == (-1, 7):
            v["url"] = r.text(256)
            r.next()
        if r.tag != (-1, 8):
            raise Refused("order")
        v["type"] = r.unsigned(8)
        r.next(9)
        if not 0x0C <= r.type <= 0x13:
            raise Refused("digest")
        v["digest"] = r.data[r.at:r.at + r.value]
        r.leave()
        return v
    except Refused:
        return None


# ---- Many files ---------------------------------------------------------------------------------

def write(folder, name, data, more=""):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)
    print(name, "accepted" if accepts(data) is not None else "refused", more)


def mutants(image, folder):
    with open(image, "rb") as file:
        data = file.read()
    end = 16 + struct.unpack("<I", data[12:16])[0]
    for length in range(1, end + 1):
        write(folder, "prefix-%04d.bin" % length, data[:length])
    for at in range(end):
        was = data[at]
        for value in sorted({was ^ 1, was ^ 0x20, was ^ 0x80, was ^ 0xFF, 0, 0x18, 0xFF, was + 1 & 255}
                            - {was}):
            write(folder, "byte-%04d-%02x.bin" % (at, value), data[:at] + bytes([value]) + data[at + 1:])


PAYLOAD = b"a payload of thirty-six bytes, plain"


def odd(folder):
    """Names as NN-what; `more` is what the message must say of element and offset."""
    def one(name, more="", payload=PAYLOAD, **values):
        v = {k.lstrip("_"): str(x) for k, x in values.items()}
        write(folder, name + ".bin", header(payload, v) + payload, more)

    elements = {}
    for tag, key, number in ((0, "vendor_id", 0xFFF1), (1, "product_id", 0x8000),
                             (2, "software_version", 2), (4, "payload_size", len(PAYLOAD)),
                             (8, "image_digest_type", 1)):
        elements[tag] = (key, integer(tag, number))
    elements[3] = ("software_version_string", string(3, b"2.0"))
    elements[9] = ("image_digest", string(9, digest(1, PAYLOAD), 0, 0x30))
    order = [elements[tag][1] for tag in sorted(elements)]

    def offset(position, of=None):
        return 17 + sum(len(e) for e in (of or order)[:position])

    def tlv(name, more, parts, end=b"\x18"):
        one(name, more, tlv=(b"\x15" + b"".join(parts) + end).hex())

    def place(at):
        return "(%d|0x%x)" % (at, at)

    tlv("good", "", order)
    # Left out, repeated, out of order: the element that stands where another belongs, and where.
    tags = sorted(elements)
    for position, tag in enumerate(tags):
        name = elements[tag][0]
        tlv("without-%d" % tag, name + ".*" + place(offset(position)), order[:position] + order[position + 1:])
        if tag != 9:
            twice = order[:position + 1] + order[position:]
            if position + 1 < len(tags):
                tlv("twice-%d" % tag, elements[tags[position + 1]][0] + ".*" + place(offset(position + 1)), twice)
            swapped = list(order)
            swapped[position], swapped[position + 1] = swapped[position + 1], swapped[position]
            tlv("swapped-%d" % tag, name + ".*" + place(offset(position)), swapped)
    tlv("twice-9", "", order + [order[-1]])  # a device passes over what follows the digest
    low, high = integer(5, 0), integer(6, 1)
    url = string(7, b"https://example.com/")
    tlv("optional", "", order[:5] + [low, high, url] + order[5:])
    tlv("optional-5", "", order[:5] + [low] + order[5:])
    tlv("optional-6", "", order[:5] + [high] + order[5:])
    tlv("optional-7", "", order[:5] + [url] + order[5:])
    tlv("optional-65", place(offset(5) + len(high)), order[:5] + [high, low] + order[5:])
    tlv("optional-75", place(offset(5) + len(url)), order[:5] + [url, low] + order[5:])
    tlv("optional-55", place(offset(5) + len(low)), order[:5] + [low, low] + order[5:])
    tlv("optional-early", place(offset(4)), order[:4] + [low] + order[4:])
    tlv("optional-late", "", order + [low])
    tlv("reversed", place(17), order[::-1])
    # Of another type.
    kinds = {"signed": b"\x20%c\x01", "signed-8": b"\x23%c\x01" + bytes(7), "true": b"\x29%c",
             "float": b"\x2a%c" + bytes(4), "null": b"\x34%c", "structure": b"\x35%c\x18",
             "array": b"\x36%c\x18", "list": b"\x37%c\x18", "reserved": b"\x39%c", "end": b"\x38%c"}
    for position, tag in enumerate(tags):
        for kind, form in kinds.items():
            tlv("type-%d-%s" % (tag, kind), place(offset(position)),
                order[:position] + [form.replace(b"%c", bytes([tag]))] + order[position + 1:])
        number = tag not in (3, 9)
        other = string(tag, b"1") if number else integer(tag, 1)
        tlv("type-%d-other" % tag, elements[tag][0] + ".*" + place(offset(position)),
            order[:position] + [other] + order[position + 1:])
    tlv("text-as-bytes", "software_version_string.*" + place(offset(3)),
        order[:3] + [string(3, b"2.0", 0, 0x30)] + order[4:])
    tlv("digest-as-text", "", order[:-1] + [string(9, b"\x01" * 32)])
    # Wide numbers and lengths; values beyond the limit.
    for wide in (2, 4, 8):
        one("wide-%d" % wide, "", wide=wide)
    one("vendor-too-large", "vendor_id.*" + place(17), vendor_id=0x10000)
    one("product-too-large", "product_id.*" + place(21), product_id=0x10000)
    one("vendor-64", "vendor_id.*" + place(17), vendor_id=1 << 63)
    one("version-too-large", "software_version.*" + place(25), software_version=1 << 32)
    one("version-largest", "", software_version=(1 << 32) - 1)
    one("type-too-large", "image_digest_type", _8=integer(8, 256).hex())
    one("min-too-large", "min_applicable_software_version", min=1 << 32)
    one("max-too-large", "max_applicable_software_version", max=1 << 40)
    one("text-64", "", software_version_string="v" * 64)
    one("text-65", "software_version_string.*" + place(28), software_version_string="v" * 65)
    one("text-0", "", text="")
    one("text-separator", "", text=(b"v" * 60 + b"\x1f" + b"w" * 60).hex())
    one("text-not-utf8", "", text="ff2e30")
    one("url-256", "", url="https://" + "u" * 248)
    one("url-257", "release_notes_url", url="https://" + "u" * 249)
    one("url-separator", "", url_text=(b"https://a/\x1f" + b"w" * 300).hex())
    # Lengths past the end.
    for name, length in (("1", b"\x2c\x03\xff"), ("2", b"\x2d\x03\xff\xff"), ("4", b"\x2e\x03" + b"\xff" * 4),
                         ("8", b"\x2f\x03" + b"\xff" * 8), ("8-low", b"\x2f\x03\x03" + bytes(3) + b"\x01" + bytes(3)),
                         ("8-sign", b"\x2f\x03" + bytes(7) + b"\x80")):
        tlv("length-%s" % name, "software_version_string.*" + place(offset(3)), order[:3] + [length])
    tlv("digest-past-end", "image_digest.*" + place(offset(6)), order[:6] + [b"\x30\x09\x40" + bytes(32)])
    # No end; an end too soon; a structure that is none.
    tlv("no-end", "", order, b"")
    tlv("end-only", place(17), [])
    tlv("end-tagged", "", order, b"\x38\x00")
    for name, byte in (("array", 0x16), ("list", 0x17), ("tagged", 0x35), ("null", 0x14), ("end", 0x18)):
        one("outer-" + name, place(16), tlv=(bytes([byte]) + b"".join(order) + b"\x18").hex())
    one("tlv-empty", "", tlv="")
    one("tlv-one", "", tlv="15")
    # Tags of other forms.
    tlv("tag-common", place(17), [b"\x45\x00\x00\xf1\xff"] + order[1:])
    tlv("tag-implicit", place(17), [b"\x85\x00\x00\xf1\xff"] + order[1:])
    tlv("tag-anonymous", place(17), [b"\x05\xf1\xff"] + order[1:])
    tlv("tag-qualified", place(17), [b"\xc5\x01\x00\x02\x00\x00\x00\xf1\xff"] + order[1:])
    tlv("tag-qualified-special", "", [b"\xc5\xff\xff\xff\xff\x00\x00\xf1\xff"] + order[1:])
    tlv("tag-qualified-special-8", "", [b"\xe5\xff\xff\xff\xff\x00\x00\x00\x00\xf1\xff"] + order[1:])
    tlv("tag-qualified-anonymous", place(17), [b"\xc5\xff\xff\xff\xff\x00\x01\xf1\xff"] + order[1:])
    # Behind the digest: known by nobody, nested, and wrong.
    for name, extra in (("integer", "240a01"), ("high-tag", "24ff01"), ("profile", "c5f1ff00000100aa55"),
                        ("structure", "350a24000118"), ("nested", "350a" + "3500" * 20 + "18" * 20 + "18"),
                        ("array", "360a0401040218"), ("list", "370a040124020318"),
                        ("text", "2c0a03616263"), ("empty", "300a00"), ("wide", "270a0102030405060708")):
        tlv("extra-" + name, "", order + [bytes.fromhex(extra)])
    for name, extra in (("anonymous", "0401"), ("implicit", "84010001"), ("reserved", "3f0a"),
                        ("cut", "270a01"), ("length", "2c0aff"), ("open", "350a"), ("open-nested", "350a3500" + "18"),
                        ("array-tagged", "360a24000118"), ("structure-anonymous", "350a040118"),
                        ("end-tagged", "350a3800")):
        tlv("extra-bad-" + name, "", order + [bytes.fromhex(extra)])
    for name, behind in (("zero", "00"), ("many", "55" * 100), ("end", "18")):
        one("behind-" + name, "", behind=behind)
    # Sizes.
    one("tlv-1024", "", behind="00" * (1024 - len(b"".join(order)) - 2))
    one("tlv-1025", "1024", behind="00" * (1025 - len(b"".join(order)) - 2))
    one("tlv-over-extra", "1024", extra=("310a" + "e803" + "00" * 1000))
    one("header-size-0", "", header_size=0)
    one("header-size-short", "", header_size=len(b"".join(order)) + 1)
    one("header-size-long", "", header_size=len(b"".join(order)) + 2 + len(PAYLOAD))
    one("header-size-past-end", "", header_size=900)
    one("header-size-huge", "1024", header_size=0xFFFFFFFF)
    for name, size in (("0", 0), ("4g", 1 << 32), ("4g-more", (1 << 32) + len(PAYLOAD)),
                       ("largest", (1 << 64) - 1), ("half", 1 << 63)):
        one("total-" + name, "", total_size=size)
        if name != "0":
            one("payload-" + name, "", payload_size=size, total_size=min(size + 90, (1 << 64) - 1))
    one("payload-wraps", "", payload_size=(1 << 64) - 70, total_size=20)


def main():
    command, rest = sys.argv[1], sys.argv[2:]
    if command == "digest":
        number = NAMES.index(rest[0]) + 1 if rest[0] in NAMES else int(rest[0])
        with open(rest[1], "rb") as file:
            value = digest(number, file.read())
        print(base64.b64encode(value).decode() if rest[2:] == ["base64"] else value.hex())
    else:
        {"make": make, "mutants": mutants, "odd": odd}[command](*rest)


main()
