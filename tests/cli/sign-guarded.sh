# SPDX-License-Identifier: Apache-2.0
# A process that has a key, and waits for its passphrase, dumps no core, cannot be looked into by other
# processes of its user, and has locked memory; from a file, on the terminal, and with a secret in its
# environment. Without the right to lock any memory it signs all the same.
. "$SOURCE/tests/sign-lib.sh"

[ -r /proc/self/status ] || skip 'there is no /proc here'
if sanitized; then skip 'AddressSanitizer makes nothing of mlock'; fi
unsigned good-ecdsa-p256.bin app.bin
take_key ecdsa-p256-a.encrypted
pass=$(<"$KEYS/passphrase.txt")
# As another user than root, who may look into everything; otapack and what it reads are his then.
cp "$OTAPACK" otapack
as_user=()
if [ "$(id -u)" = 0 ]; then
    command -v setpriv >/dev/null 2>&1 || skip 'root, and no setpriv to be somebody else with'
    as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    chown -R 65534:65534 .
    "${as_user[@]}" ./otapack --version >/dev/null 2>&1 || skip 'nobody else may come into this folder'
fi

text_to waits.py <<'END'
"""waits.py fifo|tty PASSPHRASE LOCKED COMMAND...: runs it with what it reads its passphrase from, looks
at it while it waits, and gives it the passphrase. LOCKED: the least KiB of locked memory."""
import os, select, subprocess, sys, time

kind, passphrase, locked, command = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
wrong = []


def look(pid):
    def read(name):
        try:
            with open("/proc/%d/%s" % (pid, name)) as f:
                return f.read()
        except PermissionError:
            return None

    limits = [x.split() for x in read("limits").splitlines() if x.startswith("Max core file size")][0]
    if limits[4:6] != ["0", "0"]:
        wrong.append("core limit %s" % limits[4:6])
    status = dict(x.split(":", 1) for x in read("status").splitlines())
    if int(status["VmLck"].split()[0]) < locked:
        wrong.append("only %s is locked" % status["VmLck"].strip())
    # What is not dumpable belongs to root there, and its own user cannot read it.
    if os.stat("/proc/%d/mem" % pid).st_uid != 0 or read("environ") is not None:
        wrong.append("its memory can be read")


if kind == "fifo":
    os.mkfifo("words")
    process = subprocess.Popen(command + ["--passphrase-file", "words"])
    with open("words", "w") as f:  # which waits for the other side to open it
        time.sleep(0.1)
        look(process.pid)
        f.write(passphrase + "\n")
    code = process.wait()
    os.unlink("words")
else:
    import pty

    pid, master = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    shown = b""
    while not shown.rstrip().endswith(b":") and select.select([master], [], [], 20)[0]:
        shown += os.read(master, 4096)
    time.sleep(0.1)
    look(pid)
    os.write(master, passphrase.encode() + b"\n")
    try:
        while os.read(master, 4096):
            pass
    except OSError:
        pass
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
if code != 0:
    wrong.append("exit status %d" % code)
sys.exit("\n".join(wrong) or 0)
END

# waits KIND LOCKED COMMAND...
waits() {
    waits_kind=$1 waits_locked=$2
    shift 2
    rm -f signed.bin
    expect_exit 0 "${as_user[@]}" "$PYTHON" -ISB waits.py "$waits_kind" "$pass" "$waits_locked" "$@"
    same "$SIGNED/good-ecdsa-p256.bin" signed.bin
}
sign=(./otapack sign app.bin --quiet --key ecdsa-p256-a.encrypted.pem -o signed.bin)
kinds='fifo tty'
"$PYTHON" -c 'import os; os.openpty()' 2>/dev/null || kinds=fifo
least=64
[ "$(ulimit -l)" = unlimited ] || [ "$(ulimit -l)" -ge 1024 ] || least=0
for kind in $kinds; do
    waits "$kind" $least "${sign[@]}"
    (
        ulimit -l 0
        waits "$kind" 0 "${sign[@]}"
    )
    # The words are in the environment's place, and are another key's: before anything is asked.
    OTAPACK_PIN=1234 waits "$kind" $least "${sign[@]}"
done
