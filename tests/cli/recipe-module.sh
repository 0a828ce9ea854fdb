# SPDX-License-Identifier: Apache-2.0
# A recipe is data: a PKCS#11 module, which is code, is loaded only where the command line names it, or
# p11-kit's own configuration; and its constructor does not run either.
. "$SOURCE/tests/softhsm-lib.sh"

need cc
text_to evil.c <<'END'
#include <stdio.h>
__attribute__((constructor)) static void ran(void)
{
    FILE *f = fopen("ran", "w");
    if (f != NULL) {
        fclose(f);
    }
}
END
cc -shared -fPIC evil.c -o evil.so
new_token release
import_key release 01 ec "$KEYS/ecdsa-p256-a.pem"
unsigned good-ecdsa-p256.bin app.bin
name='token=release;object=ec'

recipe() { # recipe URI
    printf 'otapack: 1\napp: app.bin\nsign:\n  keys: ["%s"]\n' "$1" >recipe.yaml
}
not_loaded() { # not_loaded REGEX ARGUMENT...
    not_regex=$1
    shift
    expect_exit 2 otapack build recipe.yaml -o made.bin "$@"
    expect_one_line_err
    expect_err "$not_regex"
    refuse_err "$PIN"
    no_file made.bin
    no_file ran
}
denied='^otapack: recipe\.yaml:4:10: pkcs11:.*may not do by itself; .*--allow-module '
evil=$PWD/evil.so

# However it is spelled, and whatever puts it together. Blanks in a URI mean nothing to p11-kit.
for query in "module-path=$evil" "module-path=${evil//\//%2F}" "pin-source=pin&module-path=$evil" \
    "module-path=$SOFTHSM&module-path=$evil" "module-\\npath=$evil" "mod ule-path=$evil" \
    "module-path=$evil&module-name=softhsm2"; do
    recipe "pkcs11:$name?$query"
    not_loaded "$denied"
    not_loaded "$denied" --allow-module "$SOFTHSM"
done
# It is this path, and no other that begins, ends or leads as it does.
recipe "pkcs11:$name?module-path=$evil"
for other in "${evil%.so}" "$evil.so" "${evil%/*}/./evil.so" evil.so; do
    not_loaded "$denied" --allow-module "$other"
done
recipe "PKCS11:$name?module-path=$evil"
not_loaded "${denied/pkcs11/PKCS11}"
recipe "pkcs11:$name?module-path=\${LIBRARY}"
not_loaded "$denied" -D "LIBRARY=$evil"
LIBRARY=$evil not_loaded "$denied"
recipe "pkcs11:$name?\${QUERY}"
not_loaded "$denied" -D "QUERY=module-path=$evil"
recipe "\${KEY}"
not_loaded "$denied" -D "KEY=pkcs11:$name?module-path=$evil"
printf 'otapack: 1\nimage: pin\nsign: {scheme: secure-boot-v2-data, keys: ["%s"]}\n' \
    "pkcs11:$name?module-path=$evil" >recipe.yaml
not_loaded "${denied/4:10/3:44}" --set 'expect=[]'
{
    printf 'otapack: 1\nesp8266: {image: "%s"}\nsign:\n' "$FIXTURES/esp8266/good-arduino.bin"
    printf '  keys: ["pkcs11:%s?module-path=%s"]\n' "$name" "$evil"
    printf 'matter: {vendor_id: 0xFFF1, product_id: 0x8000, software_version: 3}\n'
} >recipe.yaml
not_loaded "$denied" --set matter.software_version_string=1
# The evil one is one that would have been loaded.
recipe "pkcs11:$name?module-path=$evil"
expect_exit 2 otapack build recipe.yaml -o made.bin --allow-module "$evil"
[ -e ran ] || fail 'the module would do no harm: the test is no good'
rm ran

# What the command line says is loaded: by name, or as the list of keys.
unset OTAPACK_PIN
recipe "$(uri "$name")"
expect_exit 0 otapack build recipe.yaml -o made.bin --allow-module "$SOFTHSM"
expect_exit 0 otapack verify made.bin --key "$KEYS/ecdsa-p256-a.pub.pem"
expect_exit 0 otapack build recipe.yaml -o made.bin --allow-module /nofile --allow-module "$SOFTHSM"
recipe "pkcs11:$name?module-path=$evil"
for set in sign.keys="['$(uri "$name")']" sign="{keys: ['$(uri "$name")']}"; do
    rm made.bin
    expect_exit 0 otapack build recipe.yaml -o made.bin --set "$set"
    expect_exit 0 otapack verify made.bin --key "$KEYS/ecdsa-p256-a.pub.pem"
    no_file ran
done
rm made.bin
not_loaded "$denied" --set sign.existing=refuse --set sign.scheme=secure-boot-v2
not_loaded "$denied" --set sign.passphrase_file=pin --set app=app.bin

# A recipe that is called like an option is a recipe.
cp recipe.yaml './--set sign.keys'
expect_exit 2 otapack build -o made.bin -- '--set sign.keys'
expect_err '^otapack: --set sign\.keys:4:10: pkcs11:.*may not do by itself'
no_file ran

# A registered module needs no word of the command line.
if grep -qs softhsm /usr/share/p11-kit/modules/*.module; then
    recipe "pkcs11:$name?pin-source=pin"
    expect_exit 0 otapack build recipe.yaml -o made.bin
fi

# Secrets of the environment are none of what ${} can name; -D says what it likes.
printf 'otapack: 1\napp: app.bin\nmatter: {vendor_id: 0xFFF1, product_id: 0x8000, ' >recipe.yaml
# shellcheck disable=SC2016 # for the recipe
printf 'software_version: 3, software_version_string: "${OTAPACK_PIN}${OTAPACK_PASSPHRASE}"}\n' \
    >>recipe.yaml
export OTAPACK_PIN=$PIN OTAPACK_PASSPHRASE=phrase
rm -f made.bin
not_loaded 'recipe\.yaml:3:[0-9]+: \$\{OTAPACK_PIN\} is a secret'
not_loaded 'recipe\.yaml:3:[0-9]+: \$\{OTAPACK_PASSPHRASE\} is a secret' -D OTAPACK_PIN=1
