# SPDX-License-Identifier: Apache-2.0
# A key of flash encryption, and a private key whose digest becomes one, leave the memory of the process
# when they are used: as in sign-wiped.sh, writing to a FIFO waits for a reader when they are gone.
. "$SOURCE/tests/cli-lib.sh"

[ -r /proc/self/mem ] || skip 'there is no /proc/PID/mem here'
if sanitized; then skip 'AddressSanitizer keeps what was freed'; fi
onlooker
if [ -x /usr/bin/python3 ]; then PYTHON=/usr/bin/python3; else PYTHON=python3; fi
need "$PYTHON" openssl

text_to search.py <<'END'
"""search.py SECRET COMMAND...: runs it, waits until it is in open() of ./pipe, and looks for the bytes
of this file in all its memory: for either half of each 32, as they are and the other way round."""
import os, re, subprocess, sys, time

secret, command = open(sys.argv[1], "rb").read(), sys.argv[2:]
parts = [p[i : i + 16] for p in (secret, secret[::-1]) for i in range(0, len(p), 16)]
process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
calls = {"2", "257", "56", "5", "295", "322"}  # open and openat of x86, ARM, others
deadline = time.time() + 30
while process.poll() is None and time.time() < deadline:
    state = open("/proc/%d/stat" % process.pid).read().rsplit(")", 1)[1].split()[0]
    if state == "S" and open("/proc/%d/syscall" % process.pid).read().split()[0] in calls:
        break
    time.sleep(0.02)
else:
    sys.exit("it did not wait for the pipe: %s" % process.poll())
time.sleep(0.1)
found, size = [], 0
with open("/proc/%d/maps" % process.pid) as maps, open("/proc/%d/mem" % process.pid, "rb", 0) as mem:
    for line in maps:
        at = re.match(r"([0-9a-f]+)-([0-9a-f]+) r", line)
        start, end = (int(x, 16) for x in at.groups()) if at else (0, 0)
        try:
            mem.seek(start)
            data = mem.read(end - start)
        except (OSError, ValueError, OverflowError):
            continue
        size += len(data)
        found += ["%s: %s" % (p.hex(), line.split()[-1]) for p in parts if p in data]
open("pipe", "rb").read()
if process.wait() != 0 or size < 100000:
    sys.exit("status %d, %d bytes of memory" % (process.returncode, size))
sys.exit("\n".join(found) if found else 0)
END
mkfifo pipe

# The search finds what is there, or it proves nothing.
for bits in 128 192 256 512; do
    otapack compat espsecure generate_flash_encryption_key -l $bits $bits.key >out
done
text_to holder.py <<'END'
import sys
held = open(sys.argv[1], "rb").read()
open("pipe", "wb").write(b"")
END
expect_exit 1 "${ONLOOKER[@]}" "$PYTHON" -ISB search.py 256.key "$PYTHON" -ISB holder.py 256.key
expect_err '\[heap\]|: 0'

head -c 4096 "$RCP/bootloader/bootloader.bin" >data.bin
wiped() { # wiped SECRET ARGUMENT...
    local secret=$1
    shift
    expect_exit 0 "${ONLOOKER[@]}" "$PYTHON" -ISB search.py "$secret" "$OTAPACK" compat espsecure "$@"
}
for command in encrypt_flash_data decrypt_flash_data; do
    wiped 192.key $command -k 192.key -a 0 -o pipe data.bin
    wiped 256.key $command -k 256.key -a 0 -o pipe data.bin
    for bits in 128 256 512; do
        wiped $bits.key $command -xk $bits.key -a 0 -o pipe data.bin
    done
done
openssl dgst -sha256 -binary -out extended.key 128.key
wiped extended.key encrypt_flash_data -xk 128.key -a 0 -o pipe data.bin

cp "$FIXTURES/keys/ecdsa-p256-a.pem" key.pem
chmod 600 key.pem
openssl pkey -in key.pem -outform DER -out key.der
scalar_at=$(openssl asn1parse -inform DER -in key.der | sed -n 's/^ *\([0-9]*\):.*l= *32 .*OCTET STRING.*/\1/p')
[ -n "$scalar_at" ] || fail 'where is the private number?'
cut_bytes key.der $((scalar_at + 2)) 32 >scalar.bin
wiped scalar.bin digest_private_key -k key.pem pipe
