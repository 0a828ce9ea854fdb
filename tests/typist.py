# SPDX-License-Identifier: Apache-2.0
"""typist.py TYPED COMMAND...: runs it with a terminal of its own, types when it is asked, and says
what was shown, its exit status, and whether the terminal shows what is typed: during and after."""
import fcntl, os, select, signal, sys, termios, time

typed = sys.argv[1].encode().decode("unicode_escape").encode()
master, slave = os.openpty()
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in 0, 1, 2:
        os.dup2(slave, fd)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execvp(sys.argv[2], sys.argv[2:])


def echo():
    return bool(termios.tcgetattr(slave)[3] & termios.ECHO)


shown, sent, during, deadline, status = b"", False, None, time.time() + 20, None
while status is None and time.time() < deadline:
    ready = select.select([master], [], [], 0.02)[0]
    if ready:
        shown += os.read(master, 65536)
    if not sent and shown.rstrip().endswith(b":") and not echo():
        time.sleep(0.05)
        during, sent = echo(), True
        os.write(master, typed)
    done, code = os.waitpid(pid, os.WNOHANG)
    if done:
        status = code
while select.select([master], [], [], 0.1)[0]:
    more = os.read(master, 65536)
    if not more:
        break
    shown += more
if status is None:
    os.kill(pid, signal.SIGKILL)
    sys.exit("it did not end; shown: %r" % shown)
code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
print("status=%d" % code)
print("asked=%s echo_during=%s echo_after=%s" % (sent, during, echo()))
sys.stdout.flush()
sys.stdout.buffer.write(shown)
