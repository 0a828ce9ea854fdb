# SPDX-License-Identifier: Apache-2.0
# Wrong use: status 2 and one line on stderr that says what was probably meant. Right questions:
# --help of everything fits 80 columns, --version, help.
. "$SOURCE/tests/cli-lib.sh"

expect_exit 2 otapack
expect_err '^otapack: |^[Uu]sage'
no_out
expect_exit 2 otapack instpect x.bin
expect_one_line_err
expect_err 'instpect.*inspect'
expect_exit 2 otapack biuld
expect_one_line_err
expect_err 'biuld.*build'
expect_exit 2 otapack ''
expect_one_line_err
expect_exit 2 otapack inspec
expect_err "'inspec'"
expect_exit 2 otapack qqqqqqqqq
expect_one_line_err
expect_exit 2 otapack --unknown
expect_one_line_err
expect_exit 2 otapack -x
expect_one_line_err

host_firmware app.bin
usage() { # usage REGEX ARGUMENT...
    regex=$1
    shift
    expect_exit 2 otapack "$@"
    expect_one_line_err
    expect_err "$regex"
    no_out
}
usage 'jsno.*json' inspect app.bin --jsno
usage 'unknown' inspect app.bin --unknown
usage "'?-z|z'?" inspect app.bin -z
usage 'get' inspect app.bin --get
usage 'json' inspect app.bin --json=yes
usage '.' inspect
usage '.' verify
usage '.' extract
usage '.' extract app.bin desc more
usage 'recipe' extract app.bin --recipe
usage 'expect|extract' verify app.bin --ex
usage '.' build
usage 'allow' build --allow
usage 'partition-table' verify app.bin --partition-table
usage 'p.*(partition-table|ambiguous)|unknown' build --r x --p

# Abbreviations that fit one option only, --, -jg, -gVALUE.
expect_exit 0 otapack inspect app.bin --js
look '.otapack == 1' out >/dev/null || fail '--js is --json'
expect_exit 0 otapack inspect --ge chip -- app.bin
out_is esp32s3
expect_exit 0 otapack inspect -gchip app.bin
out_is esp32s3
expect_exit 2 otapack inspect -- --json
expect_err '--json'

# Help: on stdout, complete, within 80 columns and a screen or so.
expect_exit 0 otapack --help
no_err
for verb in build inspect extract verify compat help; do
    has_line "\\b$verb\\b" out || fail "--help does not name $verb"
done
fits_80 out || fail '--help has more than 80 columns'
cp out overview
expect_exit 0 otapack help
same overview out
verbs=$(sed -n 's/^  \([a-z]*\)  .*/\1/p' overview)
[ "$(printf '%s\n' $verbs | wc -l)" -ge 15 ] || fail "only these verbs were found: $verbs"
for verb in $verbs; do
    expect_exit 0 otapack "$verb" --help
    no_err
    fits_80 out || fail "$verb --help has more than 80 columns"
    count_lines out
    [ $count -ge 3 ] || fail "$verb --help is hardly any help"
    [ $count -le 60 ] || fail "$verb --help does not fit a screen"
    expect_out "otapack $verb"
    cp out help
    expect_exit 0 otapack help "$verb"
    same help out
done
has() { # has VERB OPTION...
    verb=$1
    shift
    expect_exit 0 otapack "$verb" --help
    text=$(<out)
    for option; do [[ $text == *"$option"* ]] || fail "$verb --help does not say $option"; done
}
has build --rcp-build-dir --br-firmware --target-file --partition-table --allow --depfile --set -D \
    -o -q
has inspect --json --get --partition-table --color
has extract --recipe -o
has verify --expect --partition-table --allow -q
has compat create_ota_image

expect_exit 0 otapack compat create_ota_image --help
for option in --rcp-build-dir --br-firmware --target-file; do expect_out "$option"; done

expect_exit 0 otapack help formats
for format in rcp_image esp_image partition_table ota_data flash; do expect_out "$format"; done
fits_80 out || fail 'help formats has more than 80 columns'
expect_exit 0 otapack help checks
# Marked are those that cannot be allowed.
expect_exit 0 otapack help esp-header
has_line '^esp-header  [a-z]+ \*$' out || fail 'esp-header is not marked'
expect_exit 0 otapack help esp-page-align
has_line '^esp-page-align  [a-z]+$' out || fail 'esp-page-align is marked'
expect_exit 2 otapack help chekcs
expect_one_line_err
expect_err 'chekcs.*checks'

expect_exit 0 otapack --version
no_err
expect_out '^otapack [0-9]+\.[0-9]+'
