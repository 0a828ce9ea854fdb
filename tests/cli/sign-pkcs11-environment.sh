# SPDX-License-Identifier: Apache-2.0
# A PIN goes to the PKCS#11 module by C_Login and in no other way: wherever it comes from, neither the
# environment that the module sees nor /proc/PID/environ has it; nor a passphrase that is meant for
# another key.
. "$SOURCE/tests/softhsm-lib.sh"

need cc
cc -shared -fPIC -I/usr/include/p11-kit-1 -I/usr/local/include/p11-kit-1 \
    -I/opt/homebrew/include/p11-kit-1 "$SOURCE/tests/softhsm-shim.c" -o shim.so -ldl 2>cc.log ||
    skip "the module around SoftHSM does not compile: $(head -n 1 cc.log)"
export SHIM_MODULE="$SOFTHSM" SHIM_SEEN="$PWD/seen" CONTROL=meant-to-be-seen
MODULE=$PWD/shim.so
PIN=prime-number-83
echo $PIN >pin

new_token release
import_key release 02 ec "$KEYS/ecdsa-p256-a.pem"
unsigned good-ecdsa-p256.bin app.bin
slot=$(pkcs11-tool --module "$SOFTHSM" --list-slots 2>/dev/null |
    sed -n 's/^Slot [0-9]* (\(0x[0-9a-f]*\)).*/\1/p' | head -n 1)
printf '%s\n' '[hsm_config]' "pkcs11_lib = $MODULE" "slot = $((slot))" 'label = ec' \
    "credentials = $PIN" >hsm.ini
printf 'otapack: 1\napp: app.bin\nsign: {keys: ["%s"]}\n' "$(uri 'token=release;object=ec' '')" \
    >recipe.yaml

# unseen COMMAND...: it signs, and the module has seen its environment without PIN and passphrase.
unseen() {
    drop seen signed.bin
    expect_exit 0 "$@"
    refuse_err "$PIN"
    for when in load login; do
        grep -q "^$when: CONTROL=meant-to-be-seen\$" seen || fail "the module saw nothing at its $when"
    done
    if [ -r /proc/self/environ ]; then
        grep -q '^CONTROL=meant-to-be-seen$' seen || fail 'the module could not read /proc'
    fi
    if grep -e "$PIN" -e 'battery staple' seen; then fail 'the module saw a secret'; fi
}
key=$(uri 'token=release;object=ec' '')
export OTAPACK_PASSPHRASE='battery staple'
unseen otapack sign app.bin --key "$(uri 'token=release;object=ec')" -o signed.bin
export OTAPACK_PIN=$PIN
unseen otapack sign app.bin --key "$key" -o signed.bin
unseen otapack build recipe.yaml --allow-module "$MODULE" -o signed.bin
# What is not used is not there either.
unseen otapack sign app.bin --key "$(uri 'token=release;object=ec')" -o signed.bin
unset OTAPACK_PIN
unseen otapack compat espsecure sign_data -v 2 --hsm --hsm-config hsm.ini -o signed.bin app.bin
# Twice in the environment, as a program can have it: the first one counts.
text_to twice.c <<'END'
#include <unistd.h>
int main(int argc, char **argv)
{
    extern char **environ;
    char *list[256] = {"OTAPACK_PIN=prime-number-83", "OTAPACK_PIN=prime-number-83-again"};
    int n = 2;
    for (char **entry = environ; *entry != 0 && n < 255; entry++) {
        list[n++] = *entry;
    }
    return argc > 1 ? execve(argv[1], argv + 1, list) : 2;
}
END
cc twice.c -o twice
unseen ./twice "$OTAPACK" sign app.bin --key "$key" -o signed.bin
