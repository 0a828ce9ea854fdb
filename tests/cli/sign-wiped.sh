# SPDX-License-Identifier: Apache-2.0
# Private keys, passphrases and PINs leave the memory of the process when they are used: signing to a
# FIFO waits for a reader when the keys are freed already; nothing of them is in any of its memory
# then. The public modulus is: the search does find what is there.
. "$SOURCE/tests/sign-lib.sh"

[ -r /proc/self/mem ] || skip 'there is no /proc/PID/mem here'
sanitized && skip 'AddressSanitizer keeps what was freed'
onlooker

text_to search.py <<'END'
"""search.py KEY.pem FIFO PASSPHRASE COMMAND...: runs it, waits until it is in open() of the FIFO,
and looks for the key in all its memory. PASSPHRASE: the text of one, a PIN, or -."""
import base64, os, re, subprocess, sys, time

key, fifo, passphrase, command = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]


def der(data):
    found = []
    while data:
        tag, size, at = data[0], data[1], 2
        if size & 0x80:
            at += size & 0x7F
            size = int.from_bytes(data[2:at], "big")
        content = data[at : at + size]
        found.append((tag, der(content) if tag & 0x20 else content))
        data = data[at + size :]
    return found


def body(name):
    return [x for x in open(name).read().splitlines() if x and ":" not in x and "---" not in x]


fields = der(base64.b64decode("".join(body(key))))[0][1]
secrets, public = {}, {}


def add(into, name, value):
    n = (value.bit_length() + 7) // 8
    n = (n + 7) // 8 * 8
    big = value.to_bytes(n, "big")
    little = big[::-1]
    limbs = b"".join(big[i : i + 8][::-1] for i in range(0, n, 8))
    words = b"".join(big[i : i + 4][::-1] for i in range(0, n, 4))
    into[name + " big-endian"] = big.lstrip(b"\0")
    into[name + " little-endian"] = little.rstrip(b"\0")
    into[name + " limbs from the highest"] = limbs
    into[name + " words from the highest"] = words


if len(fields) > 6:
    for i, name in enumerate("n e d p q dp dq qp".split(), 1):
        if name == "n":
            add(public, name, int.from_bytes(fields[i][1], "big"))
        elif name != "e":
            add(secrets, name, int.from_bytes(fields[i][1], "big"))
else:
    add(secrets, "scalar", int.from_bytes(fields[1][1], "big"))
    point = fields[3][1][0][1][2:]
    half = len(point) // 2
    add(public, "x", int.from_bytes(point[:half], "big"))
names = {key} | {x for x in command if x.endswith(".pem")}
for name in names:
    for i, line in enumerate(body(name)):
        if len(line) >= 32:
            secrets["line %d of %s" % (i, name)] = line.encode()
if passphrase != "-":
    secrets["passphrase"] = passphrase.encode()
    secrets["passphrase in UTF-16"] = passphrase.encode("utf-16-be")


def waits(pid):
    """Is it asleep in the system call that opens the FIFO?"""
    with open("/proc/%d/stat" % pid) as f:
        state = f.read().rsplit(")", 1)[1].split()[0]
    with open("/proc/%d/syscall" % pid) as f:
        call = f.read().split()
    return state == "S" and call[0] in calls


calls = {"2", "257", "56", "5", "295", "322"}  # open and openat of x86, ARM, others
process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
deadline = time.time() + 30
while time.time() < deadline and process.poll() is None:
    try:
        if waits(process.pid):
            break
    except OSError:
        pass
    time.sleep(0.02)
else:
    sys.exit("it did not wait for %s: %s" % (fifo, process.poll()))
time.sleep(0.1)
pid, found, seen, size = process.pid, [], set(), 0
with open("/proc/%d/maps" % pid) as maps, open("/proc/%d/mem" % pid, "rb", 0) as mem:
    for line in maps:
        at = re.match(r"([0-9a-f]+)-([0-9a-f]+) r", line)
        if not at:
            continue
        start, end = (int(x, 16) for x in at.groups())
        try:
            mem.seek(start)
            data = mem.read(end - start)
        except (OSError, ValueError, OverflowError):
            continue
        size += len(data)
        where = line.split()[-1] if len(line.split()) > 5 else "(anonymous)"
        for name, secret in secrets.items():
            # Whole, or either half of it: a part that was overwritten does not hide the rest.
            half = len(secret) // 2
            parts = [secret] if len(secret) < 32 else [secret[:half], secret[half:]]
            for part in parts:
                i = data.find(part)
                while i >= 0:
                    found.append("%s at %#x in %s%s" % (name, start + i, where, line[20:26]))
                    i = data.find(part, i + 1)
        for name, value in public.items():
            if value in data:
                seen.add(name)
with open("/proc/%d/environ" % pid, "rb") as f:
    if passphrase != "-" and passphrase.encode() in f.read():
        found.append("the environment")
if os.environ.get("SEARCH_STOP"):
    print(pid, *found, sep="\n")
    process.wait()
with open(fifo, "rb") as f:
    f.read()
if process.wait() != 0:
    sys.exit("it ended with status %d" % process.returncode)
if not seen:
    sys.exit("the public key is not found either: the search is no good")
if size < 100000:
    sys.exit("only %d bytes of memory were read" % size)
if found:
    sys.exit("\n".join(found))
END

mkfifo pipe
# leaves_nothing KEY PASSPHRASE ARGUMENT...: `otapack sign app.bin ARGUMENT... -o pipe`, whose key is
# that of the plain PEM file KEY.
leaves_nothing() {
    wiped_key=$1 wiped_pass=$2
    shift 2
    expect_exit 0 "${ONLOOKER[@]}" "$PYTHON" -ISB search.py "$wiped_key" pipe "$wiped_pass" \
        "$OTAPACK" sign app.bin "$@" -o pipe
}

# The search finds a key in a process that has one, or it proves nothing.
take_key rsa3072-a ecdsa-p256-a ecdsa-p256-a.encrypted rsa3072-a.encrypted \
    ecdsa-p256-a.encrypted-sec1 ecdsa-p256-b
text_to holder.py <<'END'
import sys
held = open(sys.argv[1], "rb").read()
open("pipe", "wb").write(held)
END
expect_exit 1 "${ONLOOKER[@]}" "$PYTHON" -ISB search.py ecdsa-p256-a.pem pipe - "$PYTHON" -ISB holder.py \
    ecdsa-p256-a.pem
expect_err 'line 0 of ecdsa-p256-a\.pem|the public key is not found'

wrong=0
tried() { # tried ARGUMENT...: all are tried, and told of, before the test fails
    if ! (leaves_nothing "$@"); then wrong=$((wrong + 1)); fi
}
pass=$(<"$KEYS/passphrase.txt")
echo "$pass" >pass
unsigned good-rsa3072.bin app.bin
tried rsa3072-a.pem - --key rsa3072-a.pem
tried rsa3072-a.pem "$pass" --key rsa3072-a.encrypted.pem --passphrase-file pass
unsigned good-ecdsa-p256.bin app.bin
tried ecdsa-p256-a.pem - --key ecdsa-p256-a.pem
tried ecdsa-p256-a.pem - --key ecdsa-p256-a.pem --key ecdsa-p256-b.pem
tried ecdsa-p256-a.pem "$pass" --key ecdsa-p256-a.encrypted.pem --passphrase-file pass
tried ecdsa-p256-a.pem "$pass" --key ecdsa-p256-a.encrypted-sec1.pem --passphrase-file pass

# A PIN, where a token can be had.
if command -v softhsm2-util >/dev/null 2>&1 && command -v pkcs11-tool >/dev/null 2>&1; then
    (
        . "$SOURCE/tests/softhsm-lib.sh"
        PIN=prime-number-83
        echo $PIN >pin
        new_token wiped
        import_key wiped 01 key "$KEYS/ecdsa-p256-a.pem"
        leaves_nothing ecdsa-p256-a.pem $PIN --key "$(uri 'token=wiped;object=key')"
    ) || [ $? -eq 77 ] || wrong=$((wrong + 1))
fi
[ $wrong -eq 0 ] || fail "$wrong times something of a key stayed in memory"
