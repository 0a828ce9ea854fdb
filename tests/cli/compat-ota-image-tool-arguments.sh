# SPDX-License-Identifier: Apache-2.0
# compat ota_image_tool takes its arguments in the forms that Python's argparse does: options joined to
# their values, shortened, in any order, from @files; and numbers as Python writes them.
. "$SOURCE/tests/matter-lib.sh"

demo_app payload.bin 2.0
made() { # made "MAKE-ARGUMENTS" ARGUMENT...: all arguments behind `compat ota_image_tool`
    # shellcheck disable=SC2086 # one argument per word
    matter make expected.bin payload.bin vendor_id=1 product_id=2 software_version=3 $1
    shift
    drop ota.bin
    expect_exit 0 otapack compat ota_image_tool "$@"
    no_out
    same expected.bin ota.bin
}
failed() { # failed ARGUMENT...
    expect_exit 2 otapack compat ota_image_tool "$@"
    expect_one_line_err
    no_file ota.bin
}
made '' create -v 1 -p 2 -vn 3 -vs 2.0 -da sha256 payload.bin ota.bin
made '' create payload.bin ota.bin -v 1 -p 2 -vn 3 -vs 2.0 -da sha256
made '' create payload.bin -v 1 -p 2 ota.bin -vn 3 -vs 2.0 -da sha256
made '' create -v 1 -p 2 -vn 3 -vs 2.0 -da sha256 -- payload.bin ota.bin
made '' create -v1 -p2 -vn=3 -vs=2.0 -da=sha256 payload.bin ota.bin
made '' create -v=1 -p=2 -vn 3 -vs 2.0 -da sha256 payload.bin ota.bin
made '' create --vendor-id=1 --product-id=2 --version=3 --version-str=2.0 --digest-algorithm=sha256 \
    payload.bin ota.bin
made '' create --vendor 1 --p 2 --version 3 --version-s 2.0 --dig=sha256 payload.bin ota.bin
made '' create -v 1 -p 2 -vn 3 -vs 2.0 -d sha256 payload.bin ota.bin
made 'url=https://x/' create -v 1 -p 2 -vn 3 -vs 2.0 -da sha256 -r https://x/ payload.bin ota.bin
made 'url=https://x/ min=1 max=2' create -v 1 -p 2 -vn 3 -vs 2.0 -da sha256 --rel=https://x/ --mi 1 --ma=2 \
    payload.bin ota.bin
# The last of an option holds.
made '' create -v 9 -v 1 -p 2 -vn 3 -vs old -vs 2.0 -da sha512 -da sha256 payload.bin ota.bin

# Numbers.
made '' create -v 0x1 -p 0o2 -vn 0b11 -vs 2.0 -da sha256 payload.bin ota.bin
made '' create -v 0X1 -p 0O2 -vn 0B11 -vs 2.0 -da sha256 payload.bin ota.bin
made '' create -v 0x_1 -p ' 2 ' -vn +3 -vs 2.0 -da sha256 payload.bin ota.bin
# A text that begins like an option.
made 'software_version_string=-x' create -v 1 -p 2 -vn 3 -vs=-x -da sha256 payload.bin ota.bin
made 'software_version_string=-1' create -v 1 -p 2 -vn 3 -vs -1 -da sha256 payload.bin ota.bin
made 'max=0' create -v 1 -p 2 -vn 3 -vs 2.0 -da sha256 -ma 000 payload.bin ota.bin
made 'vendor_id=1000' create -v 1_000 -p 2 -vn 3 -vs 2.0 -da sha256 payload.bin ota.bin
made 'vendor_id=0xabcd' create -v 0xAbCd -p 2 -vn 3 -vs 2.0 -da sha256 payload.bin ota.bin
drop ota.bin
for number in 01 1__0 _1 1_ 0x 0xg 0b2 0o8 1.0 1e3 '' ' ' one 0x1p1 '1 0'; do
    failed create -v "$number" -p 2 -vn 3 -vs 2.0 -da sha256 payload.bin ota.bin
done

# Shortened too much, joined wrongly, unknown, without a value.
failed create --ve 1 -p 2 -vn 3 -vs 2.0 -da sha256 payload.bin ota.bin
failed create --v 1 -p 2 -vn 3 -vs 2.0 -da sha256 payload.bin ota.bin
failed create -v 1 -p 2 --ver 3 -vs 2.0 -da sha256 payload.bin ota.bin
failed create -v 1 -p 2 -vn3 -vs 2.0 -da sha256 payload.bin ota.bin
failed create -v 1 -p 2 -vn 3 -vs 2.0 -da sha256 --m 1 payload.bin ota.bin
failed create -v 1 -p 2 -vn 3 -vs 2.0 -da sha256 -m 1 payload.bin ota.bin
failed create -v 1 -p 2 -vn 3 -vs 2.0 -dasha256 payload.bin ota.bin
failed create -v 1 -p 2 -vn 3 -vs 2.0 payload.bin ota.bin -da
failed create -v 1 -p 2 -vn 3 -da sha256 payload.bin ota.bin -vs
failed create -v 1 -p 2 -vn 3 -vs -x -da sha256 payload.bin ota.bin
failed create -v 1 -p 2 -vn 3 -vs 2.0 -da sha256 -x payload.bin ota.bin
failed show
failed show ota.bin other.bin
failed show -v 1 ota.bin
failed extract ota.bin
failed extract ota.bin a.bin b.bin
failed change_header ota.bin
failed

# @file: an argument a line, blanks and all; among others; nested; several.
printf '%s\n' create -v 1 -p 2 -vn 3 -vs 2.0 -da sha256 payload.bin ota.bin >all.args
made '' @all.args
printf '%s\n' -v 1 -p 2 >some.args
printf '%s\n' -vn 3 -vs '2.0' -da=sha256 >more.args
made '' create @some.args @more.args payload.bin ota.bin
printf '%s\n' @some.args @more.args payload.bin ota.bin >outer.args
made '' create @outer.args
printf '%s\r\n' -v 1 -p 2 >crlf.args
printf '%s\n' -vn 3 '-vs=2.0' '-da=sha256' payload.bin >no-newline.args
printf 'ota.bin' >>no-newline.args
made '' create @some.args @no-newline.args
made '' create @crlf.args @more.args payload.bin ota.bin
printf '%s\n' '-vs=a b  c ' >blank.args
matter make expected.bin payload.bin vendor_id=1 product_id=2 software_version=3 \
    'software_version_string=a b  c '
expect_exit 0 otapack compat ota_image_tool create @some.args @more.args @blank.args payload.bin ota.bin
same expected.bin ota.bin
drop ota.bin
failed create @missing.args payload.bin ota.bin
expect_err 'missing\.args'
failed create @ payload.bin ota.bin
printf '%s\n' '-v 1' '-p=2' >joined.args # an argument with the value " 1": a number all the same
made '' create @joined.args @more.args payload.bin ota.bin
drop ota.bin
echo '-vn 3' >joined.args
failed create @joined.args -v 1 -p 2 -vs 2.0 -da sha256 payload.bin ota.bin
# A file that names itself ends, too.
echo '@self.args' >self.args
expect_exit 2 timeout 20 "$OTAPACK" compat ota_image_tool create @self.args payload.bin ota.bin
no_file ota.bin

# Help is help, for the whole and for each.
expect_exit 0 otapack compat ota_image_tool --help
expect_out 'create'
expect_out 'change_header'
expect_exit 0 otapack compat ota_image_tool create --help
expect_out '(-da|--digest-algorithm)'
