# SPDX-License-Identifier: Apache-2.0
"""Pre-encrypted images (esp_encrypted_img), for the tests: nothing here is otapack's. AES, RSA and ECDH
are openssl's; GHASH, which openssl's command line does not have, and HKDF are here.

    esp_encrypted.py encrypt PLAIN PUBLIC.pem IMAGE
    esp_encrypted.py decrypt IMAGE PRIVATE.pem|HMAC.bin PLAIN

Any number of these, one after the other, in one call.
"""
import functools
import hashlib
import hmac
import os
import struct
import subprocess
import sys
import tempfile

MAGIC = 0x0788B6CF
INFO = b"_esp_enc_img_ecc"
SALT = bytes.fromhex("0e2160642dae76d33448e43d7720123d9f3b1eceb88e573a4e8f7fb94ff0c869")
P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")  # and x, y
SEC1 = bytes.fromhex("30310201010420")  # and the number, and the curve
CURVE = bytes.fromhex("a00a06082a8648ce3d030107")


def openssl(*words, data=b""):
    return subprocess.run(["openssl", *words], input=data, check=True, stdout=subprocess.PIPE).stdout


def read(name):
    with open(name, "rb") as f:
        return f.read()


def write(name, data):
    with open(name, "wb") as f:
        f.write(data)
    return name


def times(x, y):
    """In GF(2^128), as GCM numbers its bits."""
    z = 0
    for i in range(127, -1, -1):
        if y >> i & 1:
            z ^= x
        x = x >> 1 ^ (0xE1 << 120 if x & 1 else 0)
    return z


def ghash(h, data):
    y = 0
    for at in range(0, len(data), 16):
        y = times(y ^ int.from_bytes(data[at : at + 16].ljust(16, b"\0"), "big"), h)
    return y.to_bytes(16, "big")


def lengths(n):
    return bytes(8) + struct.pack(">Q", n * 8)


def aes(mode, key, data, *more):
    return openssl("enc", "-aes-256-" + mode, "-K", key.hex(), "-nopad", *more, data=data) if data else b""


def gcm(key, iv, data, encrypt):
    """The other text, and the tag. All of the IV goes through GHASH, as it has not 12 bytes."""
    h = int.from_bytes(aes("ecb", key, bytes(16)), "big")
    j0 = ghash(h, iv + lengths(len(iv)))
    following = j0[:12] + struct.pack(">I", (struct.unpack(">I", j0[12:])[0] + 1) & 0xFFFFFFFF)
    # openssl's CTR carries into all 128 bits, where GCM's stays in 32.
    assert struct.unpack(">I", following[12:])[0] + len(data) // 16 < 1 << 32
    other = aes("ctr", key, data, "-iv", following.hex())
    text = other if encrypt else data
    s = ghash(h, text + bytes(-len(text) % 16) + lengths(len(text)))
    mask = aes("ecb", key, j0)
    return other, bytes(a ^ b for a, b in zip(s, mask))


def derive(shared, salt):
    prk = hmac.new(salt, shared, hashlib.sha256).digest()
    return hmac.new(prk, INFO + b"\x01", hashlib.sha256).digest()


def agree(private, point, folder):
    peer = write(os.path.join(folder, "peer.der"), P256 + point)
    return openssl("pkeyutl", "-derive", "-inkey", private, "-peerkey", peer, "-peerform", "DER")


@functools.lru_cache(maxsize=None)
def spki_of(public):
    return openssl("pkey", "-pubin", "-in", public, "-outform", "DER")


def of_hmac_key(key, folder):
    number = hashlib.pbkdf2_hmac("sha256", key, SALT, 2048)
    der = write(os.path.join(folder, "device.der"), SEC1 + number + CURVE)
    name = os.path.join(folder, "device.pem")
    openssl("ec", "-inform", "DER", "-in", der, "-out", name)
    return name


def decrypt(image, private, plain):
    data = read(image)
    magic, wrapped, iv, size, tag, reserved = struct.unpack("<I384s16sI16s88s", data[:512])
    assert magic == MAGIC and size == len(data) - 512 and not any(reserved)
    with tempfile.TemporaryDirectory() as folder:
        if os.path.getsize(private) == 32:
            private = of_hmac_key(read(private), folder)
        if any(wrapped[96:]):
            key = openssl("pkeyutl", "-decrypt", "-inkey", private, data=wrapped)
        else:
            key = derive(agree(private, wrapped[:64], folder), wrapped[64:96])
    assert len(key) == 32
    text, computed = gcm(key, iv, data[512:], False)
    if computed != tag:
        sys.exit("the tag does not fit")
    write(plain, text)


def encrypt(plain, public, image):
    data, key, iv = read(plain), os.urandom(32), os.urandom(16)
    spki = spki_of(public)
    with tempfile.TemporaryDirectory() as folder:
        if spki.startswith(P256):
            sender = os.path.join(folder, "sender.pem")
            openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", sender)
            salt = os.urandom(32)
            key = derive(agree(sender, spki[len(P256) :], folder), salt)
            own = openssl("pkey", "-in", sender, "-pubout", "-outform", "DER")
            wrapped = own[len(P256) :] + salt + bytes(288)
        else:
            wrapped = openssl("pkeyutl", "-encrypt", "-pubin", "-inkey", public, data=key)
    text, tag = gcm(key, iv, data, True)
    write(image, struct.pack("<I384s16sI16s88x", MAGIC, wrapped, iv, len(data), tag) + text)


if __name__ == "__main__":
    for at in range(1, len(sys.argv), 4):
        {"encrypt": encrypt, "decrypt": decrypt}[sys.argv[at]](*sys.argv[at + 1 : at + 4])
