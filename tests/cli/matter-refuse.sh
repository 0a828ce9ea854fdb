# SPDX-License-Identifier: Apache-2.0
# build refuses a Matter header that a device, or the next tool, would not take: with the remedy,
# nothing written, an old target untouched; --allow builds it all the same.
. "$SOURCE/tests/matter-lib.sh"

demo_app app.bin 2.0
recipe() { # recipe KEY=VALUE...: to recipe.yaml; what these keys say, and what they leave
    printf 'otapack: 1\napp: app.bin\nmatter:\n' >recipe.yaml
    all=" $*"
    for key in vendor_id product_id software_version; do
        case $all in *" $key="*) ;; *) echo "  $key: 7" >>recipe.yaml ;; esac
    done
    for setting; do printf '  %s: "%s"\n' "${setting%%=*}" "${setting#*=}"; done |
        sed '/_string:\|_url:/! s/"//g' >>recipe.yaml
}
expected() { matter make expected.bin app.bin vendor_id=7 product_id=7 software_version=7 "$@"; }
refused() { # refused ID KEYS [MAKE-ARGUMENT...]: KEYS are for the recipe, separated by blanks
    refused_check=$1 refused_keys=$2
    shift 2
    # shellcheck disable=SC2086 # one argument per key
    recipe $refused_keys
    expected "$@"
    refuse "$refused_check" '' recipe.yaml
    remedy "$refused_check"
    only_check "$refused_check"
    allow "$refused_check" expected.bin recipe.yaml
    expect_exit 1 otapack inspect --json expected.bin
    has_check fail "$refused_check"
}
refused matter-ids vendor_id=0 vendor_id=0
refused matter-ids product_id=0x0 product_id=0
refused matter-ids 'vendor_id=0 product_id=0' vendor_id=0 product_id=0
refused matter-range min_applicable_software_version=7 min=7
refused matter-range max_applicable_software_version=7 max=7
refused matter-range max_applicable_software_version=4294967295 max=0xffffffff
refused matter-range 'min_applicable_software_version=3 max_applicable_software_version=2' min=3 max=2
refused matter-range 'min_applicable_software_version=9 max_applicable_software_version=8' min=9 max=8
long=https://example.com/$(head -c 237 /dev/zero | tr '\0' n)
recipe "release_notes_url=$long"
expect_exit 1 otapack build recipe.yaml -o no.bin
expect_err '^otapack: .+; .+ \[matter-(release-notes|header)\]$'
no_file no.bin
recipe "release_notes_url=${long%n}"
expected "url=${long%n}"
expect_exit 0 otapack build recipe.yaml -o ota.bin
no_findings
same expected.bin ota.bin

text=$(head -c 65 /dev/zero | tr '\0' v)
recipe "software_version_string=$text"
expect_exit 1 otapack build recipe.yaml -o no.bin -a matter-version-match
expect_err '^otapack: .+; .+ \[matter-(version-string|header)\]$'
no_file no.bin
recipe "software_version_string=${text%v}"
expected "software_version_string=${text%v}"
expect_exit 0 otapack build recipe.yaml -o ota.bin -a matter-version-match
same expected.bin ota.bin
# Without a text there is no element: a mistake of the recipe, at its place.
for text in software_version_string release_notes_url; do
    recipe "$text="
    place=$(grep -n "^  $text:" recipe.yaml | cut -d: -f1)
    expect_exit 2 otapack build recipe.yaml -o no.bin
    expect_err "^otapack: recipe\\.yaml:$place:[0-9]+: .*$text"
    no_file no.bin
done
# 64 characters are more bytes.
recipe "software_version_string=$(printf '\303\274%.0s' $(seq 33))"
expect_exit 1 otapack build recipe.yaml -o no.bin -a matter-version-match
expect_err '\[matter-(version-string|header)\]$'
no_file no.bin

# An URL of another kind is a warning; so is a short digest. Both together build.
for url in http://example.com/ ftp://example.com/ https:example.com HTTPS://example.com/ x; do
    recipe "release_notes_url=$url"
    expected "url=$url"
    expect_exit 0 otapack build recipe.yaml -o ota.bin
    expect_err '^otapack: .*warning: .+; .+ \[matter-release-notes-https\]$'
    same expected.bin ota.bin
    expect_exit 0 otapack build recipe.yaml -o ota.bin -q
done
recipe image_digest_type=sha256_32 release_notes_url=http://example.com/
expect_exit 0 otapack build recipe.yaml -o ota.bin
expect_err 'warning: .*\[matter-release-notes-https\]$'
expect_err 'warning: .*\[matter-digest-short\]$'
expected type=6 url=http://example.com/
same expected.bin ota.bin

# What is wrong with the app is wrong in the image, and is named as the payload's.
cp app.bin good.bin
poke app.bin 200 0xff
recipe
expect_exit 1 otapack build recipe.yaml -o no.bin
expect_err 'app.*\[esp-(hash|checksum)\]$'
no_file no.bin
cp "$RCP/bootloader/bootloader.bin" app.bin
recipe software_version_string=1
expect_exit 1 otapack build recipe.yaml -o no.bin
expect_err '\[slot-content\]$'
no_file no.bin
